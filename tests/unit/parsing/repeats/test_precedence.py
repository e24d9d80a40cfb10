"""Of several files of one template, each is judged behind those that were there before it."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import pytest

from smsdrop.aws.dynamodb import LedgerUnavailable
from smsdrop.drops import FileVersion
from smsdrop.ledger.campaign import Campaign, Counts, Status
from smsdrop.ledger.codes import CANCELLED_BY_HAND
from smsdrop.ledger.ports import update
from smsdrop.ledger.recent_campaigns import RecentCampaigns
from smsdrop.parsing.beginning import begin
from smsdrop.parsing.plan_file import PlanFile
from smsdrop.parsing.repeats.kept_judgement import JUDGEMENT
from smsdrop.parsing.repeats.precedence import (
    DEAD_AFTER_SECONDS,
    POLL_SECONDS,
    WAIT_SECONDS,
    MustWait,
)
from smsdrop.reasons import Reason
from tests.support import use_cases
from tests.support.fakes import FakeFiles, FakeLedger, FakeQueue, nothing
from tests.support.gateway_caller import Clock
from tests.support.parsing_scene import KEY, Killed, july, killed
from tests.support.samples import NOW, changed

FIRST_KEY, SECOND_KEY, THIRD_KEY = KEY, KEY.replace("july", "july (2)"), KEY.replace("july", "3")
TEMPLATE_CODE = "SMS_154950909"
HOURS = 3600


@dataclass(slots=True)
class Scene:
    """Files that are dropped one behind the other; `meanwhile` happens while one waits."""

    files: FakeFiles = field(default_factory=FakeFiles)
    ledger: FakeLedger = field(default_factory=FakeLedger)
    clock: Clock = field(default_factory=lambda: Clock(NOW))
    meanwhile: list[Callable[[], object]] = field(default_factory=list)
    slept: list[float] = field(default_factory=list)

    def plan_file(self, **settings: Any) -> PlanFile:
        return use_cases.parse_recipients(
            self.files, self.ledger, FakeQueue(), clock=self.clock, sleep=self.sleep, **settings
        ).plan_file

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.clock.now += seconds
        if self.meanwhile:
            self.meanwhile.pop(0)()

    def drop(self, key: str = FIRST_KEY, rows: int = 2, *, again: str = "") -> FileVersion:
        return self.files.drop(key, july(rows), again=again)

    def plan(self, version: FileVersion, **settings: Any) -> Campaign:
        campaign = self.plan_file(**settings).plan(version)
        assert campaign is not None
        return campaign

    def dies_at(self, version: FileVersion, kind: type, plans: int = 0) -> Campaign:
        """Let a run die before it writes an entry of a kind, the list once it has that many."""

        def dies(entry: object) -> None:
            count = sum(bool(each.plan) for each in getattr(entry, "campaigns", ()))
            is_begun = not isinstance(entry, Campaign) or entry.status is not Status.PARSING
            if isinstance(entry, kind) and is_begun and count == plans:
                killed()

        self.ledger.before_write = dies
        with suppress(Killed):
            self.plan_file().plan(version)
        self.ledger.before_write = nothing
        return self.at(version)

    def at(self, version: FileVersion) -> Campaign:
        with self.files.open(version) as file:
            return begin(self.ledger, version, file, at=self.clock())

    def registered(self, version: FileVersion) -> Campaign:
        """Let a run die that has taken the file's place, and judged nothing."""
        self.ledger.before_write = nothing
        campaign = self.at(version)
        precedence = self.plan_file().repeats
        assert precedence is not None
        with (
            suppress(Killed),
            precedence.precedence.place_of(campaign, TEMPLATE_CODE, again=""),
        ):
            raise Killed
        return campaign

    @property
    def listed(self) -> list[tuple[str, bool]]:
        recent = self.ledger.recent(TEMPLATE_CODE)
        return [(each.campaign_id, bool(each.plan)) for each in recent.campaigns]


@pytest.fixture
def scene() -> Scene:
    return Scene()


