"""A campaign is shown as people write and count."""

from decimal import Decimal

import pytest

from smsdrop.ledger.campaign import Counts
from smsdrop.ledger.shown import persons_shown, segments_shown, settings_shown
from smsdrop.ledger.terms import NO_TERMS, Terms
from tests.support.samples import NOW, campaign


@pytest.mark.parametrize(
    ("counts", "per_segment", "shown"),
    [
        pytest.param(Counts(accepted=2, segments=3), None, {"segments": 3}, id="no price"),
        pytest.param(
            Counts(accepted=2, segments=3), "0.045", {"segments": 3, "price": 0.135}, id="a price"
        ),
        pytest.param(
            Counts(accepted=2), "0.045", {"segments": None, "price": None}, id="unknown segments"
        ),
        pytest.param(Counts(), "0.045", {"segments": 0, "price": 0}, id="nothing to bill"),
        pytest.param(
            Counts(accepted=10**7, segments=10**7),
            "0.000001",
            {"segments": 10**7, "price": 10},
            id="the smallest price",
        ),
    ],
)
def test_segments_have_a_price_where_the_stack_has_one(
    counts: Counts, per_segment: str | None, shown: dict[str, object]
) -> None:
    assert segments_shown(counts, Decimal(per_segment) if per_segment else None) == shown


def test_settings_are_shown_in_beijing_time_where_there_are_any() -> None:
    terms = Terms(start_at=NOW, windows=("0900-2000", "0800-2000"), needs_approval=True)

    assert settings_shown(NO_TERMS) == {}
    assert settings_shown(terms) == {
        "settings": {
            "start": "2026-01-02 11:00",
            "until": "",
            "window": "0900-2000, 0800-2000",
            "approve": "yes",
        }
    }


def test_the_settings_of_a_test_say_so() -> None:
    settings = settings_shown(Terms(is_test=True))["settings"]

    assert (settings["only"], settings["approve"]) == ("test", "no")


def test_persons_are_shown_as_far_as_they_are_known() -> None:
    assert persons_shown(campaign(dropped_by="AWS:A", approved_by="AWS:B")) == {
        "dropped_by": "AWS:A",
        "approved_by": "AWS:B",
    }
