"""A campaign, shown while it runs."""

from typing import Self

from rich.console import Console
from rich.progress import BarColumn, TaskID, TextColumn
from rich.progress import Progress as Bars

from smsdrop.ledger.campaign import Campaign
from smsdrop_cli.commands.run import Run
from smsdrop_cli.commands.shown import campaign_table, path_of, state_of
from smsdrop_cli.progress import Progress
from smsdrop_cli.times import span


def show_until_ended(run: Run, campaign: Campaign) -> Progress:
    """Show a campaign's progress until it has ended, and return the last of it."""
    looks = run.watching.until_ended(campaign.campaign_id)
    last = next(looks)
    if run.as_json:
        run.write_json(last.to_json())
        for last in looks:
            run.write_json(last.to_json())
        return last
    with LiveBar(run.console) as bar:
        bar.move(last)
        for last in looks:
            bar.move(last)
    run.say(None, campaign_table(last, run.stack.bucket))
    return last


class LiveBar:
    """A bar that moves while a campaign runs, with its rate and the time left."""

    def __init__(self, console: Console) -> None:
        self._bars = Bars(
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            TextColumn("{task.percentage:>5.1f} %"),
            TextColumn("{task.fields[state]}", markup=False),
            console=console,
        )
        self._task: TaskID | None = None

    def __enter__(self) -> Self:
        self._bars.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._bars.stop()

    def move(self, progress: Progress) -> None:
        if self._task is None:
            name = path_of(progress.file.get("key", "")).rpartition("/")[2]
            self._task = self._bars.add_task(name, total=None, state="")
        self._bars.update(
            self._task,
            total=progress.accepted or None,
            completed=progress.accepted - progress.pending,
            state=state_line(progress),
        )


def state_line(progress: Progress) -> str:
    """Say in a few words how far it is: status, texts, rate, time left, what it waits for."""
    parts = [state_of(progress), f"{progress.sent:,} of {progress.accepted:,} sent"]
    if progress.texts_a_minute:
        parts.append(f"{progress.texts_a_minute:,.0f} a minute")
    if left := span(progress.seconds_left):
        parts.append(f"{left} left")
    return ", ".join([*parts, progress.waits_for] if progress.waits_for else parts)
