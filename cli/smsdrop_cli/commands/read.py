"""`smsdrop status`, `find` and `logs`: they read, and change nothing."""

from datetime import UTC, datetime, timedelta
from typing import Annotated

import typer

from smsdrop.drop_times import iso_text
from smsdrop_cli import finding, logs, suppressing
from smsdrop_cli.campaigns import campaign_named, known_campaigns
from smsdrop_cli.commands.app import Name, Number, app
from smsdrop_cli.commands.run import Run
from smsdrop_cli.commands.shown import campaign_table, campaigns_table, found_table, listed_line
from smsdrop_cli.deployment.failures import CannotBeDone
from smsdrop_cli.people import person_of
from smsdrop_cli.progress import Progress, progress_of


@app.command()
def status(
    ctx: typer.Context,
    campaign: Annotated[
        str, typer.Argument(metavar="[CAMPAIGN]", help="This one alone, with all that is known.")
    ] = "",
    *,
    days: Annotated[int, typer.Option(min=0, help="How long those that ended are listed.")] = 3,
) -> None:
    """Say how far campaigns are: those that run, and those of the last days."""
    run: Run = ctx.obj
    if campaign:
        progress = progress_of(run.stack, campaign_named(run.stack, campaign), now=run.now())
        run.say(progress.to_json(), campaign_table(progress, run.stack.bucket))
        return
    listed = _lately(run, days=days)
    pause = run.stack.ledger.pause()
    run.say(
        {
            "paused": pause.paused,
            "paused_by": pause.by,
            "paused_for": pause.code,
            "paused_since": iso_text(pause.since),
            "campaigns": [each.to_json() for each in listed],
        },
        campaigns_table(listed, pause),
    )


def _lately(run: Run, *, days: int) -> list[Progress]:
    """Return the campaigns that run, and those that were dropped within so many days."""
    since = f"{datetime.fromtimestamp(run.now(), UTC) - timedelta(days=days):%Y%m%dT%H%M%SZ}"
    ids = [
        each.campaign_id
        for each in known_campaigns(run.stack)
        if not each.has_ended or each.campaign_id >= since
    ]
    campaigns = filter(None, map(run.stack.ledger.campaign, ids))
    return [progress_of(run.stack, each, now=run.now()) for each in campaigns]


@app.command()
def find(
    ctx: typer.Context,
    number: Number,
    *,
    days: Annotated[int, typer.Option(min=1, help="How far back it is looked for.")] = 30,
) -> None:
    """Say on which lists a person is, and what they were sent, when, by which campaign."""
    run: Run = ctx.obj
    person = person_of(number, language=run.stack.language)
    listed = list(suppressing.lists_with(run.stack, person))
    if not run.as_json:
        run.say(None, map(listed_line, listed))
    found = []
    for each in finding.texts_to(run.stack, person.digits, days=days, now=run.now()):
        found.append(each.to_json())
        if not run.as_json:
            run.say(None, found_table(each))
    if not (found or listed):
        judged = [each.key for each in run.stack.ledger.open_campaigns() if not each.plan]
        but = f" Files that are still judged: {', '.join(judged)}." if judged else ""
        raise CannotBeDone(f"No campaign of the last {days} days had a text for this number.{but}")
    if run.as_json:
        run.write_json({"lists": [each.to_json() for each in listed], "texts": found})


@app.command(name="logs")
def logs_(ctx: typer.Context, campaign: Name) -> None:
    """Print what the functions have logged about a campaign; --json writes a line each."""
    run: Run = ctx.obj
    for line in logs.log_lines(run.stack, campaign_named(run.stack, campaign)):
        run.say(line, [logs.shown(line, stack_name=run.stack.name)])
