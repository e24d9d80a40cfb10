"""A campaign's report is written, and the campaign closed, on what the ledger says in the end."""

import csv
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest

from smsdrop.batches.first_texts import keep_texts
from smsdrop.batches.plan import BATCHES, ROWS
from smsdrop.closing.close import Close
from smsdrop.closing.reports import RESULTS, SUMMARY, UNSENT_ROWS
from smsdrop.closing.results.opted_out import OPTED_OUT
from smsdrop.closing.results.result_files import (
    LIMITS,
    RESULTS_WORKBOOK,
    UNSENT_WORKBOOK,
    Limits,
)
from smsdrop.ledger.batch_entry import BatchEntry, State, untouched
from smsdrop.ledger.campaign import LONGEST_INVOCATION_SECONDS, Campaign, Counts, Status
from smsdrop.ledger.codes import (
    CANCELLED_BY_HAND,
    PAST_UNTIL,
    PREVIEW,
    TOO_OLD,
    WITHDRAWN,
    WRONG_FILE,
)
from smsdrop.pages.figures import REPORT_PAGE, STATUS_PAGE
from smsdrop.reasons import Reason
from tests.support.fakes import FakeFiles, FakeLedger, nothing
from tests.support.gateway_caller import Clock
from tests.support.samples import CAMPAIGN_ID, NOW, batch_of, campaign, changed, phone_numbers

PLAN = "work/plan/"
REPORT = f"reports/SMS_154950909/云通信/july.csv/{CAMPAIGN_ID}/"
FIRST, SECOND = batch_of(2), batch_of(1, position=2)
COUNTS = Counts(rows=5, accepted=3, duplicates=1, rejected=1, batches=2)
PLANNED_ROWS = {
    "first_row": 2,
    "cells": [[*phone_numbers(3), "oops", phone_numbers(1)[0]], ["a", "b", "c", "d", "e"]],
    "batches": [[1, 2], [2, 1]],
    "others": [[3, {"rejected": ["phone_length", "4"]}], [4, {"duplicate_of": 2}]],
}


@dataclass(frozen=True, slots=True)
class Site:
    """A campaign of two batches, and a rejected row and a duplicate behind their three."""

    files: FakeFiles = field(default_factory=FakeFiles)
    ledger: FakeLedger = field(default_factory=FakeLedger)
    clock: Clock = field(default_factory=lambda: Clock(NOW + 1000))

    def campaign(self, **changes: Any) -> Campaign:
        planned = [FIRST.to_json(), SECOND.to_json()]
        self.files.objects[PLAN + BATCHES] = "".join(f"{each}\n" for each in planned).encode()
        rows = f'["phone","name"]\n{json.dumps(PLANNED_ROWS)}\n'
        self.files.objects[PLAN + ROWS] = rows.encode()
        fields = {"status": Status.CLOSING, "plan": PLAN, "counts": COUNTS}
        return self.ledger.write(None, campaign(**{**fields, **changes}))

    def ended(self, first: State = State.SENT, second: State = State.SENT, **fields: Any) -> None:
        """Put the batches at these ends, the second with these fields."""
        entry = replace(untouched(FIRST, at=NOW), state=first, ended_at=NOW + 10, attempt=1)
        self.stands(entry)
        entry = replace(untouched(SECOND, at=NOW), state=second, ended_at=NOW + 20, attempt=2)
        self.stands(replace(entry, **fields))

    def stands(self, entry: BatchEntry) -> None:
        self.ledger.write(None, replace(entry, revision=1))

    def close(
        self,
        campaign: Campaign,
        *,
        language: str = "en",
        price_per_segment: Decimal | None = None,
        limits: Limits = LIMITS,
        has_receipts: bool = False,
    ) -> Campaign:
        use_case = Close(
            ledger=self.ledger,
            objects=self.files,
            clock=self.clock,
            language=language,
            price_per_segment=price_per_segment,
            limits=limits,
            has_receipts=has_receipts,
        )
        return use_case.close(campaign)

    def changes_before_the_close(self, change: Callable[[Campaign], Campaign]) -> None:
        """Let another write the campaign right before its closer does."""

        def another(_: object) -> None:
            self.ledger.before_write = nothing
            self.ledger.write(self.stored, change(self.stored))

        self.ledger.before_write = another

    @property
    def stored(self) -> Campaign:
        [standing] = self.ledger.all_of(Campaign)
        return standing

    @property
    def report(self) -> dict[str, bytes]:
        objects = self.files.objects.items()
        return {key.removeprefix(REPORT): each for key, each in objects if key.startswith(REPORT)}

    @property
    def summary(self) -> dict[str, Any]:
        fields: dict[str, Any] = json.loads(self.report[SUMMARY])
        return fields

    def rows(self, name: str) -> list[dict[str, str]]:
        return list(csv.DictReader(StringIO(self.report[name].decode("utf-8-sig"))))


