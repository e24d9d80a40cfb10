"""
Every minute -> reports: advance the open campaigns, and make the queue follow the pause.

Last of all, know whose key pair it is.
"""

import os
from functools import cache
from typing import Any

import boto3
from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from smsdrop.aws.cloudwatch import Metrics
from smsdrop.aws.log_format import compact_json
from smsdrop.closing.know_account import KnowAccount
from smsdrop.closing.tick import MARGIN_SECONDS, Tick, Turn
from smsdrop.metrics import Metric
from smsdrop.operations.pausing import Pausing
from smsdrop.wiring.adapters import Adapters
from smsdrop.wiring.close_campaigns import know_account, tick
from smsdrop.wiring.pausing import pausing

logger = Logger(json_serializer=compact_json)
metrics = Metrics()


@logger.inject_lambda_context
@metrics.published
def lambda_handler(_event: dict[str, Any], context: LambdaContext) -> None:
    deadline = adapters().deadline(
        context.get_remaining_time_in_millis(), margin_seconds=MARGIN_SECONDS
    )
    follow, every_minute, account = use_cases()
    pause = follow.stands()
    metrics.add({Metric.PAUSED: pause.paused, Metric.CAMPAIGNS_OPEN: 0})
    metrics.publish()  # now: closing may take its time
    try:
        follow.follow(pause)
    finally:  # a queue that cannot be shut keeps no campaign from its end
        for turn in every_minute.run(is_paused=pause.paused, deadline=deadline):
            log(turn)
        metrics.add({Metric.CAMPAIGNS_OPEN: len(every_minute.turns.last)})
        know(account, is_sending=bool(every_minute.turns.last))


def know(account: KnowAccount, *, is_sending: bool) -> None:
    """See that the account is known; whatever that fails with concerns no campaign."""
    try:
        reason = account.know(is_sending=is_sending)
    except Exception as error:  # noqa: BLE001 - see above
        reason = type(error).__name__  # its text may hold secrets
    if reason:
        logger.info("account of the key pair not known", reason=reason)


def log(turn: Turn) -> None:
    status = turn.campaign and turn.campaign.status
    if turn.error is None:
        logger.info("campaign checked", campaign_id=turn.campaign_id, status=status)
        return
    kind = type(turn.error).__name__  # its text may hold secrets
    logger.error("campaign failed", campaign_id=turn.campaign_id, status=status, error=kind)
    metrics.add({Metric.CAMPAIGNS_FAILED: 1})


def page_failed(what: str, error: Exception) -> None:
    """Nothing waits for a page: the next tick writes it."""
    logger.error(
        "page not written", page_of=what, error=type(error).__name__
    )  # its text may hold secrets
    metrics.add({Metric.PAGES_FAILED: 1})


# Built on first use: importing a handler needs no environment, credentials or network.


@cache
def adapters() -> Adapters:
    return Adapters(boto3.Session(), os.environ, metrics)


@cache
def use_cases() -> tuple[Pausing, Tick, KnowAccount]:
    return pausing(adapters()), tick(adapters(), page_failed=page_failed), know_account(adapters())
