"""`smsdrop drop`."""

from pathlib import Path
from typing import Annotated

import typer

from smsdrop_cli import dropping
from smsdrop_cli.commands.app import app
from smsdrop_cli.commands.live import show_until_ended
from smsdrop_cli.commands.run import Run
from smsdrop_cli.deployment.failures import CannotBeDone


@app.command()
def drop(
    ctx: typer.Context,
    file: Annotated[
        Path, typer.Argument(exists=True, dir_okay=False, readable=True, help="Of recipients.")
    ],
    *,
    template: Annotated[str | None, typer.Option(help="SMS_…; else the stack's own.")] = None,
    sign: Annotated[str | None, typer.Option(help="The sign name; else the stack's own.")] = None,
    start: Annotated[str | None, typer.Option(help="Not before: 2026-12-01T1000, 1000.")] = None,
    until: Annotated[str | None, typer.Option(help="Not after: 2026-12-01T1800, 1800.")] = None,
    window: Annotated[str | None, typer.Option(help="Only in these hours: 0900-2000.")] = None,
    only: Annotated[str | None, typer.Option(help="preview, or test.")] = None,
    again: Annotated[str | None, typer.Option(help="A word: repeat it on purpose.")] = None,
    approve: Annotated[bool, typer.Option("--approve", help="Wait for an approval.")] = False,
    hidden: Annotated[bool, typer.Option("--hidden", help="Hidden rows count.")] = False,
    canary: Annotated[int | None, typer.Option(help="So many first, and see.", min=1)] = None,
    watch: Annotated[bool, typer.Option("--watch", help="Watch it to its end.")] = False,
) -> None:
    """Drop a file: everyone on it gets one SMS. Times are Beijing's."""
    run: Run = ctx.obj
    said = {
        "start": start,
        "until": until,
        "window": window,
        "approve": "yes" if approve else None,
        "only": only,
        "again": again,
        "hidden": "yes" if hidden else None,
        "canary": None if canary is None else str(canary),
    }
    settings = {name: value for name, value in said.items() if value is not None}
    key = dropping.key_of(
        run.stack, file.name, template=template, sign=sign, settings=settings, now=run.now()
    )
    dropped = dropping.drop(run.stack, file, key)
    lines = [f"{key} is dropped, as campaign {dropped.campaign_id}."]
    if not watch:
        lines.append(f"To see how far it is: smsdrop watch {dropped.campaign_id}")
    run.say(dropped.to_json(), lines)
    if watch:
        _watch(run, dropped.campaign_id, is_to_be_sent=only is None)


def _watch(run: Run, campaign_id: str, *, is_to_be_sent: bool) -> None:
    """Show the campaign to its end; raises `CannotBeDone` if it was to be sent and was not."""
    last = show_until_ended(run, run.watching.begun(campaign_id))
    if is_to_be_sent and not last.ended_well:
        raise CannotBeDone(f"The file was not sent to its end ({last.outcome}). {last.reason}")
