"""What carriers have said of each row: read once, part by part, and added up from the same."""

import gzip
from dataclasses import dataclass, field

import pytest

from smsdrop.batches.forms import LaterForm
from smsdrop.closing.results.row_receipts import MOST_PARTS, NOT_ASKED, RowReceipts, cause_text
from smsdrop.code_texts import code_text
from smsdrop.receipts.kept import KeptReceipts
from smsdrop.receipts.looks import LOOKS, NO_LOOKS, Looks
from smsdrop.receipts.part import BATCHES_A_PART, Part, Place, part_of_position
from smsdrop.receipts.receipt import Delivery, Receipt
from tests.support.fakes import FakeFiles
from tests.support.samples import CAMPAIGN_ID, NOW

DELIVERED = Receipt(delivery=Delivery.DELIVERED, code="DELIVERED", received_at=NOW)
FAILED = Receipt(delivery=Delivery.FAILED, code="MOBILE_NOT_ON_SERVICE", received_at=NOW)
BEGUN = NO_LOOKS.begun(at=NOW)
BATCHES = 3 * BATCHES_A_PART


def looked(times: int) -> Looks:
    looks = BEGUN
    for each in LOOKS[:times]:
        under_way = looks.under_way(at=NOW + each)
        looks = under_way.ended(look=under_way.receipts_look, at=NOW + each)
    return looks


class CountedFiles(FakeFiles):
    """Counts how often each part is read."""

    def __init__(self) -> None:
        super().__init__()
        self.read: list[str] = []

    def content(self, key: str) -> tuple[bytes, str]:
        self.read.append(key)
        return super().content(key)


@dataclass(slots=True)
class Site:
    files: CountedFiles = field(default_factory=CountedFiles)

    @property
    def kept(self) -> KeptReceipts:
        return KeptReceipts(objects=self.files, campaign_id=CAMPAIGN_ID)

    def says(self, place: Place, receipt: Receipt) -> None:
        self.kept.add(part_of_position(place[0]), Part(receipts={place: receipt}))
        self.files.read.clear()

    def receipts(
        self,
        looks: Looks,
        *,
        batches: int = BATCHES,
        are_awaited: bool = True,
        language: str = "en",
    ) -> RowReceipts:
        return RowReceipts(
            self.kept, looks, batches=batches, are_awaited=are_awaited, language=language
        )


@pytest.fixture
def site() -> Site:
    return Site()


@pytest.mark.parametrize(
    ("receipt", "times", "language", "cells"),
    [
        pytest.param(
            DELIVERED,
            1,
            "en",
            ("delivered", "DELIVERED", "2026-01-02 11:00:00 +08:00"),
            id="delivered",
        ),
        pytest.param(
            DELIVERED, 4, "zh", ("已送达", "DELIVERED", "2026-01-02 11:00:00"), id="in Chinese"
        ),
        pytest.param(FAILED, 1, "en", ("undelivered", FAILED.code, ""), id="undelivered"),
        pytest.param(FAILED, 1, "zh", ("未送达", FAILED.code, ""), id="undelivered, in Chinese"),
        pytest.param(Receipt(looks=1), 1, "en", ("pending", "", ""), id="nothing is known"),
        pytest.param(Receipt(looks=1), 1, "zh", ("等待回执", "", ""), id="the same in Chinese"),
        pytest.param(Receipt(looks=4), 4, "en", ("no receipt", "", ""), id="after the last look"),
        pytest.param(Receipt(looks=4), 4, "zh", ("无回执", "", ""), id="and in Chinese"),
    ],
)
def test_a_receipt_is_said_in_the_language_of_the_stack_and_in_beijings_time(
    site: Site, receipt: Receipt, times: int, language: str, cells: tuple[str, ...]
) -> None:
    site.says((7, 3), receipt)

    assert site.receipts(looked(times), language=language).of((7, 3)).cells() == cells


@pytest.mark.parametrize("language", ["en", "zh"])
def test_why_a_text_was_not_delivered_is_said_in_words_with_the_code_behind_them(
    site: Site, language: str
) -> None:
    site.says((1, 0), FAILED)

    cause = site.receipts(looked(1), language=language).of((1, 0)).cause

    assert cause == code_text(FAILED.code, language)
    assert FAILED.code in cause
    assert cause_text("MK:0013", language) == "MK:0013"
    assert cause_text("", language) == code_text("smsdrop.NoCause", language)


