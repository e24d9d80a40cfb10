"""Receipts in the bucket: nothing is lost where several write."""

from dataclasses import dataclass, field

from smsdrop.receipts.kept import KeptReceipts
from smsdrop.receipts.part import Part, part_key
from smsdrop.receipts.receipt import Delivery, Receipt
from tests.support.fakes import FakeFiles
from tests.support.samples import CAMPAIGN_ID

DELIVERED = Receipt(delivery=Delivery.DELIVERED, code="DELIVERED", received_at=7, looks=1)
FAILED = Receipt(delivery=Delivery.FAILED, code="NO_ROUTE", received_at=9, looks=1)
PENDING = Receipt(looks=1)


@dataclass
class Overtaken:
    """A bucket in which another writer stores a part between our read and our write, once."""

    files: FakeFiles
    others: list[bytes] = field(default_factory=list)
    puts: int = 0

    def content(self, key: str) -> tuple[bytes, str]:
        read = self.files.content(key)
        if self.others:
            self.files.objects[key] = self.others.pop()
        return read

    def put_over(self, key: str, content: bytes, *, mark: str) -> str:
        self.puts += 1
        return self.files.put_over(key, content, mark=mark)


def kept(files: FakeFiles | Overtaken) -> KeptReceipts:
    return KeptReceipts(objects=files, campaign_id=CAMPAIGN_ID)


def test_what_was_found_is_added_to_what_is_kept() -> None:
    receipts = kept(FakeFiles())

    receipts.add(0, Part(receipts={(1, 0): FAILED, (1, 1): PENDING}))
    receipts.add(0, Part(receipts={(1, 0): DELIVERED}))

    assert receipts.part(0) == Part(receipts={(1, 0): DELIVERED, (1, 1): PENDING})


def test_of_two_who_write_at_one_time_neither_loses_what_the_other_has_found() -> None:
    others = Part(receipts={(1, 1): FAILED}).to_bytes()
    bucket = Overtaken(FakeFiles(), [others])

    kept(bucket).add(0, Part(receipts={(1, 0): DELIVERED}))

    assert kept(bucket).part(0) == Part(receipts={(1, 0): DELIVERED, (1, 1): FAILED})
    assert bucket.puts == 2


def test_what_is_known_already_is_not_written_again() -> None:
    bucket = Overtaken(FakeFiles())
    for _ in range(2):
        kept(bucket).add(0, Part(receipts={(1, 0): DELIVERED}))

    assert bucket.puts == 1


def test_no_key_says_a_number() -> None:
    files = FakeFiles()
    kept(files).add(1, Part(receipts={(51, 0): DELIVERED}))

    assert list(files.objects) == [part_key(CAMPAIGN_ID, 1)]
