"""A terminal to type commands at, and campaigns that a stack knows."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from typer.testing import CliRunner

from smsdrop.drops import report_folder
from smsdrop.ledger.campaign import Campaign
from smsdrop_cli.commands.run import World
from smsdrop_cli.deployment.stack import Stack
from smsdrop_cli.main import app
from tests.support.fakes import nothing
from tests.support.samples import NOW

EARLIER_ID = "20260101T010101Z-fedcba9876543210"


def put(stack: Stack, key: str, content: bytes = b"") -> None:
    stack.clients.s3.put_object(Bucket=stack.bucket, Key=key, Body=content)


def known(stack: Stack, campaign: Campaign) -> Campaign:
    """Let the ledger have a campaign, and the bucket its report if it has ended."""
    stack.ledger.write(None, campaign)
    if not campaign.is_open:
        put(stack, report_folder(campaign.key, campaign.campaign_id) + "summary.json", b"{}")
    return campaign


@dataclass(slots=True)
class Typed:
    """What a command has answered."""

    exit_code: int
    out: str
    err: str

    @property
    def data(self) -> Any:
        return json.loads(self.out)


@dataclass(slots=True)
class Terminal:
    """Types commands; `during_sleep` is what happens while one waits."""

    stack: Stack
    during_sleep: Callable[[], object] = nothing
    now: float = NOW
    slept: list[float] = field(default_factory=list)

    def type(self, *words: str) -> Typed:
        world = World(find_stack=lambda _: self.stack, clock=lambda: self.now, sleep=self._sleep)
        done = CliRunner().invoke(app, words, obj=world, catch_exceptions=False)
        return Typed(done.exit_code, done.stdout, done.stderr)

    def _sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds
        self.during_sleep()
