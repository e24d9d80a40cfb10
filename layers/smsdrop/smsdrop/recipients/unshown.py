"""A cell of which it is not known here what a person sees in it."""

HIDDEN_TEXT = "########"
"""What a spreadsheet shows where it cannot show a value."""


class UnshownCell(str):
    """
    Rejects its row where it is needed as a param.

    Its text is rejected too, in case it is dropped again unmended.
    """

    __slots__ = ()


UNSHOWN = UnshownCell(HIDDEN_TEXT)


def is_unshown(cell: str) -> bool:
    return isinstance(cell, UnshownCell)
