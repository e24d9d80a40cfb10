"""
The recipient file that every contender reads; the same bytes each time.

CRLF; phone, a Chinese name, a code, an amount; 3 % duplicates, 1 % wrong numbers, a fifth of
the numbers in another spelling, 3 % of the rows with a comma inside quotes.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from random import Random

SEED = 20260102
LINES_AT_ONCE = 10_000

FAMILY_NAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗"
GIVEN_NAMES = (
    "伟",
    "芳",
    "娜",
    "秀英",
    "敏",
    "静",
    "丽",
    "强",
    "磊",
    "洋",
    "艳",
    "勇",
    "建国",
    "志明",
)
SPELLINGS = ("+86{0}", "86{0}", "+86 {0}", "{1}-{2}-{3}", "{1} {2} {3}")
WRONG_NUMBERS = ("1380013800", "138001380001", "12345678901", "not a number")

FIRST_NUMBER = 13_000_000_000
NUMBERS = 7_000_000_000
STRIDE = 2_718_281_829
"""Coprime to `NUMBERS`: steps of it reach each number once before one comes again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecipientFile:
    """What was written: rows below the header, and how many different people are in them."""

    path: Path
    rows: int
    recipients: int

    def numbers(self) -> Iterator[str]:
        """Yield the number of each recipient, in the order of their first rows."""
        return map(nth_number, range(self.recipients))


def nth_number(position: int) -> str:
    return str(FIRST_NUMBER + position * STRIDE % NUMBERS)


def write_recipient_file(
    path: Path, *, rows: int, clean: bool = False, seed: int = SEED
) -> RecipientFile:
    """Write the file; a `clean` one has nothing but recipients, another seed other params."""
    maker = _Maker(Random(seed), clean=clean)
    lines = (maker.line() for _ in range(rows))
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write("phone,name,code,amount\r\n")
        while some := "".join(islice(lines, LINES_AT_ONCE)):
            file.write(some)
    return RecipientFile(path=path, rows=rows, recipients=maker.recipients)


class _Maker:
    def __init__(self, random: Random, *, clean: bool) -> None:
        self.recipients = 0
        self._random = random
        self._clean = clean

    def line(self) -> str:
        random = self._random
        name = random.choice(FAMILY_NAMES) + random.choice(GIVEN_NAMES)
        amount = f"{random.randrange(100_000, 999_999) / 100:.2f}"
        if random.random() < 0.03:
            amount = f'"{amount[:1]},{amount[1:]}"'
        return f"{self._phone()},{name},{random.randrange(10**6, 10**7)},{amount}\r\n"

    def _phone(self) -> str:
        kind = 1.0 if self._clean else self._random.random()
        if kind < 0.01:
            return self._random.choice(WRONG_NUMBERS)
        if kind < 0.04 and self.recipients:
            number = nth_number(self._random.randrange(self.recipients))
        else:
            number = nth_number(self.recipients)
            self.recipients += 1
        if self._random.random() < 0.2:
            spelling = self._random.choice(SPELLINGS)
            return spelling.format(number, number[:3], number[3:7], number[7:])
        return number
