"""What a sandbox knows of the lists, and when it looks or reads again."""

from dataclasses import dataclass, field, replace
from typing import Self

import pytest

from smsdrop.batches.batch import Batch
from smsdrop.drops import StandingFile
from smsdrop.ledger.campaign import Campaign
from smsdrop.parsing.suppression.lists import SuppressionLists
from smsdrop.reasons import Reason
from smsdrop.sending.suppression.listed_since import LOOK_SECONDS, ListedSince, Numbers
from smsdrop.sending.suppression.standing import ListsUnusable
from tests.support.fakes import FakeFiles
from tests.support.gateway_caller import Clock
from tests.support.samples import NOW, batch_of, campaign, phone_numbers, rows_of

BATCH = batch_of(4)
FIRST, SECOND, THIRD, FOURTH = phone_numbers(4)


@dataclass(slots=True, kw_only=True)
class CountedFiles(FakeFiles):
    """Counts how often the lists in the bucket are looked up."""

    looks: int = 0

    def __post_init__(self) -> None:
        FakeFiles.__init__(self)

    def standing(self, prefix: str) -> list[StandingFile]:
        self.looks += 1
        return FakeFiles.standing(self, prefix)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sandbox:
    """`read` has the versions of the lists that it has read."""

    files: CountedFiles
    clock: Clock
    lists: ListedSince
    read: list[str] = field(default_factory=list)

    @classmethod
    def new(cls, *, most_listed: int = 100) -> Self:
        files, clock, read = CountedFiles(), Clock(NOW), list[str]()
        reader = SuppressionLists(bucket=files)

        def read_one(file: StandingFile, most: int) -> Numbers:
            read.append(file.version.version_id)
            return reader.read_one(file, most)

        lists = ListedSince(bucket=files, read=read_one, clock=clock, most_listed=most_listed)
        return cls(files=files, clock=clock, lists=lists, read=read)

    def put(self, *numbers: str, name: str = "optout.csv") -> str:
        content = "\n".join(["phone", *numbers, ""]).encode()
        return self.files.drop(f"suppressed/{name}", content).version_id

    def places(self, batch: Batch = BATCH, campaign: Campaign = campaign()) -> list[int]:  # noqa: B008 - it is frozen
        return list(self.lists.places(batch, campaign))


@pytest.fixture
def sandbox() -> Sandbox:
    return Sandbox.new()


def test_who_is_listed_is_found_at_their_places(sandbox: Sandbox) -> None:
    sandbox.put(FOURTH, "13911111111", f"+86 {SECOND}")

    assert sandbox.places() == [1, 3]


def test_several_lists_count_together(sandbox: Sandbox) -> None:
    sandbox.put(FOURTH)
    sandbox.put(FIRST, FOURTH, name="promo/more.csv")

    assert sandbox.places() == [0, 3]


def test_a_number_abroad_is_found_in_a_batch_of_those_alone(sandbox: Sandbox) -> None:
    sandbox.put("+1 212 555 0100")
    batch = batch_of(2, rows=rows_of(("13800000000", "12125550100"), ("a", "b")))

    assert sandbox.places(replace(batch, is_international=True)) == [1]
    assert sandbox.places(batch) == []


def test_nothing_is_read_where_the_campaign_was_judged_by_every_list(sandbox: Sandbox) -> None:
    version = sandbox.put(FIRST)

    places = sandbox.places(campaign=campaign(suppressed_by=(("optout.csv", version),)))

    assert (places, sandbox.read) == ([], [])


def test_lists_are_looked_for_once_a_minute_however_many_batches_there_are(
    sandbox: Sandbox,
) -> None:
    for _ in range(50):
        sandbox.places()
        sandbox.clock.now += (LOOK_SECONDS - 1) / 50

    assert sandbox.files.looks == 1


def test_a_list_is_read_once_and_counts_a_minute_after_it_was_put_at_the_latest(
    sandbox: Sandbox,
) -> None:
    sandbox.places()
    version = sandbox.put(THIRD)
    sandbox.clock.now += LOOK_SECONDS

    assert [sandbox.places() for _ in range(3)] == [[2]] * 3
    assert sandbox.read == [version]


