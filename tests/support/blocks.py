"""Blocks as the rows that are in them."""

from collections.abc import Iterable, Iterator

from smsdrop.recipients.blocks import Block


def rows_of(blocks: Iterable[Block]) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows that could be read, each with its number; a blank one has an empty cell."""
    for block in blocks:
        if not block.fault:
            yield from block.rows()
