"""What earlier campaigns are taken to have sent, by their plans and by what the ledger says."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from smsdrop.batches.batch import Batch, nth_batch_id
from smsdrop.batches.forms import FORM, LaterForm
from smsdrop.batches.plan import BATCHES
from smsdrop.ledger.batch_entry import BatchEntry, State
from smsdrop.ledger.campaign import Campaign, Counts, Status
from smsdrop.ledger.codes import CANCELLED_BY_HAND
from smsdrop.parsing.repeats.earlier_messages import EarlierMessages
from smsdrop.reasons import Reason
from smsdrop.recipients.layout import Layout
from smsdrop.validation.seen.had_messages import HadMessages
from tests.support.fakes import FakeFiles, FakeLedger
from tests.support.samples import CAMPAIGN_ID, batch_of, campaign, phone_numbers

LAYOUT = Layout(phone_column=0, param_names=("name",))
SIZE = 4
FIRST = nth_batch_id(CAMPAIGN_ID, 1)
HALTED: dict[str, Any] = {"halt_code": CANCELLED_BY_HAND}


@dataclass(slots=True)
class Scene:
    """Campaigns of batches with four recipients each."""

    ledger: FakeLedger = field(default_factory=FakeLedger)
    files: FakeFiles = field(default_factory=FakeFiles)
    slept: list[float] = field(default_factory=list)
    most: int = 1000

    def planned(
        self,
        batches: Sequence[Batch] = (batch_of(SIZE),),
        lines: Iterable[bytes] = (),
        **changes: Any,
    ) -> Campaign:
        name = changes.get("campaign_id", CAMPAIGN_ID)
        plan = f"work/{name}/token/"
        content = list(lines) or [each.to_json().encode() + b"\n" for each in batches]
        self.files.objects[plan + BATCHES] = b"".join(content)
        counts = Counts(accepted=sum(map(len, batches)), batches=len(batches))
        return campaign(**{"plan": plan, "counts": counts, **changes})

    def stands(self, state: State, batch_id: str = FIRST, **changes: Any) -> None:
        entry = BatchEntry(batch_id=batch_id, state=state, recipients=SIZE, **changes)
        self.ledger.write(None, entry)

    def read(self, *campaigns: Campaign) -> tuple[HadMessages, list[Reason]]:
        use_case = EarlierMessages(
            ledger=self.ledger,
            objects=self.files,
            sleep=self.slept.append,
            most=self.most,
            claim_seconds=3,
        )
        return use_case.of(campaigns, LAYOUT, default_sign_name="云通信")

    def had(self, *campaigns: Campaign) -> list[int]:
        """Return which of the four were had."""
        messages, problems = self.read(*campaigns)
        assert problems == []
        rows = LAYOUT.rows(phone_numbers(SIZE), [[f"张三{each}" for each in range(SIZE)]])
        return list(messages.find(rows, sign_names=(), is_international=False))


ALL, NONE = [0, 1, 2, 3], list[int]()


@pytest.fixture
def scene() -> Scene:
    return Scene()


@pytest.mark.parametrize(
    ("state", "changes", "had"),
    [
        pytest.param(State.SENT, {}, ALL, id="sent"),
        pytest.param(State.UNCONFIRMED, {}, ALL, id="unconfirmed"),
        pytest.param(State.SENDING, {}, ALL, id="being sent, or in doubt"),
        pytest.param(State.WAITING, {}, ALL, id="to be tried again"),
        pytest.param(State.UNKNOWN, {}, ALL, id="in a state of a later release"),
        pytest.param(State.REFUSED, {}, NONE, id="refused"),
        pytest.param(State.CANCELLED, {}, NONE, id="cancelled"),
        pytest.param(State.CANCELLED, {"absent": 1}, ALL, id="cancelled, and to be looked up"),
        pytest.param(State.CANCELLED, {"absent": 1, "verified_at": 9}, NONE, id="and verified"),
        pytest.param(State.REFUSED, {"accepted": (1,)}, ALL, id="refused, and listed all the same"),
    ],
)
def test_a_message_was_had_unless_it_is_known_not_to_be_sent(
    scene: Scene, state: State, changes: dict[str, Any], had: list[int]
) -> None:
    scene.stands(state, **changes)

    assert scene.had(scene.planned()) == had


def test_a_message_whose_batch_was_never_begun_was_had_as_its_campaign_goes_on(
    scene: Scene,
) -> None:
    assert scene.had(scene.planned()) == ALL
    assert scene.slept == []


@pytest.mark.parametrize(
    ("changes", "had"),
    [
        pytest.param({}, NONE, id="to be tried again"),
        pytest.param({"absent": 1}, ALL, id="to be looked up"),
        pytest.param({"accepted": (1,)}, ALL, id="listed"),
    ],
)
def test_what_a_campaign_that_was_stopped_has_not_begun_was_not_had(
    scene: Scene, changes: dict[str, Any], had: list[int]
) -> None:
    assert scene.had(scene.planned(**HALTED)) == NONE
    scene.stands(State.WAITING, **changes)
    assert scene.had(scene.planned(**HALTED)) == had


@pytest.mark.parametrize(
    ("status", "slept"),
    [
        pytest.param(Status.PLANNED, [3], id="planned"),
        pytest.param(Status.SENDING, [3], id="sending"),
        pytest.param(Status.CLOSING, [], id="closing"),
        pytest.param(Status.CLOSED, [], id="closed"),
    ],
)
def test_of_a_campaign_that_is_being_stopped_the_ledger_is_read_once_no_sender_can_begin(
    scene: Scene, status: Status, slept: list[float]
) -> None:
    scene.had(scene.planned(status=status, **HALTED))

    assert scene.slept == slept


def test_of_a_campaign_that_has_sent_everything_no_entries_are_read(scene: Scene) -> None:
    scene.stands(State.CANCELLED)  # which contradicts the counts
    counts = Counts(accepted=SIZE, batches=1, sent=SIZE)

    assert scene.had(scene.planned(status=Status.CLOSED, counts=counts)) == ALL
    fewer = replace(counts, sent=SIZE - 1, cancelled=1)
    assert scene.had(scene.planned(status=Status.CLOSED, counts=fewer)) == NONE


def test_what_was_sent_whole_before_it_was_stopped_was_had(scene: Scene) -> None:
    scene.stands(State.SENT)
    counts = Counts(accepted=SIZE, batches=1, sent=SIZE)

    stopped = scene.planned(status=Status.CLOSED, counts=counts, **HALTED)

    assert scene.had(stopped) == ALL


def test_of_a_batch_that_was_split_each_part_counts_for_itself(scene: Scene) -> None:
    scene.stands(State.SPLIT)
    scene.stands(State.SPLIT, f"{FIRST}.0")
    scene.stands(State.SENT, f"{FIRST}.0.0")
    scene.stands(State.REFUSED, f"{FIRST}.0.1")

    assert scene.had(scene.planned()) == [0, 2, 3]
    assert scene.had(scene.planned(**HALTED)) == [0]


def test_of_a_batch_whose_doubtful_were_split_off_these_were_had(scene: Scene) -> None:
    scene.stands(State.SPLIT, in_doubt=(1,))
    scene.stands(State.CANCELLED, f"{FIRST}.0")
    scene.stands(State.UNCONFIRMED, f"{FIRST}.1")

    assert scene.had(scene.planned()) == [1]


def test_parts_of_a_batch_that_turned_out_accepted_after_all_were_had(scene: Scene) -> None:
    scene.stands(State.SPLIT, accepted=(1,))
    scene.stands(State.REFUSED, f"{FIRST}.0")
    scene.stands(State.REFUSED, f"{FIRST}.1")

    assert scene.had(scene.planned()) == ALL


def test_entries_are_those_of_their_own_batches(scene: Scene) -> None:
    numbers = phone_numbers(SIZE)
    batches = [
        batch_of(
            1, position=each + 1, rows=(f"{numbers[each]}\x7f张三{each}",), sign_names=("云通信",)
        )
        for each in range(SIZE)
    ]
    scene.stands(State.CANCELLED, nth_batch_id(CAMPAIGN_ID, 2))
    scene.stands(State.SENT, nth_batch_id(CAMPAIGN_ID, 3))
    scene.stands(State.REFUSED, nth_batch_id(CAMPAIGN_ID, 4))

    assert scene.had(scene.planned(batches)) == [0, 2]


@pytest.mark.parametrize("name", ['张"三,"', "a\\b", 'x","y', ',"rows":["', "行\t1"])
def test_whatever_rows_hold_they_are_found_again(scene: Scene, name: str) -> None:
    rows = tuple(f"{number}\x7f{name}" for number in phone_numbers(2))
    batch = batch_of(2, rows=rows, sign_names=(name, "云通信"))

    messages, _ = scene.read(scene.planned([batch]))

    found = messages.find(
        LAYOUT.rows(phone_numbers(2), [[name] * 2]),
        sign_names=(name, "云通信"),
        is_international=False,
    )
    assert list(found) == [0, 1]


def test_a_message_that_is_written_in_another_order_is_read_too(scene: Scene) -> None:
    line = batch_of(SIZE).to_json().replace("]}", '],"sign":1}').encode()

    assert scene.had(scene.planned(lines=[line])) == ALL


def test_international_messages_are_kept_apart(scene: Scene) -> None:
    batch = batch_of(SIZE, is_international=True)

    assert scene.had(scene.planned([batch])) == NONE


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param([b'{"form":1,"rows":["1"]}\n'], id="members missing"),
        pytest.param([b"no JSON\n"], id="no JSON"),
        pytest.param([b""], id="nothing left"),
    ],
)
def test_a_plan_that_was_changed_is_a_problem_that_is_told(
    scene: Scene, lines: list[bytes]
) -> None:
    _, problems = scene.read(scene.planned(lines=lines))

    assert problems == [Reason("repeats_plan_gone", (CAMPAIGN_ID,))]


def test_a_plan_that_is_gone_is_a_problem_that_is_told(scene: Scene) -> None:
    planned = scene.planned()
    scene.files.objects.clear()

    assert scene.read(planned)[1] == [Reason("repeats_plan_gone", (CAMPAIGN_ID,))]


def test_a_plan_of_a_later_form_is_not_misread(scene: Scene) -> None:
    line = batch_of(SIZE).to_json().replace(f'"form":{FORM}', f'"form":{FORM + 1}').encode()

    with pytest.raises(LaterForm):
        scene.read(scene.planned(lines=[line]))


def test_of_more_messages_than_memory_holds_the_newest_are_read_and_the_rest_is_told(
    scene: Scene,
) -> None:
    names = ["20260101T000000Z-a", "20260101T000000Z-b", "20260101T000000Z-c"]
    campaigns = [scene.planned(campaign_id=each) for each in names]
    scene.most = 2 * SIZE

    messages, problems = scene.read(*campaigns)

    assert problems == [Reason("repeats_too_many", (names[0],))]
    rows = LAYOUT.rows(phone_numbers(1), [["张三0"]])
    assert messages.find(rows, sign_names=(), is_international=False) == {0: names[2]}
