"""The summary of a report, and what it adds up."""

import json
from dataclasses import replace
from typing import Any

import pytest

from smsdrop.closing.reports import Totals, summary
from smsdrop.ledger.batch_entry import State, untouched
from smsdrop.ledger.terms import NO_TERMS, Terms
from tests.support.samples import NOW, batch_of, campaign


def test_codes_are_those_of_texts_that_were_not_sent() -> None:
    totals = Totals()
    for state in (State.SENT, State.REFUSED, State.SPLIT):
        totals.add(replace(untouched(batch_of(3), at=NOW), state=state, code=f"code of {state}"))

    assert totals.codes == {"code of refused": 3}


@pytest.mark.parametrize(
    ("terms", "settings"),
    [
        pytest.param(NO_TERMS, None, id="none"),
        pytest.param(
            Terms(start_at=NOW, until_at=NOW + 3600),
            {
                "start": "2026-01-02 11:00",
                "until": "2026-01-02 12:00",
                "window": "",
                "approve": "no",
            },
            id="a start and an end, as Beijing's times",
        ),
        pytest.param(
            Terms(windows=("0900-2200", "0800-2000"), needs_approval=True),
            {"start": "", "until": "", "window": "0900-2200, 0800-2000", "approve": "yes"},
            id="hours, and an approval",
        ),
    ],
)
def test_a_summary_says_what_holds_the_campaign_back(
    terms: Terms, settings: dict[str, str] | None
) -> None:
    fields: dict[str, Any] = json.loads(summary(campaign(terms=terms), Totals(), language="en"))

    assert fields.get("settings") == settings
