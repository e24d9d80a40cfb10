"""No log line holds a phone number or a key: the whole system, on good days and on bad ones."""

import json
import re
import unicodedata
from collections.abc import Iterable, Sequence

import pytest

from local.demo import FAULTS, FILES
from local.gateway.client import Gateway
from local.gateway.faults import Fault
from local.stack import Stack
from tests.conftest import DeployStack
from tests.support.interference import bucket_silent, parser_broken
from tests.support.whole_system import FOLDER, System, file_of, new_numbers

pytest_plugins = ["tests.support.system_fixtures"]
pytestmark = pytest.mark.system

ESCAPE = re.compile(r"\\u([0-9a-fA-F]{4})")
BETWEEN_DIGITS = re.compile(r"[\s()‐-―-]")
NUMBER = re.compile(r"(?=(1[3-9][0-9]{9}))")

ENVIRONMENT = ("AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN")
"""Names that stand in a line only where a whole environment was logged."""


@pytest.fixture(scope="module")
def own_stack(deploy_quick: DeployStack) -> Stack:
    return deploy_quick("logged")


@pytest.fixture
def own_system(own_stack: Stack, reset_gateway: Gateway) -> System:
    reset_gateway.reset()
    return System(stack=own_stack, gateway=reset_gateway)


def telling(lines: Iterable[str], numbers: Sequence[str], secrets: Sequence[str]) -> list[str]:
    """Return the lines that hold one of the numbers, however it is spelt, or of the secrets."""
    known = set(numbers)
    return [
        line
        for line in lines
        if known & set(NUMBER.findall(plain(line))) or any(each in line for each in secrets)
    ]


def plain(line: str) -> str:
    """Return the line with plain digits, and nothing between them that a person might put there."""
    unescaped = ESCAPE.sub(lambda match: chr(int(match[1], 16)), line)
    return BETWEEN_DIGITS.sub("", unicodedata.normalize("NFKC", unescaped))


@pytest.mark.parametrize(
    "line",
    [
        pytest.param("to 13800138000", id="bare"),
        pytest.param("+86 138-0013-8000", id="as people write it"),
        pytest.param("\\uff11\\uff13\\uff1800138000", id="wide digits, escaped"),
        pytest.param('{"to": ["8613800138000"]}', id="in JSON, with the country code"),
        pytest.param("key LTAI-secret", id="a secret"),
    ],
)
def test_a_telling_line_would_be_found(line: str) -> None:
    assert telling([line, "harmless 13800138001"], ["13800138000"], ["LTAI-secret"]) == [line]


def test_no_log_line_of_the_demo_holds_a_phone_number_or_a_key(own_system: System) -> None:
    system = own_system
    for fault in FAULTS:
        system.gateway.add_fault(fault)

    keys = [system.put(f"{FOLDER}/{file.name}", file.read_bytes()) for file in FILES]
    reports = [system.closed(key) for key in keys]

    cells = [next(iter(row.values())) for report in reports for row in report.rows()]
    numbers = [plain(cell)[-11:] for cell in cells if cell]
    lines = system.stack.log_lines()
    assert sum(report.summary["sent"] for report in reports) > 300
    assert telling(lines, [*system.texts(), *numbers], secrets_of(system)) == []
    assert "batch done" in str(lines)


def test_no_log_line_holds_a_phone_number_or_a_key_whatever_goes_wrong(own_system: System) -> None:
    system = own_system
    numbers = new_numbers(1200)
    misread_messages(system, numbers[:10])
    unusable_files(system, numbers[10:200])
    refused_with_an_echo(system, numbers[200:300])
    answered_in_every_way(system, numbers[300:])

    lines = system.stack.log_lines()

    said = str(lines)
    phrases = ("not a batch", "parsing failed for good", "SignatureDoesNotMatch", "in doubt")
    assert [phrase for phrase in phrases if phrase not in said] == []
    assert telling(lines, numbers, secrets_of(system)) == []


def secrets_of(system: System) -> list[str]:
    return [system.stack.access_key_id, system.stack.access_key_secret, *ENVIRONMENT]


def misread_messages(system: System, numbers: Sequence[str]) -> None:
    """Queue messages that are no batches, but hold phone numbers."""
    sqs, url = system.stack.clients.sqs, system.stack.queue_url
    bodies = [str(numbers), json.dumps({"phone_numbers": numbers, numbers[0]: "", "sign_name": ""})]
    for body in bodies:
        sqs.send_message(QueueUrl=url, MessageBody=body)
    system.wait(lambda: system.stack.queue_counts().dead == len(bodies), what="dead letters")
    sqs.purge_queue(QueueUrl=system.stack.dead_letter_queue_url)


def unusable_files(system: System, numbers: Sequence[str]) -> None:
    system.closed(system.drop(f"{numbers[0]}.csv", numbers, folder=f"incoming/{numbers[1]}"))
    system.closed(system.put(f"{FOLDER}/not UTF-8.csv", file_of(numbers).decode().encode("gbk")))
    with parser_broken(system, "BUCKET", "no-such-bucket"):
        key = system.drop(f"to {numbers[0]}.csv", numbers)
        system.wait(lambda: "file put off" in str(system.stack.log_lines()), what="a retry")
    system.closed(key)
    with bucket_silent(system):
        hopeless = system.drop(f"also to {numbers[0]}.csv", [numbers[1]])
    system.stack.invoke("ParseRecipients", system.failed_event(hopeless, failed_at=0))
    system.closed(hopeless)


def refused_with_an_echo(system: System, numbers: Sequence[str]) -> None:
    """Have the gateway refuse a signature, with all that was signed in its message."""
    key_id, secret = system.stack.access_key_id, system.stack.access_key_secret
    system.gateway.put_key(key_id, "another secret")
    key = system.drop("echo.csv", numbers)
    system.wait(lambda: system.pause(), what="pause")
    system.gateway.put_key(key_id, secret)
    system.operate("resume")
    system.closed(key)


def answered_in_every_way(system: System, numbers: Sequence[str]) -> None:
    answers = (
        "isv.MOBILE_NUMBER_ILLEGAL",
        "isp.SYSTEM_ERROR",
        "NotAnyKnownCode",
        "Throttling.User",
    )
    first = len(system.calls()) + 1
    for place, code in enumerate(answers, start=first):
        message = f"about {numbers[0]} {numbers[-1]} {system.stack.access_key_id}"
        system.gateway.add_fault(Fault(kind="answer", code=code, message=message, numbers=(place,)))
    for place, kind in enumerate(("drop_before", "drop_after", "garbage"), start=first + 4):
        system.gateway.add_fault(Fault(kind=kind, body=str(numbers), numbers=(place,)))
    system.closed(system.drop("every answer.csv", numbers))
