"""The `smsdrop` command."""

from smsdrop_cli.commands import drop, read, steer, watch
from smsdrop_cli.commands.app import app

__all__ = ["app", "drop", "main", "read", "steer", "watch"]  # importing them adds the commands


def main() -> None:
    app()
