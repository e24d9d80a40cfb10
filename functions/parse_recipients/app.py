"""S3 -> SQS: judge a dropped file of recipients, commit its plan, and queue its batches."""

import os
from functools import cache
from typing import Any

import boto3
from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from smsdrop.aws.cloudwatch import Metrics
from smsdrop.aws.log_format import compact_json
from smsdrop.drops import FileVersion, dropped_versions
from smsdrop.parsing.parse_recipients import ParseRecipients
from smsdrop.wiring.adapters import Adapters
from smsdrop.wiring.parse_recipients import parse_recipients

logger = Logger(json_serializer=compact_json)
metrics = Metrics()


@logger.inject_lambda_context
@metrics.published
def lambda_handler(event: dict[str, Any], _context: LambdaContext) -> None:
    for version in dropped_versions(event):
        parse(version)


def parse(version: FileVersion) -> None:
    campaign = use_case().parse(version)
    if campaign is None:
        logger.warning("file deleted before it was read", version_id=version.version_id)
        return
    logger.info(
        "file parsed",
        campaign_id=campaign.campaign_id,
        status=campaign.status,
        rows=campaign.counts.rows,
        accepted=campaign.counts.accepted,
        batches=campaign.counts.batches,
        queued=campaign.queued,
    )


@cache
def use_case() -> ParseRecipients:
    """Built on first use: importing a handler needs no environment, credentials or network."""
    return parse_recipients(Adapters(boto3.Session(), os.environ, metrics))
