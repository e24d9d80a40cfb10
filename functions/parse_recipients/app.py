"""S3 -> SQS: judge a dropped file of recipients, commit its plan, and queue its batches."""

from smsdrop.aws.functions.cold_start import ready  # isort: split

import json
import os
from functools import cache, partial
from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from smsdrop.aws.cloudwatch import Metrics
from smsdrop.aws.log_format import compact_json, failing_safely, write_line
from smsdrop.aws.session import Session
from smsdrop.aws.sqs_event import Record, is_from_sqs
from smsdrop.drops import FileVersion, dropped_versions
from smsdrop.ledger.campaign import Campaign
from smsdrop.log_lines import shown_key
from smsdrop.parsing.retry_parsing import RetryParsing, delay_seconds
from smsdrop.wiring.adapters import Adapters
from smsdrop.wiring.parse_recipients import retry_parsing

logger = Logger(json_serializer=compact_json)
metrics = Metrics()


@ready
@logger.inject_lambda_context(clear_state=True)
@metrics.published
@failing_safely(logger)
def lambda_handler(event: dict[str, Any], _context: LambdaContext) -> None:
    """Take an S3 event, or one that has failed from the queue of retries."""
    if is_from_sqs(event):
        for record in event["Records"]:
            retry(record)
    else:
        for version in dropped_versions(event):
            begin(version)
            tell(use_case().parse_recipients.parse(version))


def retry(record: Record) -> None:
    """Retry an event that has failed, which Lambda hands over as `requestPayload`."""
    for version in dropped_versions(json.loads(record["body"])["requestPayload"]):
        begin(version)
        try:
            failed_at = int(record["attributes"]["SentTimestamp"]) / 1000
            tell(use_case().retry(version, failed_at=failed_at))
        except Exception as error:
            put_off(record, error)
            raise


def begin(version: FileVersion) -> None:
    """Name the file in each log line from here on, whatever becomes of it."""
    logger.append_keys(file=shown_key(version.key), version_id=version.version_id)
    logger.info("file taken up")


def put_off(record: Record, error: Exception) -> None:
    """Delay a file that has failed again for longer than before."""
    seconds = delay_seconds(int(record["attributes"]["ApproximateReceiveCount"]), error)
    logger.warning("file put off", seconds=seconds)
    adapters().drop_retries.put_off(record["receiptHandle"], seconds=seconds)


def tell(campaign: Campaign | None) -> None:
    if campaign is None:
        logger.warning("file deleted before it was read")
        return
    is_given_up = campaign.reason is not None and campaign.reason.code == "parsing_failed"
    say = logger.error if is_given_up else logger.info
    say(
        "parsing failed for good" if is_given_up else "file parsed",
        campaign_id=campaign.campaign_id,
        status=campaign.status,
        rows=campaign.counts.rows,
        accepted=campaign.counts.accepted,
        batches=campaign.counts.batches,
        queued=campaign.queued,
    )


# Built on first use: importing a handler needs no environment, credentials or network.


@cache
def adapters() -> Adapters:
    return Adapters(Session(), os.environ, metrics, tell=partial(write_line, logger))


@cache
def use_case() -> RetryParsing:
    return retry_parsing(adapters())