@pytest.fixture
def site() -> Site:
    return Site()


@pytest.mark.parametrize(
    "persons",
    [
        pytest.param({}, id="none is known"),
        pytest.param({"dropped_by": "AWS:AIDAA"}, id="who dropped it"),
        pytest.param(
            {"dropped_by": "AWS:AIDAA", "paused_by": "AWS:AIDAB", "approved_by": "AWS:AIDAC"},
            id="all",
        ),
    ],
)
def test_the_summary_names_who_dropped_paused_and_approved_as_far_as_that_is_known(
    site: Site, persons: dict[str, str]
) -> None:
    site.ended(State.SENT)

    site.close(site.campaign(**persons))

    named = {each for each in site.summary if each.endswith("_by")} - {"suppressed_by"}
    assert {each: site.summary[each] for each in named} == persons


def test_the_summary_names_the_lists_that_its_rows_were_judged_by(site: Site) -> None:
    site.ended(State.SENT)

    site.close(site.campaign(suppressed_by=(("vip.csv", "v7"),)))

    assert site.summary["suppressed_by"] == [{"list": "vip.csv", "version_id": "v7"}]


def test_the_summary_prices_the_accepted_rows_where_the_stack_has_a_price(site: Site) -> None:
    site.ended(State.SENT, State.CANCELLED)
    closing = site.campaign(counts=replace(COUNTS, segments=6))

    site.close(closing, price_per_segment=Decimal("0.05"))

    assert (site.summary["segments"], site.summary["price"]) == (6, 0.3)


def test_a_closed_campaign_has_its_ends_counted_and_its_report_written(site: Site) -> None:
    site.ended(State.SENT, State.REFUSED, code="isv.MOBILE_NUMBER_ILLEGAL")

    closed = site.close(site.campaign())

    assert closed == site.stored
    assert (closed.status, closed.is_open, closed.outcome) == (Status.CLOSED, False, "completed")
    assert closed.counts == replace(COUNTS, sent=2, refused=1)
    assert closed.finished_at == NOW + 20
    assert set(site.report) == {
        SUMMARY,
        RESULTS,
        UNSENT_ROWS,
        RESULTS_WORKBOOK,
        UNSENT_WORKBOOK,
        REPORT_PAGE,
        STATUS_PAGE,
    }


def test_who_was_refused_for_good_is_gathered_for_a_list(site: Site) -> None:
    site.ended(State.SENT, State.REFUSED, code="isv.CUSTOMER_REFUSED")

    site.close(site.campaign())

    [row] = site.rows(OPTED_OUT)
    assert (row["phone"], row["smsdrop_row"]) == (phone_numbers(3)[2], "4")
    assert "unsubscribed" in row["smsdrop_reason"]
    assert len(site.rows(UNSENT_ROWS)) == 2


@pytest.mark.parametrize("had", [True, False])
def test_a_report_that_is_written_again_keeps_nobody_on_that_list_who_is_not(
    site: Site, *, had: bool
) -> None:
    site.ended()
    if had:
        site.files.objects[f"{REPORT}{OPTED_OUT}"] = b"phone\n13800138000\n"

    site.close(site.campaign(reopened_at=NOW - 10))

    assert (OPTED_OUT in site.report) == had
    assert not had or site.rows(OPTED_OUT) == []


