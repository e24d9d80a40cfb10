"""
Replaces all that a plan has of a person by a mark.

Rows, batches and their order stay, so that every count of the plan stays the same.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from smsdrop.batches.first_texts import FIRST_TEXTS
from smsdrop.batches.forms import check_form
from smsdrop.batches.plan import raising_if_damaged
from smsdrop.recipients.characters import FULL_WIDTH, INVISIBLE, WHITE_SPACE
from smsdrop.recipients.header import PHONE, role
from smsdrop.recipients.layout import SEPARATOR
from smsdrop.recipients.phone_numbers import (
    COMPACT,
    is_canonical,
    read_international_number,
    read_phone_number,
)
from smsdrop_cli.people import Person

MARKS = {"en": "forgotten", "zh": "已删除"}

BETWEEN = f"[{re.escape(''.join(chr(each) for each, to in COMPACT.items() if to is None))}]{{0,3}}"
"""What may stand between two digits of one number."""

NO_DIGIT = "[0-9０-９]"


def spelled(digits: str) -> str:
    """Return a pattern of these digits, narrow or wide, with what people put between them."""
    return BETWEEN.join(
        f"[{each}{chr(ord(each) - ord('!') + FULL_WIDTH.start)}]" for each in digits
    )


@dataclass(frozen=True, kw_only=True)
class Marker:
    """Marks what belongs to one person."""

    person: Person
    language: str

    @property
    def mark(self) -> str:
        return MARKS[self.language]

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        plus = rf"(?:[+＋]|{spelled('00')}){BETWEEN}"
        country = plus if self.person.is_abroad else f"(?:(?:{plus})?{spelled('86')}{BETWEEN})?"
        return re.compile(f"(?<!{NO_DIGIT}){country}{spelled(self.person.digits)}(?!{NO_DIGIT})")

    def is_in(self, text: str) -> bool:
        """Say whether a text has the number, in any spelling but a shortened one."""
        return self.pattern.search(text) is not None

    def is_theirs(self, cell: str) -> bool:
        """Say whether a cell of phone numbers has theirs."""
        if is_canonical(cell):
            return not self.person.is_abroad and cell == self.person.digits
        if self.is_in(cell):
            return True
        read = read_international_number if self.person.is_abroad else read_phone_number
        return bool(cell) and read(cell) == self.person.digits

    def marked_row(self, cells: Sequence[str], *, is_theirs: bool) -> list[str]:
        """Return a row without the person: their own keeps no cell, another's loses the number."""
        if is_theirs:
            return [each and self.mark for each in cells]
        return [self.pattern.sub(self.mark, each) for each in cells]

    def marked_rows_file(self, content: bytes) -> tuple[bytes, int]:
        """Return `rows.jsonl` without them, and how many rows were changed; raises `LaterForm`."""
        first, *lines = content.splitlines(keepends=True) or [b""]
        with raising_if_damaged():
            members = json.loads(first)
            columns = members["columns"] if isinstance(members, dict) else members
            names = (name.strip(WHITE_SPACE + INVISIBLE) for name in columns)
            phones = [place for place, name in enumerate(names) if role(name) == PHONE]
        check_form(members if isinstance(members, dict) else {})
        marked = [self._marked_rows(each, phones) for each in lines]
        return first + b"".join(line for line, _ in marked), sum(count for _, count in marked)

    def _marked_rows(self, line: bytes, phones: Sequence[int]) -> tuple[bytes, int]:
        with raising_if_damaged():
            members = json.loads(line)
            rows = _rows_of(members["cells"])
            rejected = {at for at, fate in members["others"] if _is_rejected(fate)}
        after = [
            self._marked_row(row, phones, is_rejected=at in rejected) for at, row in enumerate(rows)
        ]
        changed = sum(map(list.__ne__, rows, after))
        if not changed:
            return line, 0
        members["cells"] = (
            "".join(f"{SEPARATOR.join(each)}\n" for each in after)
            if isinstance(members["cells"], str)
            else list(zip(*after, strict=True))
        )
        return _line(members), changed

    def _marked_row(self, row: list[str], phones: Sequence[int], *, is_rejected: bool) -> list[str]:
        """A row that was rejected may have its number in any cell."""
        is_theirs = any(self.is_theirs(row[each]) for each in phones if each < len(row))
        names_them = is_theirs or self.is_in(SEPARATOR.join(row))
        if not names_them:
            return row
        return self.marked_row(row, is_theirs=is_theirs or is_rejected)

    def marked_batches_file(self, content: bytes) -> tuple[bytes, int, bool]:
        """
        Return `batches.jsonl` without them, and how many rows were changed; raises `LaterForm`.

        The last says whether one of these may be among the first rows of the file.
        """
        lines, changed, is_first = [], 0, False
        for line in content.splitlines(keepends=True):
            text = line.decode(errors="surrogatepass")
            if not (self.person.digits in text or self.is_in(text)):
                lines.append(line)
                continue
            marked, places = self._marked_batch(line)
            lines.append(marked)
            changed += len(places)
            is_first = is_first or any(place < FIRST_TEXTS for place in places)
        return b"".join(lines), changed, is_first

    def _marked_batch(self, line: bytes) -> tuple[bytes, list[int]]:
        with raising_if_damaged():
            members = json.loads(line)
            check_form(members)
            phone = members["phone_column"]
            is_called = members.get("is_international", False) == self.person.is_abroad
            rows = [each.split(SEPARATOR) for each in members["rows"]]
            after = [
                self.marked_row(row, is_theirs=is_called and row[phone] == self.person.digits)
                for row in rows
            ]
        places = [place for place, row in enumerate(rows) if row != after[place]]
        if not places:
            return line, places
        members["rows"] = list(map(SEPARATOR.join, after))
        return _line(members), places


def _rows_of(cells: str | Sequence[Sequence[str]]) -> list[list[str]]:
    """Read cells as a plan has them, as text or column by column."""
    if isinstance(cells, str):
        return [each.split(SEPARATOR) for each in cells.split("\n")[:-1]]
    return [list(each) for each in zip(*cells, strict=True)]


def _line(members: dict[str, Any]) -> bytes:
    """Write it as plans are written; a row that was rejected may hold half a surrogate pair."""
    text = json.dumps(members, ensure_ascii=False, separators=(",", ":"))
    return text.encode(errors="surrogatepass") + b"\n"


def _is_rejected(fate: Any) -> bool:
    return isinstance(fate, dict) and "rejected" in fate
