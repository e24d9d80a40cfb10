"""SQS -> Alibaba Cloud SMS: send each queued batch once, and log the outcome."""

import os
import random
import time
from concurrent.futures import ThreadPoolExecutor
from functools import cache, partial
from typing import Any
from uuid import uuid4

import boto3
from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from smsdrop.aws.cloudwatch import Metrics
from smsdrop.aws.log_format import brief
from smsdrop.batches.batch import Batch
from smsdrop.ledger.batch_entry import Timing
from smsdrop.metrics import Count
from smsdrop.sending.rate_limit import Pace
from smsdrop.sending.send_batch import Limits, SendBatch
from smsdrop.wiring import Parts

logger = Logger(json_serializer=brief)
metrics = Metrics()

CALLS_AT_A_TIME = 10
"""As many as SQS hands over at once."""

MARGIN_SECONDS = 1
"""Ours: what the handler needs after the last batch to answer in time."""


@logger.inject_lambda_context
@metrics.published
def lambda_handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Deliver the messages side by side; those that are not done with go back to the queue."""
    leave_by = time.time() + context.get_remaining_time_in_millis() / 1000 - MARGIN_SECONDS
    pace().begin()
    with ThreadPoolExecutor(CALLS_AT_A_TIME) as threads:
        done = list(threads.map(partial(is_done, leave_by=leave_by), event["Records"]))
    stay = [record for record, is_so in zip(event["Records"], done, strict=True) if not is_so]
    return {"batchItemFailures": [{"itemIdentifier": record["messageId"]} for record in stay]}


def is_done(record: dict[str, Any], *, leave_by: float) -> bool:
    """Deliver one message, and say whether it is done with, whatever becomes of the others."""
    try:
        return deliver(record, leave_by=leave_by)
    except Exception as error:  # noqa: BLE001 - one message must not take the others with it
        kind = type(error).__name__  # its text, and so its traceback, may hold what is secret
        logger.error("batch failed", error=kind, message_id=record["messageId"])  # noqa: TRY400 - see there
        metrics.add({Count.BATCHES_FAILED: 1})
        return False


def deliver(record: dict[str, Any], *, leave_by: float) -> bool:
    batch = Batch.from_json(record["body"])
    ids = {"campaign_id": batch.campaign_id, "batch_id": batch.batch_id}
    receives = int(record["attributes"]["ApproximateReceiveCount"])
    later = send_batch().deliver(batch, receives=receives, leave_by=leave_by)
    if later is None:
        logger.info("batch done", recipients=len(batch), extra=ids)
        return True
    logger.info("batch put off", why=later.why, seconds=round(later.seconds), extra=ids)
    parts().queue.put_off(record["receiptHandle"], seconds=later.seconds)
    return False


# Built on first use and kept while the sandbox lives: importing this file needs no environment,
# no credentials and no network.


@cache
def parts() -> Parts:
    return Parts(boto3.Session(), os.environ, metrics)


@cache
def pace() -> Pace:
    return Pace.shared(
        float(parts().setting("CALLS_PER_SECOND")),
        senders=int(parts().setting("MAXIMUM_CONCURRENCY")),
        clock=time.time,
        sleep=time.sleep,
    )


@cache
def send_batch() -> SendBatch:
    return SendBatch(
        ledger=parts().ledger,
        gateway=parts().gateway,
        keys=parts().keys,
        queue=parts().queue,
        pace=pace(),
        limits=Limits(
            timing=Timing(
                claim_seconds=parts().call_times.connect_seconds,  # frozen for longer, it is lost
                call_seconds=parts().call_times.total_seconds,
                settle_after_seconds=parts().seconds("SETTLE_AFTER_SECONDS"),
            ),
            max_attempts=int(parts().setting("MAX_ATTEMPTS")),
            max_age_seconds=parts().max_age_seconds,
        ),
        clock=time.time,
        fresh_token=lambda: uuid4().hex,
        jitter=random.random,
    )
