"""What the carrier has said of each recipient, as a report shows it, and the totals."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from smsdrop.alibaba.answers import is_refused_for_good
from smsdrop.batches.batcher import MAX_OPEN_BATCHES
from smsdrop.batches.forms import LaterForm
from smsdrop.code_texts import code_text
from smsdrop.drop_times import local_second
from smsdrop.ledger.codes import NO_CAUSE
from smsdrop.reasons import delivery_word
from smsdrop.receipts.kept import KeptReceipts
from smsdrop.receipts.looks import Looks, ReceiptCounts
from smsdrop.receipts.part import (
    BATCHES_A_PART,
    LaterReceipts,
    Part,
    Place,
    part_of_position,
    parts_of,
)
from smsdrop.receipts.receipt import Delivery, Receipt

MOST_PARTS = 4 * MAX_OPEN_BATCHES // BATCHES_A_PART + 2
"""Enough to hold all batches that rows may still belong to, see `RowOutcomes`."""

MOST_ALIKE = 4096
"""Our choice: how many different receipts are cached; most rows share a code and a second."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RowReceipt:
    """A row's receipt as people read it; `cause` is empty unless it was not delivered."""

    word: str = ""
    code: str = ""
    delivered_at: str = ""
    cause: str = ""
    is_opted_out: bool = False
    """Whether the carrier has said not to text its recipient again."""

    def cells(self) -> tuple[str, ...]:
        """Return them in the order of the report's columns."""
        return self.word, self.code, self.delivered_at


NOT_ASKED = RowReceipt()
"""For a row that was not sent, or if no receipts are looked up."""


class RowReceipts:
    """
    Reads the receipts of a plan part by part, as rows come, and each part once.

    So the rows and the totals agree, even if another run looks more up meanwhile. Until a look has
    ended there is nothing to read. Raises `LaterForm`.
    """

    def __init__(
        self,
        kept: KeptReceipts,
        looks: Looks,
        *,
        batches: int,
        are_awaited: bool,
        language: str,
    ) -> None:
        self._kept = kept
        self._looks = looks
        self._unread = set(parts_of(batches)) if looks.receipts_as_of else set[int]()
        self._near: dict[int, Part] = {}
        self._are_awaited = are_awaited
        self._language = language
        self._delivered = 0
        self._causes: Counter[str] = Counter()

    @property
    def are_known(self) -> bool:
        """Say whether a look has ended."""
        return self._looks.receipts_as_of > 0

    def of(self, place: Place) -> RowReceipt:
        """Return what is known of a recipient who was sent to."""
        if not self._are_awaited:
            return NOT_ASKED
        number = part_of_position(place[0])
        if number in self._unread:
            self._read(number)
        receipt = self._near[number].of(place) if number in self._near else Receipt()
        return _row_receipt(
            receipt.delivery,
            receipt.code,
            int(receipt.received_at),
            is_final=self._looks.is_final,
            language=self._language,
        )

    def read_rest(self) -> None:
        """Add up the parts that no row has asked for, too."""
        for number in sorted(self._unread):
            self._read(number)

    def counts(self, *, sent: int) -> ReceiptCounts:
        """Return the totals of all who were sent to, once all parts are read."""
        as_read = replace(self._looks, delivered=self._delivered, undelivered=self._causes.total())
        return as_read.counts(sent=sent)

    @property
    def causes(self) -> Mapping[str, int]:
        """Why texts were not delivered, by the carrier's code."""
        return dict(sorted(self._causes.items()))

    def _read(self, number: int) -> None:
        self._unread.discard(number)
        try:
            part = self._kept.part(number)
        except LaterReceipts:
            raise LaterForm from None
        for receipt in part.receipts.values():
            self._delivered += receipt.delivery is Delivery.DELIVERED
            if receipt.delivery is Delivery.FAILED:
                self._causes[receipt.code or NO_CAUSE] += 1
        self._near[number] = part
        if len(self._near) > MOST_PARTS:
            del self._near[min(self._near)]


@lru_cache(maxsize=MOST_ALIKE)
def _row_receipt(
    delivery: Delivery, code: str, received_at: int, *, is_final: bool, language: str
) -> RowReceipt:
    if delivery is Delivery.PENDING:
        return RowReceipt(word=delivery_word("no_receipt" if is_final else "pending", language))
    if delivery is Delivery.FAILED:
        return RowReceipt(
            word=delivery_word("undelivered", language),
            code=code,
            cause=cause_text(code, language),
            is_opted_out=is_refused_for_good(code),
        )
    at = local_second(received_at, language)
    return RowReceipt(word=delivery_word("delivered", language), code=code, delivered_at=at)


def cause_text(code: str, language: str) -> str:
    """Say why a text was not delivered; an unknown code is returned as it is."""
    return code_text(code or NO_CAUSE, language) or code
