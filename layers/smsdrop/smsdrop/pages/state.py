"""How a campaign's state is shown: a word, and its style."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Shown:
    """The name of a word of the pages, and a class of their style."""

    word: str
    css: str = ""


OUTCOMES = {
    "completed": Shown("completed", "good"),
    "test": Shown("test", "good"),
    "halted": Shown("halted", "bad"),
    "cancelled": Shown("cancelled_campaign", "bad"),
    "withdrawn": Shown("withdrawn"),
    "too_old": Shown("too_old", "bad"),
    "refused": Shown("refused_file", "bad"),
    "duplicate_file": Shown("duplicate_file"),
    "repeated": Shown("repeated"),
    "preview": Shown("preview"),
}

STATES = {
    "parsing": Shown("parsing"),
    "planned": Shown("planned"),
    "held": Shown("held", "waits"),
    "sending": Shown("sending", "good"),
    "closing": Shown("closing"),
}

STOPPING = Shown("halting", "bad")
STOPPED = Shown("paused", "waits")
CLOSED = Shown("closed")


def state_of(
    status: str, *, outcome: str, is_stopping: bool, is_stopped: bool, held_for: str = ""
) -> Shown:
    """Say how a campaign ended, or what it is doing; `is_stopped` if all sending is paused."""
    if outcome:
        return OUTCOMES.get(outcome, CLOSED)
    if is_stopping:
        return STOPPING
    if is_stopped and status == "sending":
        return STOPPED
    if held_for and status == "parsing":
        return STATES["held"]
    return STATES.get(status, CLOSED)
