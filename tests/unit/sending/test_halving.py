"""Halving stops where all others of a batch go on being refused for the same reason."""

from dataclasses import dataclass

import pytest

from smsdrop.batches.batch import nth_batch_id
from smsdrop.ledger.batch_entry import BatchEntry, State
from smsdrop.ledger.entries import Pause, Snapshot
from smsdrop.sending.halving import is_halving_blind, relatives
from tests.support.samples import CAMPAIGN_ID

FIRST = nth_batch_id(CAMPAIGN_ID, 1)
LIMIT = "isv.BUSINESS_LIMIT_CONTROL"
SENT, SPLIT, REFUSED = State.SENT, State.SPLIT, State.REFUSED


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of parts of the first batch: by its number each one's state and code."""

    parts: dict[str, tuple[State, str]]

    def snapshot(self, batch_id: str) -> Snapshot:
        known = self.parts.get(batch_id.removeprefix(FIRST))
        entry = known and BatchEntry(batch_id=batch_id, state=known[0], code=known[1])
        return Snapshot(batch=entry or None, campaign=None, pause=Pause())


@pytest.mark.parametrize(
    ("part", "others"),
    [
        pytest.param("", [], id="the batch of the plan"),
        pytest.param(".0", [".1"], id="a half"),
        pytest.param(".1", [".0"], id="the other half"),
        pytest.param(".1.0.1", [".1.0.0", ".1.1", ".0"], id="an eighth"),
    ],
)
def test_the_relatives_of_a_part_hold_everyone_else(part: str, others: list[str]) -> None:
    assert list(relatives(FIRST + part)) == [FIRST + each for each in others]


@pytest.mark.parametrize(
    ("parts", "is_blind"),
    [
        pytest.param({}, False, id="nothing is known"),
        pytest.param({".1": (SPLIT, LIMIT)}, False, id="one was refused"),
        pytest.param({".1": (SPLIT, LIMIT), ".0.1": (REFUSED, LIMIT)}, True, id="two were refused"),
        pytest.param(
            {".1": (SPLIT, LIMIT), ".1.0": (SPLIT, LIMIT), ".1.1": (REFUSED, LIMIT)},
            True,
            id="both parts of one",
        ),
        pytest.param(
            {".1": (SPLIT, LIMIT), ".1.0": (SPLIT, LIMIT), ".1.1": (SENT, "OK")},
            False,
            id="a part of one was sent",
        ),
        pytest.param(
            {".1": (SPLIT, LIMIT), ".1.0": (SENT, LIMIT), ".0.1": (SPLIT, LIMIT)},
            False,
            id="sent after all",
        ),
        pytest.param(
            {".1": (SPLIT, LIMIT), ".0.1": (SPLIT, "isv.MOBILE_NUMBER_ILLEGAL")},
            False,
            id="for two reasons",
        ),
        pytest.param(
            {".1": (SPLIT, LIMIT), ".0.1": (State.WAITING, LIMIT)}, False, id="one waits again"
        ),
        pytest.param(
            {".1": (SPLIT, ""), ".1.0": (REFUSED, LIMIT), ".1.1": (State.UNCONFIRMED, "")},
            False,
            id="a part is in doubt",
        ),
    ],
)
def test_halving_a_quarter_is_blind_where_several_were_refused_and_none_was_sent(
    parts: dict[str, tuple[State, str]], is_blind: bool
) -> None:
    assert is_halving_blind(f"{FIRST}.0.0", LIMIT, Known(parts)) == is_blind
