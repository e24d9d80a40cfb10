"""A failed ParseRecipients -> ledger: end a file whose parsing fails each time it is tried."""

import os
from functools import cache
from typing import Any

import boto3
from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from smsdrop.aws.cloudwatch import Metrics
from smsdrop.aws.log_format import compact_json
from smsdrop.drops import dropped_versions
from smsdrop.parsing.give_up_parsing import GiveUpParsing
from smsdrop.wiring.adapters import Adapters
from smsdrop.wiring.parse_recipients import give_up_parsing

logger = Logger(json_serializer=compact_json)
metrics = Metrics()


@logger.inject_lambda_context
@metrics.published
def lambda_handler(event: dict[str, Any], _context: LambdaContext) -> None:
    """Lambda hands over the event that failed as `requestPayload`."""
    for version in dropped_versions(event["requestPayload"]):
        campaign = use_case().give_up(version)
        logger.error(
            "parsing failed for good",
            campaign_id=campaign and campaign.campaign_id,
            status=campaign and campaign.status,
        )


@cache
def use_case() -> GiveUpParsing:
    """Built on first use: importing a handler needs no environment, credentials or network."""
    return give_up_parsing(Adapters(boto3.Session(), os.environ, metrics))
