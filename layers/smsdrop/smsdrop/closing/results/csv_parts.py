"""CSV files that spreadsheets open whole: in UTF-8 that Excel recognizes, and in parts."""

import csv
import io
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, ExitStack
from typing import IO, Any, Self, TypeAlias

BOM = "\ufeff"
"""Excel takes a CSV file for UTF-8 only if it begins with this."""

ROWS_EACH = 1_000_000
"""Our choice: a sheet of Excel's has 1,048,576, and a person counts in millions."""

Open: TypeAlias = Callable[[str], AbstractContextManager[IO[bytes]]]
"""Opens a new file of this name in the report's folder, for writing."""


def part_name(name: str, number: int) -> str:
    """Return `results.csv`, `results-2.csv` and so on."""
    stem, _, ending = name.rpartition(".")
    return name if number == 1 else f"{stem}-{number}.{ending}"


class CsvParts:
    """Writes rows to as many files as they need, each with the heading."""

    def __init__(
        self, open_file: Open, name: str, heading: Sequence[str], *, rows_each: int = ROWS_EACH
    ) -> None:
        self._open_file = open_file
        self._name = name
        self._heading = heading
        self._rows_each = rows_each
        self._number = 0
        self._room = 0
        self._part = ExitStack()
        self._writer: Any = None

    def __enter__(self) -> Self:
        self._begin()
        return self

    def __exit__(self, *exception: Any) -> bool | None:
        return self._part.__exit__(*exception)

    @property
    def names(self) -> list[str]:
        return [part_name(self._name, number + 1) for number in range(self._number)]

    def add(self, cells: Sequence[str]) -> None:
        if not self._room:
            self._part.close()
            self._begin()
        self._room -= 1
        self._writer.writerow(cells)

    def empty_later_parts(self, *, last: int) -> None:
        """Leave nothing but the heading in parts that an earlier report may have had."""
        while self._number < last:
            self._part.close()
            self._begin()

    def _begin(self) -> None:
        self._number += 1
        stream = self._part.enter_context(self._open_file(part_name(self._name, self._number)))
        text = io.TextIOWrapper(stream, encoding="utf-8", newline="", write_through=True)
        text.write(BOM)
        self._writer = csv.writer(text)
        self._writer.writerow(self._heading)
        self._room = self._rows_each
