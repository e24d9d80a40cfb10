"""Files that were once read wrong, each with what it must come to: see data/found_wrong."""

import csv
import json
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from smsdrop.closing.reports import RESULTS, SUMMARY
from smsdrop.ledger.campaign import Campaign, Status
from smsdrop.parsing.plan_file import Defaults
from tests.support import use_cases
from tests.support.fakes import FakeFiles, FakeLedger, FakeQueue
from tests.support.gateway_caller import Clock
from tests.support.judged_files import judged
from tests.support.samples import NOW, params_of
from tests.support.tables import FORMATS, Table, as_csv, as_json_lines

FOLDER = Path(__file__).parents[2] / "data" / "found_wrong"
TABLE = FOLDER / "expect.json"
EXPECTED: dict[str, dict[str, Any]] = json.loads(TABLE.read_text("utf-8"))


class Site:
    """Parsing and closing among their fakes, for one file."""

    def __init__(self) -> None:
        self.files, self.ledger, self.queue = FakeFiles(), FakeLedger(), FakeQueue()
        self.clock = Clock(NOW)

    def judge(self, name: str) -> Campaign:
        """Parse the file, and close its campaign as if all its days were over."""
        parse = use_cases.parse_recipients(
            self.files,
            self.ledger,
            self.queue,
            clock=self.clock,
            defaults=Defaults(template_code="SMS_154950909", sign_name="云通信"),
        )
        version = self.files.drop(f"incoming/{name}", (FOLDER / name).read_bytes())
        campaign = parse.parse(version)
        assert campaign is not None
        self.clock.now += 2000
        tick = use_cases.tick(self.files, self.ledger, self.queue, clock=self.clock)
        while campaign.status not in (Status.CLOSED, Status.REFUSED):
            campaign = tick.advance.advance(campaign, is_paused=False, deadline=use_cases.PLENTY)
            self.clock.now += 2000
        return tick.advance.advance(campaign, is_paused=False, deadline=use_cases.PLENTY)

    def texted(self) -> dict[str, dict[str, str]]:
        """Return the params of each number that is in a batch, which is in one alone."""
        texts = [
            (number, dict(zip(batch.layout.param_names, params, strict=True)))
            for batch in self.queue.batches
            for number, *params in zip(batch.phone_numbers, *params_of(batch), strict=True)
        ]
        assert len(dict(texts)) == len(texts)
        return dict(texts)

    def report(self, name: str) -> str:
        found = [each for key, each in self.files.objects.items() if key.endswith(f"/{name}")]
        return found[0].decode("utf-8-sig") if found else ""


@pytest.mark.parametrize("name", EXPECTED)
def test_a_file_that_was_once_read_wrong_comes_to_what_a_person_expects(name: str) -> None:
    expected = EXPECTED[name]
    site = Site()

    site.judge(name)

    texted, summary = site.texted(), json.loads(site.report(SUMMARY))
    results = list(csv.DictReader(StringIO(site.report(RESULTS))))
    told = (site.report(SUMMARY) + site.report(RESULTS)).lower()
    assert not set(texted) & set(expected.get("never", ()))
    if expected.get("status") != "any":
        assert (summary["status"] == "refused") == (expected.get("status") == "refused")
        assert sorted(texted) == sorted(expected["texted"])
    for count in ("rows", "rejected"):
        assert summary[count] == expected.get(count, summary[count])
        assert len(results) == summary["rows"]
    for number, params in expected.get("params", {}).items():
        assert texted[number] == params
    assert all(each in told for each in expected.get("has", ()))


GOOD = [[f"1380013800{n}", "张三", "1,234.50"] for n in range(5)]
HEADER = ["手机号", "name", "amount"]


def param(value: str, code: str, *, name: str) -> Any:
    return pytest.param([["13900139000", value, "1"]], [code], id=name)


@pytest.mark.parametrize("write", FORMATS)
@pytest.mark.parametrize(
    ("rows", "codes"),
    [
        param("#FIELD!", "sheet_errors", name="a failed formula"),
        param("Loading...", "sheet_errors", name="one of Google Sheets"),
        param("Err:508", "sheet_errors", name="one of LibreOffice"),
        param("2.02607E+17", "digits_lost", name="a shortened number"),
        param("########", "digits_lost", name="a column too narrow"),
        param("??", "letters_lost", name="question marks"),
        param("锟斤拷", "letters_lost", name="misread letters"),
        param("NULL", "null_words", name="NULL"),
        param("\\N", "null_words", name="a database's N"),
        param("<NA>", "null_words", name="NA in brackets"),
        param("\u3000", "params_empty", name="a blank"),
        pytest.param(
            [["1-380-555-0102", "a", "1"], ["1 (808) 555-0107", "a", "1"]],
            ["phone_international"] * 2,
            id="grouped as in North America",
        ),
        pytest.param(
            [["1.39123457E+10", "a", "1"], ["1.3800138E10", "b", "2"]],
            ["phone_digits_lost"] * 2,
            id="several that lack digits",
        ),
        pytest.param([["1.3900139E10", "a", "1"]], [], id="one that lacks digits"),
        pytest.param([["139 0013 9000", "#", "-"]], [], id="marks, and Chinese groups"),
        pytest.param([["13900139000", "T恤 陶喆 李堃", "0"]], [], id="rare letters"),
        pytest.param([["13900139000", "Null", "12E3"]], [], id="a name, and a code"),
    ],
)
def test_a_row_comes_to_the_same_in_every_format(
    rows: Table, codes: list[str], write: Callable[[Table], bytes]
) -> None:
    outcome = judged(write([HEADER, *GOOD, *rows, *GOOD[:1]]))

    assert sorted(outcome.rejected.values()) == codes
    assert len(outcome.accepted) == len(GOOD) + len(rows) - len(codes)
    assert len(outcome.duplicates) == 1


@pytest.mark.parametrize("write", [each for each in FORMATS if each is not as_json_lines])
def test_a_header_that_comes_again_is_skipped_or_refused_in_every_format(
    write: Callable[[Table], bytes],
) -> None:
    again = judged(write([HEADER, *GOOD, HEADER, ["13900139000", "李四", "1"]]))
    other = judged(write([HEADER, *GOOD, HEADER[::-1], ["1", "李四", "13900139000"]]))

    assert (len(again.accepted), again.rejected, again.problems) == (6, {}, ["header_again"])
    assert other.refused == "header_differs"


def test_a_number_held_back_is_in_the_plan_once() -> None:
    """Its row stands behind the others there; `judged` counts it."""
    outcome = judged(as_csv([HEADER, ["1.3900139E10", "a", "1"], *GOOD]))

    assert [number for number, *_ in outcome.accepted][-1] == "13900139000"


def test_every_file_has_its_expectation() -> None:
    assert {each.name for each in FOLDER.iterdir()} == {*EXPECTED, TABLE.name}
