"""Fingerprints prove that two plans share no message, and never that of two that do."""

from hypothesis import given
from hypothesis import strategies as st

from smsdrop.parsing.repeats.fingerprints import are_disjoint, fingerprints_of
from smsdrop.recipients.layout import SEPARATOR, rows_of_texts

CELLS = st.lists(st.text("ab张\\\"'1\n", max_size=4), min_size=1, max_size=3)


def test_a_fingerprint_is_always_the_same() -> None:
    """It is kept in the ledger and compared by other sandboxes, and by later releases."""
    rows = rows_of_texts(["13800138000", f"13800138000{SEPARATOR}张三{SEPARATOR}1"])

    assert fingerprints_of(rows) == "782cad3182e42b25"


@given(CELLS, st.randoms())
def test_a_message_has_the_same_one_in_any_order_of_columns(cells, random) -> None:  # type: ignore[no-untyped-def]
    other = random.sample(cells, len(cells))

    one, same = (fingerprints_of(rows_of_texts([SEPARATOR.join(each)])) for each in (cells, other))

    assert one == same
    assert not are_disjoint(one, same)


@given(st.lists(st.integers(0, 50), unique=True), st.lists(st.integers(0, 50), unique=True))
def test_of_messages_that_are_not_many_they_tell_which_are_shared(
    some: list[int], others: list[int]
) -> None:
    one, other = (
        fingerprints_of(rows_of_texts([f"138{each:08}" for each in numbers]))
        for numbers in (some, others)
    )

    assert are_disjoint(one, other) == (not set(some) & set(others))
