"""`smsdrop watch`."""

import typer

from smsdrop_cli.campaigns import campaign_named
from smsdrop_cli.commands.app import Name, app
from smsdrop_cli.commands.live import show_until_ended
from smsdrop_cli.commands.run import Run


@app.command()
def watch(ctx: typer.Context, campaign: Name) -> None:
    """Watch a campaign to its end; Ctrl-C ends only the watching. --json writes a line a look."""
    run: Run = ctx.obj
    show_until_ended(run, campaign_named(run.stack, campaign))
