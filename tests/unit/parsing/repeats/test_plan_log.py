"""A plan is committed behind the plans that its file was judged by, and behind no other."""

from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from smsdrop.aws.dynamodb import LedgerUnavailable
from smsdrop.drops import FileVersion
from smsdrop.ledger.campaign import LONGEST_INVOCATION_SECONDS, Campaign, Counts, Status
from smsdrop.ledger.codes import CANCELLED_BY_HAND, KEPT_SECONDS
from smsdrop.ledger.committed_plans import CommittedPlan
from smsdrop.ledger.ports import update
from smsdrop.parsing.beginning import begin
from smsdrop.parsing.plan_file import PlanFile
from smsdrop.parsing.repeats.ahead import SKEW_SECONDS
from smsdrop.parsing.repeats.fingerprints import DIGITS, MOST_FINGERPRINTS
from smsdrop.parsing.repeats.kept_judgement import JUDGEMENT
from smsdrop.reasons import Reason
from tests.support import use_cases
from tests.support.fakes import FakeFiles, FakeLedger, FakeQueue, nothing
from tests.support.gateway_caller import Clock
from tests.support.parsing_scene import KEY, Killed, july, killed
from tests.support.samples import NOW, changed

FIRST_KEY, SECOND_KEY, THIRD_KEY = KEY, KEY.replace("july", "july (2)"), KEY.replace("july", "3")
TEMPLATE_CODE = "SMS_154950909"
HOURS = 3600
OTHERS = b"phone,name\n13900139000,a\n13900139001,b\n"


class CountingFiles(FakeFiles):
    """Notes the campaigns whose plans were read."""

    def __init__(self) -> None:
        super().__init__()
        self.read: list[str] = []

    def lines(self, key: str, *, first_byte: int = 0) -> Iterable[bytes]:  # type: ignore[override] # an iterator too
        self.read.append(key.split("/")[1])
        return super().lines(key, first_byte=first_byte)


@dataclass(slots=True)
class Scene:
    """Files that are dropped one behind the other; few messages get fingerprints, or all do."""

    most_fingerprints: int = MOST_FINGERPRINTS
    files: CountingFiles = field(default_factory=CountingFiles)
    ledger: FakeLedger = field(default_factory=FakeLedger)
    clock: Clock = field(default_factory=lambda: Clock(NOW))

    def plan_file(self, **settings: Any) -> PlanFile:
        return use_cases.parse_recipients(
            self.files,
            self.ledger,
            FakeQueue(),
            clock=self.clock,
            most_fingerprints=self.most_fingerprints,
            **settings,
        ).plan_file

    def drop(self, key: str = FIRST_KEY, rows: int = 2, *, again: str = "") -> FileVersion:
        return self.files.drop(key, july(rows), again=again)

    def plan(self, version: FileVersion, **settings: Any) -> Campaign:
        campaign = self.plan_file(**settings).plan(version)
        assert campaign is not None
        return campaign

    def before_commits(self, *happens: Callable[[], object]) -> None:
        """Let something happen before the first run appends its plan, before it does so again..."""
        left = list(happens)

        def look(entry: object) -> None:
            if isinstance(entry, CommittedPlan) and left:
                self.ledger.before_write = nothing
                left.pop(0)()
                self.ledger.before_write = look

        self.ledger.before_write = look

    def dies_with_its_plan_in_the_log(self, version: FileVersion) -> Campaign:
        def dies(entry: object) -> None:
            if isinstance(entry, Campaign) and entry.status is not Status.PARSING:
                killed()

        self.ledger.before_write = dies
        with suppress(Killed):
            self.plan_file().plan(version)
        self.ledger.before_write = nothing
        campaign = self.at(version)
        assert campaign.status is Status.PARSING
        assert campaign.campaign_id in self.log
        return campaign

    def at(self, version: FileVersion) -> Campaign:
        with self.files.open(version) as file:
            return begin(self.ledger, version, file, at=self.clock())

    @property
    def plans(self) -> list[CommittedPlan]:
        return list(self.ledger.committed_plans(TEMPLATE_CODE))[::-1]

    @property
    def log(self) -> list[str]:
        return [each.committed_by for each in self.plans]


