"""A failed ParseRecipients -> ledger: end a file that can not be parsed, though tried again."""

import os
import time
from functools import cache
from typing import Any
from uuid import uuid4

import boto3
from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from smsdrop.aws.cloudwatch import Metrics
from smsdrop.aws.log_format import brief
from smsdrop.drops import dropped_versions
from smsdrop.parsing.parse_recipients import Defaults, ParseRecipients
from smsdrop.wiring import Parts

logger = Logger(json_serializer=brief)
metrics = Metrics()


@logger.inject_lambda_context
@metrics.published
def lambda_handler(event: dict[str, Any], _context: LambdaContext) -> None:
    """Lambda hands over the event that failed as `requestPayload`."""
    for version in dropped_versions(event["requestPayload"]):
        campaign = parse_recipients().give_up(version)
        logger.error(
            "parsing failed for good",
            campaign_id=campaign and campaign.campaign_id,
            status=campaign and campaign.status,
        )


@cache
def parse_recipients() -> ParseRecipients:
    parts = Parts(boto3.Session(), os.environ, metrics)
    return ParseRecipients(
        files=parts.files,
        ledger=parts.ledger,
        queue=parts.queue,
        defaults=Defaults(),
        clock=time.time,
        fresh_token=lambda: uuid4().hex,
    )
