"""Which of several copies of a file goes out, and what the others say."""

from dataclasses import dataclass, field
from typing import Any

import pytest

from smsdrop.batches.batch import nth_batch_id
from smsdrop.ledger.batch_entry import BatchEntry, State
from smsdrop.ledger.campaign import (
    HELD,
    HELD_IN_VAIN,
    MOST_COPIES,
    Campaign,
    Counts,
    Status,
)
from smsdrop.ledger.codes import CANCELLED_BY_HAND
from smsdrop.ledger.entries import ContentClaim
from smsdrop.parsing.repeats.repeated_files import ContentIds, RepeatedFiles
from smsdrop.reasons import Reason
from tests.support import use_cases
from tests.support.fakes import FakeFiles, FakeLedger, FakeQueue
from tests.support.gateway_caller import Clock
from tests.support.samples import NOW, campaign, changed

FIRST, SECOND, THIRD = "20260101T000000Z-a", "20260102T000000Z-b", "20260103T000000Z-c"
CONTENT = "c0ffee"


@dataclass(frozen=True, slots=True)
class Site:
    """Campaigns of the same content, in the ledger."""

    ledger: FakeLedger = field(default_factory=FakeLedger)
    files: FakeFiles = field(default_factory=FakeFiles)
    clock: Clock = field(default_factory=lambda: Clock(NOW))

    def begun(self, campaign_id: str, **changes: Any) -> None:
        fields = {"campaign_id": campaign_id, "status": Status.PARSING, **changes}
        self.ledger.write(None, campaign(**fields))

    def owner_for(self, campaign_id: str, *, place: str = "") -> str:
        """Return whose content it is; the file lies in a place of its own unless one is given."""
        use_case = RepeatedFiles(ledger=self.ledger, clock=self.clock)
        ids = ContentIds(place=place or campaign_id, content=CONTENT)
        return use_case.owner_of(ids, campaign_id)

    def held(self, campaign_id: str, first: str) -> None:
        self.becomes(campaign_id, self.at(campaign_id).held_as_copy(first, at=NOW))

    def at(self, campaign_id: str) -> Campaign:
        stands = self.ledger.campaign(campaign_id)
        assert stands is not None
        return stands

    def becomes(self, campaign_id: str, after: Campaign) -> None:
        assert self.ledger.write(self.at(campaign_id), after) == after

    def close(self, campaign_id: str) -> None:
        tick = use_cases.tick(self.files, self.ledger, FakeQueue(), clock=self.clock)
        tick.advance.advance(self.at(campaign_id), is_paused=False, deadline=use_cases.PLENTY)

    def reason_of(self, campaign_id: str) -> Reason | None:
        return self.at(campaign_id).reason


@pytest.fixture
def site() -> Site:
    site = Site()
    for each in (FIRST, SECOND, THIRD):
        site.begun(each)
    assert site.owner_for(FIRST) == FIRST
    return site


@pytest.mark.parametrize("place", [pytest.param(FIRST, id="in place"), pytest.param("", id="else")])
def test_a_copy_is_held_back_and_noted_though_the_first_is_still_parsed(
    site: Site, place: str
) -> None:
    assert site.owner_for(SECOND, place=place) == FIRST

    assert site.at(FIRST).status is Status.PARSING
    assert site.at(FIRST).copies == (SECOND,)


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"status": Status.SENDING}, id="it is being sent"),
        pytest.param({"halt_code": CANCELLED_BY_HAND}, id="it was cancelled while it was parsed"),
    ],
)
def test_a_copy_is_held_back_and_noted_where_the_first(site: Site, changes: dict[str, Any]) -> None:
    site.becomes(FIRST, changed(site.at(FIRST), **changes))

    assert site.owner_for(SECOND) == FIRST
    assert site.at(FIRST).copies == (SECOND,)


@pytest.mark.parametrize(
    ("counts", "code"),
    [
        pytest.param(Counts(), HELD_IN_VAIN, id="nobody"),
        pytest.param(Counts(sent=1), HELD, id="somebody"),
    ],
)
def test_a_copy_is_told_whom_the_first_has_texted(site: Site, counts: Counts, code: str) -> None:
    site.becomes(FIRST, changed(site.at(FIRST), status=Status.SENDING))
    site.held(SECOND, site.owner_for(SECOND))
    site.close(SECOND)
    assert not site.at(SECOND).is_open
    first = site.at(FIRST)

    site.becomes(FIRST, first.closing())
    _count(site, counts)
    site.close(FIRST)
    if site.at(SECOND).is_open:
        site.close(SECOND)

    assert site.reason_of(SECOND) == Reason(code, (FIRST,))
    assert not site.at(SECOND).is_open
    assert (site.owner_for(THIRD) == THIRD) == (code == HELD_IN_VAIN)


def _count(site: Site, counts: Counts) -> None:
    """Let the first's only batch have texted so many."""
    if counts.sent:
        sent = BatchEntry(batch_id=nth_batch_id(FIRST, 1), state=State.SENT, recipients=counts.sent)
        site.ledger.write(None, sent)


def test_a_copy_whose_first_ends_before_it_is_held_back_says_so_too(site: Site) -> None:
    site.becomes(FIRST, changed(site.at(FIRST), status=Status.SENDING))
    first = site.owner_for(SECOND)
    site.becomes(FIRST, site.at(FIRST).closing())
    site.close(FIRST)

    site.held(SECOND, first)

    assert site.reason_of(SECOND) == Reason(HELD_IN_VAIN, (FIRST,))


def test_a_copy_is_told_again_where_late_evidence_shows_that_the_first_did_text(
    site: Site,
) -> None:
    site.becomes(FIRST, changed(site.at(FIRST), status=Status.SENDING))
    site.held(SECOND, site.owner_for(SECOND))
    site.becomes(FIRST, site.at(FIRST).closing())
    site.close(FIRST)
    assert site.reason_of(SECOND) == Reason(HELD_IN_VAIN, (FIRST,))

    site.becomes(FIRST, site.at(FIRST).reopened())
    _count(site, Counts(sent=1))
    site.close(FIRST)

    assert site.reason_of(SECOND) == Reason(HELD, (FIRST,))


def test_a_campaign_that_is_held_back_itself_keeps_its_place_and_tells_when_it_is_told(
    site: Site,
) -> None:
    site.becomes(FIRST, changed(site.at(FIRST), status=Status.SENDING))
    site.held(SECOND, FIRST)
    site.becomes(FIRST, site.at(FIRST).with_copy(SECOND))
    assert site.owner_for(SECOND, place="a place") == FIRST
    site.close(SECOND)
    assert not site.at(SECOND).is_open

    site.ledger.write(None, ContentClaim(content_id="another place", first=SECOND))
    assert site.owner_for(THIRD, place="another place") == SECOND
    site.held(THIRD, SECOND)
    site.close(THIRD)
    site.becomes(FIRST, site.at(FIRST).closing())
    for each in (FIRST, SECOND, THIRD):
        site.close(each)

    assert site.reason_of(SECOND) == Reason(HELD_IN_VAIN, (FIRST,))
    assert site.reason_of(THIRD) == Reason(HELD_IN_VAIN, (SECOND,))


def test_a_campaign_knows_a_hundred_of_its_copies_and_no_more(site: Site) -> None:
    site.becomes(FIRST, changed(site.at(FIRST), status=Status.SENDING))
    for number in range(MOST_COPIES + 5):
        name = f"20260104T000000Z-{number:03d}"
        site.begun(name)
        assert site.owner_for(name) == FIRST

    assert len(site.at(FIRST).copies) == MOST_COPIES == 100
