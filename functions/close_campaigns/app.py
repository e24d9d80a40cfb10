"""Every minute -> reports: close the books of campaigns, and make the queue follow the pause."""

import os
import time
from functools import cache
from typing import Any

import boto3
from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from smsdrop.aws.cloudwatch import Metrics
from smsdrop.aws.log_format import brief
from smsdrop.closing.close_campaigns import CloseCampaigns
from smsdrop.metrics import Count
from smsdrop.operations.pausing import Pausing
from smsdrop.wiring import Parts

logger = Logger(json_serializer=brief)
metrics = Metrics()

MARGIN_SECONDS = 60
"""Ours: what it takes to finish what was begun when nothing more is to be begun."""


@logger.inject_lambda_context
@metrics.published
def lambda_handler(_event: dict[str, Any], context: LambdaContext) -> None:
    leave_by = time.time() + context.get_remaining_time_in_millis() / 1000 - MARGIN_SECONDS
    pause = pausing().follow()
    metrics.add({Count.PAUSED: pause.paused, Count.CAMPAIGNS_OPEN: 0})
    metrics.publish()  # now: closing may take its time
    for still_open in parts().ledger.open_campaigns():
        metrics.add({Count.CAMPAIGNS_OPEN: 1})
        campaign = close_campaigns().close(still_open, has_time=lambda: time.time() < leave_by)
        logger.info("books looked at", campaign_id=campaign.campaign_id, status=campaign.status)


# Built on first use and kept while the sandbox lives: importing this file needs no environment,
# no credentials and no network.


@cache
def parts() -> Parts:
    return Parts(boto3.Session(), os.environ, metrics)


@cache
def pausing() -> Pausing:
    return Pausing(
        ledger=parts().ledger, switch=parts().switch, topic=parts().topic, clock=time.time
    )


@cache
def close_campaigns() -> CloseCampaigns:
    return CloseCampaigns(
        ledger=parts().ledger,
        files=parts().files,
        queue=parts().queue,
        topic=parts().topic,
        lookup=parts().gateway,
        keys=parts().keys,
        clock=time.time,
        max_age_seconds=parts().max_age_seconds,
        language=parts().setting("LANGUAGE"),
    )
