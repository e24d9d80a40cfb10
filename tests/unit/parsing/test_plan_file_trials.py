"""A file that is tested is judged as always, and its texts go to the test numbers alone."""

import csv
import json
from collections import Counter
from dataclasses import dataclass, field, replace
from io import StringIO
from typing import Any

import pytest

from smsdrop.alibaba.template import Template, TemplateType
from smsdrop.batches.batch import Batch
from smsdrop.batches.plan import BATCHES
from smsdrop.closing.reports import RESULTS, SUMMARY, UNSENT_ROWS
from smsdrop.ledger.batch_entry import State, untouched
from smsdrop.ledger.campaign import Campaign, Status
from smsdrop.ledger.codes import CANCELLED_BY_HAND, TEST
from smsdrop.ledger.committed_plans import CommittedPlan
from smsdrop.ledger.entries import ContentClaim
from smsdrop.ledger.terms import Terms
from smsdrop.parsing.asking import Asking
from smsdrop.parsing.campaign_terms import StackTerms
from smsdrop.parsing.plan_file import Defaults
from smsdrop.parsing.template_check import TemplateCheck
from smsdrop.reasons import Reason
from tests.support import use_cases
from tests.support.fakes import FakeFiles, FakeKeys, FakeLedger, FakeQueue
from tests.support.gateway_caller import Clock
from tests.support.parsing_scene import july
from tests.support.samples import KEY, NOW, params_of, phone_numbers
from tests.support.template_fakes import FakeTemplates, template_of

CODE = "SMS_154950909"
BILL = template_of("${name}，您的账单已出", code=CODE)
NUMBERS = ("13900139000", "13900139001")
CONTENT = "手机号,name\n" + "".join(f"{n},张{i}\n" for i, n in enumerate(phone_numbers(5)))
MIXED = (CONTENT + "13800000000,again\noops,x\n").encode()


@dataclass(frozen=True, slots=True)
class Site:
    files: FakeFiles = field(default_factory=FakeFiles)
    ledger: FakeLedger = field(default_factory=FakeLedger)
    queue: FakeQueue = field(default_factory=FakeQueue)
    clock: Clock = field(default_factory=lambda: Clock(NOW))

    def drop(
        self, content: bytes, folders: str = "only=test/", template: Template = BILL, **more: Any
    ) -> Campaign:
        asking = Asking(keys=FakeKeys(KEY), wait=lambda _seconds: None)
        use_case = use_cases.parse_recipients(
            self.files,
            self.ledger,
            self.queue,
            clock=self.clock,
            most_fingerprints=0,  # files of this size, too, are judged by all plans before them
            template_check=TemplateCheck(provider=FakeTemplates({CODE: template}), asking=asking),
            defaults=Defaults(**{"test_numbers": NUMBERS, "max_rejected_percent": 50, **more}),
        )
        version = self.files.drop(f"incoming/{folders}{CODE}/云通信/july.csv", content)
        campaign = use_case.parse(version)
        assert campaign is not None
        return campaign

    def end(self, *states: State) -> None:
        """Put the queued batches at these ends, in order; any further ones get the last."""
        for place, batch in enumerate(self.queue.batches):
            state = states[min(place, len(states) - 1)]
            entry = replace(untouched(batch, at=NOW), state=state, ended_at=NOW + 9, attempt=1)
            self.ledger.write(None, replace(entry, revision=1))
        self.queue.messages.clear()

    def close(self, campaign: Campaign) -> Campaign:
        tick = use_cases.tick(self.files, self.ledger, self.queue, clock=self.clock)
        return tick.advance.advance(campaign, is_paused=False, deadline=use_cases.PLENTY)

    @property
    def summary(self) -> dict[str, Any]:
        [text] = [each for key, each in self.files.objects.items() if key.endswith(SUMMARY)]
        fields: dict[str, Any] = json.loads(text)
        return fields

    def rows(self, name: str) -> list[dict[str, str]]:
        [text] = [each for key, each in self.files.objects.items() if key.endswith(f"/{name}")]
        return list(csv.DictReader(StringIO(text.decode("utf-8-sig"))))


@pytest.fixture
def site() -> Site:
    return Site()


def test_the_texts_of_the_first_three_rows_go_to_the_test_numbers_and_nobody_else(
    site: Site,
) -> None:
    campaign = site.drop(MIXED)

    assert campaign.status is Status.SENDING
    assert [each.phone_numbers for each in site.queue.batches] == [NUMBERS] * 3
    assert [params_of(each) for each in site.queue.batches] == [
        (("张0", "张0"),),
        (("张1", "张1"),),
        (("张2", "张2"),),
    ]
    planned = [Batch.from_json(each) for each in site.files.lines(campaign.plan + BATCHES)]
    assert planned == site.queue.batches


