"""A person's order -> ledger and queues: resume, cancel a campaign, redrive the dead letters."""

import os
import time
from collections.abc import Callable
from functools import cache
from typing import Any

import boto3
from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from smsdrop.aws.cloudwatch import Metrics
from smsdrop.aws.log_format import brief
from smsdrop.operations.cancelling import cancel
from smsdrop.operations.pausing import Pausing
from smsdrop.wiring import Parts

logger = Logger(json_serializer=brief)
metrics = Metrics()


@logger.inject_lambda_context
@metrics.published
def lambda_handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, Any]:
    """Take `{"order": …, "campaign_id": …}`, with one of `ORDERS`, and say what came of it."""
    result = ORDERS[event["order"]](event)
    logger.info("order carried out", order=event["order"], **result)
    return result


def resume(_event: dict[str, Any]) -> dict[str, Any]:
    pause = Pausing(
        ledger=parts().ledger, switch=parts().switch, topic=parts().topic, clock=time.time
    ).resume()
    return {"paused": pause.paused}


def cancel_campaign(event: dict[str, Any]) -> dict[str, Any]:
    campaign = cancel(event["campaign_id"], ledger=parts().ledger)
    return {
        "campaign_id": campaign.campaign_id,
        "status": campaign.status,
        "halted": campaign.halted,
    }


def redrive(_event: dict[str, Any]) -> dict[str, Any]:
    return {"moved": parts().queue.take_from(parts().setting("DEAD_LETTERS_URL"))}


ORDERS: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "resume": resume,
    "cancel": cancel_campaign,
    "redrive": redrive,
}


@cache
def parts() -> Parts:
    return Parts(boto3.Session(), os.environ, metrics)
