"""Several notices in one letter, short enough for every chat."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from smsdrop.telling.notices import Notice

MOST_BYTES = 3800
"""WeCom takes 4,096 bytes of UTF-8, the least of all; the rest is for what a channel adds."""

BETWEEN = "\n\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """What is sent to a channel at one time."""

    notices: tuple[Notice, ...]

    @property
    def text(self) -> str:
        return cut(BETWEEN.join(each.text for each in self.notices), MOST_BYTES)


def letters_of(notices: Iterable[Notice]) -> Iterator[Letter]:
    """Yield the notices in order, in as few letters as they fit into."""
    few: list[Notice] = []
    size = 0
    for notice in notices:
        length = len(f"{BETWEEN}{notice.text}".encode())
        if few and size + length > MOST_BYTES:
            yield Letter(notices=tuple(few))
            few, size = [], 0
        few.append(notice)
        size += length
    if few:
        yield Letter(notices=tuple(few))


def cut(text: str, most_bytes: int) -> str:
    """Return as much of the text as fits so many bytes of UTF-8, with a mark where it is cut."""
    encoded = text.encode()
    if len(encoded) <= most_bytes:
        return text
    return encoded[: most_bytes - len("…".encode())].decode(errors="ignore") + "…"
