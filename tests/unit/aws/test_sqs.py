"""The queue of batches in SQS; the fake passes what both can do."""

import json
import threading
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, cast

import pytest
from botocore.stub import ANY, Stubber

from local import ROOT
from local.template.reading import load
from smsdrop.aws.sqs import (
    LONGEST_DELAY_SECONDS,
    MAX_CALL_BYTES,
    TRIES,
    BatchQueue,
    QueueUnavailable,
    Taken,
)
from tests.support.fakes import FakeQueue
from tests.support.samples import batch_of

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

pytest_plugins = ["tests.support.aws_fixtures"]

URL = "https://sqs/batches"


@pytest.fixture
def batch_queue(sqs: "SQSClient", queue_url: str) -> BatchQueue:
    return BatchQueue(sqs, queue_url)


@pytest.fixture
def stubber(sqs: "SQSClient") -> Iterator[Stubber]:
    with Stubber(sqs) as stubber:
        yield stubber
        stubber.assert_no_pending_responses()


def received(sqs: "SQSClient", url: str) -> list[str]:
    bodies: list[str] = []
    while messages := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
        bodies += [each["Body"] for each in messages]
    return bodies


def expect(stubber: Stubber, ids: list[str], *, refused: tuple[str, ...] = ()) -> None:
    """Expect a call with entries of these ids, and refuse some."""
    failed = [{"Id": each, "SenderFault": False, "Code": "InternalError"} for each in refused]
    done = [
        {"Id": each, "MessageId": each, "MD5OfMessageBody": "0"}
        for each in ids
        if each not in refused
    ]
    stubber.add_response(
        "send_message_batch",
        {"Successful": done, "Failed": failed},
        {"QueueUrl": URL, "Entries": [{"Id": each, "MessageBody": f"m{each}"} for each in ids]},
    )


def calls(stubber: Stubber, lengths: list[int]) -> None:
    """Expect as many calls, each of so many messages."""
    for length in lengths:
        done = [
            {"Id": str(each), "MessageId": "m", "MD5OfMessageBody": "0"} for each in range(length)
        ]
        stubber.add_response(
            "send_message_batch",
            {"Successful": done, "Failed": []},
            {
                "QueueUrl": URL,
                "Entries": [{"Id": str(each), "MessageBody": ANY} for each in range(length)],
            },
        )


@pytest.mark.parametrize("count", [0, 1, 10, 11, 25])
def test_every_message_arrives_once(
    batch_queue: BatchQueue, sqs: "SQSClient", queue_url: str, count: int
) -> None:
    messages = [batch_of(3, position=each).to_json() for each in range(1, count + 1)]
    fake = FakeQueue()

    for queue in (batch_queue, fake):
        queue.send(messages)

    assert sorted(received(sqs, queue_url)) == sorted(messages)
    assert fake.messages == messages


@pytest.mark.parametrize(
    ("count", "lengths"),
    [
        pytest.param(0, [], id="none"),
        pytest.param(1, [1], id="one"),
        pytest.param(10, [10], id="ten"),
        pytest.param(11, [10, 1], id="eleven"),
        pytest.param(30, [10, 10, 10], id="thirty"),
    ],
)
def test_ten_messages_go_into_a_call(
    sqs: "SQSClient", stubber: Stubber, count: int, lengths: list[int]
) -> None:
    calls(stubber, lengths)

    BatchQueue(sqs, URL, calls_at_a_time=1).send(["m"] * count)


