"""What a log line holds: what it takes to follow a batch, since every byte is billed."""

import json
from collections.abc import Mapping
from typing import Any

LEFT_OUT = frozenset({"cold_start", "function_arn", "function_memory_size", "location"})
"""Keys of Powertools that repeat what the name, the message and Lambda's own lines say."""


def compact_json(line: Mapping[str, Any]) -> str:
    """Return the line as JSON; for `Logger(json_serializer=…)`."""
    kept = {key: value for key, value in line.items() if key not in LEFT_OUT}
    return json.dumps(kept, default=str, ensure_ascii=False, separators=(",", ":"))
