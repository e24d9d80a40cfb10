"""
Every minute -> reports: advance the open campaigns, and make the queue follow the pause.

Last of all, record whose key pair it is, and notify people of what became of their files. A sender
or parser that has ended a campaign has its report written at once.
"""

from smsdrop.aws.functions.cold_start import ready  # isort: split

import os
from functools import cache, partial
from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from smsdrop.aws.cloudwatch import Metrics
from smsdrop.aws.log_format import compact_json, failing_safely, write_line
from smsdrop.aws.session import Session
from smsdrop.closing.know_account import KnowAccount
from smsdrop.closing.tick import MARGIN_SECONDS, Tick, Turn
from smsdrop.ledger.campaign import Campaign
from smsdrop.log_lines import fields_of_error
from smsdrop.metrics import Metric
from smsdrop.operations.pausing import Pausing
from smsdrop.telling.tell import Delivery, Tell
from smsdrop.wiring.adapters import Adapters
from smsdrop.wiring.close_campaigns import know_account, tick
from smsdrop.wiring.pausing import pausing
from smsdrop.wiring.tell import Channels, tell

logger = Logger(json_serializer=compact_json)
metrics = Metrics()


@ready
@logger.inject_lambda_context
@metrics.published
@failing_safely(logger)
def lambda_handler(event: dict[str, Any], context: LambdaContext) -> None:
    """Take the schedule's event, or `{"campaign_id": …}` for the turn of that campaign alone."""
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
    seen: list[Campaign] = []
    pause = follow.stands()
    metrics.add({Metric.PAUSED: pause.paused, Metric.CAMPAIGNS_OPEN: 0})
    metrics.publish()  # now: closing may take its time
    try:
        follow.follow(pause)
    finally:  # a queue that cannot be shut must not keep campaigns from their end
        for turn in every_minute.run(is_paused=pause.paused, deadline=deadline):
            log(turn)
            seen += [turn.campaign] if turn.campaign else []
        metrics.add({Metric.CAMPAIGNS_OPEN: len(every_minute.turns.last)})
        know(account, is_sending=bool(every_minute.turns.last))
        tell_people(seen, deadline=deadline + MARGIN_SECONDS / 2)


def know(account: KnowAccount, *, is_sending: bool) -> None:
    """Make sure that the account is known; a failure of that concerns no campaign."""
    try:
        reason = account.know(is_sending=is_sending)
    except Exception as error:  # noqa: BLE001 - see above
        reason = type(error).__name__  # its text may hold secrets
    if reason:
        logger.info("account of the key pair not known", reason=reason)


def tell_people(seen: list[Campaign], *, deadline: float) -> None:
    """Send the notices that are due; a failure of that concerns no campaign."""
    notices, channels = telling()
    failure = ""
    try:
        for delivery in notices.tell(seen, deadline=deadline):
            log_delivery(delivery)
    except Exception as error:  # noqa: BLE001 - see above
        failure = type(error).__name__  # its text may hold secrets
    if failure:
        logger.error("notices failed", error=failure)
        metrics.add({Metric.NOTICES_FAILED: 1})
    if problem := channels.new_problem():
        logger.warning("robots not known", reason=problem)


def log_delivery(delivery: Delivery) -> None:
    told = [f"{each.campaign_id} {each.code}" for each in delivery.letter.notices]
    if not delivery.failure:
        logger.info("people told", channel=delivery.channel, notices=told)
        return
    logger.warning(
        "notices not taken", channel=delivery.channel, notices=told, reason=delivery.failure
    )
    metrics.add({Metric.NOTICES_FAILED: 1})


def log(turn: Turn) -> None:
    ids: dict[str, object] = {"campaign_id": turn.campaign_id}
    if turn.campaign:
        ids["status"] = turn.campaign.status
    if turn.error is None:
        logger.info("campaign checked", extra=ids)
        return
    logger.error("campaign failed", extra=ids | fields_of_error(turn.error))
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
    return Adapters(Session(), os.environ, metrics, tell=partial(write_line, logger))


@cache
def use_cases() -> tuple[Pausing, Tick, KnowAccount]:
    return pausing(adapters()), tick(adapters(), page_failed=page_failed), know_account(adapters())


@cache
def telling() -> tuple[Tell, Channels]:
    return tell(adapters())