@pytest.mark.parametrize(
    ("length", "lengths"),
    [
        pytest.param(MAX_CALL_BYTES // 10, [10], id="ten just fit"),
        pytest.param(MAX_CALL_BYTES // 10 + 1, [9, 1], id="ten are too much"),
        pytest.param(MAX_CALL_BYTES // 2, [2] * 5, id="two fill a call"),
        pytest.param(MAX_CALL_BYTES // 2 + 1, [1] * 10, id="each goes alone"),
    ],
)
def test_a_call_keeps_below_its_limit_of_bytes(
    sqs: "SQSClient", stubber: Stubber, length: int, lengths: list[int]
) -> None:
    calls(stubber, lengths)

    BatchQueue(sqs, URL, calls_at_a_time=1).send(["x" * length] * 10)


def test_each_campaign_is_a_group_of_its_own_and_what_is_no_batch_is_in_none(
    sqs: "SQSClient", batch_queue: BatchQueue, queue_url: str
) -> None:
    one, part = batch_of(1), batch_of(1, batch_id="20260102T030405Z-00000000000000aa-000007.1.0")

    batch_queue.send([one.to_json(), part.to_json(), "no batch"])

    messages = sqs.receive_message(
        QueueUrl=queue_url, MaxNumberOfMessages=10, MessageSystemAttributeNames=["All"]
    )["Messages"]
    groups = {each["Body"]: each["Attributes"].get("MessageGroupId") for each in messages}
    assert groups == {
        one.to_json(): one.campaign_id,
        part.to_json(): "20260102T030405Z-00000000000000aa",
        "no batch": None,
    }


def test_the_limit_counts_bytes_and_not_characters(sqs: "SQSClient", stubber: Stubber) -> None:
    calls(stubber, [1, 1])

    BatchQueue(sqs, URL, calls_at_a_time=1).send(["云" * (MAX_CALL_BYTES // 5)] * 2)


def test_what_the_queue_refused_is_sent_again_and_nothing_else(
    sqs: "SQSClient", stubber: Stubber
) -> None:
    expect(stubber, ["0", "1", "2", "3"], refused=("1", "3"))
    expect(stubber, ["1", "3"], refused=("3",))
    expect(stubber, ["3"])

    BatchQueue(sqs, URL, calls_at_a_time=1).send(["m0", "m1", "m2", "m3"])


def test_after_several_refusals_it_is_said_that_the_queue_is_unavailable(
    sqs: "SQSClient", stubber: Stubber
) -> None:
    expect(stubber, ["0", "1"], refused=("1",))
    for _ in range(TRIES - 1):
        expect(stubber, ["1"], refused=("1",))

    with pytest.raises(QueueUnavailable, match="1 messages were refused"):
        BatchQueue(sqs, URL, calls_at_a_time=1).send(["m0", "m1"])


def test_the_fake_that_is_full_says_so_too() -> None:
    fake = FakeQueue(room=1)

    with pytest.raises(QueueUnavailable, match="1 messages were refused"):
        fake.send(["m0", "m1"])

    assert fake.messages == ["m0"]


@pytest.mark.parametrize(
    ("seconds", "visibility"),
    [
        pytest.param(0, 0, id="at once"),
        pytest.param(0.4, 0, id="rounded down"),
        pytest.param(1.6, 2, id="rounded up"),
        pytest.param(LONGEST_DELAY_SECONDS, 42_000, id="the longest"),
        pytest.param(LONGEST_DELAY_SECONDS + 1, 42_000, id="longer than SQS can"),
        pytest.param(14 * 24 * 3600, 42_000, id="two weeks"),
    ],
)
def test_a_message_is_put_off_for_whole_seconds_and_not_for_longer_than_sqs_allows(
    sqs: "SQSClient", stubber: Stubber, seconds: float, visibility: int
) -> None:
    stubber.add_response(
        "change_message_visibility",
        {},
        {"QueueUrl": URL, "ReceiptHandle": "handle", "VisibilityTimeout": visibility},
    )

    BatchQueue(sqs, URL).put_off("handle", seconds=seconds)


def test_the_longest_invocation_can_still_put_a_message_off_for_the_longest_time() -> None:
    """The twelve hours count from when the message was received."""
    template = load(ROOT / "template.yaml")
    longest_invocation = template["Parameters"]["SendTimeoutSeconds"]["MaxValue"]

    assert longest_invocation + LONGEST_DELAY_SECONDS < 12 * 3600


def test_a_message_that_was_put_off_for_no_time_is_there_again(
    batch_queue: BatchQueue, sqs: "SQSClient", queue_url: str
) -> None:
    batch_queue.send(["m"])
    [message] = sqs.receive_message(QueueUrl=queue_url)["Messages"]
    assert "Messages" not in sqs.receive_message(QueueUrl=queue_url)

    batch_queue.put_off(message["ReceiptHandle"], seconds=0)

    assert received(sqs, queue_url) == ["m"]


def test_the_backlog_counts_what_the_queue_holds_whether_waiting_or_taken(
    batch_queue: BatchQueue, sqs: "SQSClient", queue_url: str
) -> None:
    backlogs = [batch_queue.backlog()]
    batch_queue.send(["m", "n"])
    backlogs.append(batch_queue.backlog())
    [message] = sqs.receive_message(QueueUrl=queue_url)["Messages"]
    backlogs.append(batch_queue.backlog())
    sqs.delete_message(QueueUrl=queue_url, ReceiptHandle=message["ReceiptHandle"])
    backlogs.append(batch_queue.backlog())

    assert backlogs == [0, 2, 2, 1]


def test_all_messages_of_another_queue_are_taken_over(
    batch_queue: BatchQueue, sqs: "SQSClient", queue_url: str
) -> None:
    letters = sqs.create_queue(QueueName="dead-letters")["QueueUrl"]
    bodies = [f"m{each:02d}" for each in range(23)]
    for each in bodies:
        sqs.send_message(QueueUrl=letters, MessageBody=each)

    taken = batch_queue.take_from(letters, wanted=lambda _: True)

    assert taken == Taken(moved=len(bodies), left=0)
    assert sorted(received(sqs, queue_url)) == bodies
    assert BatchQueue(sqs, letters).backlog() == 0


def test_messages_that_are_not_wanted_stay_where_they_are(
    batch_queue: BatchQueue, sqs: "SQSClient", queue_url: str
) -> None:
    letters = sqs.create_queue(QueueName="dead-letters")["QueueUrl"]
    for each in range(23):
        sqs.send_message(QueueUrl=letters, MessageBody=f"{each % 2}")

    taken = batch_queue.take_from(letters, wanted=lambda body: body == "0")

    assert taken == Taken(moved=12, left=11)
    assert set(received(sqs, queue_url)) == {"0"}
    assert BatchQueue(sqs, letters).backlog() == 11


def test_unwanted_messages_that_become_visible_again_do_not_hold_the_taking_up(
    sqs: "SQSClient", stubber: Stubber
) -> None:
    again = {"Messages": [{"MessageId": "1", "Body": "m", "ReceiptHandle": "handle"}]}
    for _ in range(2):
        stubber.add_response("receive_message", again)

    taken = BatchQueue(sqs, URL).take_from("https://sqs/letters", wanted=lambda _: False)

    assert taken == Taken(moved=0, left=1)


def test_no_messages_means_that_all_of_sqs_was_asked(sqs: "SQSClient", stubber: Stubber) -> None:
    stubber.add_response(
        "receive_message",
        {},
        {"QueueUrl": "https://sqs/letters", "MaxNumberOfMessages": 10, "WaitTimeSeconds": 1},
    )

    taken = BatchQueue(sqs, URL).take_from("https://sqs/letters", wanted=lambda _: True)

    assert taken == Taken(moved=0, left=0)


def test_a_real_batch_of_a_hundred_is_one_small_message() -> None:
    message = batch_of(100).to_json()
    body: dict[str, Any] = json.loads(message)

    assert len(message.encode()) * 10 < MAX_CALL_BYTES
    assert len(body["rows"]) == 100


class Refusing:
    """Takes every message but one, from several threads at a time."""

    def __init__(self, refused: str) -> None:
        self.refused = refused
        self.taken: list[str] = []

    def send_message_batch(self, *, Entries: list[dict[str, str]], **_: str) -> dict[str, Any]:  # noqa: N803 - as boto3 names it
        refused = [each for each in Entries if each["MessageBody"] == self.refused]
        self.taken += [each["MessageBody"] for each in Entries if each not in refused]
        return {"Failed": [{"Id": each["Id"]} for each in refused]}


def test_a_message_that_stays_refused_among_many_calls_is_told_and_no_thread_is_left() -> None:
    sqs = Refusing("m17")
    threads = threading.active_count()

    with pytest.raises(QueueUnavailable):
        BatchQueue(cast("SQSClient", sqs), URL).send([f"m{each}" for each in range(100)])

    assert threading.active_count() == threads
    assert "m17" not in sqs.taken
    assert len(sqs.taken) == len(set(sqs.taken))
