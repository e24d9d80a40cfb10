"""What the functions have logged about a campaign."""

import json
from collections.abc import Iterator
from typing import Any

from smsdrop.drop_times import beijing_second
from smsdrop.ledger.campaign import Campaign
from smsdrop_cli.deployment.stack import Stack

IN_FRONT = ("at", "timestamp", "level", "message", "function_name")
SAID_BY_ALL = ("service", "campaign_id", "function_request_id")
"""Keys that are not shown after a line: they are in front of it, or say nothing new."""

BEFORE_SECONDS = 900
"""Our choice: clocks differ, and a campaign begins some time after its function does."""


def log_lines(stack: Stack, campaign: Campaign) -> Iterator[dict[str, Any]]:
    """Yield the lines that name the campaign, the oldest first, with `at` in seconds since 1970."""
    pages = stack.clients.logs.get_paginator("filter_log_events").paginate(
        logGroupName=stack.outputs["Logs"],
        filterPattern=f'"{campaign.campaign_id}"',
        startTime=int((campaign.started_at - BEFORE_SECONDS) * 1000),
    )
    for page in pages:
        for event in page["events"]:
            yield {"at": event["timestamp"] / 1000, **_members(event["message"])}


def shown(line: dict[str, Any], *, stack_name: str) -> str:
    """Write a line for a person: when, which function, what, and the details."""
    details = [
        f"{name}={value}"
        for name, value in line.items()
        if name not in (*IN_FRONT, *SAID_BY_ALL) and value not in ("", None)
    ]
    function = line.get("function_name", "").removeprefix(f"{stack_name}-").partition("-")[0]
    level = "" if line.get("level") == "INFO" else line.get("level", "")
    parts = (beijing_second(line["at"]), function, level, line.get("message", ""))
    return " ".join([*filter(None, parts), *details])


def _members(text: str) -> dict[str, Any]:
    try:
        line = json.loads(text)
    except ValueError:
        line = None
    return line if isinstance(line, dict) else {"message": text.strip()}
