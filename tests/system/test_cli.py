"""smsdrop, the command line, against the whole system: what it prints, and what comes of that."""

import json
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from local import ROOT
from tests.support.command_line import SMSDROP, answer, environment, smsdrop
from tests.support.whole_system import FOLDER, System, file_of, new_numbers

pytest_plugins = ["tests.support.system_fixtures"]
pytestmark = pytest.mark.system

TEMPLATE_AND_SIGN = ("--template", "SMS_154950909", "--sign", "云通信")


def test_a_file_is_dropped_and_watched_to_its_end(system: System, tmp_path: Path) -> None:
    numbers = new_numbers(300)
    file = tmp_path / "watched 7月.csv"
    file.write_bytes(file_of(numbers))
    key = f"{FOLDER}/{file.name}"

    with subprocess.Popen(  # noqa: S603 - our own command
        [SMSDROP, "drop", file, *TEMPLATE_AND_SIGN, "--watch", "--json"],
        cwd=ROOT,
        env=environment(system),
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        system.wait(lambda: system.campaign(key), what="campaign")
        report = system.closed(key)
        out, _ = process.communicate(timeout=30)

    dropped, *looks = map(json.loads, out.splitlines())
    assert process.returncode == 0
    assert (dropped["key"], dropped["campaign_id"]) == (key, report.summary["campaign_id"])
    assert [each["status"] for each in looks[:-1]].count("closed") == 0
    assert (looks[-1]["status"], looks[-1]["sent"]) == ("closed", 300)
    assert system.not_once(numbers) == {}


def test_a_refused_file_that_is_watched_exits_with_1_and_says_why(
    system: System, tmp_path: Path
) -> None:
    file = tmp_path / "nobody.csv"
    file.write_bytes(b"name,amount\nx,1\n")

    done = smsdrop(system, "drop", str(file), *TEMPLATE_AND_SIGN, "--watch")

    assert done.returncode == 1
    assert "refused" in done.stdout
    assert "not sent to its end" in done.stderr


def test_a_cancel_by_file_name_stops_it_and_says_how_many_had_gone(system: System) -> None:
    numbers = new_numbers(30_000)  # some fifteen seconds of sending
    system.gateway.change_settings(latency_seconds=1)
    key = system.drop("cancelled by name.csv", numbers)
    system.wait_for_texts(100)

    said = smsdrop(system, "cancel", "cancelled by name.csv")
    counted = answer(system, "cancel", key.removeprefix("incoming/"))
    system.gateway.change_settings(latency_seconds=0)
    report = system.closed(key)
    too_late = smsdrop(system, "cancel", report.summary["campaign_id"])

    assert said.returncode == 0
    assert " of 30,000 had been sent by then" in said.stdout
    assert counted["code"] == "order_cancelled_already"
    assert 100 <= counted["sent"] <= report.summary["sent"]
    assert report.summary["sent"] <= counted["sent"] + counted["under_way"]
    assert report.summary["cancelled"] == 30_000 - report.summary["sent"] > 0
    assert (too_late.returncode, too_late.stdout) == (1, "")
    assert "has ended (cancelled)" in too_late.stderr


def test_a_person_is_found_while_the_file_is_sent_and_after_it(system: System) -> None:
    numbers = new_numbers(150)
    system.gateway.change_settings(latency_seconds=0.5)
    key = system.drop("found.csv", numbers)
    system.queued(key)
    number = numbers[120]

    [before] = answer(system, "find", number)["texts"]
    system.gateway.change_settings(latency_seconds=0)
    system.closed(key)
    spelled = f"+86 {number[:3]}-{number[3:7]}-{number[7:]}"
    [after] = answer(system, "find", spelled)["texts"]
    shown = smsdrop(system, "find", number).stdout
    nobody = smsdrop(system, "find", new_numbers(1)[0])

    assert before["status"] in {"pending", "sent"}
    assert (after["status"], after["file"], after["sign_name"]) == ("sent", key, "云通信")
    assert after["params"] == {"name": "张120"}
    assert after["campaign_id"] == system.campaign_id(key)
    assert (number in shown, numbers[119] in shown) == (True, False)
    assert (nobody.returncode, nobody.stdout) == (1, "")


def test_the_status_and_the_log_are_told_of_any_campaign(system: System) -> None:
    key = system.drop("told of.csv", new_numbers(120))
    system.closed(key)
    campaign_id = system.campaign_id(key)

    listed = answer(system, "status")
    one = answer(system, "status", campaign_id[-16:])
    log = smsdrop(system, "logs", "told of.csv")

    assert campaign_id in [each["campaign_id"] for each in listed["campaigns"]]
    assert (one["status"], one["accepted"], one["sent"], one["pending"]) == ("closed", 120, 120, 0)
    assert log.stdout.count("batch done") == 2
    assert "ParseRecipients file parsed" in log.stdout


@pytest.mark.parametrize(
    "words",
    [
        pytest.param(["status", "no such.csv"], id="a campaign that there is not"),
        pytest.param(["cancel", "no such.csv"], id="an order about what there is not"),
        pytest.param(["status", "--stack", "no-such"], id="a stack that there is not"),
        pytest.param(["status", "--profile", "no-such"], id="a profile that there is not"),
        pytest.param(["status", "--endpoint-url", "http://127.0.0.1:9"], id="nobody there"),
    ],
)
def test_what_cannot_be_done_exits_with_1_and_one_sentence(
    system: System, words: list[str]
) -> None:
    done = smsdrop(system, *words)

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("smsdrop: ")
    assert done.stderr.count("\n") == 1


def test_a_mistyped_cancel_fails_by_make_too(system: System) -> None:
    done = subprocess.run(
        ["make", "--no-print-directory", "cancel", "CAMPAIGN=mistyped.csv"],  # noqa: S607 - make is on the PATH
        cwd=ROOT,
        env=environment(system),
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode != 0
    assert "No campaign is known by mistyped.csv" in done.stderr


def test_the_whole_stack_is_paused_and_resumed(system: System) -> None:
    paused = answer(system, "pause")
    while_paused = answer(system, "status")["paused"]
    resumed = answer(system, "resume")

    assert (paused["code"], while_paused) == ("order_stack_paused", True)
    assert resumed["code"] == "order_stack_resumed"


@pytest.fixture
def colleague(system: System) -> Callable[[], Mapping[str, str]]:
    """Make another principal, with the same permissions as the one who drops."""

    def made() -> Mapping[str, str]:
        iam = system.stack.clients.iam
        iam.create_user(UserName="colleague")
        allowed = {"Effect": "Allow", "Action": "*", "Resource": "*"}
        document = json.dumps({"Version": "2012-10-17", "Statement": [allowed]})
        iam.put_user_policy(UserName="colleague", PolicyName="all", PolicyDocument=document)
        pair = iam.create_access_key(UserName="colleague")["AccessKey"]
        return {
            "AWS_ACCESS_KEY_ID": pair["AccessKeyId"],
            "AWS_SECRET_ACCESS_KEY": pair["SecretAccessKey"],
        }

    return made


def test_who_drops_can_not_approve_and_a_colleague_can(
    system: System, colleague: Callable[[], Mapping[str, str]], tmp_path: Path
) -> None:
    file = tmp_path / "approved.csv"
    file.write_bytes(file_of(new_numbers(10)))
    dropped = answer(system, "drop", str(file), *TEMPLATE_AND_SIGN, "--approve")
    system.wait(
        lambda: system.campaign(dropped["key"]).get("status") == {"S": "held"}, what="held campaign"
    )

    waits = answer(system, "status", "approved.csv")
    by_dropper = smsdrop(system, "approve", "approved.csv")
    by_colleague = answer(system, "approve", "approved.csv", by=colleague())
    system.close()
    report = system.closed(dropped["key"])

    assert waits["held_for"] == "approval"
    assert dropped["campaign_id"] in waits["waits_for"]
    assert (by_dropper.returncode, "can not approve" in by_dropper.stderr) == (1, True)
    assert by_colleague["code"] == "order_approved"
    assert report.summary["sent"] == 10


def test_dead_letters_are_queued_again_and_what_is_no_batch_stays(system: System) -> None:
    key = system.drop("redriven.csv", new_numbers(10))
    system.closed(key)
    [batch] = system.batches(key)
    sqs = system.stack.clients.sqs
    for body in (batch, "no batch"):
        sqs.send_message(QueueUrl=system.stack.dead_letter_queue_url, MessageBody=body)

    taken = answer(system, "redrive")
    sqs.purge_queue(QueueUrl=system.stack.dead_letter_queue_url)

    assert taken == {"moved": 1, "left": 1}
    system.wait_for_empty_queues()
