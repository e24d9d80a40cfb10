"""A rewritten report says who got the texts, and the same about sending as before."""

import csv
import json
from dataclasses import dataclass, field, replace
from io import StringIO
from typing import Any

import pytest

from smsdrop.batches.plan import BATCHES, ROWS
from smsdrop.closing.close import Close
from smsdrop.closing.reports import RESULTS, SUMMARY, UNDELIVERED_ROWS, UNSENT_ROWS
from smsdrop.closing.results.result_files import UNDELIVERED_WORKBOOK, UNSENT_WORKBOOK
from smsdrop.code_texts import code_text
from smsdrop.ledger.batch_entry import State, untouched
from smsdrop.ledger.campaign import Campaign, Counts, Status
from smsdrop.ledger.ports import update
from smsdrop.pages.figures import REPORT_PAGE, STATUS_PAGE
from smsdrop.reasons import Reason
from smsdrop.receipts.kept import KeptReceipts
from smsdrop.receipts.looks import LOOKS, Looks
from smsdrop.receipts.part import Part, Place
from smsdrop.receipts.receipt import Delivery, Receipt
from tests.support import workbooks
from tests.support.fakes import FakeFiles, FakeLedger, nothing
from tests.support.gateway_caller import Clock
from tests.support.samples import CAMPAIGN_ID, NOW, batch_of, campaign, phone_numbers

PLAN = "work/plan/"
REPORT = f"reports/SMS_154950909/云通信/july.csv/{CAMPAIGN_ID}/"
FIRST, SECOND = batch_of(2), batch_of(1, position=2)
COUNTS = Counts(rows=4, accepted=3, rejected=1, batches=2)
PLANNED_ROWS = {
    "first_row": 2,
    "cells": [[*phone_numbers(3), "oops"], ["a", "b", "c", "d"]],
    "batches": [[1, 2], [2, 1]],
    "others": [[3, {"rejected": ["phone_length", "4"]}]],
}
DELIVERED = Receipt(delivery=Delivery.DELIVERED, code="DELIVERED", received_at=NOW + 20)
FAILED = Receipt(delivery=Delivery.FAILED, code="MOBILE_NOT_ON_SERVICE", received_at=NOW + 20)
OF_DELIVERY = ("smsdrop_delivery", "smsdrop_delivery_code", "smsdrop_delivered_at")


@dataclass(slots=True)
class Site:
    """A campaign of two batches that were sent, and a rejected row behind their three."""

    files: FakeFiles = field(default_factory=FakeFiles)
    ledger: FakeLedger = field(default_factory=FakeLedger)
    clock: Clock = field(default_factory=lambda: Clock(NOW + 1000))

    def closed(self, *, ends: tuple[State, State] = (State.SENT,) * 2, **options: Any) -> Campaign:
        planned = [FIRST.to_json(), SECOND.to_json()]
        self.files.objects[PLAN + BATCHES] = "".join(f"{each}\n" for each in planned).encode()
        rows = f'["phone","name"]\n{json.dumps(PLANNED_ROWS)}\n'
        self.files.objects[PLAN + ROWS] = rows.encode()
        for batch, end in zip((FIRST, SECOND), ends, strict=True):
            entry = replace(untouched(batch, at=NOW), state=end, ended_at=NOW + 10, attempt=1)
            self.ledger.write(None, replace(entry, revision=1, biz_id="9^0"))
        fields = {"status": Status.CLOSING, "plan": PLAN, "counts": COUNTS}
        return self.close(self.ledger.write(None, campaign(**fields)), **options)

    def close(
        self, campaign: Campaign, *, has_receipts: bool = True, language: str = "en"
    ) -> Campaign:
        use_case = Close(
            ledger=self.ledger,
            objects=self.files,
            clock=self.clock,
            language=language,
            has_receipts=has_receipts,
        )
        return use_case.close(campaign)

    def looked(
        self, campaign: Campaign, found: dict[Place, Receipt], *, times: int = 1
    ) -> Campaign:
        """Make so many looks at the receipts; the first finds these."""
        KeptReceipts(objects=self.files, campaign_id=CAMPAIGN_ID).add(0, Part(receipts=found))
        for _ in range(times):
            at = campaign.looks.receipts_at
            campaign = self.changed(campaign, campaign.looks.under_way(at=at))
            look = campaign.looks.receipts_look
            counts = {
                name: sum(each.delivery is delivery for each in found.values())
                for name, delivery in (
                    ("delivered", Delivery.DELIVERED),
                    ("undelivered", Delivery.FAILED),
                )
            }
            looks = campaign.looks.went_on(look=look, part=0, byte=700, **counts)
            campaign = self.changed(campaign, looks.ended(look=look, at=at))
        return campaign

    def changed(self, campaign: Campaign, looks: Looks) -> Campaign:
        return update(self.ledger, campaign, lambda each: each.looked(looks))

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

    def deliveries(self) -> list[tuple[str, ...]]:
        return [tuple(each[name] for name in OF_DELIVERY) for each in self.rows(RESULTS)]


