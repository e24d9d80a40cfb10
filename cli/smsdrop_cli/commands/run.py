"""What every command of one run shares: the stack, the clock, and how results are written."""

import json
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from rich.console import Console

from smsdrop_cli.deployment.clients import Clients
from smsdrop_cli.deployment.defaults import STACK, default_of
from smsdrop_cli.deployment.stack import Stack
from smsdrop_cli.orders import Orders
from smsdrop_cli.watching import Watching

WIDTH_OF_A_FILE = 240
"""Output that is not for a terminal is neither wrapped nor cut."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """The global options; None for what is not given."""

    stack: str | None = None
    profile: str | None = None
    region: str | None = None
    endpoint_url: str | None = None
    as_json: bool = False


def deployed(options: Options) -> Stack:
    """Find the stack that is named, or the one of samconfig.toml."""
    clients = Clients(
        profile=options.profile, region=options.region, endpoint_url=options.endpoint_url
    )
    return Stack.named(options.stack or default_of("stack_name") or STACK, clients)


@dataclass(frozen=True, kw_only=True)
class World:
    """What a run reaches outside itself; tests pass in one of their own."""

    find_stack: Callable[[Options], Stack] = deployed
    clock: Callable[[], float] = time.time
    sleep: Callable[[float], None] = time.sleep


@dataclass(frozen=True, kw_only=True)
class Run:
    """One run of a command."""

    world: World
    options: Options

    @cached_property
    def stack(self) -> Stack:
        return self.world.find_stack(self.options)

    @property
    def orders(self) -> Orders:
        return Orders(stack=self.stack, clock=self.world.clock, sleep=self.world.sleep)

    @property
    def watching(self) -> Watching:
        return Watching(stack=self.stack, clock=self.world.clock, sleep=self.world.sleep)

    def now(self) -> float:
        return self.world.clock()

    @cached_property
    def console(self) -> Console:
        """What a person reads; file names may contain what rich takes for markup."""
        width = None if sys.stdout.isatty() else WIDTH_OF_A_FILE
        return Console(highlight=False, markup=False, emoji=False, width=width)

    @property
    def as_json(self) -> bool:
        return self.options.as_json

    def say(self, data: Any, shown: Iterable[Any]) -> None:
        """Write a result: as a line of JSON, or as shown to a person."""
        if self.as_json:
            self.write_json(data)
            return
        for each in shown:
            self.console.print(each, soft_wrap=isinstance(each, str))

    def write_json(self, data: Any) -> None:
        sys.stdout.write(json.dumps(data, ensure_ascii=False) + "\n")
        sys.stdout.flush()