@pytest.fixture(params=[MOST_FINGERPRINTS, 2, 0], ids=["small", "both", "large"])
def scene(request: pytest.FixtureRequest) -> Scene:
    return Scene(most_fingerprints=request.param)


@pytest.fixture
def small() -> Scene:
    return Scene()


def test_a_plan_that_is_sent_is_in_the_log_before_its_campaign_is_planned(scene: Scene) -> None:
    version = scene.drop()
    seen = []

    def look(entry: object) -> None:
        if isinstance(entry, Campaign) and entry.status is Status.PLANNED:
            seen.append(scene.log)

    scene.ledger.before_write = look
    campaign = scene.plan(version)

    assert seen == [[campaign.campaign_id]]


def test_the_log_has_what_tells_plans_apart(small: Scene) -> None:
    small.most_fingerprints = 3
    versions = [small.drop(rows=3, again="May"), small.drop(SECOND_KEY, rows=4)]
    campaigns = [small.plan(each) for each in versions]

    assert [replace(each, fingerprints="") for each in small.plans] == [
        CommittedPlan(
            template_code=TEMPLATE_CODE,
            place=place,
            committed_by=campaign.campaign_id,
            plan=campaign.plan,
            begins_by=NOW,
            committed_at=NOW,
            again=again,
            expires_at=int(NOW) + KEPT_SECONDS,
        )
        for place, campaign, again in zip((1, 2), campaigns, ("May", ""), strict=True)
    ]
    assert [len(each.fingerprints) for each in small.plans] == [3 * DIGITS, 1 * DIGITS]
    small.plan(small.files.drop(THIRD_KEY, july(9)))
    assert small.plans[2].fingerprints == ""


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"phone\noops\n", id="refused"),
        pytest.param(b"phone\n" + b"1\n" * 9, id="no recipients"),
    ],
)
def test_a_file_of_which_nothing_is_sent_is_not_in_the_log(scene: Scene, content: bytes) -> None:
    campaign = scene.plan(scene.files.drop(KEY, content))

    assert campaign.status is Status.REFUSED
    assert scene.log == []


def test_of_two_files_at_once_the_later_is_judged_by_the_one_that_was_committed_first(
    scene: Scene,
) -> None:
    first, second = scene.drop(rows=2), scene.drop(SECOND_KEY, rows=3)
    scene.before_commits(lambda: scene.plan(first))

    campaign = scene.plan(second)

    assert (campaign.counts.accepted, campaign.counts.duplicates) == (1, 2)
    assert scene.at(first).counts.accepted == 2
    assert scene.log == [scene.at(first).campaign_id, campaign.campaign_id]


def test_whoever_is_overtaken_again_and_again_is_judged_by_all_of_them(scene: Scene) -> None:
    first, second = scene.drop(rows=2), scene.drop(SECOND_KEY, rows=3)
    third = scene.drop(THIRD_KEY, rows=5)
    scene.before_commits(lambda: scene.plan(first), lambda: scene.plan(second))

    campaign = scene.plan(third)

    assert (campaign.counts.accepted, campaign.counts.duplicates) == (2, 3)
    assert [each.place for each in scene.plans] == [1, 2, 3]


def test_whoever_is_overtaken_by_other_messages_takes_the_next_place_as_judged(
    scene: Scene,
) -> None:
    other, second = scene.files.drop(FIRST_KEY, OTHERS), scene.drop(SECOND_KEY, rows=3)
    scene.before_commits(lambda: scene.plan(other))

    campaign = scene.plan(second)

    assert campaign.counts.accepted == 3
    plans = {each for each in scene.files.objects if campaign.campaign_id in each}
    assert plans == {campaign.plan + each for each in ("batches.jsonl", "rows.jsonl", JUDGEMENT)}
    assert [each.place for each in scene.plans] == [1, 2]


