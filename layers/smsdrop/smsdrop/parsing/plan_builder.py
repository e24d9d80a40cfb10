"""Validate the rows of a file, and write the plan of what is sent to whom."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import chain

from smsdrop.alibaba.template import Template
from smsdrop.batches.batch import MAX_RECIPIENTS
from smsdrop.batches.batcher import Batcher
from smsdrop.batches.first_texts import FIRST_TEXTS
from smsdrop.batches.plan import positions_of_rows
from smsdrop.batches.plan_writer import PlanWriter
from smsdrop.drop_path import DropPath
from smsdrop.files.recipient_file import RecipientFile, no_recipients
from smsdrop.parsing.sign_check import MAX_SIGN_NAMES
from smsdrop.parsing.trial import Trial
from smsdrop.reasons import FileRefused, Reason
from smsdrop.recipients.layout import Layout
from smsdrop.recipients.recipients import Recipients
from smsdrop.validation.seen.had_messages import HadMessages
from smsdrop.validation.seen.seen_numbers import SeenNumbers
from smsdrop.validation.template_columns import TemplateColumns, match_columns
from smsdrop.validation.validator import RowValidator
from smsdrop.validation.verdicts import Verdicts

USUAL_BYTES_A_ROW = 30
"""In a file with a number, a name and little else."""

FindHad = Callable[[Layout], tuple[HadMessages, Sequence[Reason]]]
"""Gives the messages that earlier campaigns had, and what could not be read of them."""

MOST_NAMED = 10
"""Our choice: how many campaigns a report names; `results.csv` has all."""

MAX_BLANK_ROWS = 2_000_000
"""Our choice: an Excel sheet that is blank to its end has half as many."""


@dataclass(slots=True)
class RowCounts:
    """
    How many rows there are of each kind; `rows` are all but the blank ones.

    `had` has the duplicates among them that earlier campaigns had, by campaign, and `suppressed_by`
    the rows whose numbers are on lists, by list.
    """

    accepted: int = 0
    duplicates: int = 0
    rejected: int = 0
    blank: int = 0
    batches: int = 0
    segments: int = 0
    had: Counter[str] = field(default_factory=Counter)
    suppressed_by: Counter[str] = field(default_factory=Counter)
    problems: list[Reason] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    """The first few, with their variables filled in."""
    sign_names: dict[str, None] = field(default_factory=dict)
    """Of accepted rows in mainland China, in the file's order; about as many as are checked."""

    tested: int = 0
    """Rows that are not the file's own: of test numbers, which get its texts instead."""

    @property
    def rows(self) -> int:
        return self.accepted + self.duplicates + self.suppressed + self.rejected

    @property
    def suppressed(self) -> int:
        return self.suppressed_by.total()

    def add(self, verdicts: Verdicts) -> None:
        self.accepted += len(verdicts.domestic) + len(verdicts.international)
        self.duplicates += len(verdicts.duplicates) + len(verdicts.had)
        self.had.update(verdicts.had.values())
        self.suppressed_by.update(verdicts.suppressed.values())
        self.rejected += len(verdicts.rejected)
        self.blank += len(verdicts.blank)
        if verdicts.domestic and len(self.sign_names) <= MAX_SIGN_NAMES:
            self.sign_names |= dict.fromkeys(verdicts.domestic.sign_names.different)

    def measure(
        self, recipients: Recipients, matched: TemplateColumns, *, texts: int = FIRST_TEXTS
    ) -> None:
        """Add what their texts are billed as, and keep the first, at most so many of these."""
        self.segments += matched.segments(recipients)
        first = recipients.part(slice(min(texts, FIRST_TEXTS - len(self.texts))))
        self.texts += matched.texts(first)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """How strict the validation of a file is."""

    allow_empty_params: bool = False
    check_values: bool = True
    international: bool = False
    max_rows: int = 10_000_000
    max_rejected_percent: float = 20

    def expected_rows(self, size: int) -> int:
        """Return about how many rows a file of so many bytes has."""
        return min(size // USUAL_BYTES_A_ROW, self.max_rows)

    def check_size(self, counts: RowCounts) -> None:
        """Raise `FileRefused` once there are more rows than a file may have."""
        if counts.rows > self.max_rows:
            raise FileRefused(Reason("too_many_rows", (str(self.max_rows),)))
        if counts.blank > MAX_BLANK_ROWS:
            raise FileRefused(Reason("too_many_blank_rows", (str(MAX_BLANK_ROWS),)))

    def fault(self, counts: RowCounts) -> Reason | None:
        """Say why nothing of a readable file is sent: it is probably the wrong one."""
        if counts.rejected * 100 <= counts.rows * self.max_rejected_percent:
            return None
        numbers = (counts.rejected, counts.rows, f"{self.max_rejected_percent:g}")
        return Reason("too_many_rejected", tuple(map(str, numbers)))


def build_plan(
    file: RecipientFile,
    plan: PlanWriter,
    *,
    campaign_id: str,
    path: DropPath,
    rules: Rules,
    template: Template | None = None,
    max_recipients: int = MAX_RECIPIENTS,
    size: int = 0,
    find_had: FindHad | None = None,
    seen: SeenNumbers | None = None,
    test_numbers: tuple[str, ...] = (),
) -> RowCounts:
    """
    Write the plan of a file's rows; its `size` in bytes says about how many there will be.

    Messages that earlier campaigns had, from `find_had`, are not sent again, and numbers on a list
    in `seen` are not sent to. With `test_numbers` the first rows' texts go to them alone, a batch
    for each row, so that no call names a number twice.

    Raises `FileRefused` if the file as a whole is unusable; what was written is void then.
    """
    counts = RowCounts(blank=file.blank)
    matched = match_columns(file.read_header(), template, check_values=rules.check_values)
    plan.columns(matched.header.columns)
    had, unread = find_had(matched.header.layout) if find_had else (None, ())
    validator = RowValidator(
        matched.header,
        default_sign_name=path.sign_name,
        allow_empty_params=rules.allow_empty_params,
        international=rules.international,
        template_rules=matched.template_rules,
        is_complete=matched.is_complete,
        expected_rows=rules.expected_rows(size),
        had=had,
        seen=seen,
    )
    batcher = Batcher(
        campaign_id=campaign_id,
        template_code=path.template_code,
        layout=matched.header.layout,
        max_recipients=min(max_recipients, len(test_numbers) or max_recipients),
    )
    trial = Trial(header=matched.header, numbers=test_numbers) if test_numbers else None
    take = trial.add if trial else batcher.add
    next_row = 1
    judged = ((block, validator.validate(block)) for block in file.blocks)
    for block, verdicts in chain(judged, validator.rest()):
        counts.add(verdicts)
        rules.check_size(counts)
        for some in () if trial else (verdicts.domestic, verdicts.international):
            counts.measure(some, matched)
        domestic = take(verdicts.domestic)
        abroad = positions_of_rows(take(verdicts.international))
        next_row = max(next_row, block.first_row + len(block))
        plan.rows(
            block,
            domestic,
            international=zip(verdicts.international_rows, abroad, strict=True),
            duplicates=verdicts.duplicates,
            had=verdicts.had,
            suppressed=verdicts.suppressed,
            rejected=verdicts.rejected,
            blank=[*verdicts.blank, *verdicts.held],
            sent=verdicts.sent,
        )
        counts.batches += plan.batches(batcher.ready())
    if trial:
        messages = [*trial.messages()]
        for each in messages:
            counts.measure(each, matched, texts=1)
        runs = [run for each in messages for run in batcher.add(each)]
        counts.tested = sum(map(len, messages))
        plan.rows(trial.block(messages, first_row=next_row), runs)
    counts.batches += plan.batches(batcher.rest())
    counts.problems += [*unread, *_had_before(counts), *_suppressed(counts), *file.problems()]
    counts.problems += [*matched.problems, *validator.problems()]
    if not counts.rows:
        raise no_recipients(file.reading)
    return counts


def _had_before(counts: RowCounts) -> list[Reason]:
    """Say how much of a file that is sent in part was had before, and from whom."""
    if not counts.accepted:
        return []
    most = counts.had.most_common(MOST_NAMED)
    return [Reason("rows_had_before", (str(rows), campaign_id)) for campaign_id, rows in most]


def _suppressed(counts: RowCounts) -> list[Reason]:
    most = counts.suppressed_by.most_common(MOST_NAMED)
    return [Reason("rows_suppressed", (str(rows), name)) for name, rows in most]
