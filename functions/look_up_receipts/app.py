"""Every five minutes -> receipts: ask what became of the texts of closed campaigns and canaries."""

from smsdrop.aws.functions.cold_start import ready  # isort: split

import os
from functools import cache, partial
from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from smsdrop.aws.cloudwatch import Metrics
from smsdrop.aws.log_format import compact_json, failing_safely, write_line
from smsdrop.aws.session import Session
from smsdrop.closing.receipts.look_up_receipts import MARGIN_SECONDS, LookTurn, LookUpReceipts
from smsdrop.ledger.shown import canary_shown
from smsdrop.log_lines import fields_of_error
from smsdrop.metrics import Metric
from smsdrop.wiring.adapters import Adapters
from smsdrop.wiring.look_up_receipts import look_up_receipts

MOST_CAUSES = 20
"""Our choice: how many codes are logged of what a run has found, the most frequent ones."""

logger = Logger(json_serializer=compact_json)
metrics = Metrics()


@ready
@logger.inject_lambda_context
@metrics.published
@failing_safely(logger)
def lambda_handler(_event: dict[str, Any], context: LambdaContext) -> None:
    deadline = adapters().deadline(
        context.get_remaining_time_in_millis(), margin_seconds=MARGIN_SECONDS
    )
    for turn in use_case().run(deadline=deadline):
        log(turn)


def log(turn: LookTurn) -> None:
    looks = turn.campaign.looks
    ids: dict[str, object] = {"campaign_id": turn.campaign.campaign_id}
    if turn.error is not None:
        logger.error("receipts failed", extra=ids | fields_of_error(turn.error))
        metrics.add({Metric.RECEIPTS_FAILED: 1})
    elif turn.problem:
        logger.warning("receipts not allowed", extra=ids | {"code": turn.problem})
    elif turn.is_of_canary:
        logger.info("canary looked up", extra=ids | canary_shown(turn.campaign))
    else:
        counts = {"delivered": looks.delivered, "undelivered": looks.undelivered}
        logger.info("receipts looked up", extra=ids | {"looks": looks.receipts_looked} | counts)
    for code, texts in turn.causes.most_common(MOST_CAUSES):
        logger.info("texts undelivered", extra=ids | {"code": code, "undelivered": texts})


# Built on first use: importing a handler needs no environment, credentials or network.


@cache
def adapters() -> Adapters:
    return Adapters(Session(), os.environ, metrics, tell=partial(write_line, logger))


@cache
def use_case() -> LookUpReceipts:
    return look_up_receipts(adapters())
