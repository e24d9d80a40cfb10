"""What several words of a carrier about one recipient come to."""

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsdrop.alibaba.send_details import SendDetail
from smsdrop.receipts.receipt import NOT_HEARD_OF, Delivery, Receipt, merged

WAITS = Receipt(looks=1)
FAILED = Receipt(delivery=Delivery.FAILED, code="USER_REJECT", received_at=100)
FAILED_LATER = Receipt(delivery=Delivery.FAILED, code="NO_ROUTE", received_at=200)
DELIVERED = Receipt(delivery=Delivery.DELIVERED, code="DELIVERED", received_at=50)

receipts = st.builds(
    Receipt,
    delivery=st.sampled_from(Delivery),
    code=st.sampled_from(["", "A", "B"]),
    received_at=st.integers(0, 3),
    looks=st.integers(0, 4),
)


@pytest.mark.parametrize(
    ("words", "comes_to"),
    [
        pytest.param([WAITS, FAILED], FAILED, id="a word replaces waiting"),
        pytest.param([FAILED, DELIVERED], DELIVERED, id="delivered beats failed, though earlier"),
        pytest.param([FAILED, FAILED_LATER], FAILED_LATER, id="the later of two"),
        pytest.param([DELIVERED, DELIVERED], DELIVERED, id="the same twice"),
        pytest.param([], NOT_HEARD_OF, id="no word"),
    ],
)
def test_the_order_of_receipts_makes_no_difference(words: list[Receipt], comes_to: Receipt) -> None:
    for order in permutations(words):
        result = merged(order)
        assert (result.delivery, result.code) == (comes_to.delivery, comes_to.code)


@given(receipts, receipts, receipts)
def test_receipts_merge_free_of_order_and_repetition(a: Receipt, b: Receipt, c: Receipt) -> None:
    assert a | b == b | a
    assert (a | b) | c == a | (b | c)
    assert a | a == a


def test_the_looks_that_had_an_answer_are_kept() -> None:
    assert (FAILED | Receipt(looks=3)).looks == 3


@pytest.mark.parametrize(
    ("status", "delivery"),
    [(0, Delivery.PENDING), (1, Delivery.PENDING), (2, Delivery.FAILED), (3, Delivery.DELIVERED)],
)
def test_a_row_says_what_became_of_a_text(status: int, delivery: Delivery) -> None:
    row = SendDetail(
        out_id="b-1", template_code="", sent_at=1, status=status, code="C", received_at=7
    )

    receipt = Receipt.of(row)

    known = ("C", 7) if delivery else ("", 0)
    assert (receipt.delivery, (receipt.code, receipt.received_at)) == (delivery, known)
