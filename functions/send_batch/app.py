"""SQS -> Alibaba Cloud SMS: send each queued batch once, and log the outcome."""

import os
import random
import time
from functools import cache
from typing import Any
from uuid import uuid4

import boto3
from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.batch import (
    BatchProcessor,
    EventType,
    process_partial_response,
)
from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

from smsdrop.batch import Batch
from smsdrop.counts import Count
from smsdrop.ledger import Timing
from smsdrop.metrics import Metrics
from smsdrop.parts import Parts
from smsdrop.send_batch import Limits, SendBatch

logger = Logger()
metrics = Metrics()
processor = BatchProcessor(EventType.SQS, raise_on_entire_batch_failure=False)


class PutOff(Exception):
    """The message stays on the queue; it says so itself, when it comes back."""


MARGIN_SECONDS = 1
"""Ours: what the handler needs after the last batch to answer in time."""


@logger.inject_lambda_context
@metrics.published
def lambda_handler(event: dict[str, Any], context: LambdaContext) -> PartialItemFailureResponse:
    response = process_partial_response(event, send, processor, context)
    for kind, _, _ in processor.exceptions:
        if kind is not PutOff:
            logger.error("batch failed", error=str(kind))
            metrics.add({Count.BATCHES_FAILED: 1})
    return response


def send(record: SQSRecord, lambda_context: LambdaContext) -> None:
    batch = Batch.from_json(record.body)
    left_seconds = lambda_context.get_remaining_time_in_millis() / 1000
    with logger.append_context_keys(campaign_id=batch.campaign_id, batch_id=batch.batch_id):
        later = send_batch().deliver(
            batch,
            receives=int(record.attributes.approximate_receive_count),
            leave_by=time.time() + left_seconds - MARGIN_SECONDS,
        )
        if later is not None:
            logger.info("batch put off", why=later.why, seconds=round(later.seconds))
            parts().queue.put_off(record.receipt_handle, seconds=later.seconds)
            raise PutOff
        logger.info("batch done", recipients=len(batch))


# Built on first use and kept while the sandbox lives: importing this file needs no environment,
# no credentials and no network.


@cache
def parts() -> Parts:
    return Parts(boto3.Session(), os.environ, metrics)


@cache
def send_batch() -> SendBatch:
    return SendBatch(
        ledger=parts().ledger,
        gateway=parts().gateway,
        keys=parts().keys,
        queue=parts().queue,
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
