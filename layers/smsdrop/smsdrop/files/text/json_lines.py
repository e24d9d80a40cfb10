"""JSON Lines -> rows: one object a line, with values as the file spells them."""

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import chain, islice
from typing import Any, TypeAlias

from smsdrop.files.rows import Row, UnreadableRow, in_blocks
from smsdrop.files.text.encoding import Decoding
from smsdrop.files.text.lines import TextLines
from smsdrop.reasons import Reason, refused
from smsdrop.recipients.blocks import Block
from smsdrop.recipients.header import PARAM, role, shown
from smsdrop.recipients.spoiled import NoText

PARAMS = "params"
"""An object of this name holds template params; they count as if they stood beside it."""

LOOKED_AT_LINES = 100
"""The columns are all names in these lines: programs leave out what is empty."""

JSON_START = re.compile(r"\s*(?:(\{)|\[\s*[\[{\]])")

HALF_AN_EMOJI = re.compile(r"[\ud800-\udfff]")
"""JSON can spell it, but it is not text."""

LITERALS = {None: "", True: "true", False: "false"}


class Object(list[tuple[str, Any]]):
    """A JSON object as names and values, since a name may come twice."""


Pairs: TypeAlias = list[tuple[str, Any]]

DECODER = json.JSONDecoder(object_pairs_hook=Object, parse_int=str, parse_float=str)


class JsonLinesReading:
    """One pass over a file; its columns are the names in the first objects, in order."""

    def __init__(self, decoding: Decoding, pieces: Iterator[bytes]) -> None:
        self._decoding = decoding
        self._lines = TextLines(pieces)

    @property
    def encoding(self) -> str:
        return self._decoding.encoding

    def problems(self) -> list[Reason]:
        return []

    def blocks(self) -> Iterator[Block]:
        return in_blocks(self._rows())

    def _rows(self) -> Iterator[Row]:
        """
        Yield the columns as row 0, then each line as the row of its number.

        A line that is not an object of texts is an `UnreadableRow`.
        """
        lines = enumerate(self._lines, start=1)
        first = list(islice(lines, LOOKED_AT_LINES))
        columns = names_of(line for _, line in first)
        yield 0, columns
        places = {name: place for place, name in enumerate(columns)}
        for number, line in chain(first, lines):
            self._lines.row = number
            yield number, read_row(line, places)


def is_json_lines(text: str) -> bool:
    """Tell by its beginning whether a text is JSON Lines; raises `FileRefused` at other JSON."""
    start = JSON_START.match(text)
    if start is None:
        return False
    try:
        pairs_of(text.lstrip().partition("\n")[0])
    except ValueError:
        raise refused("json_not_lines") from None
    return True


def names_of(lines: Iterable[str]) -> list[str]:
    names: dict[str, None] = {}
    for line in lines:
        try:
            names.update((name, None) for name, _ in pairs_of(line))
        except ValueError:
            continue
    return list(names)


def read_row(line: str, places: dict[str, int]) -> list[str] | UnreadableRow:
    """Put the values of a line into their columns; a blank line is a blank row."""
    if not line.strip():
        return []
    try:
        pairs = pairs_of(line)
    except ValueError:
        return UnreadableRow(cells=[line.strip()], reason=Reason("json_line_broken"))
    cells = [""] * len(places)
    names = Counter(name for name, _ in pairs)
    for name, value in pairs:
        if name in places:
            cells[places[name]] = cell_of(value, is_alone=names[name] == 1)
    fault = fault_of(pairs, names, places)
    return UnreadableRow(cells=cells, reason=fault) if fault else cells


def cell_of(value: Any, *, is_alone: bool) -> str:
    if is_text(value):
        return str(value) if is_alone else NoText(value, "json_name_twice")
    shown = "" if isinstance(value, str) else json.dumps(plain(value), ensure_ascii=False)
    return NoText(shown, "json_value_no_text" if is_alone else "json_name_twice")


def plain(value: Any) -> Any:
    """Return a JSON value with its objects as `dict`s."""
    if isinstance(value, Object):
        return {name: plain(each) for name, each in value}
    return [plain(each) for each in value] if isinstance(value, list) else value


def fault_of(pairs: Pairs, names: Counter[str], places: dict[str, int]) -> Reason | None:
    """
    Say why the line as a whole is unreadable, if it is.

    A param that is not text, or is given twice, is judged later, where it is known whether it is
    needed.
    """
    faults = {
        "json_name_unknown": [name for name in names if name not in places],
        "json_name_twice": [
            name for name, times in names.items() if times > 1 and role(name) != PARAM
        ],
        "json_value_no_text": [
            name for name, value in pairs if not is_text(value) and role(name) != PARAM
        ],
    }
    return next((Reason(code, shown(guilty)) for code, guilty in faults.items() if guilty), None)


def is_text(value: Any) -> bool:
    return isinstance(value, str) and not HALF_AN_EMOJI.search(value)


def pairs_of(line: str) -> Pairs:
    """
    Return the names and values of the line's object, including those under `params`.

    Texts, numbers and `true` are as the line spells them; `null` is empty; anything else, such as
    a list, is left as it is. Raises `ValueError` if the line is not an object.
    """
    try:
        value = DECODER.decode(line)
    except RecursionError:
        raise ValueError from None
    if not isinstance(value, Object):
        raise ValueError  # noqa: TRY004 - as for a line that is not JSON at all
    pairs: Pairs = []
    for name, each in value:
        pairs += each if name == PARAMS and isinstance(each, Object) else [(name, each)]
    return [(name, spelled(each)) for name, each in pairs]


def spelled(value: Any) -> Any:
    return LITERALS[value] if value is None or isinstance(value, bool) else value
