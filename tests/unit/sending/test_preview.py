"""A held campaign's preview says what it would do, why it waits, and what to do about that."""

import json
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

import pytest

from smsdrop.batches.first_texts import keep_texts
from smsdrop.ledger.campaign import Campaign, Counts, Status
from smsdrop.ledger.codes import CANCELLED_BY_HAND
from smsdrop.ledger.gate import APPROVAL, PAUSED, START, WINDOW, gated
from smsdrop.ledger.terms import Terms
from smsdrop.reasons import Reason
from smsdrop.receipts.canary import Canary
from smsdrop.sending.preview import PREVIEW
from tests.support import use_cases
from tests.support.fakes import FakeFiles, FakeLedger, nothing
from tests.support.gateway_caller import Clock
from tests.support.samples import CAMPAIGN_ID, NOW, campaign, changed

PLAN = "work/plan/"
KEY = f"reports/SMS_154950909/云通信/july.csv/{CAMPAIGN_ID}/{PREVIEW}"
COUNTS = Counts(rows=9, accepted=4, duplicates=3, rejected=2, blank=1, batches=1, segments=8)
HOUR = 3600
TOMORROW = Terms(start_at=NOW + 24 * HOUR, until_at=NOW + 40 * HOUR, windows=("1300-1500",))


class Killed(BaseException):
    """The sandbox is gone."""


def killed(_: object) -> None:
    raise Killed


@dataclass(frozen=True, slots=True)
class Site:
    files: FakeFiles = field(default_factory=FakeFiles)
    ledger: FakeLedger = field(default_factory=FakeLedger)
    clock: Clock = field(default_factory=lambda: Clock(NOW))

    def held(self, **changes: Any) -> Campaign:
        """Return a judged campaign as its gate is, which these changes hold."""
        fields = {"status": Status.PLANNED, "plan": PLAN, "counts": COUNTS, **changes}
        return self.ledger.write(None, gated(campaign(**fields), self.clock()))

    def write(self, campaign: Campaign, **settings: Any) -> Campaign:
        use_case = use_cases.write_preview(self.files, self.ledger, clock=self.clock, **settings)
        return use_case.write(campaign)

    @property
    def preview(self) -> dict[str, Any]:
        fields: dict[str, Any] = json.loads(self.files.objects[KEY])
        return fields


LISTS = (("vip.csv", "v7"),)


@pytest.fixture
def site() -> Site:
    return Site()


def test_a_preview_shows_rows_texts_segments_price_terms_and_why_it_waits(site: Site) -> None:
    keep_texts(PLAN, ["【云通信】张三，您的账单已出"], site.files)
    problem = Reason("nameless_column", ("C", "7"))
    held = site.held(
        terms=TOMORROW, dropped_by="AWS:AIDAA", problems=(problem,), suppressed_by=LISTS
    )

    previewed = site.write(held, price_per_segment=Decimal("0.05"))

    assert site.preview == {
        "campaign_id": CAMPAIGN_ID,
        "held_for": "start",
        "waits_for": Reason("waits_start", (CAMPAIGN_ID, "2026-01-03 13:00", "")).text(),
        "begins_at": "2026-01-03 13:00",
        "file": {"bucket": "files", "key": held.key, "version_id": "v1", "size": 1000},
        "template_code": "",
        "sign_name": "",
        "encoding": "",
        "rows": 9,
        "accepted": 4,
        "duplicates": 3,
        "suppressed": 0,
        "rejected": 2,
        "blank": 1,
        "suppressed_by": [{"list": "vip.csv", "version_id": "v7"}],
        "batches": 1,
        "segments": 8,
        "price": 0.4,
        "texts": ["【云通信】张三，您的账单已出"],
        "dropped_by": "AWS:AIDAA",
        "settings": {
            "start": "2026-01-03 11:00",
            "until": "2026-01-04 03:00",
            "window": "1300-1500",
            "approve": "no",
        },
        "problems": [problem.text()],
        "written_at": "2026-01-02 11:00",
    }
    assert previewed.previewed_for == START
    assert site.ledger.campaign(CAMPAIGN_ID) == previewed


@pytest.mark.parametrize(
    ("changes", "held_for", "begins_at", "code"),
    [
        pytest.param({"paused_by": "AWS:A"}, PAUSED, "", "waits_paused", id="paused"),
        pytest.param(
            {"terms": Terms(needs_approval=True)}, APPROVAL, "", "waits_approval", id="approval"
        ),
        pytest.param(
            {"terms": Terms(needs_approval=True, start_at=NOW + HOUR)},
            APPROVAL,
            "2026-01-02 12:00",
            "waits_approval",
            id="approval, and then its start",
        ),
        pytest.param(
            {"terms": Terms(start_at=NOW + HOUR)},
            START,
            "2026-01-02 12:00",
            "waits_start",
            id="start",
        ),
        pytest.param(
            {"terms": Terms(windows=("0800-2000", "1830-2200"))},
            WINDOW,
            "2026-01-02 18:30",
            "waits_window",
            id="two windows",
        ),
        pytest.param(
            {"terms": Terms(windows=("1200-1300",), until_at=NOW + HOUR - 1)},
            WINDOW,
            "",
            "waits_in_vain",
            id="a window that opens behind its end",
        ),
    ],
)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_preview_says_why_it_waits_and_which_object_steers_it(
    changes: dict[str, Any], held_for: str, begins_at: str, code: str, language: str
) -> None:
    site = Site()

    site.write(site.held(**changes), language=language)

    terms = changes.get("terms", Terms())
    time = "2026-01-02 11:59" if code == "waits_in_vain" else begins_at
    why = Reason(code, (CAMPAIGN_ID, time, ", ".join(terms.windows)))
    assert (site.preview["held_for"], site.preview["begins_at"]) == (held_for, begins_at)
    assert site.preview["waits_for"] == why.text(language)
    assert f"orders/cancel/{CAMPAIGN_ID}" in site.preview["waits_for"]


