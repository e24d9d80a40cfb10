"""Files that are dropped in the simulation: tiny, with every kind of row."""

from dataclasses import dataclass
from random import Random

TEMPLATE_CODES = ("SMS_1", "SMS_2")
SIGN_NAMES = ("云通信", "阿里云")
MAX_ROWS = 9


@dataclass(frozen=True, slots=True, kw_only=True)
class Drop:
    """A file as its user knows it; `again` is the word that asks for a repetition."""

    key: str
    content: bytes
    again: str = ""
    recipients: tuple[str, ...]
    rows: int


def some_drop(random: Random, *, number: int, max_rows: int = MAX_ROWS) -> Drop:
    """Make up a file; no two have numbers in common."""
    rows: list[str] = []
    recipients: list[str] = []
    are_all_bad = random.random() < 0.1
    for index in range(random.randint(0, max_rows)):
        if are_all_bad:
            rows.append(f"{index},no number,,")
            continue
        phone_number = f"138{number:02d}{index:06d}"
        extend_code = random.choice(("", "", "", "7"))
        sign_name = random.choice(("", "", "", *SIGN_NAMES))
        rows.append(f"{phone_number},张三{index},{sign_name},{extend_code}")
        recipients.append(phone_number)
    if recipients and random.random() < 0.3:
        rows.append(f"{recipients[0]},again,,")
    if rows and random.random() < 0.3:
        rows.insert(random.randrange(len(rows)), "12,no number,,")
    lines = ["phone_number,name,sign_name,extend_code", *rows]
    folder = random.choice(("", f"{TEMPLATE_CODES[0]}/{SIGN_NAMES[0]}/"))
    return Drop(
        key=f"incoming/{folder}{number}.csv",
        content="\n".join([*lines, ""]).encode(),
        recipients=tuple(recipients),
        rows=len(rows),
    )
