"""SendBatch is built from the variables that the template gives its function, and no others."""

import pytest

from local.template.reading import Template
from smsdrop.ledger.batch_entry import Timing
from smsdrop.wiring.send_batch import rate_limiter, send_batch
from tests.support.wired import own_variables, wired

pytest_plugins = ["tests.support.aws_fixtures"]

BY_DEFAULT = Timing(claim_seconds=3, call_seconds=16, settle_after_seconds=900)


def test_everything_that_the_function_is_told_is_asked_for(template: Template) -> None:
    adapters = wired(template, "SendBatch")

    send_batch(adapters, rate_limiter(adapters))
    _ = adapters.dead_letters  # the handler's own, for what is no batch
    _ = adapters.settings.max_rejected_percent  # read together with the first new list

    assert adapters.environment.asked_for >= set(own_variables(template, "SendBatch"))


def test_limits_are_those_of_the_template(template: Template) -> None:
    adapters = wired(template, "SendBatch", MAX_AGE_DAYS="2", MAX_ATTEMPTS="7")

    use_case = send_batch(adapters, rate_limiter(adapters))

    assert use_case.limits.timing == BY_DEFAULT
    assert use_case.limits.max_age_seconds == 2 * 24 * 3600
    assert use_case.settling.max_attempts == 7


def test_a_claim_and_its_call_take_no_longer_than_the_functions_time_allows(
    template: Template,
) -> None:
    adapters = wired(template, "SendBatch", SEND_TIMEOUT_SECONDS="12", SETTLE_AFTER_SECONDS="30")

    timing = send_batch(adapters, rate_limiter(adapters)).limits.timing

    assert timing == Timing(claim_seconds=1, call_seconds=6, settle_after_seconds=30)


@pytest.mark.parametrize(
    ("calls", "senders", "seconds"), [("50", "2", 0.04), ("0.1", "1", 10), ("50", "1000", 20)]
)
def test_each_sender_has_its_share_of_the_rate(
    template: Template, calls: str, senders: str, seconds: float
) -> None:
    adapters = wired(template, "SendBatch", CALLS_PER_SECOND=calls, MAXIMUM_CONCURRENCY=senders)

    assert rate_limiter(adapters).interval_seconds == seconds


def test_all_parts_of_the_use_case_share_their_adapters_and_the_rate(template: Template) -> None:
    adapters = wired(template, "SendBatch")
    rate = rate_limiter(adapters)

    use_case = send_batch(adapters, rate)

    assert use_case.rate is rate
    ledgers = (use_case.ledger, use_case.settling.ledger, use_case.recording.ledger)
    assert len({*map(id, ledgers)}) == 1
    assert use_case.gateway is use_case.settling.lookup
    assert use_case.keys is use_case.settling.keys
    assert sorted(name for name, _ in adapters.session.made) == [
        "dynamodb",
        "s3",
        "secretsmanager",
        "sqs",
    ]


def test_no_two_claims_have_the_same_token(template: Template) -> None:
    adapters = wired(template, "SendBatch")
    use_case = send_batch(adapters, rate_limiter(adapters))

    assert len({use_case.fresh_token() for _ in range(100)}) == 100