def test_a_preview_has_no_price_where_the_stack_has_none(site: Site) -> None:
    site.write(site.held(terms=TOMORROW))

    assert "price" not in site.preview
    assert site.preview["texts"] == []


def test_a_preview_is_written_once_for_each_reason(site: Site) -> None:
    terms = Terms(needs_approval=True, start_at=NOW + HOUR)
    previewed = site.write(site.held(terms=terms))
    site.files.objects.clear()
    site.clock.now += 60

    assert site.write(previewed) == previewed
    assert site.files.objects == {}

    approved = changed(previewed, approved_by="AWS:B", held_for=START)
    site.ledger.write(previewed, approved)
    site.write(approved)

    assert site.preview["held_for"] == START


def test_a_campaign_that_is_held_again_after_it_had_begun_is_previewed_again(site: Site) -> None:
    terms = Terms(windows=("1200-1300",))
    previewed = site.write(site.held(terms=terms))
    begun = gated(previewed, NOW + HOUR)
    held_again = gated(begun, NOW + 2 * HOUR)
    site.ledger.write(previewed, held_again)
    site.clock.now += 2 * HOUR

    site.write(held_again)

    assert begun.status is Status.SENDING
    assert site.preview["begins_at"] == "2026-01-03 12:00"


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"status": Status.SENDING}, id="it is sent"),
        pytest.param({"status": Status.CLOSED}, id="it is closed"),
        pytest.param({"paused_by": "me", "halt_code": CANCELLED_BY_HAND}, id="it is cancelled"),
    ],
)
def test_what_is_not_held_has_no_preview(site: Site, changes: dict[str, Any]) -> None:
    standing = site.ledger.write(
        None, campaign(**{"status": Status.HELD, "held_for": PAUSED, **changes})
    )

    assert site.write(standing) == standing
    assert site.files.objects == {}


def test_a_run_that_dies_before_it_notes_the_preview_leaves_that_to_the_next(site: Site) -> None:
    held = site.held(terms=TOMORROW)
    site.ledger.before_write = killed
    with pytest.raises(Killed):
        site.write(held)
    site.ledger.before_write = nothing
    site.clock.now += 60

    previewed = site.write(held)

    assert previewed.previewed_for == START
    assert site.preview["written_at"] == "2026-01-02 11:01"


def test_a_campaign_that_begins_while_its_preview_is_written_goes_on(site: Site) -> None:
    held = site.held(terms=TOMORROW)
    begun = site.ledger.write(held, gated(held, NOW + 27 * HOUR))

    assert site.write(held) == begun


def test_what_holds_a_campaign_in_a_later_release_is_named_as_that_does(site: Site) -> None:
    held = site.held(terms=TOMORROW)

    site.write(site.ledger.write(held, changed(held, held_for="full_moon")))

    assert site.preview["waits_for"].startswith("full_moon ")


AHEAD = Terms(canary_recipients=100, canary_batches=1, canary_percent=92.5)
LOOKED = Canary(
    canary_ended_at=NOW - 600,
    canary_as_of=NOW,
    canary_tried=100,
    canary_delivered=40,
    canary_undelivered=35,
)


@pytest.mark.parametrize(
    ("canary", "code"),
    [
        pytest.param(Canary(canary_ended_at=NOW), "waits_canary_first", id="before any look"),
        pytest.param(LOOKED, "waits_canary", id="too few are answered"),
        pytest.param(
            replace(LOOKED, canary_word="bad"), "waits_canary_failed", id="too few were delivered"
        ),
        pytest.param(
            Canary(canary_ended_at=NOW - HOUR), "waits_canary_unseen", id="nobody has looked"
        ),
        pytest.param(
            Canary(canary_ended_at=NOW, canary_word="bad", canary_problem="NoPermission"),
            "waits_canary_unasked",
            id="nobody may look",
        ),
    ],
)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_it_is_said_what_became_of_those_who_went_ahead(
    canary: Canary, code: str, language: str
) -> None:
    site = Site()

    site.write(site.held(terms=AHEAD, canary=canary, released=1), language=language)

    figures = ("100", "40", "35", "25", "80", "92.5") if canary.canary_as_of else ()
    problem = (canary.canary_problem,) if canary.canary_problem else ()
    why = Reason(code, (CAMPAIGN_ID, *figures, *problem))
    assert site.preview["waits_for"] == why.text(language)
    assert f"orders/resume/{CAMPAIGN_ID}" in site.preview["waits_for"]
    assert site.preview["canary"]["unanswered"] == (25 if figures else 0)
    assert site.preview["settings"]["canary"] == "100"