def test_a_plan_that_is_sent_is_in_the_list_before_its_campaign_is_planned(scene: Scene) -> None:
    version = scene.drop()
    seen = []

    def look(entry: object) -> None:
        if isinstance(entry, Campaign) and entry.status is Status.PLANNED:
            seen.append(scene.listed)

    scene.ledger.before_write = look
    campaign = scene.plan(version)

    assert seen == [[(campaign.campaign_id, True)]]


def test_a_file_that_is_refused_has_no_plan_in_the_list(scene: Scene) -> None:
    campaign = scene.plan(scene.files.drop(KEY, b"phone\noops\n"))

    assert campaign.reason == Reason("too_many_rejected", ("1", "1", "20"))
    assert scene.listed == [(campaign.campaign_id, False)]


def test_a_later_file_waits_for_an_earlier_one_and_is_judged_by_what_that_has(
    scene: Scene,
) -> None:
    first, second = scene.drop(rows=2), scene.drop(SECOND_KEY, rows=3)
    scene.registered(first)
    scene.meanwhile = [nothing, lambda: scene.plan(first)]

    campaign = scene.plan(second)

    assert scene.slept == [POLL_SECONDS] * 2
    assert (campaign.counts.accepted, campaign.counts.duplicates) == (1, 2)
    assert scene.at(first).counts.accepted == 2


def test_a_later_file_is_tried_again_where_an_earlier_one_takes_too_long(scene: Scene) -> None:
    first, second = scene.drop(), scene.drop(SECOND_KEY)
    earlier = scene.registered(first)

    with pytest.raises(MustWait):
        scene.plan(second)

    assert sum(scene.slept) == WAIT_SECONDS
    assert scene.at(second).status is Status.PARSING
    assert scene.listed == [(earlier.campaign_id, False)]


def test_a_run_that_fails_gives_up_its_place_so_that_nobody_waits_for_it(scene: Scene) -> None:
    version = scene.drop()

    def fails(entry: object) -> None:
        if isinstance(entry, RecentCampaigns) and entry.campaigns and entry.campaigns[0].plan:
            raise LedgerUnavailable

    scene.ledger.before_write = fails
    with pytest.raises(LedgerUnavailable):
        scene.plan(version)
    scene.ledger.before_write = nothing

    assert scene.listed == []
    assert scene.plan(scene.drop(SECOND_KEY)).status is Status.PLANNED
    assert scene.slept == []


def test_an_earlier_file_whose_run_died_long_ago_is_not_waited_for_and_comes_behind(
    scene: Scene,
) -> None:
    first, second = scene.drop(rows=2), scene.drop(SECOND_KEY, rows=3)
    scene.registered(first)
    scene.clock.now += DEAD_AFTER_SECONDS + 1

    later = scene.plan(second)
    earlier = scene.plan(first)

    assert later.counts.accepted == 3
    assert (earlier.outcome, earlier.reason) == (
        "repeated",
        Reason("repeated", (later.campaign_id,)),
    )
    assert scene.listed == [(later.campaign_id, True), (earlier.campaign_id, False)]


def test_a_run_that_lost_its_place_while_it_judged_judges_anew(scene: Scene) -> None:
    """It froze for so long that the second file was judged before it commits."""
    first, second = scene.drop(rows=2), scene.drop(SECOND_KEY, rows=3)

    def freezes(entry: object) -> None:
        if isinstance(entry, RecentCampaigns) and any(each.plan for each in entry.campaigns):
            scene.ledger.before_write = nothing
            scene.clock.now += DEAD_AFTER_SECONDS + 1
            scene.plan(second)

    scene.ledger.before_write = freezes
    with pytest.raises(MustWait):
        scene.plan(first)

    assert scene.at(first).status is Status.PARSING
    assert scene.plan(first).outcome == "repeated"


