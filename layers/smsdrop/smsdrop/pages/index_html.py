"""All campaigns that are open or have ended in the last days, on one page: `index.html`."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeAlias

from smsdrop.drop_times import beijing_text
from smsdrop.drops import REPORT_PREFIX
from smsdrop.pages.charts import bar
from smsdrop.pages.deliveries import delivery_line
from smsdrop.pages.html import link, page, shown, tag
from smsdrop.pages.state import state_of
from smsdrop.pages.words import Words, duration, words_of

Status: TypeAlias = Mapping[str, Any]
"""What `status.json` holds."""

MOST_BYTES = 90_000
"""Our choice: for the campaigns; a page of less than 100 KB opens at once on a phone."""

OF_A_PERSON = ("paused", "approval", "lists", "canary_failed")
"""What holds a campaign until a person does something."""

FATES = (
    *("sent", "refused", "unconfirmed", "cancelled", "pending"),
    *("duplicates", "suppressed", "rejected"),
)


def index_html(
    open_ones: Sequence[Status],
    ended: Sequence[Status],
    *,
    language: str,
    is_stopped: bool,
    stopped_text: str,
    written_at: float,
) -> str:
    """Return the page; `is_stopped` says that sending is paused for the whole stack."""
    words = words_of(language)
    latest = sorted(open_ones, key=lambda each: each["campaign_id"], reverse=True)
    waiting = [each for each in latest if each["held_for"] in OF_A_PERSON]
    going = [each for each in latest if each["held_for"] not in OF_A_PERSON]
    stopped = f'<p class="campaign waits">{shown(stopped_text)}</p>' if is_stopped else ""
    groups = [
        (words["for_a_person"], waiting),
        (words["open"], going),
        (words["ended"], sorted(ended, key=_ended_at, reverse=True)),
    ]
    body = [
        tag("h1", shown(words["index"])),
        stopped,
        "" if latest else tag("p", shown(words["none"]), "small"),
        _groups(groups, words, is_stopped=is_stopped),
        tag("p", shown(words["written"].format(beijing_text(written_at))), "small"),
    ]
    title = f"smsdrop · {words['index']}"
    return page(title=title, language=language, body="\n".join(filter(None, body)) + "\n")


def _ended_at(status: Status) -> tuple[str, str]:
    return status["finished_at"], status["campaign_id"]


def _groups(
    groups: Iterable[tuple[str, Sequence[Status]]], words: Words, *, is_stopped: bool
) -> str:
    """Show as many as there is room for, and say how many are left out."""
    lines: list[str] = []
    room, left_out = MOST_BYTES, 0
    for title, statuses in groups:
        if statuses:
            lines.append(tag("h2", shown(title)))
        for status in statuses:
            card = _card(status, words, is_stopped=is_stopped)
            size = len(card.encode())
            if size > room:
                left_out += 1
                continue
            room -= size
            lines.append(card)
    if left_out:
        lines.append(tag("p", shown(words["not_shown"].format(left_out)), "small"))
    return "\n".join(lines)


def _card(status: Status, words: Words, *, is_stopped: bool) -> str:
    state = state_of(
        status["status"],
        outcome=status["outcome"],
        is_stopping=bool(status["reason"]),
        is_stopped=is_stopped,
        held_for=status["held_for"],
    )
    fates = {name: status.get(name, 0) for name in FATES}  # an earlier release knew fewer
    lines = [
        tag("p", tag("strong", shown(status["file"]["name"]))),
        tag("p", tag("span", shown(words[state.word]), f"state {state.css}")),
        bar(fates),
        tag("p", shown(_counts(status, fates, words))),
        tag("p", shown(delivery_line(status.get("receipts"), words))),
        tag("p", shown(_speed(status, words)), "small"),
        tag("p", shown(status["waits_for"] or status["reason"])),
        tag("p", shown(status["campaign_id"]), "small"),
        tag("p", link(status["report"].removeprefix(REPORT_PREFIX), words["report"])),
    ]
    return tag("div", "".join(each for each in lines if each != "<p></p>"), "campaign")


def _counts(status: Status, fates: Mapping[str, int], words: Words) -> str:
    if not status["rows"]:
        return ""
    parts = [f"{words[name]} {count:,}" for name, count in fates.items() if count]
    percent = [f"{status['percent']:g} %"] if status["accepted"] else []
    return " · ".join([*percent, *parts])


def _speed(status: Status, words: Words) -> str:
    if status["outcome"]:
        return ""
    rate, left = status["texts_a_minute"], status["seconds_left"]
    parts = [words["rate"].format(f"{rate:,.0f}")] if rate else []
    parts += [words["left"].format(duration(left, words))] if left else []
    return " · ".join(parts)
