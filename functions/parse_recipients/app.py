"""S3 -> SQS: judge a dropped file of recipients, freeze its plan, and queue its batches."""

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
from smsdrop.drops import FileVersion, dropped_versions
from smsdrop.parsing.parse_recipients import Defaults, ParseRecipients
from smsdrop.parsing.template_check import TemplateCheck
from smsdrop.wiring import Parts

logger = Logger(json_serializer=brief)
metrics = Metrics()


@logger.inject_lambda_context
@metrics.published
def lambda_handler(event: dict[str, Any], _context: LambdaContext) -> None:
    for version in dropped_versions(event):
        parse(version)


def parse(version: FileVersion) -> None:
    campaign = parse_recipients().parse(version)
    if campaign is None:
        logger.warning("file gone before it was read", version_id=version.version_id)
        return
    logger.info(
        "file taken",
        campaign_id=campaign.campaign_id,
        status=campaign.status,
        rows=campaign.rows,
        accepted=campaign.accepted,
        batches=campaign.batches,
        queued=campaign.queued,
    )


# Built on first use and kept while the sandbox lives: importing this file needs no environment,
# no credentials and no network.


@cache
def parse_recipients() -> ParseRecipients:
    parts = Parts(boto3.Session(), os.environ, metrics)
    return ParseRecipients(
        files=parts.files,
        ledger=parts.ledger,
        queue=parts.queue,
        defaults=Defaults(
            template_code=parts.setting("DEFAULT_TEMPLATE_CODE"),
            sign_name=parts.setting("DEFAULT_SIGN_NAME"),
            allow_empty_params=parts.setting("ALLOW_EMPTY_PARAMS") == "yes",
            check_values=parts.setting("CHECK_VALUES") == "on",
            international=parts.setting("INTERNATIONAL") == "on",
            max_rejected_percent=float(parts.setting("MAX_REJECTED_PERCENT")),
            max_rows=int(parts.setting("MAX_ROWS")),
        ),
        template_check=(
            TemplateCheck(provider=parts.gateway, keys=parts.keys, wait=time.sleep)
            if parts.setting("CHECK_TEMPLATES") == "on"
            else None
        ),
        clock=time.time,
        fresh_token=lambda: uuid4().hex,
    )