def test_a_run_does_not_commit_behind_others_that_another_run_of_it_has_let_ahead(
    scene: Scene,
) -> None:
    first, second = scene.drop(rows=2), scene.drop(SECOND_KEY, rows=3)

    def freezes(entry: object) -> None:
        if isinstance(entry, RecentCampaigns) and any(each.plan for each in entry.campaigns):
            scene.ledger.before_write = nothing
            scene.clock.now += DEAD_AFTER_SECONDS + 1
            scene.plan(second)
            scene.registered(first)

    scene.ledger.before_write = freezes
    with pytest.raises(MustWait):
        scene.plan(first)

    assert scene.plan(first).outcome == "repeated"


def test_a_run_that_finds_its_plan_in_the_list_completes_that_very_plan(scene: Scene) -> None:
    version = scene.drop(rows=2)
    scene.dies_at(version, Campaign)
    [(campaign_id, has_plan)] = scene.listed
    assert has_plan

    campaign = scene.plan(version)

    recent = scene.ledger.recent(TEMPLATE_CODE).find(campaign_id)
    assert recent is not None
    assert campaign.status is Status.PLANNED
    assert campaign.plan == f"work/{campaign_id}/{recent.plan}/"
    assert campaign.counts == Counts(rows=2, accepted=2, batches=1)
    assert len([each for each in scene.files.objects if each.endswith(JUDGEMENT)]) == 1


def test_a_later_file_plans_an_earlier_one_whose_plan_is_in_the_list(scene: Scene) -> None:
    first = scene.drop(rows=2)
    scene.dies_at(first, Campaign)

    later = scene.plan(scene.drop(SECOND_KEY, rows=3))

    assert scene.slept == []
    assert scene.at(first).status is Status.PLANNED
    assert (later.counts.accepted, later.counts.duplicates) == (1, 2)


def test_of_two_runs_of_a_file_the_plan_that_is_in_the_list_first_is_the_only_one(
    scene: Scene,
) -> None:
    version = scene.drop(rows=2)
    others = []

    def other_is_faster(entry: object) -> None:
        if isinstance(entry, RecentCampaigns) and entry.campaigns[0].plan:
            scene.ledger.before_write = nothing
            others.append(scene.dies_at(version, Campaign))

    scene.ledger.before_write = other_is_faster
    campaign = scene.plan(version)

    assert len(others) == 1
    [recent] = scene.ledger.recent(TEMPLATE_CODE).campaigns
    assert campaign.plan.endswith(f"/{recent.plan}/")


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda each: each.refused(Reason("file_gone"), at=NOW), id="it was refused"),
        pytest.param(lambda each: each.halted(CANCELLED_BY_HAND), id="it was cancelled"),
    ],
)
def test_an_earlier_file_that_will_send_nothing_is_not_waited_for(
    scene: Scene, change: Callable[[Campaign], Campaign]
) -> None:
    first = scene.registered(scene.drop(rows=2))
    update(scene.ledger, first, change)

    campaign = scene.plan(scene.drop(SECOND_KEY, rows=3))

    assert scene.slept == []
    assert campaign.counts.accepted == 3


def test_a_campaign_that_was_refused_though_it_has_a_plan_in_the_list_had_nothing(
    scene: Scene,
) -> None:
    first = scene.dies_at(scene.drop(rows=2), Campaign)
    update(scene.ledger, first, lambda each: each.refused(Reason("file_gone"), at=NOW))

    assert scene.plan(scene.drop(SECOND_KEY, rows=3)).counts.accepted == 3


@pytest.mark.parametrize(
    ("seconds", "accepted"),
    [pytest.param(20 * HOURS - 1, 1, id="lately"), pytest.param(20 * HOURS, 3, id="long ago")],
)
def test_only_campaigns_that_began_lately_are_compared_with(
    scene: Scene, seconds: float, accepted: int
) -> None:
    scene.plan(scene.drop(rows=2))
    scene.clock.now += seconds

    assert scene.plan(scene.drop(SECOND_KEY, rows=3)).counts.accepted == accepted


