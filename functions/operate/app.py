"""A person's order -> ledger, queues and an answer: steer campaigns, redrive the dead letters."""

from smsdrop.aws.functions.cold_start import ready  # isort: split

import os
from dataclasses import asdict
from functools import cache, partial
from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from smsdrop.aws.cloudwatch import Metrics
from smsdrop.aws.log_format import compact_json, failing_safely, write_line
from smsdrop.aws.session import Session
from smsdrop.batches.batch import is_batch
from smsdrop.operations.orders import Order, order_of, orders_of
from smsdrop.wiring.adapters import Adapters
from smsdrop.wiring.operate import follow_order

logger = Logger(json_serializer=compact_json)
metrics = Metrics()


@ready
@logger.inject_lambda_context
@metrics.published
@failing_safely(logger)
def lambda_handler(event: Any, context: LambdaContext) -> dict[str, Any] | None:
    """
    Take an S3 event on `orders/`, or a payload, and return what came of it.

    A payload is `{"order": …}` with a `campaign_id` or a `file`, or `{"order": "redrive"}`.
    """
    payload = event if isinstance(event, dict) else {}
    if "Records" in payload:
        for order in orders_of(payload):
            follow(order)
        return None
    if payload.get("order") == "redrive":
        return redrive()
    return follow(order_of(payload, mark=context.aws_request_id))


def follow(order: Order) -> dict[str, Any]:
    answer = follow_order(adapters()).follow(order)
    fields = answer.fields(adapters().settings.language)
    told = {each: fields[each] for each in ("code", "campaign_id", "status") if each in fields}
    logger.info("order executed", order=answer.name, **told)
    return fields


def redrive() -> dict[str, Any]:
    """Queue the dead letters again; anything that is not a batch is left for a person."""
    taken = asdict(
        adapters().queue.take_from(adapters().settings.dead_letters_url, wanted=is_batch)
    )
    logger.info("order executed", order="redrive", **taken)
    return taken


@cache
def adapters() -> Adapters:
    """Built on first use: importing a handler needs no environment, credentials or network."""
    return Adapters(Session(), os.environ, metrics, tell=partial(write_line, logger))