def test_a_file_of_which_all_was_had_by_whoever_overtook_it_is_not_in_the_log(
    scene: Scene,
) -> None:
    first, second = scene.drop(rows=3), scene.drop(SECOND_KEY, rows=2)
    scene.before_commits(lambda: scene.plan(first))

    campaign = scene.plan(second)

    earlier = scene.at(first).campaign_id
    assert (campaign.outcome, campaign.reason) == ("repeated", Reason("repeated", (earlier,)))
    assert scene.log == [earlier]


def test_small_files_with_other_messages_are_told_apart_without_reading_their_plans(
    small: Scene,
) -> None:
    for number in range(5):
        content = f"phone,name\n1390013900{number},a\n".encode()
        small.plan(small.files.drop(KEY.replace("july", str(number)), content))
    small.files.read.clear()

    campaign = small.plan(small.drop(rows=2))

    assert set(small.files.read) == {campaign.campaign_id}


def test_a_file_is_compared_with_small_ones_that_have_messages_of_it_alone(small: Scene) -> None:
    other = small.plan(small.files.drop(FIRST_KEY, OTHERS))
    first = small.plan(small.drop(SECOND_KEY, rows=2))
    small.files.read.clear()

    later = small.plan(small.drop(THIRD_KEY, rows=3))

    assert later.counts.accepted == 1
    assert first.campaign_id in small.files.read
    assert other.campaign_id not in small.files.read


def test_a_run_that_finds_its_plan_in_the_log_completes_that_very_plan(scene: Scene) -> None:
    version = scene.drop(rows=2)
    scene.dies_with_its_plan_in_the_log(version)

    campaign = scene.plan(version)

    [plan] = scene.plans
    assert campaign.status is Status.PLANNED
    assert campaign.plan == plan.plan
    assert campaign.counts == Counts(rows=2, accepted=2, batches=1)
    assert len([each for each in scene.files.objects if each.endswith(JUDGEMENT)]) == 1


def test_a_run_that_is_tried_again_after_hours_still_finds_its_plan(scene: Scene) -> None:
    version = scene.drop(rows=2)
    scene.dies_with_its_plan_in_the_log(version)
    scene.clock.now += 19 * HOURS
    scene.plan(scene.drop(SECOND_KEY, rows=3))

    campaign = scene.plan(version)

    assert campaign.plan == scene.plans[0].plan
    assert len(scene.plans) == 2


def test_a_run_whose_plan_nobody_compares_with_any_more_judges_its_file_anew(scene: Scene) -> None:
    """Or a file that has been sent meanwhile would be sent again."""
    version = scene.drop(rows=2)
    scene.dies_with_its_plan_in_the_log(version)
    scene.clock.now += 21 * HOURS
    assert scene.plan(scene.drop(SECOND_KEY, rows=1)).counts.accepted == 1

    campaign = scene.plan(version)

    assert campaign.counts == Counts(rows=2, accepted=1, duplicates=1, batches=1)
    assert campaign.plan == scene.plans[-1].plan
    assert scene.log.count(campaign.campaign_id) == 2


def test_a_later_file_plans_an_earlier_one_whose_plan_is_in_the_log(scene: Scene) -> None:
    first = scene.drop(rows=2)
    scene.dies_with_its_plan_in_the_log(first)

    later = scene.plan(scene.drop(SECOND_KEY, rows=3))

    assert scene.at(first).status is Status.PLANNED
    assert (later.counts.accepted, later.counts.duplicates) == (1, 2)


def test_of_two_runs_of_a_file_the_plan_that_is_in_the_log_first_is_the_only_one(
    scene: Scene,
) -> None:
    version = scene.drop(rows=2)
    scene.before_commits(lambda: scene.dies_with_its_plan_in_the_log(version))

    campaign = scene.plan(version)

    [plan] = scene.plans
    assert campaign.plan == plan.plan
    assert campaign.status is Status.PLANNED


