"""Times as they are shown: Beijing's to a person, UTC to a machine."""

from datetime import UTC, datetime

from smsdrop.drops import BEIJING


def iso(at: float) -> str:
    return f"{datetime.fromtimestamp(at, UTC):%Y-%m-%dT%H:%M:%SZ}" if at else ""


def beijing(at: float) -> str:
    return f"{datetime.fromtimestamp(at, BEIJING):%Y-%m-%d %H:%M:%S}" if at else ""


def beijing_of_iso(text: str) -> str:
    return beijing(datetime.fromisoformat(text).timestamp()) if text else ""


def span(seconds: float | None) -> str:
    """Write a span of time for a person; empty for one that is not known."""
    if seconds is None:
        return ""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes:02d} min" if hours else f"{minutes} min {rest:02d} s"