@pytest.fixture
def site() -> Site:
    return Site()


def test_the_first_report_says_that_receipts_are_to_come(site: Site) -> None:
    site.closed()

    assert site.deliveries() == [*[("pending", "", "")] * 3, ("", "", "")]
    assert site.summary["receipts"] == {
        "delivered": 0,
        "undelivered": 0,
        "pending": 3,
        "no_receipt": 0,
        "as_of": "",
        "final": False,
    }
    assert UNDELIVERED_ROWS not in site.report


def test_where_receipts_are_off_a_report_says_nothing_of_them(site: Site) -> None:
    site.closed(has_receipts=False)

    assert site.deliveries() == [("", "", "")] * 4
    assert "receipts" not in site.summary
    assert "receipts" not in json.loads(site.report[STATUS_PAGE])


def test_only_rows_that_were_sent_have_a_delivery(site: Site) -> None:
    site.closed(ends=(State.SENT, State.REFUSED))

    assert [each[0] for each in site.deliveries()] == ["pending", "pending", "", ""]
    assert site.summary["receipts"]["pending"] == site.summary["sent"] == 2


def test_a_look_that_finds_something_has_the_report_written_anew(site: Site) -> None:
    closed = site.closed()
    looked = site.looked(closed, {(1, 0): DELIVERED, (1, 1): FAILED})
    assert (looked.status, looked.is_open) == (Status.CLOSING, True)

    after = site.close(looked)

    assert (after.status, after.is_open, after.counts) == (Status.CLOSED, False, closed.counts)
    assert site.deliveries() == [
        ("delivered", "DELIVERED", "2026-01-02 11:00:20 +08:00"),
        ("undelivered", FAILED.code, ""),
        ("pending", "", ""),
        ("", "", ""),
    ]
    receipts = site.summary["receipts"]
    numbers = [receipts[each] for each in ("delivered", "undelivered", "pending", "no_receipt")]
    assert numbers == [1, 1, 1, 0]
    assert sum(numbers) == site.summary["sent"]
    assert (receipts["as_of"], receipts["final"]) == ("2026-01-02T03:21:40Z", False)
    assert site.summary["undelivered_codes"] == {FAILED.code: 1}
    assert json.loads(site.report[STATUS_PAGE])["receipts"] == receipts


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_undelivered_are_in_the_users_own_columns_with_the_cause_last(
    site: Site, language: str
) -> None:
    looked = site.looked(site.closed(), {(1, 1): FAILED, (2, 0): DELIVERED})

    site.close(looked, language=language)

    cause = code_text(FAILED.code, language)
    [row] = site.rows(UNDELIVERED_ROWS)
    assert row == {"phone": phone_numbers(3)[1], "name": "b", "smsdrop_reason": cause}
    assert list(workbooks.rows_of(site.report[UNDELIVERED_WORKBOOK]).values()) == [
        ["phone", "name", "smsdrop_reason"],
        [phone_numbers(3)[1], "b", cause],
    ]
    page = site.report[REPORT_PAGE].decode()
    assert UNDELIVERED_ROWS in page
    assert UNDELIVERED_WORKBOOK in page


def test_once_the_last_look_is_done_whoever_is_left_has_no_receipt(site: Site) -> None:
    looked = site.looked(site.closed(), {(1, 0): DELIVERED}, times=len(LOOKS))

    site.close(looked)

    assert [each[0] for each in site.deliveries()] == ["delivered", *["no receipt"] * 2, ""]
    assert (site.summary["receipts"]["no_receipt"], site.summary["receipts"]["final"]) == (2, True)


