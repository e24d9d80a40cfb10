"""Cells of which it is not known what a person sees."""

from smsdrop.recipients.unshown import HIDDEN_TEXT, UNSHOWN, is_unshown


def test_only_a_marked_cell_is_unshown() -> None:
    assert is_unshown(UNSHOWN)
    assert UNSHOWN == HIDDEN_TEXT
    assert not is_unshown(HIDDEN_TEXT)
