"""S3 -> SQS: judge a dropped file of recipients, freeze its plan, and queue its batches."""

import os
import time
from functools import cache
from typing import Any
from urllib.parse import unquote_plus
from uuid import uuid4

import boto3
from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from smsdrop.campaign import FileVersion
from smsdrop.dynamodb import DynamoLedger
from smsdrop.parse_recipients import Defaults, ParseRecipients
from smsdrop.s3 import Bucket
from smsdrop.sqs import BatchQueue

logger = Logger()


@logger.inject_lambda_context
def lambda_handler(event: dict[str, Any], _context: LambdaContext) -> None:
    """Take each dropped file; the test event that S3 sends to a new notification has none."""
    for record in event.get("Records", ()):
        version = dropped_version(record["s3"])
        if not version.is_folder:
            parse(version)


def dropped_version(record: dict[str, Any]) -> FileVersion:
    """S3 writes keys into events as forms are encoded: a space is a plus sign."""
    return FileVersion(
        bucket=record["bucket"]["name"],
        key=unquote_plus(record["object"]["key"]),
        version_id=record["object"]["versionId"],
    )


def parse(version: FileVersion) -> None:
    campaign = parse_recipients().parse(version)
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
    session = boto3.Session()
    return ParseRecipients(
        files=Bucket(session.client("s3"), os.environ["BUCKET"]),
        ledger=DynamoLedger(session.client("dynamodb"), os.environ["LEDGER_TABLE"]),
        queue=BatchQueue(session.client("sqs"), os.environ["BATCH_QUEUE_URL"]),
        defaults=Defaults(
            template_code=os.environ["DEFAULT_TEMPLATE_CODE"],
            sign_name=os.environ["DEFAULT_SIGN_NAME"],
            allow_empty_params=os.environ["ALLOW_EMPTY_PARAMS"] == "yes",
        ),
        clock=time.time,
        fresh_token=lambda: uuid4().hex,
    )