def test_what_is_downloaded_is_saved_under_the_files_name(site: Site) -> None:
    site.ended()

    site.close(site.campaign())

    assert site.files.saved_as == {
        f"{REPORT}{name}": f"july-20260102-1104-{name}"
        if name.startswith(("results", "unsent"))
        else ""
        for name in site.report
    }


def test_what_is_sent_after_all_is_in_no_part_of_the_report_that_is_written_again(
    site: Site,
) -> None:
    limits = Limits(rows_each=1)
    site.ended(State.SENT, State.REFUSED)
    closed = site.close(site.campaign(), limits=limits)
    assert [each["name"] for each in site.rows("unsent-2.csv")] == ["d"]

    refused = site.ledger.batch(SECOND.batch_id)
    assert refused is not None
    late = replace(refused, state=State.SENT, accepted=(1,), revision=refused.revision + 1)
    site.ledger.write(refused, late)
    site.close(site.ledger.write(closed, closed.reopened()), limits=limits)

    assert [each["name"] for each in site.rows(UNSENT_ROWS)] == ["d"]
    assert site.rows("unsent-2.csv") == []


def links(site: Site) -> set[str]:
    return set(re.findall(r'href="\./([^"]+)"', site.report[REPORT_PAGE].decode()))


def test_the_page_leads_to_every_file_that_holds_rows(site: Site) -> None:
    site.ended(State.SENT, State.REFUSED)

    site.close(site.campaign(), limits=Limits(rows_each=3))

    files = {each for each in site.report if each.startswith(("results", "unsent"))}
    assert "results-2.csv" in files
    assert links(site) == {*files, SUMMARY}


def test_the_page_does_not_lead_to_a_workbook_that_was_given_up(site: Site) -> None:
    site.ended(State.REFUSED, State.REFUSED)

    site.close(site.campaign(), limits=Limits(workbook_rows=1))

    assert links(site) == {RESULTS, UNSENT_ROWS, SUMMARY}


def test_the_report_says_what_became_of_every_row(site: Site) -> None:
    site.ended(State.SENT, State.REFUSED, code="isv.MOBILE_NUMBER_ILLEGAL")

    site.close(site.campaign())

    assert [(each["name"], each["smsdrop_status"]) for each in site.rows(RESULTS)] == [
        ("a", "sent"),
        ("b", "sent"),
        ("c", "refused"),
        ("d", "rejected"),
        ("e", "duplicate"),
    ]
    assert [each["name"] for each in site.rows(UNSENT_ROWS)] == ["c", "d"]
    assert (site.summary["sent"], site.summary["refused"], site.summary["calls"]) == (2, 1, 3)


def test_the_report_is_in_the_language_of_the_stack(site: Site) -> None:
    site.ended()

    site.close(site.campaign(halt_code=CANCELLED_BY_HAND), language="zh")

    assert site.summary["reason"] == Reason(CANCELLED_BY_HAND).text("zh")
    assert site.rows(RESULTS)[3]["smsdrop_reason"] == Reason("phone_length", ("4",)).text("zh")


@pytest.mark.parametrize(
    ("halt_code", "entry_code", "outcome", "reason"),
    [
        pytest.param("", "", "completed", None, id="nothing stopped it"),
        pytest.param("", "isv.OUT_OF_SERVICE", "completed", None, id="one batch was refused"),
        pytest.param("", TOO_OLD, "too_old", TOO_OLD, id="its rest was too old"),
        pytest.param(
            CANCELLED_BY_HAND, CANCELLED_BY_HAND, "cancelled", CANCELLED_BY_HAND, id="by hand"
        ),
        pytest.param(
            CANCELLED_BY_HAND, TOO_OLD, "cancelled", CANCELLED_BY_HAND, id="by hand first"
        ),
        pytest.param(PAST_UNTIL, PAST_UNTIL, "cancelled", PAST_UNTIL, id="past its end"),
        pytest.param(WITHDRAWN, WITHDRAWN, "withdrawn", WITHDRAWN, id="its file was withdrawn"),
        pytest.param(
            "isv.SMS_TEMPLATE_ILLEGAL",
            "isv.SMS_TEMPLATE_ILLEGAL",
            "halted",
            "isv.SMS_TEMPLATE_ILLEGAL",
            id="by the provider",
        ),
    ],
)
def test_what_stopped_a_campaign_is_what_it_has_come_to(
    site: Site, halt_code: str, entry_code: str, outcome: str, reason: str | None
) -> None:
    site.ended(State.SENT, State.CANCELLED, code=entry_code)

    closed = site.close(site.campaign(halt_code=halt_code))

    assert (closed.outcome, closed.reason) == (outcome, Reason(reason) if reason else None)
    assert site.summary["outcome"] == outcome


