"""Each setting is read from its variable, in its type and unit, when it is asked for."""

from decimal import Decimal
from math import inf

import pytest

from smsdrop.wiring.settings import Settings

SETTINGS: dict[str, tuple[str, str, object]] = {
    "bucket": ("BUCKET", "files", "files"),
    "kms_key_arn": ("KMS_KEY_ARN", "arn:aws:kms:key/1", "arn:aws:kms:key/1"),
    "ledger_table": ("LEDGER_TABLE", "ledger", "ledger"),
    "batch_queue_url": ("BATCH_QUEUE_URL", "https://sqs/batches", "https://sqs/batches"),
    "batch_queue_arn": ("BATCH_QUEUE_ARN", "arn:aws:sqs:batches", "arn:aws:sqs:batches"),
    "drop_retries_url": ("DROP_RETRIES_URL", "https://sqs/retries", "https://sqs/retries"),
    "dead_letters_url": ("DEAD_LETTERS_URL", "https://sqs/dead", "https://sqs/dead"),
    "send_batch_name": ("SEND_BATCH", "stack-SendBatch", "stack-SendBatch"),
    "close_campaigns_name": ("CLOSE_CAMPAIGNS", "stack-CloseCampaigns", "stack-CloseCampaigns"),
    "report_topic": ("REPORT_TOPIC", "arn", "arn"),
    "robots_secret": ("ROBOTS_SECRET", "arn", "arn"),
    "stack_name": ("POWERTOOLS_SERVICE_NAME", "smsdrop", "smsdrop"),
    "alarm_topic": ("ALARM_TOPIC", "arn:aws:sns:alarms", "arn:aws:sns:alarms"),
    "sms_endpoint": ("SMS_ENDPOINT", "https://sms", "https://sms"),
    "sms_keys_secret": ("SMS_KEYS_SECRET", "arn:aws:secret", "arn:aws:secret"),
    "send_timeout_seconds": ("SEND_TIMEOUT_SECONDS", "60", 60.0),
    "settle_after_seconds": ("SETTLE_AFTER_SECONDS", "0.5", 0.5),
    "max_age_seconds": ("MAX_AGE_DAYS", "13", 13 * 86_400.0),
    "max_attempts": ("MAX_ATTEMPTS", "5", 5),
    "calls_per_second": ("CALLS_PER_SECOND", "0.1", 0.1),
    "lookups_per_second": ("LOOKUPS_PER_SECOND", "200", 200.0),
    "has_receipts": ("RECEIPTS", "on", True),
    "canary_recipients": ("CANARY_RECIPIENTS", "100", 100),
    "canary_delivered_percent": ("CANARY_DELIVERED_PERCENT", "92.5", 92.5),
    "maximum_concurrency": ("MAXIMUM_CONCURRENCY", "2", 2),
    "language": ("LANGUAGE", "zh", "zh"),
    "default_template_code": ("DEFAULT_TEMPLATE_CODE", "", ""),
    "default_sign_name": ("DEFAULT_SIGN_NAME", "云通信", "云通信"),
    "allows_empty_params": ("ALLOW_EMPTY_PARAMS", "yes", True),
    "checks_templates": ("CHECK_TEMPLATES", "on", True),
    "checks_values": ("CHECK_VALUES", "on", True),
    "is_international": ("INTERNATIONAL", "on", True),
    "max_rejected_percent": ("MAX_REJECTED_PERCENT", "12.5", 12.5),
    "max_rows": ("MAX_ROWS", "10000000", 10**7),
    "retention_seconds": ("RETENTION_DAYS", "90", 90 * 86_400.0),
    "promo_window": ("PROMO_WINDOW", "0800-2000", "0800-2000"),
    "approve_above_texts": ("APPROVE_ABOVE_TEXTS", "1000", 1000.0),
    "test_numbers": (
        "TEST_NUMBERS",
        "13800138000, 13900139000,13800138000",
        ("13800138000", "13900139000"),
    ),
    "price_per_segment": ("PRICE_PER_SEGMENT", "0.045", Decimal("0.045")),
    "repeat_seconds": ("REPEAT_HOURS", "0.5", 1800.0),
}
"""By the setting's name: its variable, what that may be, and what this means."""


def test_the_table_holds_every_setting() -> None:
    properties = {name for name, each in vars(Settings).items() if isinstance(each, property)}

    assert properties == set(SETTINGS)


@pytest.mark.parametrize("name", SETTINGS)
def test_a_setting_is_what_its_variable_says(name: str) -> None:
    variable, text, value = SETTINGS[name]

    setting = getattr(Settings({variable: text}), name)

    assert (setting, type(setting)) == (value, type(value))


@pytest.mark.parametrize("name", [each for each in SETTINGS if SETTINGS[each][2] is True])
@pytest.mark.parametrize("text", ["off", "no", ""])
def test_a_switch_is_off_unless_it_is_on(name: str, text: str) -> None:
    assert getattr(Settings({SETTINGS[name][0]: text}), name) is False


def test_no_number_of_texts_has_to_be_approved_where_none_is_set() -> None:
    assert Settings({"APPROVE_ABOVE_TEXTS": ""}).approve_above_texts == inf


def test_there_are_no_test_numbers_where_none_are_set() -> None:
    assert Settings({"TEST_NUMBERS": ""}).test_numbers == ()


def test_there_is_no_price_where_none_is_set() -> None:
    assert Settings({"PRICE_PER_SEGMENT": ""}).price_per_segment is None


@pytest.mark.parametrize("name", SETTINGS)
def test_a_setting_that_its_function_does_not_have_is_missed_by_name(name: str) -> None:
    with pytest.raises(KeyError, match=SETTINGS[name][0]):
        getattr(Settings({}), name)
