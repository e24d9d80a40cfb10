"""Which of the lists in the bucket a campaign must still heed."""

from typing import Any

import pytest

from smsdrop.drops import FileVersion, StandingFile
from smsdrop.sending.suppression.standing import name_of, named, unheeded_by
from tests.support.samples import campaign

FOR_ALL = StandingFile(
    version=FileVersion(bucket="files", key="suppressed/退订.csv", version_id="v2"), size=1
)
PROMO = StandingFile(
    version=FileVersion(bucket="files", key="suppressed/promo/R.csv", version_id="v3"), size=1
)
STANDING = {named(each.version): each for each in (FOR_ALL, PROMO)}


@pytest.mark.parametrize(
    ("judged", "unheeded"),
    [
        pytest.param({}, [FOR_ALL, PROMO], id="by none"),
        pytest.param({"suppressed_by": (("退订.csv", "v2"),)}, [PROMO], id="by one of them"),
        pytest.param(
            {"suppressed_by": (("退订.csv", "v1"),)}, [FOR_ALL, PROMO], id="by one before"
        ),
        pytest.param(
            {"suppressed_by": (("退订.csv", "v2"), ("promo/R.csv", "v3"))}, [], id="by both"
        ),
        pytest.param({"is_no_promotion": True}, [FOR_ALL], id="and is no promotion"),
    ],
)
def test_a_campaign_heeds_the_lists_that_it_was_not_judged_by(
    judged: dict[str, Any], unheeded: list[StandingFile]
) -> None:
    assert unheeded_by(campaign(**judged), STANDING) == unheeded


def test_a_list_is_named_by_its_place_and_a_number_in_it_is_masked() -> None:
    assert name_of("suppressed/promo/退订.csv") == "promo/退订.csv"
    assert "13800000000" not in name_of("suppressed/13800000000.csv")