@pytest.mark.parametrize(
    ("seconds", "is_closed"),
    [
        pytest.param(0, False, id="at once"),
        pytest.param(LONGEST_INVOCATION_SECONDS - 1, False, id="while it may still be written"),
        pytest.param(LONGEST_INVOCATION_SECONDS, True, id="when its writer is dead or done"),
    ],
)
def test_who_is_about_to_add_late_evidence_is_given_the_time(
    site: Site, seconds: float, is_closed: bool
) -> None:
    site.ended()
    reopened = site.campaign(reopened_at=site.clock())
    site.clock.now += seconds

    after = site.close(reopened)

    assert (after.status is Status.CLOSED) == is_closed
    assert after == site.stored
    assert bool(site.report) == is_closed


def test_the_same_entries_give_the_same_bytes(site: Site) -> None:
    site.ended(State.UNCONFIRMED, State.SENT, accepted=(1, 2), biz_id="9^0")
    first = site.close(site.campaign())
    written = site.report
    site.clock.now += 24 * 3600
    reopened = site.ledger.write(first, first.reopened())

    second = site.close(reopened)

    assert (second.status, second.counts) == (Status.CLOSED, first.counts)
    assert site.report == written


def test_a_closer_that_loses_to_another_has_the_campaign_closed_once_more(site: Site) -> None:
    """The other may have known more, and this one's report may have overwritten its report."""
    site.ended()
    closing = site.campaign(reopened_at=NOW)
    site.changes_before_the_close(
        lambda each: each.closed(
            replace(COUNTS, sent=2, unconfirmed=1),
            outcome="completed",
            reason=None,
            finished_at=NOW,
        )
    )

    after = site.close(closing)

    assert after == site.stored
    assert (after.status, after.is_open, after.reopened_at) == (Status.CLOSING, True, NOW)
    assert site.close(after).counts == replace(COUNTS, sent=3)


def test_a_refused_campaign_that_another_has_reported_is_reported_once_more(site: Site) -> None:
    refused = site.campaign(status=Status.REFUSED, plan="", outcome="refused")
    site.changes_before_the_close(lambda each: each.reported(replace(COUNTS, rows=1)))

    after = site.close(refused)

    assert (after.status, after.is_open) == (Status.REFUSED, True)
    assert not site.close(after).is_open


def test_a_closer_that_loses_to_a_change_of_an_open_campaign_leaves_it_at_that(site: Site) -> None:
    site.ended()
    closing = site.campaign()
    site.changes_before_the_close(lambda each: each.reopened(evidence_at=site.clock()))

    after = site.close(closing)

    assert after == site.stored == closing.reopened(evidence_at=site.clock())


def test_of_two_closers_that_come_to_the_same_neither_opens_the_campaign_again(
    site: Site,
) -> None:
    site.ended()
    closing = site.campaign()

    first, second = site.close(closing), site.close(closing)

    assert first == second == site.stored
    assert not second.is_open


def test_what_the_whole_turned_out_to_have_sent_shows_in_its_parts(site: Site) -> None:
    """The provider refused the whole, and yet lists it as well as the half that was sent."""
    site.ended(State.SPLIT)
    first = site.ledger.batch(FIRST.batch_id)
    assert first is not None
    site.ledger.write(first, replace(first, accepted=(1,), revision=2))
    sent, refused = FIRST.parts()
    site.stands(replace(untouched(sent, at=NOW), state=State.SENT, accepted=(1,)))
    site.stands(replace(untouched(refused, at=NOW), state=State.REFUSED, code="isv.OUT"))

    site.close(site.campaign())

    assert site.summary["sent_twice"] == 1
    assert (site.summary["sent"], site.summary["refused"]) == (2, 1)
    assert [each["name"] for each in site.rows(UNSENT_ROWS)] == ["d"]


