"""What a recipient file comes to, whatever its format: for tests to compare."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from io import BytesIO
from typing import IO, Any, cast

from smsdrop.batch import Batch
from smsdrop.campaign import Orders
from smsdrop.content_guard import HashingReader
from smsdrop.freezing import Rules, freeze
from smsdrop.plan import PlanWriter
from smsdrop.reasons import FileRefused, Reason
from smsdrop.recipient_file import open_recipient_file
from tests.samples import CAMPAIGN_ID

LENIENT = Rules(max_rejected_percent=100)


@dataclass(slots=True, kw_only=True)
class Outcome:
    """Rows by number; the names are those of `recipient_files/outcomes.toml`."""

    encoding: str = ""
    accepted: list[list[str]] = field(default_factory=list)
    rejected: dict[int, str] = field(default_factory=dict)
    duplicates: dict[int, int] = field(default_factory=dict)
    blank: int = 0
    problems: list[str] = field(default_factory=list)
    refused: str = ""


def judged(content: bytes, rules: Rules = LENIENT) -> Outcome:
    """Judge a file, and make sure that all its bytes were seen and each row has one fate."""
    try:
        return _judged(content, rules)
    except FileRefused as refusal:
        return Outcome(refused=code_of(refusal.reason))


def _judged(content: bytes, rules: Rules) -> Outcome:
    body = BytesIO(content)
    batches, rows = BytesIO(), BytesIO()
    with open_recipient_file(HashingReader(body)) as file:
        tally = freeze(
            file,
            PlanWriter(batches=cast("IO[bytes]", batches), rows=cast("IO[bytes]", rows)),
            campaign_id=CAMPAIGN_ID,
            orders=Orders(template_code="SMS_9", sign_name="云通信"),
            rules=rules,
        )
        encoding = file.encoding
    fates: list[list[Any]] = [json.loads(each) for each in rows.getvalue().splitlines()[1:]]
    planned = [Batch.from_json(each) for each in batches.getvalue().splitlines()]
    verdicts = {row: fate[0] if fate else {} for row, _, _, *fate in fates}
    assert body.read() == b""
    assert tally.rows == len(fates) == tally.accepted + tally.duplicates + tally.rejected
    assert tally.accepted == sum(map(len, planned)) == sum(not each for each in verdicts.values())
    return Outcome(
        encoding=encoding,
        accepted=[each for batch in planned for each in recipients_of(batch)],
        rejected={
            n: code_of(Reason.from_list(each["rejected"]))
            for n, each in verdicts.items()
            if "rejected" in each
        },
        duplicates={
            n: each["duplicate_of"] for n, each in verdicts.items() if "duplicate_of" in each
        },
        blank=tally.blank,
        problems=[code_of(each) for each in tally.problems],
    )


def code_of(reason: Reason) -> str:
    """Return the reason's code, having made sure that it can be told in both languages."""
    assert all(reason.text(language) for language in ("en", "zh"))
    return reason.code


def recipients_of(batch: Batch) -> Sequence[list[str]]:
    columns = (batch.phone_numbers, *batch.params)
    return [list(each) for each in zip(*columns, strict=True)]
