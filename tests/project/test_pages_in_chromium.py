"""
People's pages in a browser: headless Chromium opens them from disk, with the network off.

Its pictures are kept in `artefacts/pages/` to be looked at.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from local import ROOT
from smsdrop.pages.figures import status_of
from smsdrop.pages.index_html import index_html
from smsdrop.pages.report_html import report_html
from tests.support.chromium import CHROMIUM, Browser, browser
from tests.support.page_scenes import FILES, LANGUAGES, SCENES
from tests.support.samples import NOW

pytestmark = pytest.mark.skipif(
    not CHROMIUM, reason="needs Chromium: apt-get install chromium fonts-noto-cjk"
)

PICTURES = ROOT / "artefacts" / "pages"
WIDTHS = {"phone": 390, "desktop": 1280}
INDEX = "index"


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser() as running:
        yield running


def page_of(name: str, language: str) -> str:
    if name != INDEX:
        files = FILES if name == "closed" else ()
        return report_html(SCENES[name](), language=language, files=files)
    shown = {each: status_of(scene(), language=language) for each, scene in SCENES.items()}
    ended = [shown.pop(each) for each in ("closed", "refused")]
    return index_html(
        list(shown.values()),
        ended,
        language=language,
        is_stopped=False,
        stopped_text="",
        written_at=NOW,
    )


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", [*SCENES, INDEX])
def test_a_page_is_shown_without_overflow_error_or_network(
    chromium: Browser, tmp_path: Path, name: str, language: str, width: str
) -> None:
    path = tmp_path / "page.html"
    path.write_text(page_of(name, language), encoding="utf-8")

    look = chromium.look(path, width=WIDTHS[width])

    PICTURES.mkdir(parents=True, exist_ok=True)
    (PICTURES / f"{name}-{language}-{width}.png").write_bytes(look.picture)
    assert look.complaints == []
    assert look.overflowing == []
    assert {each.partition(":")[0] for each in look.addresses} <= {"file", "data"}
    assert "七月账单 <script>alert(1) & *******8000" in look.text


def test_a_page_that_overflows_and_errs_and_loads_would_be_noticed(
    chromium: Browser, tmp_path: Path
) -> None:
    path = tmp_path / "page.html"
    path.write_text(
        '<meta name="viewport" content="width=device-width">'
        '<p style="width:900px">wide</p><img src="http://example.invalid/a.png">'
        "<script>throw new Error('bad')</script>",
        encoding="utf-8",
    )

    look = chromium.look(path, width=WIDTHS["phone"])

    assert "P " in look.overflowing
    assert any("bad" in each for each in look.complaints)
    assert "http://example.invalid/a.png" in look.addresses
