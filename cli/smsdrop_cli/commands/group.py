"""How each command is called: global options may stand anywhere, and a failure is one sentence."""

import sys
from collections.abc import Sequence
from typing import Any

import typer
from typer.core import TyperGroup

from smsdrop_cli.deployment.failures import sentence_of

TAKES_A_VALUE = {
    "--stack": True,
    "--profile": True,
    "--region": True,
    "--endpoint-url": True,
    "--json": False,
}
"""The global options, which people also write after the command."""

CANNOT_BE_DONE = 1
"""The exit status; a command that is called wrongly exits with 2."""


class Commands(TyperGroup):
    """The group of all commands."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        return super().parse_args(ctx, in_front(args))

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except Exception as error:
            sentence = sentence_of(error)
            if sentence is None:
                raise
            sys.stderr.write(f"smsdrop: {' '.join(sentence.split())}\n")
            raise typer.Exit(CANNOT_BE_DONE) from error


def in_front(words: Sequence[str]) -> list[str]:
    """Move the global options in front of the command; after `--` nothing is an option."""
    own: list[str] = []
    rest: list[str] = []
    left = iter(words)
    for word in left:
        if word == "--":
            rest += [word, *left]
        elif word.partition("=")[0] not in TAKES_A_VALUE:
            rest.append(word)
        else:
            own.append(word)
            if TAKES_A_VALUE.get(word):
                own += [value for value in [next(left, None)] if value is not None]
    return [*own, *rest]
