"""
Every minute -> reports: advance the open campaigns, and make the queue follow the pause.

Last of all, know whose key pair it is. Who has ended a campaign has its report written at once.
"""

import os
from functools import cache, partial
from typing import Any

import boto3
from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from smsdrop.aws.cloudwatch import Metrics
from smsdrop.aws.log_format import compact_json, failing_safely, write_line
from smsdrop.closing.know_account import KnowAccount
from smsdrop.closing.tick import MARGIN_SECONDS, Tick, Turn
from smsdrop.log_lines import fields_of_error
from smsdrop.metrics import Metric
from smsdrop.operations.pausing import Pausing
from smsdrop.wiring.adapters import Adapters
from smsdrop.wiring.close_campaigns import know_account, tick
from smsdrop.wiring.pausing import pausing

logger = Logger(json_serializer=compact_json)
metrics = Metrics()


@logger.inject_lambda_context
@metrics.published
@failing_safely(logger)
def lambda_handler(event: dict[str, Any], context: LambdaContext) -> None:
    """Take the schedule's event, or `{"campaign_id": …}` for the turn of that one alone."""
    deadline = adapters().deadline(
        context.get_remaining_time_in_millis(), margin_seconds=MARGIN_SECONDS
    )
    if campaign_id := event.get("campaign_id"):
        wake(str(campaign_id), deadline=deadline)
    else:
        tick_over(deadline=deadline)


def wake(campaign_id: str, *, deadline: float) -> None:
    follow, every_minute, _ = use_cases()
    is_paused = follow.stands().paused
    log(every_minute.wake(campaign_id, is_paused=is_paused, deadline=deadline))


def tick_over(*, deadline: float) -> None:
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
    ids: dict[str, object] = {"campaign_id": turn.campaign_id}
    if turn.campaign:
        ids["status"] = turn.campaign.status
    if turn.error is None:
        logger.info("campaign checked", extra=ids)
        return
    logger.error("campaign failed", extra=ids | fields_of_error(turn.error))
    metrics.add({Metric.CAMPAIGNS_FAILED: 1})


# Built on first use: importing a handler needs no environment, credentials or network.


@cache
def adapters() -> Adapters:
    return Adapters(boto3.Session(), os.environ, metrics, tell=partial(write_line, logger))


@cache
def use_cases() -> tuple[Pausing, Tick, KnowAccount]:
    return pausing(adapters()), tick(adapters()), know_account(adapters())
