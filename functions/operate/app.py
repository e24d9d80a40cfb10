"""A person's order -> ledger and queues: resume, cancel a campaign, redrive the dead letters."""

import os
from collections.abc import Callable
from dataclasses import asdict
from functools import cache
from typing import Any

import boto3
from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from smsdrop.aws.cloudwatch import Metrics
from smsdrop.aws.log_format import compact_json
from smsdrop.batches.batch import is_batch
from smsdrop.operations.cancelling import cancel
from smsdrop.wiring.adapters import Adapters
from smsdrop.wiring.pausing import pausing

logger = Logger(json_serializer=compact_json)
metrics = Metrics()


@logger.inject_lambda_context
@metrics.published
def lambda_handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, Any]:
    """Take `{"order": …, "campaign_id": …}`, with one of `ORDERS`, and say what came of it."""
    result = ORDERS[event["order"]](event)
    logger.info("order executed", order=event["order"], **result)
    return result


def resume(_event: dict[str, Any]) -> dict[str, Any]:
    return {"paused": pausing(adapters()).resume().paused}


def cancel_campaign(event: dict[str, Any]) -> dict[str, Any]:
    campaign = cancel(event["campaign_id"], ledger=adapters().ledger)
    return {
        "campaign_id": campaign.campaign_id,
        "status": campaign.status,
        "halted": campaign.halt_code,
    }


def redrive(_event: dict[str, Any]) -> dict[str, Any]:
    """Queue the dead letters again; what is no batch stays for a person to look at."""
    taken = adapters().queue.take_from(adapters().settings.dead_letters_url, wanted=is_batch)
    return asdict(taken)


ORDERS: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "resume": resume,
    "cancel": cancel_campaign,
    "redrive": redrive,
}


@cache
def adapters() -> Adapters:
    """Built on first use: importing a handler needs no environment, credentials or network."""
    return Adapters(boto3.Session(), os.environ, metrics)
