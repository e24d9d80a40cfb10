"""What becomes of a recipient file of any format: for tests to compare."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from io import BytesIO
from typing import IO, cast

from smsdrop.batches.batch import Batch, position_of
from smsdrop.batches.plan import columns_and_rows
from smsdrop.batches.plan_writer import PlanWriter
from smsdrop.drop_path import DropPath
from smsdrop.files.recipient_file import open_recipient_file
from smsdrop.parsing.plan_builder import Rules, build_plan
from smsdrop.parsing.repeats.repeated_files import HashingReader
from smsdrop.reasons import FileRefused, Reason
from tests.support.samples import CAMPAIGN_ID, params_of

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
    """Validate a file, and check that all its bytes were read and each row is in the plan once."""
    try:
        return _judged(content, rules)
    except FileRefused as refusal:
        return Outcome(refused=code_of(refusal.reason))


def _judged(content: bytes, rules: Rules) -> Outcome:
    body = BytesIO(content)
    batches, rows = BytesIO(), BytesIO()
    with open_recipient_file(HashingReader(body)) as file:
        tally = build_plan(
            file,
            PlanWriter(batches=cast("IO[bytes]", batches), rows=cast("IO[bytes]", rows)),
            campaign_id=CAMPAIGN_ID,
            path=DropPath(template_code="SMS_9", sign_name="云通信"),
            rules=rules,
        )
        encoding = file.encoding
    _, fates = columns_and_rows(iter(rows.getvalue().splitlines(keepends=True)))
    verdicts = {each.row: each for each in fates}
    planned = [Batch.from_json(each) for each in batches.getvalue().splitlines()]
    assert body.read() == b""
    assert tally.rows == len(verdicts) == tally.accepted + tally.duplicates + tally.rejected
    assert Counter(each.position for each in verdicts.values() if each.position) == {
        position_of(each.batch_id): len(each) for each in planned
    }
    assert tally.accepted == sum(map(len, planned))
    return Outcome(
        encoding=encoding,
        accepted=[each for batch in planned for each in recipients_of(batch)],
        rejected={n: code_of(each.rejected) for n, each in verdicts.items() if each.rejected},
        duplicates={n: each.duplicate_of for n, each in verdicts.items() if each.duplicate_of},
        blank=tally.blank,
        problems=[code_of(each) for each in tally.problems],
    )


def code_of(reason: Reason) -> str:
    """Return the reason's code, and check that it has a sentence in both languages."""
    assert all(reason.text(language) for language in ("en", "zh"))
    return reason.code


def recipients_of(batch: Batch) -> Sequence[list[str]]:
    columns = (batch.phone_numbers, *params_of(batch))
    return [list(each) for each in zip(*columns, strict=True)]
