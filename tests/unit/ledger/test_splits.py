"""A batch and its parts: which part an id means, and what a part has from its whole."""

from dataclasses import replace
from typing import Any

import pytest

from smsdrop.ledger.batch_entry import BatchEntry, State, untouched
from smsdrop.ledger.splits import part_of, with_parents_evidence
from tests.support.samples import NOW, batch_of

WHOLE = batch_of(8)


def entry(name: str, state: State, **changes: Any) -> BatchEntry:
    batch = part_of(WHOLE, f"{WHOLE.batch_id}{name}", {})
    return replace(untouched(batch, at=NOW), state=state, **changes)


@pytest.mark.parametrize(
    ("name", "recipients"),
    [
        pytest.param("", slice(0, 8), id="the batch itself"),
        pytest.param(".0", slice(0, 4), id="its first half"),
        pytest.param(".1", slice(4, 8), id="its second half"),
        pytest.param(".1.0", slice(4, 6), id="a quarter"),
        pytest.param(".1.0.1", slice(5, 6), id="a single one"),
    ],
)
def test_an_id_means_one_part_of_a_batch(name: str, recipients: slice) -> None:
    part = part_of(WHOLE, f"{WHOLE.batch_id}{name}", {})

    assert part.batch_id == f"{WHOLE.batch_id}{name}"
    assert part.phone_numbers == WHOLE.phone_numbers[recipients]


@pytest.mark.parametrize(
    ("whole", "accepted", "awaits"),
    [
        pytest.param({}, (), False, id="nothing"),
        pytest.param({"accepted": (1,)}, (0,), False, id="it was accepted after all"),
        pytest.param({"absent": 1}, (), True, id="it is to be looked up once more"),
        pytest.param({"absent": 1, "verified_at": NOW}, (), False, id="it was looked up"),
    ],
)
def test_a_part_has_what_is_known_of_its_whole(
    whole: dict[str, Any], accepted: tuple[int, ...], awaits: bool
) -> None:
    entries = [entry("", State.SPLIT, **whole), entry(".0", State.CANCELLED)]

    _, part = with_parents_evidence(entries)

    assert (part.accepted, part.awaits_verification) == (accepted, awaits)
