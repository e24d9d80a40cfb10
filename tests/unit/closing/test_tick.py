"""Every open campaign has its turn, whatever becomes of the others, and is shown as it is."""

import json
from dataclasses import fields, replace
from typing import Any

import pytest

from smsdrop.batches.plan import BATCHES, ROWS
from smsdrop.closing.advance import Advance
from smsdrop.closing.seen.write_index import INDEX
from smsdrop.closing.stuck import STUCK_SECONDS
from smsdrop.closing.tick import LEAST_TURN_SECONDS, Turn
from smsdrop.closing.verify import VerifyAbsences
from smsdrop.drops import report_folder
from smsdrop.ledger.batch_entry import State
from smsdrop.ledger.campaign import LONGEST_RETRY_SECONDS, Campaign, Status
from smsdrop.ledger.codes import CANCELLED_BY_HAND
from smsdrop.ledger.entries import Lease
from smsdrop.pages.figures import STATUS_PAGE
from tests.support.closing_site import PLAN, Broken, Site, absent_once, fails_for, summaries
from tests.support.fakes import FakeFiles
from tests.support.samples import NOW, campaign
from tests.support.use_cases import PLENTY


@pytest.fixture
def site() -> Site:
    return Site()


def woken(site: Site, campaign_id: str) -> Turn:
    return site.tick().wake(campaign_id, is_paused=False, deadline=PLENTY)


def test_a_campaign_that_is_woken_for_has_its_report_at_once_and_no_other_has(site: Site) -> None:
    [other] = site.refused("a")
    sending = site.campaign(batches=2, released=2, queued=2)
    site.stands(State.SENT, State.SENT)

    turn = woken(site, sending.campaign_id)

    assert turn.campaign == site.stands_as(sending.campaign_id)
    assert turn.campaign.status is Status.CLOSED
    assert len(summaries(site)) == 1
    assert site.stands_as(other).is_open


def test_who_wakes_for_a_campaign_with_a_batch_that_is_still_open_is_not_believed(
    site: Site,
) -> None:
    sending = site.campaign(batches=2, released=2, queued=2)
    site.stands(State.SENT, State.SENDING)

    turn = woken(site, sending.campaign_id)

    assert turn.campaign is not None
    assert turn.campaign.status is Status.SENDING
    assert summaries(site) == []


@pytest.mark.parametrize(
    "standing",
    [
        pytest.param({"status": Status.CLOSED, "is_open": False}, id="closed already"),
        pytest.param({"status": Status.CLOSED, "verify_at": NOW}, id="to be verified"),
        pytest.param({"status": Status.CLOSING, "retry_at": NOW + 60}, id="put off by failures"),
    ],
)
def test_who_wakes_too_late_or_for_what_is_put_off_changes_nothing(
    site: Site, standing: dict[str, Any]
) -> None:
    before = site.campaign(batches=1, **standing)
    site.stands(State.SENT)

    woken(site, before.campaign_id)

    assert site.stands_as(before.campaign_id) == before
    assert (summaries(site), site.provider.lookups) == ([], [])


def test_a_woken_closer_that_meets_another_at_the_report_leaves_it_to_the_next_tick(
    site: Site,
) -> None:
    sending = site.campaign(batches=1, released=1, queued=1)
    site.stands(State.SENT)
    name = sending.campaign_id
    site.ledger.write(None, Lease(name=name, holder="another", until=NOW + 30))

    assert woken(site, name).error is None
    met = site.stands_as(name).status
    site.clock.now += 60
    site.run()

    assert (met, site.stands_as(name).status) == (Status.CLOSING, Status.CLOSED)


def test_a_woken_closer_that_fails_costs_the_campaign_no_turn_of_the_tick(site: Site) -> None:
    [refused] = site.refused("a")
    site.ledger.before_write = fails_for(refused)

    turns = [woken(site, refused) for _ in range(9)]
    after = site.stands_as(refused)
    site.ledger.before_write = fails_for()
    site.run()

    assert {type(each.error) for each in turns} == {Broken}
    assert (after.failures, after.retry_at) == (0, 0)
    assert not site.stands_as(refused).is_open


