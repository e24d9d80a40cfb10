"""Close, as CloseCampaigns runs it."""

from smsdrop.closing.close import Close
from smsdrop.closing.seen.page_failed import PageFailed
from smsdrop.wiring.adapters import Adapters


def close(adapters: Adapters, page_failed: PageFailed) -> Close:
    return Close(
        ledger=adapters.ledger,
        objects=adapters.bucket,
        clock=adapters.clock,
        language=adapters.settings.language,
        price_per_segment=adapters.settings.price_per_segment,
        page_failed=page_failed,
        has_receipts=adapters.settings.has_receipts,
    )
