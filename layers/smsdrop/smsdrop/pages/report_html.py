"""A campaign on one page: `report.html`."""

from collections.abc import Iterable, Iterator, Sequence

from smsdrop.drop_times import beijing_text
from smsdrop.ledger.shown import problems_of, settings_shown
from smsdrop.pages.charts import Pace, bar
from smsdrop.pages.deliveries import deliveries
from smsdrop.pages.figures import Figures, file_name
from smsdrop.pages.html import facts, link, page, section, shown, table, tag
from smsdrop.pages.state import state_of
from smsdrop.pages.style import COLOURS
from smsdrop.pages.words import Words, duration, words_of
from smsdrop.reasons import Reason
from smsdrop.receipts.canary import Canary

MOST_REASONS = 10
MOST_PROBLEMS = 20
"""Our choice: the page stays small; `results.csv` and `summary.json` have all."""

ANSWERS = ("yes", "no")


def report_html(figures: Figures, *, language: str, files: Sequence[str]) -> str:
    """Return the page; `files` lie beside it."""
    words = words_of(language)
    campaign = figures.campaign
    parts = [
        _head(figures, words, language),
        section(words["rows"], _rows(figures, words)),
        section(words["delivery"], deliveries(figures.receipts, words)),
        section(*_first_text(figures, words)),
        section(words["pace"], _pace(figures, words)),
        section(words["reasons"], _reasons(figures, words, language)),
        section(words["causes"], _causes(figures, words, language)),
        section(words["campaign"], _facts(figures, words)),
        section(words["problems"], _problems(figures, language)),
        section(words["files"], _files(files, words)),
        tag("p", shown(words["written"].format(beijing_text(figures.written_at))), "small"),
    ]
    return page(title=file_name(campaign.key), language=language, body="\n".join(parts) + "\n")


def _head(figures: Figures, words: Words, language: str) -> str:
    campaign = figures.campaign
    state = state_of(
        str(campaign.status),
        outcome=campaign.outcome,
        is_stopping=bool(campaign.halt_code),
        is_stopped=figures.is_stopped,
        held_for=campaign.held_for,
    )
    lines = [
        tag("h1", shown(file_name(campaign.key))),
        tag("p", tag("span", shown(words[state.word]), f"state {state.css}")),
        tag("p", f"{figures.percent:g} %", "big") if campaign.counts.accepted else "",
        tag("p", shown(_speed(figures, words)), "small"),
    ]
    told = dict.fromkeys([figures.waits_for, figures.reason])
    lines += [tag("p", shown(each.text(language))) for each in told if each]
    return "\n".join(filter(None, lines))


def _speed(figures: Figures, words: Words) -> str:
    rate, left = figures.texts_a_minute, figures.seconds_left
    parts = [words["rate"].format(f"{rate:,.0f}")] if rate else []
    parts += [words["left"].format(duration(left, words))] if left else []
    return " · ".join(parts)


def _rows(figures: Figures, words: Words) -> str:
    counts, fates = figures.campaign.counts, figures.fates
    if not counts.rows:
        return ""
    told = words["of_rows"].format(f"{counts.rows:,}", f"{counts.accepted:,}")
    estimate = words["estimate"] if figures.progress.is_estimate else ""
    return "".join(
        [
            tag("p", shown(told)),
            bar(fates),
            table(_fates(figures, words), css="fates"),
            tag("p", shown(estimate), "small") if estimate else "",
        ]
    )


def _fates(figures: Figures, words: Words) -> Iterator[Sequence[str]]:
    fates = figures.fates
    total = sum(fates.values())
    for name, count in fates.items():
        if count:
            dot = f'<span class="dot" style="background:{COLOURS[name]}"></span>'
            yield f"{dot}{shown(words[name])}", f"{count:,}", f"{100 * count / total:.1f} %"
    if figures.sent_twice:
        yield shown(words["sent_twice"]), f"{figures.sent_twice:,}", ""


