"""Whether a file of any format has a person in any of its cells."""

from smsdrop.files.recipient_file import open_recipient_file
from smsdrop.files.streams import Readable
from smsdrop.reasons import FileRefused
from smsdrop_cli.forgetting.marker import Marker

OF_NOBODY = ("file_empty", "no_recipients")
"""Why a file without any rows is refused."""


def file_has_them(body: Readable, marker: Marker) -> bool:
    """Check all rows, hidden ones too; raises `FileRefused` for what cannot be read."""
    try:
        with open_recipient_file(body, with_hidden_rows=True) as file:
            rows = (row for block in file.blocks for _, row in block.rows())
            return any(map(marker.is_theirs, file.header)) or any(
                marker.is_theirs(cell) for row in rows for cell in row
            )
    except FileRefused as refusal:
        if refusal.reason.code in OF_NOBODY:
            return False
        raise