@pytest.mark.parametrize(
    ("change", "accepted"),
    [
        pytest.param(lambda each: each.refused(Reason("file_gone"), at=NOW), 3, id="refused"),
        pytest.param(lambda each: each.halted(CANCELLED_BY_HAND), 3, id="cancelled"),
    ],
)
def test_a_campaign_that_sends_nothing_though_its_plan_is_in_the_log_had_nothing(
    scene: Scene, change: Callable[[Campaign], Campaign], accepted: int
) -> None:
    first = scene.dies_with_its_plan_in_the_log(scene.drop(rows=2))
    update(scene.ledger, first, change)

    assert scene.plan(scene.drop(SECOND_KEY, rows=3)).counts.accepted == accepted


def test_a_plan_that_is_gone_is_told(scene: Scene) -> None:
    first = scene.dies_with_its_plan_in_the_log(scene.drop(rows=2))
    for name in [each for each in scene.files.objects if first.campaign_id in each]:
        del scene.files.objects[name]

    later = scene.plan(scene.drop(SECOND_KEY, rows=3))

    assert later.counts.accepted == 3
    assert Reason("repeats_plan_gone", (first.campaign_id,)) in later.problems


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


def test_a_log_of_which_all_is_long_ago_goes_on_behind_its_last_place(scene: Scene) -> None:
    scene.plan(scene.drop(rows=2))
    scene.clock.now += 20 * HOURS + SKEW_SECONDS + 1

    scene.plan(scene.drop(SECOND_KEY, rows=3))

    assert [each.place for each in scene.plans] == [1, 2]


@pytest.mark.parametrize(
    ("word", "other", "accepted"),
    [
        pytest.param("", "2026-12", 3, id="a word behind none"),
        pytest.param("2026-12", "", 1, id="none behind a word"),
        pytest.param("2026-12", "2026-12", 1, id="the same word"),
        pytest.param("2026-12", "2027-01", 3, id="another word"),
    ],
)
@pytest.mark.parametrize("is_overtaken", [False, True], ids=["one by one", "at once"])
def test_a_file_with_a_word_is_compared_with_those_of_its_word_and_one_without_with_all(
    scene: Scene, word: str, other: str, accepted: int, *, is_overtaken: bool
) -> None:
    first, second = scene.drop(rows=2, again=word), scene.drop(SECOND_KEY, rows=3, again=other)
    if is_overtaken:
        scene.before_commits(lambda: scene.plan(first))
    else:
        scene.plan(first)

    assert scene.plan(second).counts.accepted == accepted


def test_a_file_of_another_template_has_a_log_of_its_own(scene: Scene) -> None:
    scene.plan(scene.drop(rows=2))

    other = KEY.replace("SMS_154950909", "SMS_2")

    assert scene.plan(scene.drop(other, rows=2)).counts.accepted == 2


def test_switched_off_there_is_no_log_and_everything_is_sent(small: Scene) -> None:
    campaigns = [small.plan(small.drop(key), repeat_seconds=0) for key in (FIRST_KEY, SECOND_KEY)]

    assert [each.counts.accepted for each in campaigns] == [2, 2]
    assert small.log == []
    assert not [each for each in small.files.objects if each.endswith(JUDGEMENT)]


def test_a_run_that_fails_keeps_nobody_waiting(scene: Scene) -> None:
    version = scene.drop()

    def fails(entry: object) -> None:
        if isinstance(entry, CommittedPlan):
            raise LedgerUnavailable

    scene.ledger.before_write = fails
    with pytest.raises(LedgerUnavailable):
        scene.plan(version)
    scene.ledger.before_write = nothing

    assert scene.plan(scene.drop(SECOND_KEY)).counts.accepted == 2
    assert scene.plan(version).outcome == "repeated"


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

    assert Reason("rows_had_before", ("2", first.campaign_id)) in second.problems


