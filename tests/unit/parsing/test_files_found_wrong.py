"""Files that were once read wrong, each with what it must come to: see data/found_wrong."""

import csv
import json
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
from tests.support.samples import NOW, params_of

FOLDER = Path(__file__).parents[2] / "data" / "found_wrong"
TABLE = FOLDER / "expect.json"
EXPECTED: dict[str, dict[str, Any]] = json.loads(TABLE.read_text("utf-8"))

NOT_YET = {
    *["a4"],
    *["b5", "b6", "b7", "b8", "b10", "b11", "c1", "c2", "c3"],
}


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
            campaign = tick.advance(campaign, is_paused=False, deadline=use_cases.PLENTY)
            self.clock.now += 2000
        return tick.advance(campaign, is_paused=False, deadline=use_cases.PLENTY)

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


@pytest.mark.parametrize("name", [each for each in EXPECTED if each.split("-")[0] not in NOT_YET])
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


def test_every_file_has_its_expectation() -> None:
    assert {each.name for each in FOLDER.iterdir()} == {*EXPECTED, TABLE.name}
