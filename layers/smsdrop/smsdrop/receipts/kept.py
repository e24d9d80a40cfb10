"""
Receipts in the bucket, some thousand recipients to an object.

New receipts are merged with those kept, and stored on the condition that no other run has stored
any meanwhile: of two runs that look up the same recipients, neither loses what the other has found.
"""

from dataclasses import dataclass

from smsdrop.ports import MarkedObjects
from smsdrop.receipts.part import Part, part_key


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptReceipts:
    """The receipts of one campaign."""

    objects: MarkedObjects
    campaign_id: str

    def part(self, number: int) -> Part:
        """Read a part; it is empty before the first look."""
        content, _ = self.objects.content(part_key(self.campaign_id, number))
        return Part.from_bytes(content)

    def add(self, number: int, found: Part) -> Part:
        """Merge what was found into what is there, and return both."""
        key = part_key(self.campaign_id, number)
        while True:
            content, mark = self.objects.content(key)
            both = Part.from_bytes(content) | found
            after = both.to_bytes()
            if after == content or self.objects.put_over(key, after, mark=mark):
                return both