@pytest.mark.parametrize(
    ("code", "has_opted_out"),
    [
        pytest.param("USER_REJECT", True, id="unsubscribed"),
        pytest.param("MOBILE_IN_BLACK", True, id="on a blacklist"),
        pytest.param("MOBILE_NOT_ON_SERVICE", False, id="switched off"),
    ],
)
def test_who_is_not_to_be_texted_again_is_known_by_the_carriers_code(
    site: Site, code: str, *, has_opted_out: bool
) -> None:
    site.says((1, 0), Receipt(delivery=Delivery.FAILED, code=code, received_at=NOW))

    assert site.receipts(looked(1)).of((1, 0)).is_opted_out == has_opted_out


def test_before_the_first_look_has_ended_nothing_is_read_and_all_are_pending(site: Site) -> None:
    site.says((1, 0), FAILED)
    receipts = site.receipts(BEGUN.under_way(at=NOW + 300))

    assert receipts.of((1, 0)).word == "pending"
    receipts.read_rest()
    assert site.files.read == []
    assert not receipts.are_known
    assert receipts.counts(sent=5).pending == 5


def test_where_no_receipts_are_awaited_a_row_has_none(site: Site) -> None:
    assert site.receipts(NO_LOOKS, are_awaited=False).of((1, 0)) == NOT_ASKED


def test_what_rows_and_what_nobody_asks_for_add_up_to_all_that_were_sent_to(site: Site) -> None:
    site.says((1, 0), DELIVERED)
    site.says((1, 1), FAILED)
    site.says((BATCHES, 0), FAILED)
    site.says((BATCHES, 1), Receipt(delivery=Delivery.FAILED))
    receipts = site.receipts(looked(2))
    receipts.of((1, 0))

    receipts.read_rest()

    counts = receipts.counts(sent=10)
    assert (counts.delivered, counts.undelivered, counts.pending) == (1, 3, 6)
    assert (counts.no_receipt, counts.final, counts.as_of) == (0, False, NOW + LOOKS[1])
    assert receipts.causes == {FAILED.code: 2, "smsdrop.NoCause": 1}


def test_after_the_last_look_whoever_is_left_has_no_receipt(site: Site) -> None:
    site.says((1, 0), DELIVERED)
    receipts = site.receipts(looked(4))

    receipts.read_rest()

    counts = receipts.counts(sent=10)
    assert (counts.pending, counts.no_receipt, counts.final) == (0, 9, True)


def test_each_part_is_read_once_though_rows_come_in_turn_from_several(site: Site) -> None:
    """Receipts added in between are left to the report that is written for them."""
    site.says((1, 0), FAILED)
    site.says((BATCHES_A_PART + 1, 0), DELIVERED)
    receipts = site.receipts(looked(1), batches=2 * BATCHES_A_PART)
    for place in [(1, 0), (BATCHES_A_PART + 1, 0), (2, 0)]:
        receipts.of(place)
    read = len(site.files.read)
    site.says((1, 0), DELIVERED)

    receipts.read_rest()

    assert (read, site.files.read) == (2, [])
    assert receipts.of((1, 0)).word == "undelivered"
    assert receipts.counts(sent=2).undelivered == 1


def test_no_more_parts_are_held_than_rows_may_ask_for(site: Site) -> None:
    batches = (MOST_PARTS + 5) * BATCHES_A_PART
    receipts = site.receipts(looked(1), batches=batches)
    for position in range(1, batches + 1, BATCHES_A_PART):
        receipts.of((position, 0))

    assert len(receipts._near) == MOST_PARTS


def test_receipts_of_a_later_release_are_left_to_it(site: Site) -> None:
    site.says((1, 0), DELIVERED)
    [key] = site.files.objects
    site.files.objects[key] = gzip.compress(b'{"form": 2}\n')

    with pytest.raises(LaterForm):
        site.receipts(looked(1)).of((1, 0))
