"""An object of receipts: small, without numbers, and the same bytes for the same receipts."""

import gzip
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsdrop.receipts.part import (
    BATCHES_A_PART,
    LaterReceipts,
    Part,
    part_key,
    part_of_position,
    parts_of,
)
from smsdrop.receipts.receipt import NOT_HEARD_OF, Delivery, Receipt
from tests.support.samples import CAMPAIGN_ID

DELIVERED = Receipt(
    delivery=Delivery.DELIVERED, code="DELIVERED", received_at=1_767_322_807, looks=1
)
PENDING = Receipt(looks=2)

parts = st.builds(
    Part,
    receipts=st.dictionaries(
        st.tuples(st.integers(1, 3), st.integers(0, 2)),
        st.builds(
            Receipt,
            delivery=st.sampled_from(Delivery),
            code=st.sampled_from(["", "A"]),
            received_at=st.integers(0, 3),
            looks=st.integers(1, 4),
        ),
    ),
)


@given(parts)
def test_what_is_written_is_read_again(part: Part) -> None:
    assert Part.from_bytes(part.to_bytes()) == part


@given(parts, parts)
def test_parts_merge_to_the_same_bytes_in_any_order(a: Part, b: Part) -> None:
    assert (a | b).to_bytes() == (b | a).to_bytes()
    assert ((a | b) | b).to_bytes() == (a | b).to_bytes()


def test_an_object_is_json_lines_of_places_in_the_plan() -> None:
    part = Part(receipts={(51, 3): DELIVERED, (51, 0): PENDING})

    lines = gzip.decompress(part.to_bytes()).decode().splitlines()

    assert list(map(json.loads, lines)) == [
        {"form": 1},
        [51, 0, 0, "", 0, 2],
        [51, 3, 2, "DELIVERED", 1_767_322_807, 1],
    ]


def test_no_object_is_a_part_in_which_nothing_is_known() -> None:
    assert Part.from_bytes(b"").of((1, 0)) is NOT_HEARD_OF


def test_a_later_form_is_left_to_a_later_release() -> None:
    with pytest.raises(LaterReceipts):
        Part.from_bytes(gzip.compress(b'{"form":2}\n'))


def test_what_a_later_release_adds_to_a_recipient_is_passed_over() -> None:
    content = gzip.compress(b'{"form":1}\n[1,0,2,"DELIVERED",1767322807,1,"more"]\n')

    assert Part.from_bytes(content).of((1, 0)) == DELIVERED


@pytest.mark.parametrize(
    ("batches", "parts"),
    [(0, 0), (1, 1), (BATCHES_A_PART, 1), (BATCHES_A_PART + 1, 2), (10_000, 200)],
)
def test_every_batch_has_its_part(batches: int, parts: int) -> None:
    assert list(parts_of(batches)) == list(range(parts))
    assert {part_of_position(each) for each in range(1, batches + 1)} == set(range(parts))


def test_a_key_names_the_campaign_and_the_part_alone() -> None:
    assert part_key(CAMPAIGN_ID, 7) == f"receipts/{CAMPAIGN_ID}/000007.jsonl.gz"


def test_a_part_counts_what_became_of_its_recipients() -> None:
    part = Part(receipts={(1, 0): DELIVERED, (1, 1): PENDING, (2, 0): DELIVERED})

    counted = {each: part.count(each) for each in Delivery}

    assert counted == {Delivery.PENDING: 1, Delivery.FAILED: 0, Delivery.DELIVERED: 2}


def test_a_hundred_recipients_take_little_room() -> None:
    full = {
        (position, index): Receipt(
            delivery=Delivery.DELIVERED,
            code="DELIVERED",
            received_at=1_767_322_800 + index * 7 % 61,
            looks=1,
        )
        for position in range(1, BATCHES_A_PART + 1)
        for index in range(100)
    }

    assert len(Part(receipts=full).to_bytes()) < 12 * len(full)