def _first_text(figures: Figures, words: Words) -> tuple[str, str]:
    first = figures.first_text
    if first.text:
        return words["the_text"], tag("div", shown(first.text), "text")
    signed = [(words["sign_name"], first.sign_name)] if first.params else []
    return words["no_text"], facts([*signed, *first.params])


def _pace(figures: Figures, words: Words) -> str:
    pace = Pace.of(figures.progress.minutes)
    return pace.drawn(words["a_minute"]) if pace else ""


def _reasons(figures: Figures, words: Words, language: str) -> str:
    """Say the most frequent first: why rows were rejected, and why batches were not sent."""
    of_batches = [(Reason(code), rows) for code, rows in figures.progress.codes.items()]
    return _most_frequent([*figures.rejected, *of_batches], words, language)


def _causes(figures: Figures, words: Words, language: str) -> str:
    """Say why texts were not delivered."""
    causes = [(Reason(code), rows) for code, rows in figures.undelivered.items()]
    return _most_frequent(causes, words, language)


def _most_frequent(counted: Iterable[tuple[Reason, int]], words: Words, language: str) -> str:
    all_of_them = sorted(counted, key=lambda each: (-each[1], each[0].code))
    most, others = all_of_them[:MOST_REASONS], all_of_them[MOST_REASONS:]
    rows = [(f"{count:,}", _with_code(reason, language)) for reason, count in most]
    rest = sum(count for _, count in others)
    note = tag("p", shown(words["more_reasons"].format(f"{rest:,}")), "small") if rest else ""
    return table(rows, css="reasons") + note


def _with_code(reason: Reason, language: str) -> str:
    text = reason.text(language)
    code = "" if reason.code in text else f" {tag('span', shown(reason.code), 'small')}"
    return f"{shown(text)}{code}"


def _facts(figures: Figures, words: Words) -> str:
    campaign = figures.campaign
    segments = campaign.counts.known_segments
    price = campaign.counts.price(figures.price_per_segment)
    settings = settings_shown(campaign.terms).get("settings", {})
    return facts(
        [
            (words["id"], campaign.campaign_id),
            (words["file"], campaign.key),
            (words["template_code"], campaign.template_code),
            (words["sign_name"], campaign.sign_name),
            (words["encoding"], campaign.encoding),
            (words["dropped_by"], campaign.dropped_by),
            (words["paused_by"], campaign.paused_by),
            (words["approved_by"], campaign.approved_by),
            *((words[name], _setting(value, words)) for name, value in settings.items()),
            *_canary(campaign.canary, words),
            (words["segments"], f"{segments:,}" if segments else ""),
            (words["price"], f"{price:,.2f}" if price else ""),
            (words["started_at"], beijing_text(campaign.started_at)),
            (words["finished_at"], beijing_text(campaign.finished_at)),
        ]
    )


def _canary(canary: Canary, words: Words) -> Iterator[tuple[str, str]]:
    """Say what became of the canary, once it has been looked up."""
    if canary.canary_as_of:
        counts = (canary.canary_tried, canary.canary_delivered, canary.canary_undelivered)
        yield words["canary_found"], words["canary_counts"].format(*counts, canary.unanswered)
    yield words["resumed_by"], canary.canary_resumed_by


def _setting(value: str, words: Words) -> str:
    return words[value] if value in (*ANSWERS, "test") else value


def _problems(figures: Figures, language: str) -> str:
    texts = [each.text(language) for each in problems_of(figures.campaign)[:MOST_PROBLEMS]]
    return tag("ul", "".join(tag("li", shown(each)) for each in texts)) if texts else ""


def _files(files: Sequence[str], words: Words) -> str:
    if not files:
        return ""
    links = " ".join(link(each, each) for each in files)
    return f"<p>{links}</p>{tag('p', shown(words['files_note']), 'small')}"