def test_entries_behind_those_of_the_last_row_count_too(site: Site) -> None:
    site.ended()
    closing = site.campaign(counts=replace(COUNTS, rows=0))
    site.files.objects[PLAN + ROWS] = b'["phone"]\n'

    assert site.close(closing).counts.sent == 3


def test_of_a_file_that_was_refused_for_its_rows_everyone_is_unsent(site: Site) -> None:
    refused = site.campaign(
        status=Status.REFUSED,
        outcome="refused",
        reason=Reason("too_many_rejected", ("1", "5", "10")),
        finished_at=NOW + 5,
    )

    reported = site.close(refused)

    assert reported == changed(refused, is_open=False, counts=replace(COUNTS, cancelled=3))
    assert site.summary["codes"] == {WRONG_FILE: 3}
    assert site.summary["calls"] == 0
    assert [each["name"] for each in site.rows(UNSENT_ROWS)] == ["a", "b", "c", "d"]


def previewed(site: Site, **changes: Any) -> Campaign:
    fields = {"status": Status.REFUSED, "outcome": "preview", "finished_at": NOW + 5}
    return site.campaign(
        **{**fields, "reason": Reason("preview", ("only=preview", "3", "1", "1")), **changes}
    )


def test_of_a_preview_everyone_is_unsent_and_the_first_texts_are_shown(site: Site) -> None:
    keep_texts(PLAN, ["【云通信】张三"], site.files)

    reported = site.close(previewed(site))

    assert not reported.is_open
    assert reported.counts == replace(COUNTS, cancelled=3)
    assert (site.summary["outcome"], site.summary["calls"]) == ("preview", 0)
    assert site.summary["codes"] == {PREVIEW: 3}
    assert site.summary["preview"] == ["【云通信】张三"]
    reasons = {each["smsdrop_status"]: each["smsdrop_reason"] for each in site.rows(RESULTS)}
    assert reasons["cancelled"] == Reason(PREVIEW).text()


def test_of_a_preview_whose_texts_are_not_known_none_are_shown(site: Site) -> None:
    site.close(previewed(site))

    assert site.summary["preview"] == []


def test_only_a_preview_shows_texts(site: Site) -> None:
    keep_texts(PLAN, ["【云通信】张三"], site.files)
    site.ended()

    site.close(site.campaign())

    assert "preview" not in site.summary


def test_of_a_preview_whose_plan_is_gone_the_rest_is_unsent_for_the_same_reason(
    site: Site,
) -> None:
    use_case = Close(ledger=site.ledger, objects=site.files, clock=site.clock, language="en")

    use_case.close(previewed(site), has_plan=False)

    assert site.summary["codes"] == {PREVIEW: 3}


def test_of_a_file_that_was_refused_as_a_whole_there_are_no_rows(site: Site) -> None:
    refused = site.campaign(
        status=Status.REFUSED, plan="", counts=Counts(), reason=Reason("no_recipients")
    )

    reported = site.close(refused)

    assert (reported.status, reported.is_open) == (Status.REFUSED, False)
    assert set(site.report) == {SUMMARY, REPORT_PAGE, STATUS_PAGE}
    assert site.summary["reason"] == Reason("no_recipients").text("en")


def test_receipts_are_due_some_minutes_after_the_close(site: Site) -> None:
    site.ended()

    after = site.close(site.campaign(), has_receipts=True)

    assert after.looks.receipts_from == site.clock.now
    assert after.looks.receipts_at == site.clock.now + 300


@pytest.mark.parametrize(
    ("end", "has_receipts"),
    [
        pytest.param(State.REFUSED, True, id="nobody was sent to"),
        pytest.param(State.SENT, False, id="the stack looks none up"),
    ],
)
def test_no_receipts_are_due(site: Site, end: State, has_receipts: bool) -> None:
    site.ended(end, end)

    after = site.close(site.campaign(), has_receipts=has_receipts)

    assert (after.looks.receipts_from, after.looks.receipts_at) == (0, 0)
