"""A dropped file is judged on the terms that its path, its template and the stack set."""

import json
from dataclasses import replace
from typing import Any

import pytest

from local import ROOT
from smsdrop.alibaba.template import Template, TemplateType
from smsdrop.batches.first_texts import TEXTS
from smsdrop.batches.plan import ROWS
from smsdrop.drop_times import beijing_text
from smsdrop.drops import FileVersion
from smsdrop.ledger.campaign import Campaign, Status
from smsdrop.ledger.codes import WITHDRAWN
from smsdrop.ledger.committed_plans import CommittedPlan
from smsdrop.ledger.entries import ContentClaim
from smsdrop.ledger.terms import NO_TERMS, Terms
from smsdrop.parsing.asking import Asking
from smsdrop.parsing.campaign_terms import StackTerms
from smsdrop.parsing.parse_recipients import ParseRecipients
from smsdrop.parsing.plan_file import Defaults
from smsdrop.parsing.repeats.fingerprints import MOST_FINGERPRINTS
from smsdrop.parsing.template_check import TemplateCheck
from smsdrop.reasons import Reason
from tests.support.fakes import FakeFiles, FakeKeys, FakeLedger, FakeQueue
from tests.support.gateway_caller import Clock
from tests.support.parsing_scene import Killed, july, killed
from tests.support.samples import KEY, NOW
from tests.support.template_fakes import FakeTemplates, template_of
from tests.support.use_cases import parse_recipients

CODE = "SMS_154950909"
BILL = template_of("${name}，您的账单已出", code=CODE)
PROMOTION = template_of("${name}，清仓", code=CODE, kind=TemplateType.PROMOTION)


class Site:
    """ParseRecipients among its fakes, with a template that it can ask about."""

    most_fingerprints = MOST_FINGERPRINTS

    def __init__(self, template: Template = BILL, **terms: Any) -> None:
        self.files, self.ledger, self.queue = FakeFiles(), FakeLedger(), FakeQueue()
        self.clock = Clock(NOW)
        asking = Asking(keys=FakeKeys(KEY), wait=lambda _seconds: None)
        self.use_case: ParseRecipients = parse_recipients(
            self.files,
            self.ledger,
            self.queue,
            clock=self.clock,
            most_fingerprints=self.most_fingerprints,
            template_check=TemplateCheck(provider=FakeTemplates({CODE: template}), asking=asking),
            defaults=Defaults(terms=StackTerms(**terms), max_rejected_percent=50),
        )

    def drop(self, folders: str = "", *, content: bytes = july(3), again: str = "") -> Campaign:
        key = f"incoming/{folders}{CODE}/云通信/july.csv"
        return self.parse(self.files.drop(key, content, again=again))

    def parse(self, version: FileVersion) -> Campaign:
        campaign = self.use_case.parse(version)
        assert campaign is not None
        return campaign

    def texts(self, campaign: Campaign) -> list[str]:
        texts: list[str] = json.loads(self.files.objects[campaign.plan + TEXTS])["texts"]
        return texts


class LargeFiles(Site):
    """One in which files are compared by their messages, as large ones are."""

    most_fingerprints = 0


def test_a_file_without_settings_has_no_terms_and_its_first_texts_are_kept_too() -> None:
    site = Site()

    campaign = site.drop()

    assert (campaign.status, campaign.terms) == (Status.SENDING, NO_TERMS)
    assert campaign.plan + TEXTS in site.files.objects


def test_a_file_that_starts_later_is_judged_now_and_queued_then() -> None:
    site = Site()

    campaign = site.drop("start=1200/until=1300/window=0900-2000/approve=yes/")

    assert campaign.terms == Terms(
        start_at=NOW // 1 + 3600,
        until_at=NOW // 1 + 7200,
        windows=("0900-2000",),
        needs_approval=True,
    )
    assert (campaign.status, campaign.counts.accepted) == (Status.HELD, 3)
    assert site.queue.messages == []
    assert site.texts(campaign) == ["【云通信】张三，您的账单已出"] * 3


def test_a_mistyped_setting_sends_nothing() -> None:
    site = Site()

    campaign = site.drop("strat=1200/")

    assert (campaign.status, campaign.outcome) == (Status.REFUSED, "refused")
    assert campaign.reason == Reason("setting_unknown", ("strat=1200",))
    assert site.queue.messages == []