def test_no_campaign_waits_for_the_lookups_of_another(site: Site) -> None:
    site.campaign(batches=1, status=Status.CLOSING)
    absent_once(site)
    site.run()
    site.clock.now += 1900
    later = campaign(campaign_id="20270101T000000Z-b", status=Status.REFUSED)
    site.ledger.write(None, later)
    reported: list[int] = []
    site.provider.during_lookup = lambda: reported.append(len(summaries(site)))

    site.run()

    assert reported == [2]


def ports_of(use_case: Any) -> dict[str, Any]:
    return {each.name: getattr(use_case, each.name) for each in fields(use_case)}


def test_each_campaign_has_its_share_of_the_time_for_lookups(site: Site) -> None:
    tick = site.tick()
    given: list[float] = []

    class Noting(VerifyAbsences):
        def verify(self, campaign: Campaign, *, gives_up: bool, deadline: float) -> None:
            given.append(deadline - NOW)

    noting = Noting(**ports_of(tick.advance.verify_absences))
    for name in ("a", "b", "c"):
        later = campaign(campaign_id=f"2026-{name}", status=Status.CLOSED, verify_at=NOW)
        site.ledger.write(None, later)

    advance = replace(tick.advance, verify_absences=noting)
    list(replace(tick, advance=advance).run(is_paused=False, deadline=NOW + 840))

    assert given == [280, 420, 840]


def test_a_closed_campaign_whose_plan_has_a_later_form_holds_up_no_verification(site: Site) -> None:
    closed = site.campaign(batches=1, status=Status.CLOSED)
    site.stands(State.SENT)
    site.files.objects[PLAN + BATCHES] = b'{"form": 99}\n'

    assert [each.error for each in site.run()] == [None, None]
    assert site.ledger.campaign(closed.campaign_id) == closed


def test_a_plan_of_a_later_form_is_left_to_a_later_release_and_holds_up_no_other(
    site: Site,
) -> None:
    later = site.campaign(batches=1, status=Status.SENDING, halt_code=CANCELLED_BY_HAND)
    site.files.objects[PLAN + BATCHES] = b'{"form": 99}\n'
    other = site.ledger.write(
        None, campaign(campaign_id="20990102T000000Z-b", status=Status.REFUSED)
    )
    site.clock.now += STUCK_SECONDS[Status.SENDING]

    first, second = site.run()

    assert (first.campaign, first.error) == (later, None)
    assert not site.stands_as(second.campaign_id).is_open
    assert second.campaign_id == other.campaign_id
    assert site.topic.subjects == ["smsdrop: a campaign is stuck"]


def test_every_open_campaign_has_its_turn(site: Site) -> None:
    ids = site.refused("a", "b")

    turns = site.run()

    assert [each.campaign_id for each in turns] == ids
    assert not any(site.stands_as(each).is_open for each in ids)


def test_a_campaign_that_fails_keeps_no_other_from_its_turn(site: Site) -> None:
    first, second, third = site.refused("a", "b", "c")
    site.ledger.before_write = fails_for(first, second)

    turns = site.run()

    assert [type(each.error) for each in turns] == [Broken, Broken, type(None)]
    assert not site.stands_as(third).is_open


def test_a_campaign_whose_entry_cannot_be_read_keeps_no_other_from_its_turn(site: Site) -> None:
    first, second = site.refused("a", "b")
    read = site.ledger.campaign

    def damaged(campaign_id: str) -> Campaign | None:
        if campaign_id == first:
            raise Broken
        return read(campaign_id)

    site.ledger.campaign = damaged  # type: ignore[method-assign] # a ledger with a damaged entry

    turns = site.run()

    assert [type(each.error) for each in turns] == [Broken, type(None)]
    assert turns[0].campaign is None
    assert not site.stands_as(second).is_open


