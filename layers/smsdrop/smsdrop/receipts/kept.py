"""
Receipts in the bucket, some thousand recipients to an object.

What is kept is merged with what comes, and stored on the condition that nobody else has meanwhile:
of two runs that look the same up neither loses what the other has found.
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
        """Read a part; it is empty until somebody has looked."""
        content, _ = self.objects.content(part_key(self.campaign_id, number))
        return Part.from_bytes(content)

    def add(self, number: int, found: Part) -> Part:
        """Keep what was found beside what is there, and return both."""
        key = part_key(self.campaign_id, number)
        while True:
            content, mark = self.objects.content(key)
            both = Part.from_bytes(content) | found
            after = both.to_bytes()
            if after == content or self.objects.put_over(key, after, mark=mark):
                return both
