"""Parsing is built from the variables that the template gives its functions."""

import pytest

from local.template.reading import Template
from smsdrop.parsing.campaign_terms import StackTerms
from smsdrop.parsing.plan_file import Defaults
from smsdrop.wiring.parse_recipients import parse_recipients, retry_parsing
from tests.support.wired import own_variables, wired

pytest_plugins = ["tests.support.aws_fixtures"]


def test_everything_that_the_function_is_told_is_asked_for(template: Template) -> None:
    adapters = wired(template, "ParseRecipients")

    retry_parsing(adapters)
    _ = adapters.drop_retries

    assert adapters.environment.asked_for >= set(own_variables(template, "ParseRecipients"))


def test_files_are_judged_by_the_settings_of_the_stack(template: Template) -> None:
    adapters = wired(
        template,
        "ParseRecipients",
        DEFAULT_TEMPLATE_CODE="SMS_9",
        DEFAULT_SIGN_NAME="云通信",
        ALLOW_EMPTY_PARAMS="yes",
        CHECK_VALUES="off",
        INTERNATIONAL="on",
        MAX_REJECTED_PERCENT="5",
        MAX_ROWS="1000",
        PROMO_WINDOW="0900-2100",
        APPROVE_ABOVE_TEXTS="5000",
        TEST_NUMBERS="13800138000,13900139000",
        MAX_AGE_DAYS="2",
        RETENTION_DAYS="30",
        CANARY_RECIPIENTS="200",
        CANARY_DELIVERED_PERCENT="95",
        RECEIPTS="off",
    )

    assert parse_recipients(adapters).plan_file.defaults == Defaults(
        template_code="SMS_9",
        sign_name="云通信",
        allow_empty_params=True,
        check_values=False,
        international=True,
        max_rejected_percent=5,
        max_rows=1000,
        test_numbers=("13800138000", "13900139000"),
        terms=StackTerms(
            promo_window="0900-2100",
            approve_above_texts=5000,
            max_age_seconds=2 * 24 * 3600,
            retention_seconds=30 * 24 * 3600,
            canary_recipients=200,
            canary_delivered_percent=95,
            has_receipts=False,
        ),
    )


def test_a_stack_that_nobody_has_configured_judges_as_the_code_does_by_itself(
    template: Template,
) -> None:
    assert parse_recipients(wired(template, "ParseRecipients")).plan_file.defaults == Defaults()


@pytest.mark.parametrize(("check", "is_asked"), [("on", True), ("off", False)])
def test_the_provider_is_asked_about_templates_unless_that_is_switched_off(
    template: Template, check: str, is_asked: bool
) -> None:
    adapters = wired(template, "ParseRecipients", CHECK_TEMPLATES=check)

    use_case = parse_recipients(adapters)

    assert (use_case.plan_file.template_check is not None) == is_asked
    assert ("SMS_KEYS_SECRET" in adapters.environment.asked_for) == is_asked


def test_no_two_plans_of_a_file_are_written_to_the_same_place(template: Template) -> None:
    plan_file = parse_recipients(wired(template, "ParseRecipients")).plan_file

    assert len({plan_file.fresh_token() for _ in range(100)}) == 100


def test_to_give_up_takes_the_same_bucket_and_ledger_as_to_parse(template: Template) -> None:
    adapters = wired(template, "ParseRecipients")

    give_up = retry_parsing(adapters).give_up_parsing

    assert (give_up.bucket, give_up.ledger) == (adapters.bucket, adapters.ledger)


def test_a_file_is_tried_again_for_as_long_as_a_batch_is(template: Template) -> None:
    adapters = wired(template, "ParseRecipients", MAX_AGE_DAYS="2")

    assert retry_parsing(adapters).max_age_seconds == 2 * 24 * 3600


def test_files_are_compared_with_those_of_the_hours_that_the_stack_says(
    template: Template,
) -> None:
    adapters = wired(template, "ParseRecipients", REPEAT_HOURS="3", MAX_ROWS="1000")

    plan_log = parse_recipients(adapters).plan_file.plan_log

    assert plan_log is not None
    assert plan_log.repeat_seconds == 3 * 3600
    assert plan_log.earlier_messages.most == 2000
    assert plan_log.earlier_messages.claim_seconds == adapters.call_times.connect_seconds > 0


def test_files_are_compared_with_none_where_that_is_switched_off(template: Template) -> None:
    adapters = wired(template, "ParseRecipients", REPEAT_HOURS="0")

    assert parse_recipients(adapters).plan_file.plan_log is None


def test_suppression_lists_are_judged_as_strictly_as_files(template: Template) -> None:
    adapters = wired(template, "ParseRecipients", MAX_REJECTED_PERCENT="5")

    lists = parse_recipients(adapters).plan_file.lists

    assert lists is not None
    assert lists.max_rejected_percent == 5
