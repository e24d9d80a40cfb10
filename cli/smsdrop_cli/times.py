"""Times and spans as a person is shown them."""

from datetime import datetime

from smsdrop.drop_times import beijing_second


def beijing_of_iso(text: str) -> str:
    return beijing_second(datetime.fromisoformat(text).timestamp()) if text else ""


def span(seconds: float | None) -> str:
    """Write a span of time for a person; empty for one that is not known."""
    if seconds is None:
        return ""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes:02d} min" if hours else f"{minutes} min {rest:02d} s"
