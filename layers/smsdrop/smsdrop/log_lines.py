"""
What lines of the log say: what happened, to what, and where an error came from.

docs/operations.md has every field that a line may have. None holds a value of a row, or the text of
an error, which may quote one.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from traceback import walk_tb

PACKAGE = Path(__file__).parent

BETWEEN_DIGITS = r"[\s()‐-―-]*"
DIGITS = re.compile(rf"\d(?:{BETWEEN_DIGITS}\d){{10,}}")
MOBILE_NUMBER = re.compile("1[3-9][0-9]{9}")
LAST_DIGITS = re.compile(rf"\d(?={BETWEEN_DIGITS}(?:\d{BETWEEN_DIGITS}){{4}})")

HANDLER = "app.py"

CODE = re.compile(r"[\w.]{1,100}")


@dataclass(frozen=True, slots=True, kw_only=True)
class LogLine:
    message: str
    fields: Mapping[str, object] = field(default_factory=dict)
    is_warning: bool = False


def shown_key(key: str) -> str:
    """Return an object's key, with only the last four digits of phone numbers in it."""
    return DIGITS.sub(_masked, key)


def _masked(match: re.Match[str]) -> str:
    digits = "".join(each for each in unicodedata.normalize("NFKC", match[0]) if each.isdigit())
    return LAST_DIGITS.sub("*", match[0]) if MOBILE_NUMBER.search(digits) else match[0]


def fields_of_error(error: BaseException) -> dict[str, str]:
    """Return the kind of error, the code that a service gave it, and where it came from."""
    fields = {"error": type(error).__name__, "code": _code(error), "where": _place(error)}
    return {name: value for name, value in fields.items() if value}


def _code(error: BaseException) -> str:
    """Return the `code` of one of our own errors, or what botocore keeps of an answer."""
    response = getattr(error, "response", None)
    details = response.get("Error") if isinstance(response, Mapping) else None
    code = details.get("Code") if isinstance(details, Mapping) else getattr(error, "code", "")
    return code if isinstance(code, str) and CODE.fullmatch(code) else ""


def _place(error: BaseException) -> str:
    """Return file, line and function of the innermost frame of the package, or of a handler."""
    place = ""
    for frame, line in walk_tb(error.__traceback__):
        path = Path(frame.f_code.co_filename)
        if path.is_relative_to(PACKAGE):
            place = f"{path.relative_to(PACKAGE).as_posix()}:{line}:{frame.f_code.co_qualname}"
        elif path.name == HANDLER:
            place = f"{path.name}:{line}:{frame.f_code.co_qualname}"
    return place
