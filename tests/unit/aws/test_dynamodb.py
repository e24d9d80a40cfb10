"""The ledger in DynamoDB, its table as the template has it; the fake passes the same tests."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any

import pytest
from botocore.stub import Stubber

from smsdrop.aws.dynamodb import DynamoLedger, LedgerUnavailable
from smsdrop.aws.ledger_items import item_of
from smsdrop.batches.batch import nth_batch_id
from smsdrop.ledger.batch_entry import BatchEntry, State
from smsdrop.ledger.campaign import Campaign, Status
from smsdrop.ledger.entries import ContentClaim, KeyAccount, Lease, Pause, Snapshot, hash_of
from smsdrop.log_lines import LogLine
from smsdrop.metrics import Measured
from smsdrop.receipts.looks import LOOKS, NO_LOOKS
from tests.support.entries import (
    BATCH_ID,
    FULL_BATCH,
    FULL_CAMPAIGN,
    FULL_COMMITTED_PLAN,
    FULL_ENDED_CAMPAIGN,
    FULL_PAUSE,
    LEAST_BATCH,
    LEAST_CAMPAIGN,
)
from tests.support.fakes import FakeLedger
from tests.support.samples import CAMPAIGN_ID, NOW, batch_of, campaign, changed

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

pytest_plugins = ["tests.support.aws_fixtures"]

Ledger = DynamoLedger | FakeLedger


@pytest.fixture
def dynamo_ledger(dynamodb: "DynamoDBClient", ledger_table: str) -> DynamoLedger:
    return DynamoLedger(dynamodb, ledger_table)


@pytest.fixture(params=["dynamodb", "fake"])
def ledger(request: pytest.FixtureRequest) -> Ledger:
    """Both ledgers must pass, so tests that use the fake can trust it."""
    if request.param == "fake":
        return FakeLedger()
    dynamo: DynamoLedger = request.getfixturevalue("dynamo_ledger")
    return dynamo


@pytest.mark.parametrize(
    "full", [FULL_BATCH, FULL_CAMPAIGN, FULL_CAMPAIGN.counts, FULL_PAUSE, FULL_COMMITTED_PLAN]
)
def test_the_samples_leave_no_field_at_its_default(full: Any) -> None:
    left = {each.name for each in fields(full) if getattr(full, each.name) == each.default}

    assert left <= {"revision", "is_open"}


@pytest.mark.parametrize(
    "entry", [pytest.param(LEAST_BATCH, id="least"), pytest.param(FULL_BATCH, id="most")]
)
def test_a_batch_entry_comes_back_as_it_was_written(ledger: Ledger, entry: BatchEntry) -> None:
    assert ledger.write(None, entry) == entry
    assert ledger.snapshot(BATCH_ID).batch == entry
    assert list(ledger.entries(CAMPAIGN_ID)) == [entry]
    assert ledger.batch(entry.batch_id) == entry


@pytest.mark.parametrize("state", [each for each in State if each is not State.UNKNOWN])
def test_every_state_comes_back(ledger: Ledger, state: State) -> None:
    ledger.write(None, replace(FULL_BATCH, state=state))

    stands = ledger.snapshot(BATCH_ID).batch
    assert stands is not None
    assert stands.state is state


@pytest.mark.parametrize(
    "entry",
    [
        pytest.param(LEAST_CAMPAIGN, id="least"),
        pytest.param(FULL_CAMPAIGN, id="most"),
        pytest.param(replace(FULL_CAMPAIGN, is_open=False), id="closed"),
    ],
)
def test_a_campaign_comes_back_as_it_was_written(ledger: Ledger, entry: Campaign) -> None:
    assert ledger.write(None, entry) == entry
    assert ledger.snapshot(BATCH_ID).campaign == entry
    assert ledger.campaign(CAMPAIGN_ID) == entry


@pytest.mark.parametrize(
    "entry",
    [
        pytest.param(Pause(revision=1), id="resumed"),
        pytest.param(FULL_PAUSE, id="paused"),
    ],
)
def test_the_pause_comes_back_as_it_was_written(ledger: Ledger, entry: Pause) -> None:
    assert ledger.write(Pause(), entry) == entry
    assert ledger.snapshot(BATCH_ID).pause == entry
    assert ledger.pause() == entry


def test_who_was_first_with_a_content_stands_until_that_is_given_to_another(
    ledger: Ledger,
) -> None:
    first = ContentClaim(content_id="c0ffee", first="A", expires_at=int(NOW))
    second = replace(first, first="B")
    after = replace(second, revision=2)

    assert ledger.write(None, first) == first
    assert ledger.write(None, second) == first
    assert ledger.write(first, after) == after
    assert ledger.write(first, replace(first, revision=2)) == after


def test_committed_plans_are_read_back_the_latest_first(ledger: Ledger) -> None:
    assert list(ledger.committed_plans("SMS_9")) == []
    first, *_, last = plans = [replace(FULL_COMMITTED_PLAN, place=place) for place in range(9, 12)]
    for plan in [*plans, replace(first, template_code="SMS_99")]:
        assert ledger.write(None, plan) == plan
    late = replace(last, committed_by="another")

    assert ledger.write(None, late) == last
    assert list(ledger.committed_plans("SMS_9")) == plans[::-1]


def test_a_range_of_batches_is_read_with_all_their_parts_and_nothing_else(ledger: Ledger) -> None:
    positions = [nth_batch_id(CAMPAIGN_ID, each) for each in range(1, 12)]
    ids = [*positions, f"{positions[2]}.0", f"{positions[4]}.0", f"{positions[4]}.1.0"]
    for each in ids:
        ledger.write(None, replace(FULL_BATCH, batch_id=each))
    ledger.write(None, FULL_CAMPAIGN)

    found = ledger.entries_between(CAMPAIGN_ID, 4, 10, most=100)

    wanted = sorted(each for each in ids if positions[3] <= each < positions[10])
    assert [each.batch_id for each in found] == wanted
    assert len(ledger.entries_between(CAMPAIGN_ID, 4, 10, most=3)) == 3
    assert list(ledger.entries_between(CAMPAIGN_ID, 12, 20, most=3)) == []


def test_all_entries_of_a_range_of_batches_are_read(ledger: Ledger) -> None:
    positions = [nth_batch_id(CAMPAIGN_ID, each) for each in range(1, 12)]
    ids = [*positions, f"{positions[2]}.0", f"{positions[4]}.0", f"{positions[4]}.1.0"]
    for each in ids:
        ledger.write(None, replace(FULL_BATCH, batch_id=each))
    ledger.write(None, FULL_CAMPAIGN)

    found = ledger.entries_within(CAMPAIGN_ID, 4, 10)

    wanted = sorted(each for each in ids if positions[3] <= each < positions[10])
    assert [each.batch_id for each in found] == wanted
    assert list(ledger.entries_within(CAMPAIGN_ID, 12, 20)) == []


def test_campaigns_that_have_ended_are_listed_the_latest_first(ledger: Ledger) -> None:
    assert list(ledger.ended_campaigns(9)) == []
    ended = [replace(FULL_ENDED_CAMPAIGN, of_campaign=each) for each in "abc"]
    for each in ended:
        assert ledger.write(None, each) == each

    assert list(ledger.ended_campaigns(9)) == ended[::-1]
    assert list(ledger.ended_campaigns(2)) == ended[:0:-1]


def test_a_lease_is_shown_to_who_comes_too_late(ledger: Ledger) -> None:
    first = Lease(name=CAMPAIGN_ID, holder="A", until=NOW + 900.5, expires_at=int(NOW))
    second = replace(first, holder="B")
    after = replace(second, revision=2)

    assert ledger.write(None, first) == first
    assert ledger.write(None, second) == first
    assert ledger.write(first, after) == after
    assert list(ledger.entries(CAMPAIGN_ID)) == []


def test_of_several_key_pairs_those_that_are_known_are_read_at_once(ledger: Ledger) -> None:
    one, other = (
        KeyAccount(key_hash=hash_of(each), account_id=f"of {each}", expires_at=int(NOW))
        for each in ("LTAI-one", "LTAI-other")
    )
    for each in (one, other):
        ledger.write(None, each)

    known = ledger.key_accounts(("LTAI-one", "LTAI-new", "LTAI-other"))

    assert known == {"LTAI-one": one, "LTAI-other": other}
    assert ledger.write(None, replace(one, account_id="x")) == one


def test_an_empty_ledger_shows_nothing(ledger: Ledger) -> None:
    assert ledger.snapshot(BATCH_ID) == Snapshot(campaign=None, batch=None, pause=Pause())
    assert ledger.campaign(CAMPAIGN_ID) is None
    assert ledger.batch(BATCH_ID) is None
    assert ledger.pause() == Pause()
    assert list(ledger.entries(CAMPAIGN_ID)) == []
    assert list(ledger.open_campaigns()) == []


def test_one_look_shows_the_batch_its_campaign_and_the_pause(ledger: Ledger) -> None:
    other = replace(LEAST_BATCH, batch_id=f"{BATCH_ID}.0")
    for each in (FULL_BATCH, other):
        ledger.write(None, each)
    ledger.write(None, FULL_CAMPAIGN)
    ledger.write(Pause(), FULL_PAUSE)

    assert ledger.snapshot(BATCH_ID) == Snapshot(
        campaign=FULL_CAMPAIGN, batch=FULL_BATCH, pause=FULL_PAUSE
    )
    assert ledger.snapshot(other.batch_id).batch == other
    assert ledger.snapshot(f"{BATCH_ID}.1").batch is None


def test_of_two_first_writes_one_wins_and_the_other_is_shown_it(ledger: Ledger) -> None:
    mine = replace(FULL_BATCH, token="mine")
    theirs = replace(FULL_BATCH, token="theirs")

    assert ledger.write(None, theirs) == theirs
    assert ledger.write(None, mine) == theirs
    assert ledger.snapshot(BATCH_ID).batch == theirs


def test_of_two_writes_from_one_revision_one_wins_and_the_other_is_shown_it(
    ledger: Ledger,
) -> None:
    ledger.write(None, FULL_BATCH)
    mine = FULL_BATCH.moved(State.SENT, at=NOW)
    theirs = FULL_BATCH.moved(State.WAITING, at=NOW)

    assert ledger.write(FULL_BATCH, theirs) == theirs
    assert ledger.write(FULL_BATCH, mine) == theirs
    assert ledger.snapshot(BATCH_ID).batch == theirs


def test_writes_from_each_last_revision_follow_one_another(ledger: Ledger) -> None:
    ledger.write(None, FULL_BATCH)
    waiting = FULL_BATCH.moved(State.WAITING, at=NOW)
    sending = waiting.moved(State.SENDING, at=NOW)

    assert ledger.write(FULL_BATCH, waiting) == waiting
    assert ledger.write(waiting, sending) == sending


@pytest.mark.parametrize("before", [pytest.param(None, id="first"), pytest.param(1, id="later")])
def test_a_write_repeated_because_its_answer_was_lost_has_won(
    ledger: Ledger, before: int | None
) -> None:
    first = FULL_BATCH
    standing = ledger.write(None, first) if before else None
    mine = first.moved(State.SENT, at=NOW) if before else first

    assert ledger.write(standing, mine) == mine
    assert ledger.write(standing, mine) == mine


def test_campaigns_are_written_on_their_revision_too(ledger: Ledger) -> None:
    first = campaign()
    theirs = first.halted("isv.SMS_TEMPLATE_ILLEGAL")
    mine = first.queued_to(7, next_byte=70, at=NOW)
    ledger.write(None, first)

    assert ledger.write(None, mine) == first
    assert ledger.write(first, theirs) == theirs
    assert ledger.write(first, mine) == theirs
    assert ledger.campaign(CAMPAIGN_ID) == theirs


def test_a_late_pause_does_not_undo_a_resume(ledger: Ledger) -> None:
    seen = Pause()
    paused = replace(FULL_PAUSE, revision=1)
    resumed = Pause(since=NOW, revision=2)
    ledger.write(seen, paused)
    ledger.write(paused, resumed)

    assert ledger.write(seen, paused) == resumed
    assert ledger.write(paused, replace(FULL_PAUSE, revision=2)) == resumed
    assert ledger.pause() == resumed


def test_the_entries_of_a_campaign_come_in_the_order_of_their_ids(ledger: Ledger) -> None:
    names = [f"{BATCH_ID}.1", batch_of(1, position=12).batch_id, BATCH_ID, f"{BATCH_ID}.0"]
    for name in [*names, "20260102T030405Z-other-000001"]:
        ledger.write(None, replace(LEAST_BATCH, batch_id=name))
    ledger.write(None, FULL_CAMPAIGN)

    assert [each.batch_id for each in ledger.entries(CAMPAIGN_ID)] == sorted(names)


def test_open_campaigns_are_found_the_oldest_first(ledger: Ledger) -> None:
    later, earlier, closed = "20260103T000000Z-0", "20260101T000000Z-0", "20260102T000000Z-0"
    for name in (later, earlier, closed):
        ledger.write(None, campaign(campaign_id=name))
    shut = campaign(campaign_id=closed)
    ledger.write(shut, changed(shut, is_open=False, status=Status.CLOSED))

    assert [each.campaign_id for each in ledger.open_campaigns()] == [earlier, later]


def test_a_look_reads_what_was_written_last_and_all_three_at_once(
    dynamo_ledger: DynamoLedger, dynamodb: "DynamoDBClient", ledger_table: str
) -> None:
    with Stubber(dynamodb) as stubber:
        stubber.add_response(
            "batch_get_item",
            {"Responses": {ledger_table: []}, "UnprocessedKeys": {}},
            {
                "RequestItems": {
                    ledger_table: {
                        "ConsistentRead": True,
                        "Keys": [
                            {"campaign_id": {"S": CAMPAIGN_ID}, "entry": {"S": "campaign"}},
                            {
                                "campaign_id": {"S": CAMPAIGN_ID},
                                "entry": {"S": f"batch#{BATCH_ID}"},
                            },
                            {"campaign_id": {"S": "stack"}, "entry": {"S": "pause"}},
                        ],
                    }
                }
            },
        )

        assert dynamo_ledger.snapshot(BATCH_ID).batch is None
        stubber.assert_no_pending_responses()


def test_all_that_decides_something_is_read_as_it_was_written_last(
    dynamo_ledger: DynamoLedger, dynamodb: "DynamoDBClient"
) -> None:
    asked: list[dict[str, Any]] = []
    for operation in ("GetItem", "Query"):
        dynamodb.meta.events.register(
            f"provide-client-params.dynamodb.{operation}",
            lambda params, **_: asked.append(params),
        )

    dynamo_ledger.campaign(CAMPAIGN_ID)
    dynamo_ledger.batch(BATCH_ID)
    dynamo_ledger.pause()
    list(dynamo_ledger.entries(CAMPAIGN_ID))
    list(dynamo_ledger.entries_within(CAMPAIGN_ID, 1, 2))

    assert [each["ConsistentRead"] for each in asked] == [True] * 5


def test_campaigns_whose_end_nobody_was_told_are_found_until_somebody_was(ledger: Ledger) -> None:
    campaign = replace(LEAST_CAMPAIGN, status=Status.CLOSED, revision=1, is_open=False)
    ledger.write(None, campaign)

    assert list(ledger.untold_campaign_ids()) == [campaign.campaign_id]
    assert list(ledger.open_campaign_ids()) == []
    ledger.write(campaign, campaign.told("closed"))
    assert list(ledger.untold_campaign_ids()) == []
    assert ledger.campaign(campaign.campaign_id) == campaign.told("closed")


def test_a_campaign_that_only_the_index_takes_for_open_is_passed_over(
    dynamo_ledger: DynamoLedger, dynamodb: "DynamoDBClient"
) -> None:
    closed = item_of(replace(FULL_CAMPAIGN, is_open=False))
    with Stubber(dynamodb) as stubber:
        stubber.add_response("query", {"Items": [closed]})
        stubber.add_response("get_item", {"Item": closed})

        assert list(dynamo_ledger.open_campaigns()) == []


def test_a_campaign_that_only_the_index_still_has_is_passed_over(
    dynamo_ledger: DynamoLedger, dynamodb: "DynamoDBClient"
) -> None:
    with Stubber(dynamodb) as stubber:
        stubber.add_response("query", {"Items": [item_of(FULL_CAMPAIGN)]})
        stubber.add_response("get_item", {})

        assert list(dynamo_ledger.open_campaigns()) == []


def test_a_write_whose_answer_was_lost_is_measured_once_it_is_known_to_stand(
    dynamodb: "DynamoDBClient", ledger_table: str
) -> None:
    measured: list[Measured] = []
    DynamoLedger(dynamodb, ledger_table).write(None, FULL_BATCH)

    ledger = DynamoLedger(dynamodb, ledger_table, measure=measured.append)
    other = ledger.write(None, replace(FULL_BATCH, token="mine"))
    assert (other, measured) == (FULL_BATCH, [])
    ledger.write(None, FULL_BATCH)

    assert len(measured) == 1


def test_each_of_those_who_look_at_once_is_shown_its_own(dynamo_ledger: DynamoLedger) -> None:
    entries = [replace(LEAST_BATCH, batch_id=f"{CAMPAIGN_ID}-{each:06d}") for each in range(10)]
    for entry in entries:
        dynamo_ledger.write(None, entry)

    with ThreadPoolExecutor(10) as threads:
        snapshots = list(threads.map(dynamo_ledger.snapshot, [e.batch_id for e in entries]))

    assert [each.batch for each in snapshots] == entries


def test_a_look_that_was_answered_in_part_is_not_acted_on(
    dynamo_ledger: DynamoLedger, dynamodb: "DynamoDBClient", ledger_table: str
) -> None:
    key = {"campaign_id": {"S": "stack"}, "entry": {"S": "pause"}}
    with Stubber(dynamodb) as stubber:
        stubber.add_response(
            "batch_get_item",
            {
                "Responses": {ledger_table: []},
                "UnprocessedKeys": {ledger_table: {"Keys": [key], "ConsistentRead": True}},
            },
        )

        with pytest.raises(LedgerUnavailable):
            dynamo_ledger.snapshot(BATCH_ID)


def test_a_write_on_an_entry_that_has_expired_says_so(dynamo_ledger: DynamoLedger) -> None:
    later = replace(FULL_BATCH, revision=FULL_BATCH.revision + 1)

    with pytest.raises(LedgerUnavailable):
        dynamo_ledger.write(FULL_BATCH, later)


def test_what_a_later_release_wrote_beside_our_fields_is_carried_over(
    dynamo_ledger: DynamoLedger, dynamodb: "DynamoDBClient", ledger_table: str
) -> None:
    dynamo_ledger.write(None, FULL_BATCH)
    dynamodb.update_item(
        TableName=ledger_table,
        Key={"campaign_id": {"S": CAMPAIGN_ID}, "entry": {"S": f"batch#{BATCH_ID}"}},
        UpdateExpression="SET shade = :dark",
        ExpressionAttributeValues={":dark": {"S": "dark"}},
    )

    stands = dynamo_ledger.snapshot(BATCH_ID).batch
    assert stands is not None
    dynamo_ledger.write(stands, stands.moved(State.SENT, at=NOW))

    [item] = dynamodb.scan(TableName=ledger_table)["Items"]
    assert (item["state"], item["shade"]) == ({"S": "sent"}, {"S": "dark"})


def test_entries_expire_where_the_table_looks_for_it(
    dynamo_ledger: DynamoLedger,
    dynamodb: "DynamoDBClient",
    ledger_table: str,
    template: dict[str, Any],
) -> None:
    attribute = template["Resources"]["LedgerTable"]["Properties"]["TimeToLiveSpecification"][
        "AttributeName"
    ]
    dynamo_ledger.write(None, FULL_BATCH)
    dynamo_ledger.write(None, FULL_CAMPAIGN)

    for item in dynamodb.scan(TableName=ledger_table)["Items"]:
        assert item[attribute] == {"N": str(int(NOW))}


def test_the_log_is_told_of_a_write_that_stands_and_of_no_other(
    dynamodb: "DynamoDBClient", ledger_table: str
) -> None:
    lines: list[LogLine] = []
    ledger = DynamoLedger(dynamodb, ledger_table, tell=lines.append)
    begun = ledger.write(None, campaign())

    halted = ledger.write(begun, begun.halted("isv.A"))
    ledger.write(begun, begun.halted("isv.B"))

    assert halted.halt_code == "isv.A"
    assert [(each.message, each.fields.get("code")) for each in lines] == [
        ("campaign begun", None),
        ("campaign halted", "isv.A"),
    ]


def test_campaigns_are_found_until_their_last_receipts_are_looked_up(ledger: Ledger) -> None:
    campaign = replace(
        LEAST_CAMPAIGN, status=Status.CLOSED, revision=1, looks=NO_LOOKS.begun(at=NOW)
    )
    ledger.write(None, campaign)
    ended = replace(campaign, is_open=False, revision=2)
    told = ended.told("closed")
    last = told.looks.under_way(at=NOW + LOOKS[-1])
    looked = told.looked(last.ended(look=last.receipts_look, at=NOW))
    reported = replace(looked, status=Status.CLOSED, is_open=False, revision=looked.revision + 1)
    all_told = reported.told("receipts")

    steps = [
        *[(campaign, ended), (ended, told), (told, looked)],
        *[(looked, reported), (reported, all_told)],
    ]
    found = []
    for before, after in steps:
        found.append(list(ledger.looked_at_campaign_ids()))
        assert ledger.write(before, after) == after

    assert found == [[campaign.campaign_id]] * 5
    assert list(ledger.looked_at_campaign_ids()) == []
    assert list(ledger.untold_campaign_ids()) == []
    assert ledger.campaign(campaign.campaign_id) == all_told
