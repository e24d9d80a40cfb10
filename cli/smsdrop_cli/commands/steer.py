"""`smsdrop pause`, `resume`, `cancel`, `approve` and `redrive`."""

from typing import Annotated

import typer

from smsdrop.ledger.campaign import Campaign
from smsdrop.operations.orders import APPROVE, CANCEL, FOR_THE_STACK, PAUSE, RESUME, STACK
from smsdrop_cli.campaigns import UnknownCampaign, campaign_named
from smsdrop_cli.commands.app import Name, app
from smsdrop_cli.commands.run import Run
from smsdrop_cli.commands.shown import order_lines, redrive_lines
from smsdrop_cli.deployment.failures import CannotBeDone
from smsdrop_cli.progress import counted

NameOrAll = Annotated[
    str,
    typer.Argument(metavar="[CAMPAIGN]", help="A campaign; without it, the whole stack."),
]

LOOKS = 3
SECONDS_BETWEEN_LOOKS = 2
"""Our choice: a file that was just dropped by mistake has its campaign within seconds."""


@app.command()
def pause(ctx: typer.Context, campaign: NameOrAll = "") -> None:
    """Let no further call begin, of one campaign or of the whole stack."""
    _order(ctx.obj, PAUSE, campaign, counts=True)


@app.command()
def resume(ctx: typer.Context, campaign: NameOrAll = "") -> None:
    """Go on, with one campaign or with the whole stack."""
    _order(ctx.obj, RESUME, campaign)


@app.command()
def cancel(ctx: typer.Context, campaign: Name) -> None:
    """Send nothing more of a campaign, and say how many had been sent."""
    _order(ctx.obj, CANCEL, campaign, counts=True)


@app.command()
def approve(ctx: typer.Context, campaign: Name) -> None:
    """Let go what waits for an approval; not as the one who has dropped it."""
    _order(ctx.obj, APPROVE, campaign)


@app.command()
def redrive(ctx: typer.Context) -> None:
    """Queue the dead letters again; what is no batch stays."""
    run: Run = ctx.obj
    taken = run.orders.redrive()
    run.say(taken, redrive_lines(taken))


def _order(run: Run, order: str, name: str, *, counts: bool = False) -> None:
    if not name and order not in FOR_THE_STACK:
        raise CannotBeDone(f"Name a campaign to {order}.")
    campaign = _named(run, name) if name else None
    answer = run.orders.give(order, campaign.campaign_id if campaign else STACK)
    progress = None
    if campaign and counts:
        stands = run.stack.ledger.campaign(campaign.campaign_id) or campaign
        progress = counted(run.stack, stands, now=run.now())
        answer |= {each: getattr(progress, each) for each in ("sent", "under_way")}
    run.say(answer, order_lines(answer, progress))


def _named(run: Run, name: str) -> Campaign:
    for _ in range(LOOKS - 1):
        try:
            return campaign_named(run.stack, name)
        except UnknownCampaign:
            run.world.sleep(SECONDS_BETWEEN_LOOKS)
    return campaign_named(run.stack, name)
