"""ParseRecipients and its retries, as the function runs them."""

from time import sleep
from uuid import uuid4

from smsdrop.parsing.asking import Asking
from smsdrop.parsing.campaign_terms import StackTerms
from smsdrop.parsing.give_up_parsing import GiveUpParsing
from smsdrop.parsing.parse_recipients import ParseRecipients
from smsdrop.parsing.plan_file import Defaults, PlanFile
from smsdrop.parsing.repeats.earlier_messages import EarlierMessages
from smsdrop.parsing.repeats.plan_log import PlanLog
from smsdrop.parsing.retry_parsing import RetryParsing
from smsdrop.parsing.sign_check import SignCheck
from smsdrop.parsing.suppression.lists import SuppressionLists
from smsdrop.parsing.template_check import TemplateCheck
from smsdrop.sending.queue_plan import QueuePlan
from smsdrop.sending.withdrawing import Withdrawing
from smsdrop.wiring.adapters import Adapters
from smsdrop.wiring.preview import write_preview
from smsdrop.wiring.settings import Settings

FILES_HELD = 2
"""Our choice: how many files of `MaxRows` rows a file is compared with, which memory bounds."""


def parse_recipients(adapters: Adapters) -> ParseRecipients:
    return ParseRecipients(
        plan_file=PlanFile(
            bucket=adapters.bucket,
            ledger=adapters.ledger,
            defaults=_defaults(adapters.settings),
            template_check=_template_check(adapters),
            sign_check=_sign_check(adapters),
            plan_log=_plan_log(adapters),
            lists=SuppressionLists(
                bucket=adapters.bucket,
                max_rejected_percent=adapters.settings.max_rejected_percent,
            ),
            withdrawing=Withdrawing(ledger=adapters.ledger, files=adapters.bucket),
            clock=adapters.clock,
            fresh_token=lambda: uuid4().hex,
        ),
        queue_plan=QueuePlan(
            ledger=adapters.ledger,
            objects=adapters.bucket,
            queue=adapters.queue,
            clock=adapters.clock,
        ),
        write_preview=write_preview(adapters),
        closer=adapters.closer,
    )


def retry_parsing(adapters: Adapters) -> RetryParsing:
    return RetryParsing(
        parse_recipients=parse_recipients(adapters),
        give_up_parsing=GiveUpParsing(
            bucket=adapters.bucket, ledger=adapters.ledger, clock=adapters.clock
        ),
        clock=adapters.clock,
        max_age_seconds=adapters.settings.max_age_seconds,
    )


def _defaults(settings: Settings) -> Defaults:
    return Defaults(
        template_code=settings.default_template_code,
        sign_name=settings.default_sign_name,
        allow_empty_params=settings.allows_empty_params,
        check_values=settings.checks_values,
        international=settings.is_international,
        max_rejected_percent=settings.max_rejected_percent,
        max_rows=settings.max_rows,
        test_numbers=settings.test_numbers,
        terms=StackTerms(
            promo_window=settings.promo_window,
            approve_above_texts=settings.approve_above_texts,
            max_age_seconds=settings.max_age_seconds,
            retention_seconds=settings.retention_seconds,
            canary_recipients=settings.canary_recipients,
            canary_delivered_percent=settings.canary_delivered_percent,
            has_receipts=settings.has_receipts,
        ),
    )


def _template_check(adapters: Adapters) -> TemplateCheck | None:
    if not adapters.settings.checks_templates:
        return None
    return TemplateCheck(provider=adapters.gateway, asking=_asking(adapters))


def _sign_check(adapters: Adapters) -> SignCheck | None:
    if not adapters.settings.checks_templates:
        return None
    return SignCheck(provider=adapters.gateway, asking=_asking(adapters))


def _plan_log(adapters: Adapters) -> PlanLog | None:
    settings = adapters.settings
    if not settings.repeat_seconds:
        return None
    return PlanLog(
        ledger=adapters.ledger,
        objects=adapters.bucket,
        earlier_messages=EarlierMessages(
            ledger=adapters.ledger,
            objects=adapters.bucket,
            sleep=sleep,
            most=FILES_HELD * settings.max_rows,
            claim_seconds=adapters.call_times.connect_seconds,
        ),
        clock=adapters.clock,
        repeat_seconds=settings.repeat_seconds,
        max_age_seconds=settings.max_age_seconds,
    )


def _asking(adapters: Adapters) -> Asking:
    return Asking(keys=adapters.keys, wait=sleep)