def test_its_report_has_every_row_of_the_file_and_those_of_the_test_and_balances(
    site: Site,
) -> None:
    campaign = site.drop(MIXED)
    site.end(State.SENT, State.REFUSED, State.SENT)

    closed = site.close(campaign)

    rows, summary = site.rows(RESULTS), site.summary
    statuses = Counter(each["smsdrop_status"] for each in rows)
    assert (closed.status, closed.outcome) == (Status.CLOSED, "test")
    assert closed.reason == Reason("test", ("6", "5", "1", "1"))
    assert [each["smsdrop_status"] for each in rows] == [
        *["cancelled"] * 5,
        *("duplicate", "rejected"),
        *["sent"] * 2,
        *["refused"] * 2,
        *["sent"] * 2,
    ]
    assert [(each["手机号"], each["name"]) for each in rows[-2:]] == [
        (number, "张2") for number in NUMBERS
    ]
    assert rows[0]["smsdrop_reason"] == Reason(TEST).text()
    ends = {each: summary[each] for each in ("sent", "refused", "unconfirmed", "cancelled")}
    assert ends == {each: statuses[each] for each in ends}
    assert summary["accepted"] == sum(ends.values()) == 11
    assert summary["rows"] == 11 + summary["duplicates"] + summary["rejected"] == len(rows)
    assert (summary["codes"][TEST], summary["segments"]) == (5, 6)
    assert summary["settings"]["only"] == "test"
    own = [each["手机号"] for each in site.rows(UNSENT_ROWS)]
    assert own == [*phone_numbers(5), "oops", *NUMBERS]


def test_a_test_takes_no_place_and_the_file_is_sent_whole_afterwards_also_to_a_test_number(
    site: Site,
) -> None:
    content = july(3) + f"{NUMBERS[0]},张三\n".encode()
    site.drop(content)
    assert site.ledger.all_of(CommittedPlan) == []
    assert site.ledger.all_of(ContentClaim) == []
    site.queue.messages.clear()

    sent = site.drop(content, "")

    assert sent.counts.accepted == 4
    assert [each.phone_numbers for each in site.queue.batches] == [(*phone_numbers(3), NUMBERS[0])]


def test_a_file_that_was_sent_is_tested_all_the_same(site: Site) -> None:
    site.drop(july(3), "")
    site.queue.messages.clear()

    campaign = site.drop(july(3))

    assert (campaign.counts.accepted, campaign.counts.duplicates) == (9, 0)
    assert len(site.queue.messages) == 3


def test_without_test_numbers_such_a_file_is_refused(site: Site) -> None:
    campaign = site.drop(july(3), "仅=测试/", test_numbers=())

    assert campaign.status is Status.REFUSED
    assert campaign.reason == Reason("test_numbers_missing", ("仅=测试",))
    assert site.queue.messages == []


def test_test_numbers_get_nothing_of_a_file_that_is_sent(site: Site) -> None:
    site.drop(july(3), "")

    assert [each.phone_numbers for each in site.queue.batches] == [phone_numbers(3)]


def test_a_file_without_a_row_to_test_with_is_refused(site: Site) -> None:
    abroad = "手机号,name\n+14155552671,乙\n".encode()

    campaign = site.drop(abroad, international=True)

    assert (campaign.status, campaign.reason) == (Status.REFUSED, Reason("test_without_rows"))


def test_a_test_of_the_wrong_file_is_refused_and_its_report_balances(site: Site) -> None:
    campaign = site.drop(july(1) + b"oops,x\nno,y\n")

    site.close(campaign)

    statuses = Counter(each["smsdrop_status"] for each in site.rows(RESULTS))
    assert (campaign.status, campaign.outcome) == (Status.REFUSED, "refused")
    assert statuses == {"cancelled": 3, "rejected": 2}
    assert (site.summary["accepted"], site.summary["cancelled"]) == (3, 3)
    assert site.queue.messages == []


def test_a_test_keeps_to_the_terms_of_its_file_but_is_not_approved_for_the_files_size(
    site: Site,
) -> None:
    campaign = site.drop(july(9), terms=StackTerms(approve_above_texts=1))
    held = site.drop(july(9), "only=test/start=1200/approve=yes/")

    assert (campaign.status, campaign.terms) == (Status.SENDING, Terms(is_test=True))
    assert (held.status, held.held_for) == (Status.HELD, "approval")
    assert held.terms.is_test


def test_a_test_of_a_promotion_keeps_to_its_hours(site: Site) -> None:
    site.clock.now = NOW + 12 * 3600
    promotion = template_of("${name}，清仓", code=CODE, kind=TemplateType.PROMOTION)

    campaign = site.drop(july(3), template=promotion)

    assert (campaign.status, campaign.held_for) == (Status.HELD, "window")


def test_a_test_that_is_cancelled_says_so(site: Site) -> None:
    campaign = site.drop(july(3))
    site.end(State.SENT, State.CANCELLED)

    closed = site.close(site.ledger.write(campaign, campaign.halted(CANCELLED_BY_HAND)))

    assert closed.outcome == "cancelled"
    assert (closed.counts.sent, closed.counts.cancelled) == (2, 7)


def test_rows_with_sign_names_and_extend_codes_of_their_own_are_tested_with_these(
    site: Site,
) -> None:
    rows = "手机号,name,签名,扩展码\n13800000000,甲,一,\n13800000001,乙,二,02\n"

    site.drop(rows.encode())

    assert [(each.sign_names, each.extend_codes) for each in site.queue.batches] == [
        (("一",) * 2, ()),
        (("二",) * 2, ("02",) * 2),
    ]