@pytest.mark.parametrize("between", [0, 3], ids=["right behind it", "others between"])
def test_what_is_scheduled_is_compared_with_until_long_after_its_start(
    scene: Scene, between: int
) -> None:
    """It was committed long ago then, behind others whose commits are recent."""
    start = "start=2026-01-05T1100/"
    scheduled = scene.plan(scene.drop(FIRST_KEY.replace("july", f"{start}july"), rows=2))
    starts_in = scheduled.terms.start_at - NOW
    for number in range(between):
        scene.clock.now = NOW + (number + 0.5) / between * starts_in
        scene.plan(scene.files.drop(KEY.replace("july", f"other {number}"), OTHERS))
    scene.clock.now = NOW + starts_in + 20 * HOURS - 1

    assert starts_in > 2 * 24 * HOURS
    assert scene.plan(scene.drop(SECOND_KEY, rows=3)).counts.accepted == 1
    scene.clock.now += LONGEST_INVOCATION_SECONDS + 1  # it may have begun some ticks late
    assert scene.plan(scene.drop(THIRD_KEY, rows=2)).counts.accepted == 2
    assert scene.plans[-1].scheduled == ()


@pytest.mark.parametrize(
    ("hours", "accepted"),
    [pytest.param(22 + 19, 1, id="lately"), pytest.param(22 + 21, 3, id="long ago")],
)
def test_a_campaign_that_waits_for_its_hours_counts_from_when_these_begin(
    scene: Scene, hours: float, accepted: int
) -> None:
    """It is dropped at eleven in the morning."""
    scene.plan(scene.drop(FIRST_KEY.replace("july", "window=0900-1000/july"), rows=2))
    scene.clock.now += hours * HOURS

    assert scene.plan(scene.drop(SECOND_KEY, rows=3)).counts.accepted == accepted


def test_a_campaign_that_may_miss_the_end_of_its_hours_counts_from_the_next(scene: Scene) -> None:
    """It is dropped at four minutes past eleven, and its hours end a minute later."""
    scene.plan(scene.drop(FIRST_KEY.replace("july", "window=1000-1105/july"), rows=2))
    scene.clock.now += 42 * HOURS

    assert scene.plan(scene.drop(SECOND_KEY, rows=3)).counts.accepted == 1


def test_a_campaign_whose_hours_go_on_counts_from_now(scene: Scene) -> None:
    scene.plan(scene.drop(FIRST_KEY.replace("july", "window=1000-1300/july"), rows=2))
    scene.clock.now += 21 * HOURS

    assert scene.plan(scene.drop(SECOND_KEY, rows=3)).counts.accepted == 3


def test_a_campaign_that_begins_some_ticks_late_counts_from_when_it_did(scene: Scene) -> None:
    waits = scene.plan(scene.drop(FIRST_KEY.replace("july", "start=1200/july"), rows=2))
    opened_at = waits.terms.start_at + 300
    scene.ledger.write(waits, changed(waits, status=Status.SENDING, opened_at=opened_at))
    scene.clock.now = opened_at + 20 * HOURS - 1

    assert scene.plan(scene.drop(SECOND_KEY, rows=3)).counts.accepted == 1


@pytest.mark.parametrize(
    ("opened_ago", "accepted"),
    [
        pytest.param(None, 1, id="it still waits"),
        pytest.param(19, 1, id="approved of lately"),
        pytest.param(21, 3, id="approved of long ago"),
    ],
)
def test_a_campaign_that_may_be_approved_of_at_any_time_counts_from_when_it_was(
    scene: Scene, opened_ago: float | None, accepted: int
) -> None:
    waits = scene.plan(scene.drop(FIRST_KEY.replace("july", "approve=yes/july"), rows=2))
    scene.clock.now += 100 * HOURS
    if opened_ago:
        opened_at = scene.clock.now - opened_ago * HOURS
        scene.ledger.write(waits, changed(waits, status=Status.SENDING, opened_at=opened_at))

    assert scene.plan(scene.drop(SECOND_KEY, rows=3)).counts.accepted == accepted
