"""Finds what separates the cells of a text file, from its header and first rows."""

import csv
import re
from collections.abc import Sequence
from io import StringIO
from itertools import islice

from smsdrop.recipients.header import PHONE, role
from smsdrop.recipients.phone_numbers import read_phone_number

DELIMITERS = (",", "\t", ";", "|", "，")
"""Of two that fit equally well, the earlier is taken."""

LOOKED_AT_CHARACTERS = 64 * 1024

LOOKED_AT_ROWS = 20

DECLARATION = re.compile(r'"?sep=([^\w\s"]|\t)"?[\r\n]', re.IGNORECASE)
"""The line in which a file tells Excel its separator."""


def find_delimiter(text: str) -> tuple[str, bool]:
    """Return the delimiter of a file by its beginning, and whether its first line declares it."""
    declared = DECLARATION.match(text)
    if declared:
        return declared[1], True
    return max(DELIMITERS, key=lambda each: fitness(first_rows(text, each))), False


def first_rows(text: str, delimiter: str) -> list[list[str]]:
    """Read the first rows that are not blank, up to one that cannot be read."""
    lines = StringIO(text[:LOOKED_AT_CHARACTERS], newline="")
    rows: list[list[str]] = []
    try:
        reader = csv.reader(lines, delimiter=delimiter)
        rows.extend(islice((row for row in reader if any(row)), LOOKED_AT_ROWS))
    except csv.Error:
        return rows
    return rows


def fitness(rows: Sequence[Sequence[str]]) -> tuple[int, int, int, int]:
    """
    Return how well the rows read with one delimiter, to compare it with others.

    In order of weight: whether the header names a column of phone numbers, how many numbers are in
    it, how many rows are as wide as the header, and how wide that is.
    """
    if not rows:
        return (0, 0, 0, 1)
    header, *body = rows
    phone = next((index for index, name in enumerate(header) if role(name) == PHONE), None)
    numbers = sum(
        phone is not None and phone < len(row) and isinstance(read_phone_number(row[phone]), str)
        for row in body
    )
    fitting = sum(len(row) == len(header) for row in body) if len(header) > 1 else 0
    return (phone is not None, numbers, fitting, len(header))