def test_however_long_it_has_failed_a_campaign_is_tried_every_hour(site: Site) -> None:
    [failing] = site.refused("a", failures=1000)
    site.ledger.before_write = fails_for(failing)
    site.run()
    site.ledger.before_write = fails_for()

    site.clock.now += LONGEST_RETRY_SECONDS
    site.run()

    assert not site.stands_as(failing).is_open


def test_those_that_the_time_did_not_reach_go_first_in_the_next_tick(site: Site) -> None:
    ids = site.refused("a", "b", "c", "d")
    site.ledger.before_write = fails_for(*ids)
    tick = site.tick().run(is_paused=False, deadline=NOW + 600)
    seen = [next(tick).campaign_id, next(tick).campaign_id]

    site.clock.now += 600  # as long as the second turn took
    assert list(tick) == []
    later = [each.campaign_id for each in site.run()]

    assert seen == ids[:2]
    assert later == [*ids[2:], *ids[:2]]


@pytest.mark.parametrize(
    ("seconds", "share"),
    [
        pytest.param(600, 300, id="shared among two"),
        pytest.param(90, LEAST_TURN_SECONDS, id="never less than it takes to come further"),
        pytest.param(30, 30, id="never beyond the end"),
    ],
)
def test_a_turn_gets_its_share_of_the_time(site: Site, seconds: float, share: float) -> None:
    site.refused("a", "b")
    deadlines: list[float] = []

    class Watched(Advance):
        def advance(self, campaign: Campaign, *, is_paused: bool, deadline: float) -> Campaign:
            deadlines.append(deadline)
            return campaign

    tick = site.tick()
    watched = replace(tick, advance=Watched(**ports_of(tick.advance)))
    list(watched.run(is_paused=False, deadline=NOW + seconds))

    assert deadlines[0] == NOW + share


def status_of(site: Site, campaign: Campaign) -> dict[str, Any]:
    folder = report_folder(campaign.key, campaign.campaign_id)
    shown: dict[str, Any] = json.loads(site.files.objects[folder + STATUS_PAGE])
    return shown


def test_each_minute_shows_how_far_what_is_open_has_come(site: Site) -> None:
    sending = site.campaign(batches=2, released=2, queued=2)
    site.run()
    site.stands(State.SENT)
    site.clock.now += 60

    site.run()

    assert status_of(site, sending)["sent"] == 1
    assert sending.campaign_id in site.files.objects[INDEX].decode()
    assert site.failed_pages == []


def test_what_the_tick_has_closed_is_listed_as_such_at_once(site: Site) -> None:
    closing = site.campaign(batches=1, released=1, queued=1, status=Status.CLOSING)
    site.files.objects[PLAN + ROWS] = b'["phone"]\n'
    site.stands(State.SENT, ended_at=NOW)

    site.run()

    assert status_of(site, closing)["status"] == "closed"
    assert "completed" in site.files.objects[INDEX].decode()
    assert site.written.of == {}


def test_pages_that_cannot_be_written_fail_no_turn(site: Site) -> None:
    class Full(FakeFiles):
        def put_over(self, key: str, content: bytes, *, mark: str) -> str:
            raise OSError(key)

    site = Site(files=Full())
    sending = site.campaign(batches=2, status=Status.PLANNED)

    [turn] = site.run()

    assert turn.error is None
    assert site.failed_pages == [sending.campaign_id]
    assert site.stands_as(sending.campaign_id).status is Status.SENDING


def test_what_could_not_have_its_turn_stays_on_the_list(site: Site) -> None:
    sending = site.campaign(batches=2, released=2, queued=2)
    site.run()

    def fails(_: object) -> None:
        raise OSError

    site.ledger.before_write = fails
    site.stands_as(sending.campaign_id)
    site.clock.now += 60
    site.queue.messages.clear()
    site.run()

    assert sending.campaign_id in site.written.of
