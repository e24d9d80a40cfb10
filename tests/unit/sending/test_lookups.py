"""That international numbers are not listed settles nothing."""

import pytest

from smsdrop.ledger.batch_entry import BatchEntry, State
from smsdrop.sending.lookups import is_out_of_reach
from tests.support.samples import KEY, NOW, batch_of


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
