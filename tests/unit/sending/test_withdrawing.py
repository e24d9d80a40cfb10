"""A file is withdrawn by what stands in its place before its campaign begins."""

from typing import Any

import pytest

from smsdrop.drops import FileVersion
from smsdrop.ledger.campaign import Campaign, Status
from smsdrop.ledger.codes import CANCELLED_BY_HAND, WITHDRAWN
from smsdrop.ledger.terms import Gate
from smsdrop.reasons import Reason
from smsdrop.sending.withdrawing import Standing, Withdrawing
from tests.support.fakes import FakeLedger, nothing
from tests.support.samples import CAMPAIGN_ID, NOW, campaign

OTHER = "20260102T030405Z-00000000000000aa"


class Place:
    """The place of a file, with the campaign of what lies there."""

    def __init__(self, stands: str | None) -> None:
        self.stands = stands

    def current_campaign_id(self, version: FileVersion) -> str | None:
        return self.stands


def scene(stands: str | None, **changes: Any) -> tuple[Withdrawing, Campaign]:
    ledger = FakeLedger()
    waiting = ledger.write(None, campaign(**{"status": Status.HELD, **changes}))
    return Withdrawing(ledger=ledger, files=Place(stands)), waiting


def other(**changes: Any) -> Campaign:
    return campaign(campaign_id=OTHER, **changes)


@pytest.mark.parametrize(
    ("stands", "successor", "standing"),
    [
        pytest.param(CAMPAIGN_ID, None, Standing.CURRENT, id="there"),
        pytest.param(None, None, Standing.WITHDRAWN, id="deleted"),
        pytest.param(OTHER, None, Standing.REPLACED, id="not seen yet"),
        pytest.param(OTHER, other(status=Status.PARSING), Standing.REPLACED, id="not judged"),
        pytest.param(OTHER, other(), Standing.WITHDRAWN, id="replaced"),
        pytest.param(
            OTHER,
            other(status=Status.PARSING).held_as_copy(CAMPAIGN_ID, at=NOW),
            Standing.CURRENT,
            id="copied",
        ),
        pytest.param(
            OTHER,
            other(status=Status.PARSING).refused(Reason("no_recipients"), at=NOW),
            Standing.WITHDRAWN,
            id="replaced by a file that cannot be sent",
        ),
    ],
)
def test_what_lies_in_the_place_of_a_file_says_how_that_stands(
    stands: str | None, successor: Campaign | None, standing: Standing
) -> None:
    withdrawing, waiting = scene(stands)
    if successor:
        withdrawing.ledger.write(None, successor)

    assert withdrawing.standing(waiting) is standing


def test_a_campaign_is_withdrawn_unless_it_has_begun() -> None:
    withdrawing, waiting = scene(None)
    assert withdrawing.withdraw(waiting).halt_code == WITHDRAWN

    withdrawing, begun = scene(None, status=Status.SENDING, released=1)
    assert withdrawing.withdraw(begun) == begun


@pytest.mark.parametrize(
    ("stands", "changes", "makes_way"),
    [
        pytest.param(OTHER, {}, True, id="replaced by it"),
        pytest.param(None, {}, True, id="deleted"),
        pytest.param(CAMPAIGN_ID, {}, False, id="still there"),
        pytest.param("a third", {}, False, id="replaced by one that is not judged"),
        pytest.param(OTHER, {"released": 1}, False, id="it has begun"),
        pytest.param(OTHER, {"status": Status.SENDING}, False, id="it is sent"),
        pytest.param(OTHER, {"halt_code": CANCELLED_BY_HAND}, False, id="cancelled already"),
    ],
)
def test_a_campaign_that_waits_makes_way_for_who_took_its_place(
    stands: str | None, changes: dict[str, Any], *, makes_way: bool
) -> None:
    withdrawing, waiting = scene(stands, **changes)

    came = withdrawing.makes_way(waiting.campaign_id, other(status=Status.PARSING))

    assert came == makes_way
    after = withdrawing.ledger.campaign(waiting.campaign_id)
    assert after is not None
    assert (after.halt_code == WITHDRAWN) == makes_way


def test_a_campaign_that_begins_while_it_is_to_make_way_goes_on() -> None:
    withdrawing, waiting = scene(OTHER)
    assert isinstance(withdrawing.ledger, FakeLedger)
    ledger = withdrawing.ledger

    def released(entry: object) -> None:
        ledger.before_write = nothing
        ledger.write(waiting, waiting.gated(Gate(upto=1), at=NOW))

    ledger.before_write = released

    assert not withdrawing.makes_way(waiting.campaign_id, other(status=Status.PARSING))
    after = ledger.campaign(waiting.campaign_id)
    assert after is not None
    assert (after.status, after.halt_code) == (Status.SENDING, "")


def test_a_campaign_that_nobody_knows_makes_no_way() -> None:
    withdrawing, _ = scene(None)

    assert not withdrawing.makes_way("unknown", other())