def without_receipts(site: Site) -> dict[str, Any]:
    """Return what the report says of sending."""
    said: dict[str, Any] = {
        name: content
        for name, content in site.report.items()
        if name in (UNSENT_ROWS, UNSENT_WORKBOOK)
    }
    receipts = {"receipts", "undelivered_codes", "problems"}
    said[SUMMARY] = [(name, each) for name, each in site.summary.items() if name not in receipts]
    status = json.loads(site.report[STATUS_PAGE])
    said[STATUS_PAGE] = [(name, each) for name, each in status.items() if name not in receipts]
    said[RESULTS] = [
        {name: cell for name, cell in row.items() if name not in OF_DELIVERY}
        for row in site.rows(RESULTS)
    ]
    return said


def test_of_sending_it_says_byte_for_byte_what_it_said_before(site: Site) -> None:
    closed = site.closed(ends=(State.SENT, State.REFUSED))
    before = without_receipts(site)
    site.clock.now += 24 * 3600

    after = site.close(site.looked(closed, {(1, 0): DELIVERED, (1, 1): FAILED}, times=2))

    assert without_receipts(site) == before
    assert (after.counts, after.outcome, after.finished_at) == (
        closed.counts,
        closed.outcome,
        closed.finished_at,
    )


def test_the_same_receipts_give_the_same_bytes(site: Site) -> None:
    after = site.close(site.looked(site.closed(), {(1, 0): DELIVERED, (1, 1): FAILED}))
    written = site.report
    site.clock.now += 24 * 3600

    site.close(site.ledger.write(after, after.reopened()))

    assert site.report == written


def test_a_look_that_finds_nothing_new_has_no_report_written(site: Site) -> None:
    after = site.close(site.looked(site.closed(), {(1, 0): DELIVERED}))

    again = site.looked(after, {(1, 0): DELIVERED})

    assert (again.status, again.is_open) == (Status.CLOSED, False)
    assert again.looks.receipts_looked == 2


def test_whose_key_pair_may_not_ask_is_told_so_once_in_the_report(site: Site) -> None:
    closed = site.closed()
    for _ in LOOKS:
        stands = site.changed(closed, closed.looks.under_way(at=closed.looks.receipts_at))
        look = stands.looks.receipts_look
        code = "isp.RAM_PERMISSION_DENY"
        stands = site.changed(stands, stands.looks.forbidden(code=code, look=look))
        closed = site.close(stands) if stands.is_to_be_reported else stands

    assert site.summary["problems"] == [Reason("receipts_refused", (code,)).text("en")]
    assert Reason("receipts_refused", (code,)).text("en") in site.report[REPORT_PAGE].decode()
    assert site.summary["receipts"]["no_receipt"] == 3
    assert UNDELIVERED_ROWS not in site.report


def test_a_report_that_is_written_anew_leaves_none_of_the_undelivered_in_a_later_part(
    site: Site,
) -> None:
    after = site.close(site.looked(site.closed(), {(1, 0): FAILED, (1, 1): FAILED}))
    assert len(site.rows(UNDELIVERED_ROWS)) == 2

    again = site.looked(after, {(1, 0): DELIVERED, (1, 1): FAILED})
    site.close(again)

    assert [each["name"] for each in site.rows(UNDELIVERED_ROWS)] == ["b"]


def test_who_notes_how_far_a_look_has_come_keeps_no_report_from_being_written(site: Site) -> None:
    closing = site.looked(site.closed(), {(1, 0): DELIVERED})
    under_way = closing.looks.under_way(at=closing.looks.receipts_at)

    def another(_: object) -> None:
        site.ledger.before_write = nothing
        site.changed(closing, under_way)

    site.ledger.before_write = another

    after = site.close(closing)

    [stored] = site.ledger.all_of(Campaign)
    assert after == stored
    assert (after.status, after.looks) == (Status.CLOSED, under_way)


def test_a_look_that_ends_while_the_report_is_written_has_it_written_once_more(site: Site) -> None:
    closing = site.looked(site.closed(), {(1, 0): DELIVERED})

    def another(_: object) -> None:
        site.ledger.before_write = nothing
        site.looked(closing, {(1, 0): DELIVERED, (1, 1): FAILED})

    site.ledger.before_write = another

    after = site.close(closing)

    assert (after.status, after.looks.undelivered) == (Status.CLOSING, 1)
    assert site.close(after).status is Status.CLOSED
    assert site.summary["receipts"]["undelivered"] == 1
