"""Cells of a CSV file that a spreadsheet neither runs nor turns into another value."""

import re

from smsdrop.recipients.characters import FORMULA_BEGINNINGS

CHANGED_BY_SPREADSHEETS = re.compile(
    r"(?!(?:0|[1-9][0-9]{0,10})\Z)(?=[^0-9０-９]*[0-9０-９])(?=.{1,250}\Z)"
    r"(?:[-0-9０-９ \u00a0.,:/+'%()$¥￥€．，：／＋－％年月日时時分秒上下午eETZ]"
    r"|(?i:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}+|(?i:am|pm))++\Z"
)
"""
What a spreadsheet may take for a number, a date or a time, and then show and save as another text.

`007` becomes 7, `+8613800138000` loses its sign, `1.39E+10` becomes 13900000000, a stranger's
number, `1-2` becomes a date, and more than eleven digits get an exponent in Excel. At most eleven
digits without a leading zero stay as they are.
"""

RUN = re.compile(rf"[{''.join(map(re.escape, FORMULA_BEGINNINGS))}][^\t\r\n]{{0,120}}\Z")
"""
What a spreadsheet runs, if short enough for a text within a formula.

Excel takes 255 characters there; a quotation mark counts twice.
"""


PLAIN = re.compile(r"(?:0|[1-9][0-9]{0,10})\Z")
"""A number that looks the same in a spreadsheet: most phone numbers."""


def is_harmless(cell: str) -> bool:
    """Say whether the cell needs neither `marked` nor `disarmed`; quick for most rows' cells."""
    return cell.isalpha() or PLAIN.match(cell) is not None


def marked(cell: str) -> str:
    """
    Mark a cell as text where a spreadsheet would change it.

    The mark is `="007"`, which spreadsheets show as 007; it is removed when the file is dropped.
    """
    return f'="{cell}"' if CHANGED_BY_SPREADSHEETS.match(cell) else cell


def as_typed(cell: str) -> str:
    """Mark a cell as text where a spreadsheet would change or run it."""
    if RUN.match(cell):
        return '="' + cell.replace('"', '""') + '"'
    return marked(cell)


def disarmed(cell: str) -> str:
    """Keep a spreadsheet from running the cell, whatever it holds."""
    return f"'{cell}" if cell.startswith(FORMULA_BEGINNINGS) else cell
