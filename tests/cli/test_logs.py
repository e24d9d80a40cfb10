"""What the functions have logged about a campaign, for a person and for a machine."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from smsdrop_cli.deployment.stack import Stack
from smsdrop_cli.logs import log_lines, shown
from tests.support.samples import CAMPAIGN_ID, NOW, campaign

pytest_plugins = ["tests.support.cli_fixtures"]

LINE = {
    "level": "INFO",
    "message": "batch done",
    "service": "smsdrop",
    "function_name": "smsdrop-SendBatch-0A1B",
    "function_request_id": "1-2",
    "campaign_id": CAMPAIGN_ID,
    "batch_id": f"{CAMPAIGN_ID}-000001",
    "recipients": 100,
}


@dataclass(slots=True)
class Logs:
    """CloudWatch Logs with these messages, page by page."""

    pages: Iterable[list[str]]
    asked: dict[str, Any] = field(default_factory=dict)

    def get_paginator(self, operation: str) -> "Logs":
        assert operation == "filter_log_events"
        return self

    def paginate(self, **asked: Any) -> Iterable[dict[str, Any]]:
        self.asked = asked
        for page in self.pages:
            yield {"events": [{"timestamp": int(NOW * 1000), "message": each} for each in page]}


def test_the_lines_that_name_the_campaign_are_asked_for_since_it_began(deployed: Stack) -> None:
    logs = Logs(pages=[[json.dumps(LINE)], [], ["no JSON\n"]])
    vars(deployed.clients)["logs"] = logs

    lines = list(log_lines(deployed, campaign()))

    assert lines == [
        {"at": int(NOW * 1000) / 1000, **LINE},
        {"at": lines[1]["at"], "message": "no JSON"},
    ]
    assert logs.asked["logGroupName"] == "l"
    assert logs.asked["filterPattern"] == f'"{CAMPAIGN_ID}"'
    assert NOW - 3600 < logs.asked["startTime"] / 1000 < NOW


def test_a_person_is_shown_when_which_function_what_and_the_details() -> None:
    line = shown({"at": NOW, **LINE}, stack_name="smsdrop")

    assert line == (
        f"2026-01-02 11:00:00 SendBatch batch done batch_id={CAMPAIGN_ID}-000001 recipients=100"
    )


def test_a_warning_is_shown_as_one() -> None:
    line = shown({"at": NOW, **LINE, "level": "WARNING"}, stack_name="smsdrop")

    assert "SendBatch WARNING batch done" in line
