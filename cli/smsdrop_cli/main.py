"""The `smsdrop` command."""

from smsdrop_cli.commands import drop, forget, lists, read, steer, watch
from smsdrop_cli.commands.app import app

__all__ = ["app", "drop", "forget", "lists", "main", "read", "steer", "watch"]
"""Importing them adds the commands."""


def main() -> None:
    app()