@pytest.mark.parametrize("folders", ["start=1130/", "start=2026-01-02T1130/until=1200/"])
def test_times_count_from_the_drop_however_late_the_file_is_judged(folders: str) -> None:
    """The first try dies once the campaign has begun; the next comes hours later."""
    site, prompt = Site(), Site()
    key = f"incoming/{folders}{CODE}/云通信/july.csv"
    version = site.files.drop(key, july(3))
    site.ledger.before_write = lambda each: None if isinstance(each, Campaign) else killed()
    with pytest.raises(Killed):
        site.parse(version)
    site.ledger.before_write = lambda _: None
    site.clock.now += 4 * 3600

    late = site.use_case.plan_file.plan(version)

    assert late is not None
    assert late.terms == prompt.drop(folders).terms
    assert beijing_text(late.terms.start_at) == "2026-01-02 11:30"


def test_a_promotion_keeps_to_its_hours_and_a_notification_goes() -> None:
    night = NOW + 12 * 3600
    held, sent = Site(PROMOTION), Site(BILL)
    held.clock.now = sent.clock.now = night

    assert held.drop().terms == Terms(windows=("0800-2000",))
    assert held.queue.messages == []
    assert (sent.drop().status, len(sent.queue.messages)) == (Status.SENDING, 1)


@pytest.mark.parametrize(("most", "waits"), [(3, False), (2, True)])
def test_a_file_of_many_texts_waits_for_approval(most: int, waits: bool) -> None:
    site = Site(approve_above_texts=most)

    campaign = site.drop()

    assert campaign.counts.segments == 3
    assert campaign.terms.needs_approval == waits
    assert (campaign.status is Status.HELD) == waits


def test_a_word_in_the_path_means_a_repetition_and_comes_before_the_metadatas() -> None:
    site = Site()
    site.drop()

    repeated = site.drop("again=2026-12/", again="other")
    once_more = site.drop("重发=2026-12/")

    assert repeated.counts.accepted == 3
    assert once_more.counts.accepted == 0
    assert [each.again for each in site.ledger.all_of(CommittedPlan)] == ["", "2026-12"]


def test_hidden_rows_count_if_the_path_says_so() -> None:
    content = (ROOT / "tests/recipient_files/hidden-rows.xlsx").read_bytes()
    refused, taken = Site(template_of("", code=CODE)), Site(template_of("", code=CODE))

    assert refused.drop(content=content).status is Status.REFUSED
    campaign = taken.drop("hidden=yes/", content=content)

    assert campaign.counts.accepted > 0
    assert "hidden_rows" in [each.code for each in campaign.problems]


def test_a_preview_judges_every_row_and_queues_none() -> None:
    site = Site()

    campaign = site.drop("only=preview/", content=july(4) + b"oops,x\n")

    assert (campaign.status, campaign.outcome) == (Status.REFUSED, "preview")
    assert campaign.is_refused_with_plan
    assert campaign.reason == Reason("preview", ("only=preview", "4", "0", "1"))
    assert (campaign.counts.accepted, campaign.counts.segments) == (4, 4)
    assert campaign.plan + ROWS in site.files.objects
    assert site.texts(campaign) == ["【云通信】张三，您的账单已出"] * 3
    assert site.queue.messages == []


def test_a_preview_shows_three_texts_of_rows_of_every_kind() -> None:
    site = Site(template_of("${name}，您好", code=CODE))
    lenient = Defaults(international=True)
    plan_file = replace(site.use_case.plan_file, defaults=lenient)
    rows = "手机号,name\n13800138000,甲\n+14155552671,乙\n13800138001,丙\n+14155552672,丁\n"
    key = f"incoming/only=preview/{CODE}/云通信/july.csv"

    campaign = plan_file.plan(site.files.drop(key, rows.encode()))

    assert campaign is not None
    assert campaign.counts.accepted == 4
    assert len(site.texts(campaign)) == len(set(site.texts(campaign))) == 3


def test_a_preview_takes_nobodys_place_so_that_the_file_is_sent_without_its_folder() -> None:
    site = Site()

    site.drop("only=preview/")
    assert site.ledger.all_of(CommittedPlan) == []
    assert site.ledger.all_of(ContentClaim) == []
    site.drop("only=preview/")
    sent = site.drop()

    assert (sent.status, sent.counts.accepted) == (Status.SENDING, 3)


@pytest.mark.parametrize("folders", ["only=preview/", "仅=预览/again=2026-12/"])
def test_a_preview_sees_what_was_sent_before(folders: str) -> None:
    site = Site()
    site.drop()

    campaign = site.drop(folders, content=july(4))

    had = 0 if "again" in folders else 3
    assert (campaign.outcome, campaign.counts.duplicates) == ("preview", had)
    assert campaign.counts.accepted == 4 - had


def test_a_preview_of_a_file_that_was_all_sent_before_says_so() -> None:
    site = Site()
    first = site.drop()

    campaign = site.drop("only=preview/")

    assert campaign.reason == Reason("preview", ("only=preview", "0", "3", "0"))
    assert site.ledger.campaign(first.campaign_id) == first


