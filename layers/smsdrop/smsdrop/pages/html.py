"""Pieces of HTML: text that is safe to show and to forward, links, tables, and a whole page."""

import re
from collections.abc import Iterable, Sequence
from html import escape
from urllib.parse import quote

from smsdrop.pages.style import STYLE

LONGEST_TEXT = 600
"""Our choice: a page stays small, whatever a file holds."""

LONG_NUMBER = re.compile(r"(?P<id>\d{8}T\d{6}Z-[0-9a-f]{16})|(?P<number>\d{11,})")
"""A campaign's id, or what may be a phone number."""

LONG_RUN = re.compile(r"[0-9]{11,}")
DIGITS = re.compile(r"[0-9]{8}(?=[0-9])")
"""Eight digits of a run that goes on."""

SHOWN_DIGITS = 4


def shown(text: object) -> str:
    """Return any text for a page, without a phone number in it."""
    whole = str(text)
    cut = f"{whole[:LONGEST_TEXT]}…" if len(whole) > LONGEST_TEXT else whole
    parts = []
    end = 0
    for found in LONG_NUMBER.finditer(cut):
        parts += [escape(cut[end : found.start()]), _long(found)]
        end = found.end()
    return "".join([*parts, escape(cut[end:])])


def _long(found: re.Match[str]) -> str:
    """Break an id's runs of eleven digits without changing what a person copies."""
    if found["id"]:
        return LONG_RUN.sub(lambda run: DIGITS.sub(r"\g<0><wbr>", run[0]), found["id"])
    number = found["number"]
    return "*" * (len(number) - SHOWN_DIGITS) + number[-SHOWN_DIGITS:]


def link(key: str, text: object) -> str:
    """Link to an object by its key relative to the page's own folder."""
    address = LONG_RUN.sub(lambda run: DIGITS.sub(_with_last_encoded, run[0]), quote(f"./{key}"))
    return f'<a href="{address}">{shown(text)}</a>'


def _with_last_encoded(found: re.Match[str]) -> str:
    return f"{found[0][:-1]}%3{found[0][-1]}"


def tag(name: str, content: str, css: str = "") -> str:
    return f'<{name} class="{css}">{content}</{name}>' if css else f"<{name}>{content}</{name}>"


def section(title: str, content: str) -> str:
    """Return a section, or nothing if it would be empty."""
    return f"<section><h2>{shown(title)}</h2>{content}</section>\n" if content else ""


def facts(pairs: Iterable[tuple[str, object]]) -> str:
    """Return a list of names with their values, without those that have none."""
    rows = [f"<dt>{shown(name)}</dt><dd>{shown(value)}</dd>" for name, value in pairs if value]
    return f"<dl>{''.join(rows)}</dl>" if rows else ""


def table(rows: Iterable[Sequence[str]], *, css: str = "") -> str:
    """Return a table of cells that are HTML already."""
    lines = [f"<tr>{''.join(tag('td', cell) for cell in row)}</tr>" for row in rows]
    return tag("table", "".join(lines), css) if lines else ""


def page(*, title: str, language: str, body: str) -> str:
    return f"""<!DOCTYPE html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<link rel="icon" href="data:,">
<title>{shown(title).replace("<wbr>", "")}</title>
<style>{STYLE}</style>
</head>
<body>
<main>
{body}</main>
</body>
</html>
"""
