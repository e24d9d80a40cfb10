"""Each adapter is built once, from its own settings, and not before it is used."""

import pytest

from local.template.reading import Template
from smsdrop.alibaba.client import CallTimes
from smsdrop.aws.cloudwatch import Metrics
from smsdrop.aws.functions.closer import WAKE_CONFIG
from smsdrop.aws.session import CLIENT_CONFIG, SECRET_CONFIG, Session
from smsdrop.aws.sns import NOTICE_CONFIG
from smsdrop.metrics import Measured, Metric
from smsdrop.wiring.adapters import Adapters
from tests.support.raw_server import refusing_port
from tests.support.samples import CAMPAIGN_ID, KEY, batch_of, campaign
from tests.support.wired import Wired, wired

pytest_plugins = ["tests.support.aws_fixtures"]

CLIENTS: dict[str, tuple[str, object, set[str]]] = {
    "bucket": ("s3", None, {"BUCKET", "KMS_KEY_ARN"}),
    "ledger": ("dynamodb", CLIENT_CONFIG, {"LEDGER_TABLE"}),
    "queue": ("sqs", CLIENT_CONFIG, {"BATCH_QUEUE_URL"}),
    "dead_letters": ("sqs", CLIENT_CONFIG, {"DEAD_LETTERS_URL"}),
    "drop_retries": ("sqs", None, {"DROP_RETRIES_URL"}),
    "keys": ("secretsmanager", SECRET_CONFIG, {"SMS_KEYS_SECRET"}),
    "switch": ("lambda", None, {"SEND_BATCH", "BATCH_QUEUE_ARN"}),
    "topic": ("sns", NOTICE_CONFIG, {"ALARM_TOPIC"}),
    "report_topic": ("sns", NOTICE_CONFIG, {"REPORT_TOPIC"}),
    "robots": ("secretsmanager", SECRET_CONFIG, {"ROBOTS_SECRET"}),
}
"""By the adapter's name: its client, how that is configured, and what else it is built from."""

WITHOUT_CLIENT = {"gateway", "call_times", "closer", "deadline"}


@pytest.fixture
def adapters(template: Template) -> Wired:
    """Those of the function that has nearly all of them, and those that it lacks."""
    queues = {"DEAD_LETTERS_URL": "https://sqs/dead", "DROP_RETRIES_URL": "https://sqs/retries"}
    return wired(template, "CloseCampaigns", **queues)


def test_the_table_holds_every_adapter() -> None:
    public = {name for name in vars(Adapters) if not name.startswith("_")}

    assert public == set(CLIENTS) | WITHOUT_CLIENT


def test_nothing_is_made_and_nothing_asked_for_before_it_is_used(adapters: Wired) -> None:
    assert adapters.session.made == []
    assert adapters.environment.asked_for == set()


@pytest.mark.parametrize("name", CLIENTS)
def test_an_adapter_is_built_once_of_its_own_client_and_settings(
    adapters: Wired, name: str
) -> None:
    client, config, asked_for = CLIENTS[name]

    assert getattr(adapters, name) is getattr(adapters, name)
    assert adapters.session.made == [(client, config)]
    assert adapters.environment.asked_for == asked_for


def test_the_sms_api_needs_no_client_of_aws_and_is_built_once(adapters: Wired) -> None:
    assert adapters.gateway is adapters.gateway
    assert adapters.session.made == []
    assert adapters.environment.asked_for == {"SMS_ENDPOINT", "SEND_TIMEOUT_SECONDS"}


def test_the_closers_client_is_made_for_the_first_wake_up_and_no_sooner(template: Template) -> None:
    adapters = wired(template, "SendBatch")

    closer = adapters.closer
    made_before = list(adapters.session.made)
    with pytest.raises(AttributeError):  # what the session makes here can do nothing
        closer.wake(CAMPAIGN_ID)

    assert made_before == []
    assert adapters.session.made == [("lambda", WAKE_CONFIG)]
    assert adapters.environment.asked_for == {"CLOSE_CAMPAIGNS"}


def test_without_an_address_nobody_is_told_by_mail(template: Template) -> None:
    adapters = wired(template, "CloseCampaigns", REPORT_TOPIC="")

    assert adapters.report_topic is None
    assert adapters.session.made == []


def test_calls_are_given_their_part_of_the_functions_time(template: Template) -> None:
    adapters = wired(template, "SendBatch", SEND_TIMEOUT_SECONDS="24")

    assert adapters.call_times == CallTimes(connect_seconds=2, answer_seconds=8)


class Counting(Metrics):
    """Keeps what was counted instead of publishing it."""

    def __init__(self) -> None:
        super().__init__()
        self.counted: list[Measured] = []

    def add(self, measured: Measured) -> None:
        self.counted.append(measured)


def test_what_the_ledger_writes_is_counted(
    monkeypatch: pytest.MonkeyPatch, ledger_table: str
) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "cn-north-1")
    metrics = Counting()
    adapters = Adapters(Session(), {"LEDGER_TABLE": ledger_table}, metrics)

    adapters.ledger.write(None, campaign(halt_code="isv.SMS_TEMPLATE_ILLEGAL"))

    assert metrics.counted == [{Metric.CAMPAIGNS_HALTED: 1}]


def test_the_calls_that_send_texts_are_counted() -> None:
    metrics = Counting()
    with refusing_port() as url:
        environment = {"SMS_ENDPOINT": url, "SEND_TIMEOUT_SECONDS": "60"}

        Adapters(Session(), environment, metrics).gateway.send(batch_of(1), out_id="o", key=KEY)

    [counted] = metrics.counted
    assert (counted[Metric.CALLS], counted[Metric.CALLS_NOT_CONNECTED]) == (1, 1)