def test_a_preview_withdraws_nothing_though_a_scheduled_file_is_gone() -> None:
    site = Site()
    version = site.files.drop(f"incoming/start=1200/{CODE}/云通信/july.csv", july(3))
    first = site.parse(version)
    site.files.delete(version)

    campaign = site.drop("only=preview/")

    assert (campaign.outcome, campaign.counts.duplicates) == ("preview", 3)
    assert site.ledger.campaign(first.campaign_id) == first


SCHEDULED = f"incoming/start=1200/{CODE}/云通信/july.csv"
ELSEWHERE = f"incoming/{CODE}/云通信/july.csv"


@pytest.mark.parametrize("key", [SCHEDULED, ELSEWHERE], ids=["in its place", "elsewhere"])
@pytest.mark.parametrize("new_site", [Site, LargeFiles])
def test_a_scheduled_file_makes_way_for_the_one_that_takes_its_place(
    new_site: type[Site], key: str
) -> None:
    site = new_site()
    version = site.files.drop(SCHEDULED, july(3))
    first = site.parse(version)
    if key != SCHEDULED:
        site.files.delete(version)

    second = site.parse(site.files.drop(key, july(4)))

    assert (second.counts.accepted, second.counts.duplicates) == (4, 0)
    withdrawn = site.ledger.campaign(first.campaign_id)
    assert withdrawn is not None
    assert (withdrawn.status, withdrawn.halt_code) == (Status.HELD, WITHDRAWN)


@pytest.mark.parametrize(
    ("key", "content", "outcome"),
    [
        pytest.param(SCHEDULED, july(3), "duplicate_file", id="copied in its place"),
        pytest.param(SCHEDULED, b"oops", "refused", id="replaced by what is no recipient file"),
        pytest.param(ELSEWHERE, july(3), "repeated", id="dropped elsewhere too"),
    ],
)
@pytest.mark.parametrize("new_site", [Site, LargeFiles])
def test_a_scheduled_file_makes_no_way_while_another_is_judged_that_is_not_sent(
    new_site: type[Site], key: str, content: bytes, outcome: str
) -> None:
    site = new_site()
    first = site.parse(site.files.drop(SCHEDULED, july(3)))

    second = site.parse(site.files.drop(key, content))

    assert second.outcome == outcome
    stands = site.ledger.campaign(first.campaign_id)
    assert stands is not None
    assert (stands.status, stands.halt_code) == (Status.HELD, "")


def test_a_preview_of_the_wrong_file_is_refused_as_that_would_be() -> None:
    site = Site()

    campaign = site.drop("only=preview/", content=july(1) + b"oops,x\nno,y\n")

    assert campaign.outcome == "refused"
    assert campaign.reason is not None
    assert campaign.reason.code == "too_many_rejected"


def test_another_run_that_finds_the_plan_takes_its_terms() -> None:
    site = Site()
    version = site.files.drop(f"incoming/start=1200/{CODE}/云通信/july.csv", july(3))

    def dies_behind_the_log(each: object) -> None:
        if isinstance(each, Campaign) and each.status is Status.PLANNED:
            raise Killed

    site.ledger.before_write = dies_behind_the_log
    with pytest.raises(Killed):
        site.parse(version)
    site.ledger.before_write = lambda _: None

    changed = replace(site.use_case.plan_file, defaults=Defaults(sign_name="另一个"))
    campaign = changed.plan(version)

    assert campaign is not None
    assert beijing_text(campaign.terms.start_at) == "2026-01-02 12:00"


def test_the_first_batches_go_ahead_and_the_rest_waits_in_the_plan() -> None:
    site = Site()

    campaign = site.drop("canary=100/", content=july(250))

    assert campaign.terms == Terms(canary_recipients=100, canary_batches=1, canary_percent=90)
    assert (campaign.status, campaign.released, campaign.queued) == (Status.SENDING, 1, 1)
    assert (campaign.counts.batches, len(site.queue.messages)) == (3, 1)


def test_where_all_would_go_ahead_the_file_goes_as_any_other() -> None:
    site = Site()

    campaign = site.drop("canary=201/", content=july(250))

    assert (campaign.terms, campaign.released) == (NO_TERMS, 3)


def test_without_receipts_a_file_whose_first_are_to_go_ahead_sends_nothing() -> None:
    site = Site(has_receipts=False)

    campaign = site.drop("试投=100/", content=july(250))

    assert campaign.reason == Reason("canary_without_receipts", ("试投=100",))
    assert site.queue.messages == []
