"""What the template passes to a function in its environment, each setting with its type."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from math import inf

SECONDS_PER_DAY = 24 * 3600
SECONDS_PER_HOUR = 3600


@dataclass(frozen=True, slots=True)
class Settings:
    """Each is read when it is asked for: no function has them all."""

    environment: Mapping[str, str]

    @property
    def bucket(self) -> str:
        return self.environment["BUCKET"]

    @property
    def kms_key_arn(self) -> str:
        """The key that encrypts all that the stack keeps; empty if AWS's keys do."""
        return self.environment["KMS_KEY_ARN"]

    @property
    def ledger_table(self) -> str:
        return self.environment["LEDGER_TABLE"]

    @property
    def batch_queue_url(self) -> str:
        return self.environment["BATCH_QUEUE_URL"]

    @property
    def batch_queue_arn(self) -> str:
        return self.environment["BATCH_QUEUE_ARN"]

    @property
    def drop_retries_url(self) -> str:
        return self.environment["DROP_RETRIES_URL"]

    @property
    def dead_letters_url(self) -> str:
        return self.environment["DEAD_LETTERS_URL"]

    @property
    def send_batch_name(self) -> str:
        return self.environment["SEND_BATCH"]

    @property
    def close_campaigns_name(self) -> str:
        return self.environment["CLOSE_CAMPAIGNS"]

    @property
    def alarm_topic(self) -> str:
        return self.environment["ALARM_TOPIC"]

    @property
    def report_topic(self) -> str:
        """Empty if nobody is notified by mail."""
        return self.environment["REPORT_TOPIC"]

    @property
    def robots_secret(self) -> str:
        return self.environment["ROBOTS_SECRET"]

    @property
    def stack_name(self) -> str:
        return self.environment["POWERTOOLS_SERVICE_NAME"]

    @property
    def sms_endpoint(self) -> str:
        return self.environment["SMS_ENDPOINT"]

    @property
    def sms_keys_secret(self) -> str:
        return self.environment["SMS_KEYS_SECRET"]

    @property
    def send_timeout_seconds(self) -> float:
        return float(self.environment["SEND_TIMEOUT_SECONDS"])

    @property
    def settle_after_seconds(self) -> float:
        return float(self.environment["SETTLE_AFTER_SECONDS"])

    @property
    def max_age_seconds(self) -> float:
        return float(self.environment["MAX_AGE_DAYS"]) * SECONDS_PER_DAY

    @property
    def retention_seconds(self) -> float:
        return float(self.environment["RETENTION_DAYS"]) * SECONDS_PER_DAY

    @property
    def promo_window(self) -> str:
        return self.environment["PROMO_WINDOW"]

    @property
    def approve_above_texts(self) -> float:
        """Infinite if nothing has to be approved for its size."""
        return float(self.environment["APPROVE_ABOVE_TEXTS"] or inf)

    @property
    def test_numbers(self) -> tuple[str, ...]:
        """Each once: nobody may get a text twice."""
        numbers = (each.strip() for each in self.environment["TEST_NUMBERS"].split(","))
        return tuple(dict.fromkeys(filter(None, numbers)))

    @property
    def price_per_segment(self) -> Decimal | None:
        """None if the stack has no price."""
        price = self.environment["PRICE_PER_SEGMENT"]
        return Decimal(price) if price else None

    @property
    def repeat_seconds(self) -> float:
        return float(self.environment["REPEAT_HOURS"]) * SECONDS_PER_HOUR

    @property
    def max_attempts(self) -> int:
        return int(self.environment["MAX_ATTEMPTS"])

    @property
    def calls_per_second(self) -> float:
        return float(self.environment["CALLS_PER_SECOND"])

    @property
    def lookups_per_second(self) -> float:
        return float(self.environment["LOOKUPS_PER_SECOND"])

    @property
    def has_receipts(self) -> bool:
        return self.environment["RECEIPTS"] == "on"

    @property
    def canary_recipients(self) -> int:
        """0 if all of a file go at once, unless its path says otherwise."""
        return int(self.environment["CANARY_RECIPIENTS"])

    @property
    def canary_delivered_percent(self) -> float:
        return float(self.environment["CANARY_DELIVERED_PERCENT"])

    @property
    def maximum_concurrency(self) -> int:
        return int(self.environment["MAXIMUM_CONCURRENCY"])

    @property
    def language(self) -> str:
        return self.environment["LANGUAGE"]

    @property
    def default_template_code(self) -> str:
        return self.environment["DEFAULT_TEMPLATE_CODE"]

    @property
    def default_sign_name(self) -> str:
        return self.environment["DEFAULT_SIGN_NAME"]

    @property
    def allows_empty_params(self) -> bool:
        return self.environment["ALLOW_EMPTY_PARAMS"] == "yes"

    @property
    def checks_templates(self) -> bool:
        return self.environment["CHECK_TEMPLATES"] == "on"

    @property
    def checks_values(self) -> bool:
        return self.environment["CHECK_VALUES"] == "on"

    @property
    def is_international(self) -> bool:
        return self.environment["INTERNATIONAL"] == "on"

    @property
    def max_rejected_percent(self) -> float:
        return float(self.environment["MAX_REJECTED_PERCENT"])

    @property
    def max_rows(self) -> int:
        return int(self.environment["MAX_ROWS"])
