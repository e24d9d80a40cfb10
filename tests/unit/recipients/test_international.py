"""Numbers outside mainland China: only where the stack says so, and never among mainland ones."""

import pytest

from smsdrop.batches.batch import Batch
from smsdrop.batches.batcher import Batcher
from smsdrop.ledger.batch_entry import BatchEntry, State
from smsdrop.reasons import Reason
from smsdrop.recipients.header import read_header
from smsdrop.recipients.phone_numbers import read_international_number
from smsdrop.sending.lookups import is_out_of_reach
from smsdrop.validation.validator import RowValidator
from tests.support.recipients import Duplicate, Recipient, outcome_of
from tests.support.samples import CAMPAIGN_ID, KEY, NOW, batch_of, layout, recipients

WRONG = Reason("phone_international_wrong")


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        pytest.param("+852 9123 4567", "85291234567", id="Hong Kong"),
        pytest.param("0085291234567", "85291234567", id="00 for the plus"),
        pytest.param("＋８５３ 6612-3456", "85366123456", id="Macau, full-width"),
        pytest.param("+886 0912 345 678", "886912345678", id="Taiwan, with the zero at home"),
        pytest.param("+1 (415) 555-2671", "14155552671", id="United States"),
        pytest.param("'+447911123456", "447911123456", id="apostrophe of Excel"),
        pytest.param("+44 20 7946 0958", Reason("phone_landline"), id="landline in London"),
        pytest.param("+85212", WRONG, id="too short"),
        pytest.param("+8529123456789012", WRONG, id="too long"),
        pytest.param("+999 1234567", WRONG, id="no such country"),
        pytest.param("+852 1111 1111", WRONG, id="no such number there"),
    ],
)
def test_an_international_number_is_country_code_and_number(
    cell: str, number: str | Reason
) -> None:
    assert read_international_number(cell) == number


def test_without_the_setting_an_international_number_is_rejected() -> None:
    outcome = outcome_of(
        RowValidator(read_header(["phone"]), default_sign_name="s"), 2, ["+85291234567"]
    )

    assert outcome == Reason("phone_international")


def test_with_the_setting_each_international_number_is_sent_to_once() -> None:
    validator = RowValidator(read_header(["phone"]), default_sign_name="s", international=True)

    outcomes = [outcome_of(validator, row, [cell]) for row, cell in enumerate(CELLS, start=2)]

    assert [type(each) for each in outcomes] == [Recipient, Recipient, Duplicate, Reason, Recipient]
    assert [each.is_international for each in outcomes if isinstance(each, Recipient)] == [
        True,
        False,
        True,
    ]
    assert outcomes[2] == Duplicate(2)


CELLS = ["+14155552671", "14155552671", "001 415 555 2671", "+852", "+85291234567"]
"""The second is a mainland number of the same digits as the first."""


def test_no_batch_mixes_international_numbers_with_others() -> None:
    batcher = Batcher(campaign_id=CAMPAIGN_ID, template_code="SMS_9", layout=layout())
    validator = RowValidator(read_header(["phone"]), default_sign_name="s", international=True)
    for row, cell in enumerate(CELLS, start=2):
        outcome = outcome_of(validator, row, [cell])
        if isinstance(outcome, Recipient):
            batcher.add(outcome.alone(layout()))

    batches = list(map(Batch.from_json, batcher.rest()))

    assert [(each.is_international, each.phone_numbers) for each in batches] == [
        (True, ("14155552671", "85291234567")),
        (False, ("14155552671",)),
    ]


@pytest.mark.parametrize("is_international", [True, False])
def test_a_batch_and_its_halves_remember_that_they_are_international(
    is_international: bool,
) -> None:
    batch = batch_of(4, is_international=is_international)

    for each in (batch, *batch.halves()):
        assert Batch.from_json(each.to_json()).is_international == is_international
    assert ("is_international" in batch.to_json()) == is_international
    assert len(recipients(4)) == len(batch)


@pytest.mark.parametrize("is_international", [True, False])
def test_absence_of_international_numbers_proves_nothing(is_international: bool) -> None:
    batch = batch_of(2, is_international=is_international)
    entry = BatchEntry(
        batch_id=batch.batch_id,
        state=State.SENDING,
        access_key_id=KEY.key_id,
        first_claimed_at=NOW,
    )

    assert is_out_of_reach(entry, batch, KEY, now=NOW) == is_international