@pytest.mark.parametrize(
    ("word", "other", "accepted"),
    [
        pytest.param("", "2026-12", 3, id="a word behind none"),
        pytest.param("2026-12", "", 1, id="none behind a word"),
        pytest.param("2026-12", "2026-12", 1, id="the same word"),
        pytest.param("2026-12", "2027-01", 3, id="another word"),
    ],
)
def test_a_file_with_a_word_is_compared_with_those_of_its_word_and_one_without_with_all(
    scene: Scene, word: str, other: str, accepted: int
) -> None:
    scene.plan(scene.drop(rows=2, again=word))

    campaign = scene.plan(scene.drop(SECOND_KEY, rows=3, again=other))

    assert campaign.counts.accepted == accepted


def test_a_file_of_another_template_has_a_list_of_its_own(scene: Scene) -> None:
    scene.plan(scene.drop(rows=2))

    other = KEY.replace("SMS_154950909", "SMS_2")

    assert scene.plan(scene.drop(other, rows=2)).counts.accepted == 2


def test_switched_off_nothing_is_registered_and_everything_sent(scene: Scene) -> None:
    campaigns = [scene.plan(scene.drop(key), repeat_seconds=0) for key in (FIRST_KEY, SECOND_KEY)]

    assert [each.counts.accepted for each in campaigns] == [2, 2]
    assert scene.listed == []
    assert not [each for each in scene.files.objects if each.endswith(JUDGEMENT)]


def test_a_campaign_that_was_planned_while_that_was_switched_off_is_compared_with(
    scene: Scene,
) -> None:
    first = scene.drop(rows=2)
    scene.registered(first)
    scene.plan(first, repeat_seconds=0)

    assert scene.plan(scene.drop(SECOND_KEY, rows=3)).counts.accepted == 1


def test_where_too_many_campaigns_began_lately_the_report_says_so(scene: Scene) -> None:
    full = RecentCampaigns(template_code=TEMPLATE_CODE, left_out=NOW - 60, revision=1)
    scene.ledger.write(None, full)

    assert scene.plan(scene.drop()).problems == (Reason("repeats_left_out"),)
    scene.clock.now += 20 * HOURS
    assert scene.plan(scene.drop(SECOND_KEY)).problems == ()


def test_a_file_whose_messages_one_campaign_had_is_told_if_that_texts_nobody(
    scene: Scene,
) -> None:
    first = scene.plan(scene.drop(rows=3))

    second = scene.plan(scene.drop(SECOND_KEY, rows=2))

    assert second.reason == Reason("repeated", (first.campaign_id,))
    stands = scene.ledger.campaign(first.campaign_id)
    assert stands is not None
    assert stands.copies == (second.campaign_id,)
    told = second.told_of(first.campaign_id, texted_nobody=True)
    assert told.reason == Reason("repeated_in_vain", (first.campaign_id,))
    assert told.is_open


def test_a_file_whose_campaign_ahead_ends_while_it_is_judged_says_so_at_once(
    scene: Scene,
) -> None:
    first = scene.plan(scene.drop(rows=3))
    version = scene.drop(SECOND_KEY, rows=2)

    def ends(entry: object) -> None:
        if isinstance(entry, Campaign) and entry.copies:
            scene.ledger.before_write = nothing
            over = changed(first, status=Status.CLOSED, is_open=False, counts=Counts(cancelled=3))
            scene.ledger.write(first, over)

    scene.ledger.before_write = ends

    assert scene.plan(version).reason == Reason("repeated_in_vain", (first.campaign_id,))


def test_a_file_whose_messages_several_campaigns_had_names_them(scene: Scene) -> None:
    first = scene.plan(scene.drop(rows=2))
    second = scene.plan(scene.drop(SECOND_KEY, rows=3))

    third = scene.plan(scene.drop(THIRD_KEY, rows=3))

    assert third.reason == Reason("repeated", (first.campaign_id, second.campaign_id))
    assert third.counts == Counts(rows=3, duplicates=3)
    assert third.is_refused_with_plan


def test_a_file_that_is_sent_in_part_says_who_had_the_rest(scene: Scene) -> None:
    first = scene.plan(scene.drop(rows=2))

    second = scene.plan(scene.drop(SECOND_KEY, rows=3))

    assert second.problems == (Reason("rows_had_before", ("2", first.campaign_id)),)
