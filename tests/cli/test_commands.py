"""What is typed, what is printed, and the exit status."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from local import ROOT
from smsdrop.batches.batch import nth_batch_id
from smsdrop.drops import FileVersion, campaign_id
from smsdrop.ledger.batch_entry import BatchEntry, State
from smsdrop.ledger.campaign import Counts, Status
from smsdrop.ledger.entries import Pause
from smsdrop.operations.answers import Answer
from smsdrop.operations.effects import FOLLOWED
from smsdrop.operations.orders import ORDERS, Order
from smsdrop.reasons import Reason
from smsdrop.receipts.looks import Looks
from smsdrop.receipts.part import Part, part_key
from smsdrop.receipts.receipt import Delivery, Receipt
from smsdrop_cli.commands.group import in_front
from tests.support.samples import CAMPAIGN_ID, NOW, batch_of, campaign, changed
from tests.support.terminal import EARLIER_ID, Terminal, known, put

pytest_plugins = ["tests.support.cli_fixtures"]

SMSDROP = Path(sys.executable).parent / "smsdrop"

PEOPLE = ("suppress", "unsuppress", "forget")

SENDING = campaign(counts=Counts(rows=300, accepted=300, batches=3))
CLOSED = replace(
    SENDING,
    campaign_id=EARLIER_ID,
    key="incoming/SMS_1/june.csv",
    status=Status.CLOSED,
    outcome="completed",
    counts=replace(SENDING.counts, sent=300),
    is_open=False,
)


def answers(terminal: Terminal, order: str, code: str, what: str = CAMPAIGN_ID) -> None:
    """Have an order answered while the command waits for it."""
    given = Order(name=order, what=what, mark="m", principal="AWS:A", at=terminal.now)
    answer = Answer(order=given, at=terminal.now + 1, said=(Reason(code, (what, "completed")),))
    terminal.during_sleep = lambda: put(terminal.stack, answer.key, answer.to_json("en"))


def test_the_status_lists_what_runs_and_what_has_ended_lately(terminal: Terminal) -> None:
    known(terminal.stack, SENDING)
    known(terminal.stack, CLOSED)

    typed = terminal.type("status", "--days", "3")
    lately = terminal.type("status", "--days", "1", "--json").data

    assert typed.exit_code == 0
    assert "july.csv" in typed.out
    assert "closed (completed)" in typed.out
    assert [each["campaign_id"] for each in lately["campaigns"]] == [CAMPAIGN_ID]


def test_the_status_says_that_the_stack_is_paused_and_by_whom(terminal: Terminal) -> None:
    paused = Pause(paused=True, code="smsdrop.PausedByHand", by="AWS:AIDA", revision=1)
    terminal.stack.ledger.write(None, paused)

    typed = terminal.type("status")
    data = terminal.type("status", "--json").data

    assert "paused for the whole stack" in typed.out
    assert "smsdrop.PausedByHand, by AWS:AIDA" in typed.out
    assert (data["paused"], data["paused_by"]) == (True, "AWS:AIDA")


def test_the_status_of_one_campaign_says_all_of_it(terminal: Terminal) -> None:
    known(terminal.stack, CLOSED)

    typed = terminal.type("status", "june.csv")

    assert "300 sent" in typed.out
    assert f"s3://files/reports/SMS_1/june.csv/{EARLIER_ID}/report.html" in typed.out
    assert terminal.type("status", "june.csv", "--json").data["sent"] == 300


def test_the_status_of_one_campaign_says_who_got_the_texts_once_that_is_known(
    terminal: Terminal,
) -> None:
    looks = Looks(
        receipts_from=1, receipts_at=9, receipts_as_of=1_767_323_000, delivered=280, undelivered=15
    )
    known(terminal.stack, replace(CLOSED, looks=looks))

    typed = terminal.type("status", "june.csv")

    assert "280 delivered, 15 undelivered, 5 pending (as of 2026-01-02 11:03" in typed.out
    receipts = terminal.type("status", "june.csv", "--json").data["receipts"]
    assert (receipts["delivered"], receipts["pending"], receipts["final"]) == (280, 5, False)


@pytest.mark.parametrize("words", [["status"], ["watch"], ["logs"], ["cancel"], ["pause"]])
def test_a_mistyped_name_exits_with_1_and_one_sentence(
    terminal: Terminal, words: list[str]
) -> None:
    known(terminal.stack, SENDING)

    typed = terminal.type(*words, "jully.csv", "--json")

    assert (typed.exit_code, typed.out) == (1, "")
    assert typed.err.startswith("smsdrop: No campaign is known by jully.csv")
    assert typed.err.count("\n") == 1


def test_a_cancel_by_file_name_says_how_many_had_been_sent(terminal: Terminal) -> None:
    known(terminal.stack, SENDING)
    for position, state in ((1, State.SENT), (2, State.SENDING)):
        entry = BatchEntry(
            batch_id=nth_batch_id(CAMPAIGN_ID, position), state=state, recipients=100
        )
        terminal.stack.ledger.write(None, entry)
    answers(terminal, "cancel", "order_cancelled")

    typed = terminal.type("cancel", "july.csv")

    assert typed.exit_code == 0
    assert "100 of 300 had been sent by then; 100 more are in calls under way" in typed.out


@pytest.mark.parametrize("order", ORDERS)
def test_an_order_that_is_refused_exits_with_1_and_says_why(terminal: Terminal, order: str) -> None:
    known(terminal.stack, CLOSED)
    answers(terminal, order, "order_ended", EARLIER_ID)

    typed = terminal.type(order, "june.csv")

    assert (typed.exit_code, typed.out) == (1, "")
    assert "has ended" in typed.err


@pytest.mark.parametrize("order", ["pause", "resume"])
def test_an_order_that_names_no_campaign_is_for_the_whole_stack(
    terminal: Terminal, order: str
) -> None:
    code = f"order_stack_{order}d"
    assert code in FOLLOWED
    answers(terminal, order, code, "stack")

    typed = terminal.type(order, "--json")

    assert (typed.exit_code, typed.data["code"]) == (0, code)


@pytest.mark.parametrize("order", ["cancel", "approve"])
def test_an_order_that_is_for_one_campaign_alone_has_to_name_it(
    terminal: Terminal, order: str
) -> None:
    assert terminal.type(order).exit_code == 2
    assert terminal.type(order, "").exit_code == 1
    assert terminal.stack.clients.s3.list_objects_v2(Bucket="files")["KeyCount"] == 0


def test_a_cancel_right_after_the_drop_waits_for_the_campaign_to_begin(terminal: Terminal) -> None:
    def begin() -> None:
        terminal.stack.ledger.write(None, SENDING)
        answers(terminal, "cancel", "order_cancelled")

    terminal.during_sleep = begin

    assert terminal.type("cancel", "july.csv").exit_code == 0


def test_a_file_is_dropped_and_its_campaign_named(terminal: Terminal, tmp_path: Path) -> None:
    file = tmp_path / "七月.csv"
    file.write_bytes(b"13800138000\n")

    typed = terminal.type(
        "drop", str(file), "--template", "SMS_9", "--sign", "云通信", "--window=0900-2000",
        "--approve", "--hidden", "--canary", "100", "--json",
    )  # fmt: skip

    key = "incoming/SMS_9/云通信/window=0900-2000/approve=yes/hidden=yes/canary=100/七月.csv"
    assert typed.data["key"] == key
    assert terminal.stack.clients.s3.head_object(Bucket="files", Key=key)["ContentLength"] == 12


def test_a_drop_that_its_report_would_refuse_drops_nothing(
    terminal: Terminal, tmp_path: Path
) -> None:
    file = tmp_path / "a.csv"
    file.touch()

    typed = terminal.type("drop", str(file), "--template", "SMS_9", "--window", "nine to five")

    assert typed.exit_code == 1
    assert "window=0900-2000" in typed.err
    assert terminal.stack.clients.s3.list_objects_v2(Bucket="files")["KeyCount"] == 0


@pytest.mark.parametrize(
    ("outcome", "more", "exit_code"),
    [
        pytest.param("completed", [], 0, id="sent"),
        pytest.param("halted", [], 1, id="halted"),
        pytest.param("preview", ["--only", "preview"], 0, id="was not to be sent"),
    ],
)
def test_a_drop_that_is_watched_exits_with_0_only_if_it_was_sent(
    terminal: Terminal, tmp_path: Path, outcome: str, more: list[str], exit_code: int
) -> None:
    file = tmp_path / "july.csv"
    file.write_bytes(b"13800138000\n")

    def end() -> None:
        [found] = terminal.stack.clients.s3.list_object_versions(Bucket="files")["Versions"]
        version = FileVersion(bucket="files", key=found["Key"], version_id=found["VersionId"])
        its_id = campaign_id(version, found["LastModified"])
        terminal.stack.ledger.write(None, replace(CLOSED, campaign_id=its_id, outcome=outcome))

    terminal.during_sleep = end

    typed = terminal.type("drop", str(file), "--template", "SMS_9", "--watch", *more)

    assert typed.exit_code == exit_code
    assert "300 of 300 sent" in typed.out
    assert (outcome in typed.err) == (exit_code == 1)


def test_watch_writes_a_line_of_json_for_each_look(terminal: Terminal) -> None:
    known(terminal.stack, SENDING)
    terminal.during_sleep = lambda: terminal.stack.ledger.write(
        SENDING, changed(SENDING, status=Status.CLOSED, outcome="completed")
    )

    typed = terminal.type("watch", "july.csv", "--json")

    assert [each.count('"status": "sending"') for each in typed.out.splitlines()] == [1, 0]


def test_watch_shows_a_bar_and_then_all_of_it(terminal: Terminal) -> None:
    known(terminal.stack, CLOSED)

    typed = terminal.type("watch", "june.csv")

    assert typed.exit_code == 0
    assert "300 of 300 sent" in typed.out
    assert "report" in typed.out


def test_find_prints_what_a_person_was_sent(terminal: Terminal) -> None:
    plan = f"work/{CAMPAIGN_ID}/0f/"
    known(terminal.stack, replace(SENDING, plan=plan))
    put(terminal.stack, f"{plan}batches.jsonl", f"{batch_of(5).to_json()}\n".encode())

    typed = terminal.type("find", "138-0000-0003")

    assert typed.exit_code == 0
    assert "name=张三3" in typed.out
    assert "13800000004" not in typed.out
    data = terminal.type("find", "13800000003", "--json").data
    assert (data["lists"], [each["status"] for each in data["texts"]]) == ([], ["pending"])


def test_find_says_whether_the_text_arrived_and_if_not_why(terminal: Terminal) -> None:
    plan = f"work/{CAMPAIGN_ID}/0f/"
    looks = Looks(receipts_from=1, receipts_at=9, receipts_as_of=5)
    known(terminal.stack, replace(SENDING, plan=plan, status=Status.CLOSED, looks=looks))
    batch = batch_of(5)
    put(terminal.stack, f"{plan}batches.jsonl", f"{batch.to_json()}\n".encode())
    entry = BatchEntry(batch_id=batch.batch_id, state=State.SENT, recipients=5, ended_at=NOW)
    terminal.stack.ledger.write(None, entry)
    failed = Receipt(delivery=Delivery.FAILED, code="NO_ROUTE", received_at=NOW)
    part = Part(receipts={(1, 3): failed}).to_bytes()
    put(terminal.stack, part_key(CAMPAIGN_ID, 0), part)

    typed = terminal.type("find", "13800000003")

    assert "undelivered: The provider has no route to this number. (NO_ROUTE)" in typed.out


def test_find_exits_with_1_for_who_was_never_sent_anything(terminal: Terminal) -> None:
    typed = terminal.type("find", "13800000003", "--json")

    assert (typed.exit_code, typed.out) == (1, "")
    assert "No campaign" in typed.err


def test_find_names_the_files_that_are_still_judged_where_it_finds_nothing(
    terminal: Terminal,
) -> None:
    known(terminal.stack, replace(SENDING, status=Status.PARSING))

    assert "still judged: incoming/SMS_154950909/" in terminal.type("find", "13800000003").err


def test_options_of_the_whole_may_stand_behind_the_command() -> None:
    words = ["drop", "a.csv", "--stack", "s", "--sign", "x", "--json", "--region=r", "--", "--json"]

    assert in_front(words) == [
        "--stack", "s", "--json", "--region=r", "drop", "a.csv", "--sign", "x", "--", "--json",
    ]  # fmt: skip


def test_the_command_is_there_after_make_setup_and_needs_no_aws_to_say_what_it_does() -> None:
    done = subprocess.run(  # noqa: S603 - our own command
        [SMSDROP, "--help"], cwd=ROOT, capture_output=True, text=True, check=True
    )

    for name in ("drop", "status", "watch", "find", "logs", "redrive", *PEOPLE, *ORDERS):
        assert f" {name} " in done.stdout
