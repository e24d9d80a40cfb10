"""A second opinion on the spreadsheets in recipient_files/."""

from io import BytesIO
from itertools import dropwhile
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from tests.support.workbooks import rows_of

FOLDER = Path(__file__).parents[3] / "recipient_files"


WITHOUT_DATES = [
    "numbers-as-numbers.xlsx",
    "first-visible-sheet.xlsx",
    "merged-cells.xlsx",
    "plain-numbers.xlsx",
    "workbook-with-macros.xlsm",
]


@pytest.mark.parametrize("name", WITHOUT_DATES)
def test_another_reader_finds_the_same_in_a_workbook(name: str) -> None:
    """Files without dates, which calamine does not show as a person sees them."""
    content = (FOLDER / name).read_bytes()
    book = CalamineWorkbook.from_filelike(BytesIO(content))
    visible = [each.name for each in book.sheets_metadata if str(each.visible) == VISIBLE]

    theirs = book.get_sheet_by_name(visible[0]).to_python(skip_empty_area=False)

    rows = list(rows_of(content).values())
    assert [trimmed(row) for row in rows if any(row)] == [
        trimmed([plain(value) for value in row]) for row in theirs if any(row)
    ]


VISIBLE = "SheetVisibleEnum.Visible"


def plain(value: Any) -> str:
    return f"{value:.15g}" if isinstance(value, float) and value >= 1e-4 else number_text(value)


def number_text(value: Any) -> str:
    return f"{value:.7f}" if isinstance(value, float) else str(value)


def trimmed(row: list[str]) -> list[str]:
    """Leave out empty cells at the end."""
    return list(dropwhile(lambda cell: not cell, reversed(row)))
