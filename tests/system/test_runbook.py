"""The person on call handles what can go wrong by the runbook's words alone: the whole system."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from local.gateway.catalogue import CatalogueTemplate, Status
from local.gateway.faults import Fault
from local.stack import Stack
from tests.conftest import DeployStack
from tests.support.runbook import Operator, commands, section
from tests.support.whole_system import FOLDER, System, new_numbers

pytest_plugins = ["tests.support.system_fixtures"]
pytestmark = pytest.mark.system

PATH = FOLDER.removeprefix("incoming/")
TEMPLATE_CODE, SIGN_NAME = PATH.split("/")


@pytest.fixture(scope="module")
def system_stack(deploy_quick: DeployStack) -> Stack:
    return deploy_quick("on-call")


def lines(system: System, message: str) -> list[dict[str, Any]]:
    """Return what the functions have logged under this name."""
    found = [json.loads(line) for line in system.stack.log_lines() if f'"{message}"' in line]
    return [each for each in found if each["message"] == message]


def test_a_balance_that_runs_out_is_topped_up_and_everyone_is_texted_once(
    system: System, operator: Operator
) -> None:
    numbers = new_numbers(1000)
    look, resume = commands("Sending is paused")
    system.gateway.set_balance(300)
    key = system.drop("no balance.csv", numbers)
    system.wait(lambda: system.pause(), what="pause")

    seen = json.loads(operator.type(look))
    code = seen["Item"]["code"]["S"]
    advice = next(each for each in section("Sending is paused").splitlines() if f"`{code}`" in each)
    assert "top up the account" in advice
    assert lines(system, "sending paused")[-1]["code"] == code
    system.gateway.set_balance(None)  # as the runbook says
    operator.type(resume)
    report = system.closed(key)

    assert lines(system, "sending resumed")
    assert system.not_once(numbers) == {}
    assert (report.summary["outcome"], report.summary["sent"]) == ("completed", 1000)
    assert report.is_balanced
    system.wait_for_empty_queues()


def test_a_message_that_is_no_batch_is_found_and_thrown_away_and_no_other_with_it(
    system: System, operator: Operator
) -> None:
    numbers = new_numbers(300)
    look, redrive, receive, delete = commands("Dead letters")
    poison = f"to {new_numbers(1)[0]}"
    system.stack.clients.sqs.send_message(QueueUrl=system.stack.queue_url, MessageBody=poison)
    key = system.drop("beside a poison.csv", numbers)
    system.wait(lambda: system.stack.queue_counts().dead, what="a dead letter")
    report = system.closed(key)

    seen = operator.type(look)
    answer = operator.type(redrive)
    while "Messages" not in (received := json.loads(operator.type(receive))):
        pass  # as the runbook says
    [message] = received["Messages"]
    operator.type(delete, receipt_handle=message["ReceiptHandle"])

    assert "not a batch" in seen
    assert poison not in seen
    assert "0 batches are queued again." in answer
    assert "1 messages are no batches, and stay." in answer
    assert message["Body"] == poison
    assert system.not_once(numbers) == {}
    assert report.summary["sent"] == 300
    assert report.is_balanced
    system.wait_for_empty_queues()


@contextmanager
def denied(system: System, function: str, action: str) -> Iterator[None]:
    """Take a permission from a function until the block ends."""
    clients = system.stack.clients
    name = system.stack.function(function)
    arn = clients.functions.get_function_configuration(FunctionName=name)["Role"]
    role = arn.rpartition("/")[2]
    statement = {"Effect": "Deny", "Action": action, "Resource": "*"}
    clients.iam.put_role_policy(
        RoleName=role,
        PolicyName="mistake",
        PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [statement]}),
    )
    try:
        yield
    finally:
        clients.iam.delete_role_policy(RoleName=role, PolicyName="mistake")


def test_a_file_that_cannot_be_judged_for_want_of_a_permission_is_sent_once_it_is_there(
    system: System, operator: Operator
) -> None:
    numbers = new_numbers(300)
    look, count = commands("A file waits to be judged")
    with denied(system, "ParseRecipients", "s3:PutObject"):
        key = system.drop("no permission.csv", numbers)
        system.wait(lambda: system.stack.waiting_files() == 1, what="end of the tries")
        system.wait(lambda: lines(system, "file put off"), what="a retry")

        seen = [json.loads(each) for each in json.loads(operator.type(look))]
        waiting = json.loads(operator.type(count))["Attributes"]
    report = system.closed(key)
    system.wait(lambda: system.stack.waiting_files() == 0, what="end of the retries")
    left = json.loads(operator.type(count))["Attributes"]

    of_file = [each for each in seen if each.get("file") == key]
    assert {each["code"] for each in of_file} == {"AccessDenied"}
    assert {each["where"].partition(":")[0] for each in of_file} == {"aws/s3.py"}
    assert sum(int(waiting[each]) for each in waiting if each.startswith("Approximate")) == 1
    assert not any(int(left[each]) for each in left if each.startswith("Approximate"))
    assert system.not_once(numbers) == {}
    assert report.summary["sent"] == 300
    assert report.is_balanced


def test_batches_in_doubt_of_which_the_provider_does_not_tell_are_settled_once_it_may(
    system: System, operator: Operator
) -> None:
    numbers = new_numbers(500)
    title = "Batches are in doubt for long"
    look, *hurry = commands(title)
    system.gateway.add_fault(Fault(kind="drop_after", numbers=(2, 3)))
    system.gateway.add_fault(Fault(kind="drop_before", numbers=(4,)))
    system.gateway.add_fault(
        Fault(kind="answer", action="QuerySendDetails", code="isp.RAM_PERMISSION_DENY")
    )
    key = system.drop("in doubt.csv", numbers)
    asked_in_vain = {"reason": "the provider did not say what it has sent"}
    system.wait(
        lambda: (
            len(
                {
                    each["batch_id"]
                    for each in lines(system, "batch deferred")
                    if each.items() >= asked_in_vain.items()
                }
            )
            == 3
        ),
        what="lookups in vain",
        timeout=60,
    )
    campaign_id = system.campaign_id(key)

    seen = [json.loads(each) for each in json.loads(operator.type(look, campaign_id=campaign_id))]
    [code] = {each["code"] for each in seen if each.items() >= asked_in_vain.items()}
    advice = next(each for each in section(title).splitlines() if f"`{code}`" in each)
    assert "`dysms:QuerySendDetails`" in advice
    texted_meanwhile = len(system.texts())
    system.gateway.clear_faults()  # as the runbook says
    operator.type_all(hurry, campaign_id=campaign_id)
    for _ in range(2):
        system.close()
    report = system.closed(key)

    assert texted_meanwhile == 400
    assert system.not_once(numbers) == {}
    assert (report.summary["outcome"], report.summary["sent"]) == ("completed", 500)
    assert report.is_balanced
    system.wait_for_empty_queues()


def know_template(system: System, *, status: Status) -> None:
    template = CatalogueTemplate(content="${name}，您好", status=status)
    system.gateway.set_catalogue(signs={SIGN_NAME: "approved"}, templates={TEMPLATE_CODE: template})


def test_a_template_that_is_refused_in_mid_campaign_halts_it_and_the_rest_is_sent_afterwards(
    system: System, operator: Operator
) -> None:
    numbers = new_numbers(5000)
    look, drop_the_rest = commands("A campaign is halted")
    know_template(system, status="approved")
    system.gateway.change_settings(latency_seconds=0.3)
    key = system.drop("halfway.csv", numbers)
    system.wait_for_texts(500)
    know_template(system, status="rejected")
    halted = system.closed(key)
    campaign_id = system.campaign_id(key)

    seen, *_ = [  # one for each sender that has halted it at the same moment
        each
        for each in map(json.loads, json.loads(operator.type(look)))
        if each["campaign_id"] == campaign_id
    ]
    advice = next(
        each for each in section("A campaign is halted").splitlines() if f"`{seen['code']}`" in each
    )
    assert "have the template approved" in advice
    know_template(system, status="approved")  # as the runbook says
    operator.type(
        drop_the_rest,
        path=key.removeprefix("incoming/"),
        campaign_id=campaign_id,
        folders=PATH,
    )
    rest = system.closed(f"{FOLDER}/{campaign_id}-unsent.csv")

    assert (halted.summary["outcome"], seen["file"]) == ("halted", key)
    assert 500 <= halted.summary["sent"] < 5000
    assert rest.summary["outcome"] == "completed"
    assert halted.summary["sent"] + rest.summary["sent"] == 5000
    assert system.not_once(numbers) == {}
    assert halted.is_balanced
    assert rest.is_balanced
    system.wait_for_empty_queues()