def test_a_list_that_is_deleted_or_replaced_counts_no_more(sandbox: Sandbox) -> None:
    sandbox.put(THIRD)
    sandbox.put(FOURTH, name="other.csv")
    sandbox.places()
    sandbox.put(FIRST)
    sandbox.files.marked_deleted.add("suppressed/other.csv")
    sandbox.clock.now += LOOK_SECONDS

    assert sandbox.places() == [0]


def test_a_list_that_was_replaced_before_a_file_was_judged_does_not_count_for_it(
    sandbox: Sandbox,
) -> None:
    sandbox.put(FIRST)
    sandbox.places()
    sandbox.clock.now += 1
    version = sandbox.put(SECOND)
    judged = campaign(suppressed_by=(("optout.csv", version),), queued_at=sandbox.clock())
    sandbox.clock.now += 1

    assert sandbox.places(campaign=judged) == []
    assert sandbox.files.looks == 2


def test_a_list_that_is_put_while_a_campaign_is_sent_is_looked_for_no_more_often(
    sandbox: Sandbox,
) -> None:
    sandbox.put(FIRST)
    for _ in range(5):
        sandbox.places()

    assert sandbox.files.looks == 1


def test_a_clock_that_is_set_back_makes_no_look_last_longer(sandbox: Sandbox) -> None:
    sandbox.places()
    sandbox.clock.now -= 3600

    sandbox.places()

    assert sandbox.files.looks == 2


def test_a_list_that_cannot_be_used_is_read_once_between_two_looks(sandbox: Sandbox) -> None:
    sandbox.put("no", "numbers")

    for _ in range(3):
        with pytest.raises(ListsUnusable):
            sandbox.places()
    tries = len(sandbox.read)
    sandbox.clock.now += LOOK_SECONDS
    with pytest.raises(ListsUnusable):
        sandbox.places()

    assert (tries, len(sandbox.read)) == (1, 2)


def test_why_a_list_cannot_be_used_is_said_by_a_look_of_now(sandbox: Sandbox) -> None:
    judged = campaign()
    before = sandbox.lists.faults(judged)
    sandbox.put("no", "numbers")

    assert before == ()
    assert sandbox.lists.faults(judged) == (Reason("list_of_no_numbers", ("optout.csv", "2", "2")),)


def test_a_list_that_was_mended_counts(sandbox: Sandbox) -> None:
    sandbox.put("no", "numbers")
    with pytest.raises(ListsUnusable):
        sandbox.places()
    sandbox.put(FIRST)
    sandbox.clock.now += LOOK_SECONDS

    assert sandbox.places() == [0]


@pytest.mark.parametrize(("more", "fits"), [(1, True), (2, False)])
def test_all_lists_together_hold_so_many_numbers_at_the_most(more: int, fits: bool) -> None:
    sandbox = Sandbox.new(most_listed=4)
    sandbox.put(*phone_numbers(3))
    sandbox.put(*phone_numbers(10)[-more:], name="other.csv")

    if fits:
        assert sandbox.places() == [0, 1, 2]
    else:
        with pytest.raises(ListsUnusable) as refusal:
            sandbox.places()
        assert refusal.value.problems == (Reason("lists_too_large", ("1",)),)


def test_lists_that_were_replaced_take_no_room_any_more() -> None:
    sandbox = Sandbox.new(most_listed=4)
    for _ in range(3):
        sandbox.put(*phone_numbers(3))
        sandbox.clock.now += LOOK_SECONDS

        assert sandbox.places() == [0, 1, 2]


def test_who_cannot_look_which_lists_stand_calls_nobody(sandbox: Sandbox) -> None:
    def fails(_prefix: str) -> list[StandingFile]:
        raise TimeoutError

    sandbox.lists.bucket = type("Away", (), {"standing": staticmethod(fails)})()

    with pytest.raises(TimeoutError):
        sandbox.places()
