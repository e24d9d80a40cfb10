"""Progress of a campaign on the terminal: rows parsed, queued, texted, rate and time left."""

from dataclasses import dataclass
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    ProgressColumn,
    Task,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.progress import Progress as Bars
from rich.text import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Rows parsed, and recipients accepted, queued and texted by now."""

    parsed: int = 0
    accepted: int = 0
    queued: int = 0
    texted: int = 0
    status: str = ""

    @property
    def reached(self) -> list[str]:
        """Name the steps that are done: the file parsed, everyone texted, the books closed."""
        steps = {
            "parsed": self.parsed > 0,
            "texted": 0 < self.accepted <= self.texted,
            "closed": self.status in ("closed", "refused"),
        }
        return [name for name, is_done in steps.items() if is_done]


class Rate(ProgressColumn):
    def render(self, task: Task) -> Text:
        speed = task.finished_speed or task.speed
        return Text(f"{speed:,.0f}/s" if speed else "", justify="right")


class Progress:
    """Three bars, for as long as the block lasts."""

    def __init__(self, rows: int, console: Console) -> None:
        self._bars = Bars(
            TextColumn("{task.description:>8}"),
            BarColumn(),
            MofNCompleteColumn(),
            Rate(),
            TimeElapsedColumn(),
            TimeRemainingColumn(),
            TextColumn("{task.fields[status]}"),
            console=console,
            speed_estimate_period=10,
        )
        self._tasks = {
            name: self._bars.add_task(name, total=rows, status="")
            for name in ("parsed", "queued", "texted")
        }

    def show(self, standing: Standing) -> None:
        for name, task in self._tasks.items():
            done = getattr(standing, name)
            total = standing.accepted if standing.accepted and name != "parsed" else None
            self._bars.update(task, completed=done)
            if total:
                self._bars.update(task, total=total)
        self._bars.update(self._tasks["texted"], status=standing.status)

    def __enter__(self) -> Self:
        self._bars.start()
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _traceback: TracebackType | None,
    ) -> None:
        self._bars.stop()
