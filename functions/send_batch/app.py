"""SQS -> Alibaba Cloud SMS: send each queued batch once, and record the outcome."""

from smsdrop.aws.functions.cold_start import ready  # isort: split

import os
from functools import cache, partial
from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from smsdrop.aws.cloudwatch import Metrics
from smsdrop.aws.log_format import compact_json, failing_safely, write_line
from smsdrop.aws.session import Session
from smsdrop.aws.sqs_event import Record, failed_items
from smsdrop.batches.batch import Batch, NotABatch
from smsdrop.batches.forms import LaterForm
from smsdrop.log_lines import fields_of_error
from smsdrop.metrics import Metric
from smsdrop.sending.deferral import Deferred
from smsdrop.sending.rate_limit import RateLimiter
from smsdrop.sending.send_batch import SendBatch
from smsdrop.wiring.adapters import Adapters
from smsdrop.wiring.send_batch import HANDLER_SECONDS, rate_limiter, send_batch

logger = Logger(json_serializer=compact_json)
metrics = Metrics()


@ready
@logger.inject_lambda_context
@metrics.published
@failing_safely(logger)
def lambda_handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    deadline = adapters().deadline(
        context.get_remaining_time_in_millis(), margin_seconds=HANDLER_SECONDS
    )
    rate().start_invocation()
    return failed_items(event["Records"], partial(is_done, deadline=deadline))


def is_done(record: Record, *, deadline: float) -> bool:
    """Deliver one message, and say whether it is done with; a failure affects no other message."""
    ids = {"message_id": record["messageId"]}
    try:
        return deliver(record, ids, deadline=deadline)
    except Exception as error:  # noqa: BLE001 - one message must not take the others with it
        logger.error("batch failed", extra=ids | fields_of_error(error))  # noqa: TRY400 - a traceback holds the error's text
        metrics.add({Metric.BATCHES_FAILED: 1})
        return False


def deliver(record: Record, ids: dict[str, str], *, deadline: float) -> bool:
    """Deliver one message; `ids` are its batch's, as soon as they are known."""
    receive_count = int(record["attributes"]["ApproximateReceiveCount"])
    try:
        batch = Batch.from_message(record["body"])
    except LaterForm:
        return put_off(record, use_case().leave(receive_count=receive_count), ids)
    except NotABatch as error:  # and never becomes one
        logger.error("not a batch", error=str(error), extra=ids)  # noqa: TRY400 - a traceback may hold phone numbers
        adapters().dead_letters.send([record["body"]])
        return True
    del ids["message_id"]
    ids |= {"campaign_id": batch.campaign_id, "batch_id": batch.batch_id}
    result = use_case().deliver(batch, receive_count=receive_count, deadline=deadline)
    if isinstance(result, Deferred):
        return put_off(record, result, ids)
    if result.entry is None:
        logger.info("batch forgotten", extra=ids)  # until its campaign may go on
    else:
        stands = {"state": result.entry.state, "code": result.entry.code}
        logger.info("batch done", recipients=len(batch), extra=ids | stands)
    return True


def put_off(record: Record, deferred: Deferred, ids: dict[str, str]) -> bool:
    code = {"code": deferred.code} if deferred.code else {}
    seconds = round(deferred.seconds)
    logger.info("batch deferred", reason=deferred.reason, seconds=seconds, extra=ids | code)
    adapters().queue.put_off(record["receiptHandle"], seconds=deferred.seconds)
    return False


# Built on first use: importing a handler needs no environment, credentials or network.


@cache
def adapters() -> Adapters:
    return Adapters(Session(), os.environ, metrics, tell=partial(write_line, logger))


@cache
def rate() -> RateLimiter:
    return rate_limiter(adapters())


@cache
def use_case() -> SendBatch:
    return send_batch(adapters(), rate())
