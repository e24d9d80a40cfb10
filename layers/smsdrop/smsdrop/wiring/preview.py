"""Previews, for the functions that may find a campaign held."""

from smsdrop.sending.preview import WritePreview
from smsdrop.wiring.adapters import Adapters


def write_preview(adapters: Adapters) -> WritePreview:
    return WritePreview(
        ledger=adapters.ledger,
        objects=adapters.bucket,
        clock=adapters.clock,
        language=adapters.settings.language,
        price_per_segment=adapters.settings.price_per_segment,
    )
