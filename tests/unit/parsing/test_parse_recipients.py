"""A dropped file becomes one plan and its batches, whatever cuts in between."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import count
from typing import Any

import pytest

from smsdrop.aws.sqs import QueueUnavailable
from smsdrop.batches.batch import position_of
from smsdrop.batches.plan import BATCHES
from smsdrop.drops import FileVersion
from smsdrop.ledger.campaign import Campaign, Counts, Status
from smsdrop.ledger.entries import ContentClaim
from smsdrop.operations.cancelling import cancel
from smsdrop.parsing.parse_recipients import ParseRecipients
from smsdrop.parsing.plan_file import Defaults, begin
from smsdrop.reasons import Reason
from tests.support import use_cases
from tests.support.fakes import FakeFiles, FakeLedger, FakeQueue
from tests.support.gateway_caller import Clock
from tests.support.samples import NOW, changed, params_of, phone_numbers

KEY = "incoming/SMS_154950909/云通信/july.csv"
BATCHES_PER_CHECKPOINT = 10
BATCH_COUNT = 123


class Killed(BaseException):
    """The sandbox is gone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """The use case among its fakes."""

    files: FakeFiles
    ledger: FakeLedger
    queue: FakeQueue
    use_case: ParseRecipients

    def parse(self, version: FileVersion) -> Campaign:
        campaign = self.use_case.parse(version)
        assert campaign is not None
        return campaign

    def texted_by_whoever_receives(self) -> Counter[str]:
        """Who gets how many texts if each batch id is sent once."""
        batches = {each.batch_id: each for each in self.queue.batches}
        return Counter(number for each in batches.values() for number in each.phone_numbers)


@pytest.fixture
def site() -> Site:
    files, ledger, queue = FakeFiles(), FakeLedger(), FakeQueue()
    use_case = use_cases.parse_recipients(
        files,
        ledger,
        queue,
        defaults=Defaults(sign_name="默认", max_rejected_percent=100),
        clock=Clock(NOW),
        batches_per_checkpoint=BATCHES_PER_CHECKPOINT,
    )
    return Site(files=files, ledger=ledger, queue=queue, use_case=use_case)


def july(rows: int = 100 * BATCH_COUNT - 50) -> bytes:
    lines = [f"{number},张三\n" for number in phone_numbers(rows)]
    return ("手机号,name\n" + "".join(lines)).encode()


def on_call(number: int, happens: Callable[[], None]) -> Callable[[object], None]:
    """Let it happen at the call of this number, and only then."""
    calls = count(1)

    def hook(_: object) -> None:
        if next(calls) == number:
            happens()

    return hook


def with_defaults(use_case: ParseRecipients, **defaults: Any) -> ParseRecipients:
    """Return the use case as another deployment has it."""
    plan_file = replace(use_case.plan_file, defaults=Defaults(**defaults))
    return replace(use_case, plan_file=plan_file)


def killed() -> None:
    raise Killed


def test_a_file_is_judged_planned_and_queued(site: Site) -> None:
    version = site.files.drop(
        KEY, "手机号,name\n13800138000,张三\n+86 138-0013-8000,\n1,李四\n\n".encode()
    )

    campaign = site.parse(version)

    assert campaign == replace(
        campaign,
        status=Status.SENDING,
        bucket="files",
        key=KEY,
        version_id=version.version_id,
        template_code="SMS_154950909",
        sign_name="云通信",
        started_at=NOW,
        counts=Counts(rows=3, accepted=1, duplicates=1, rejected=1, blank=1, batches=1),
        released=1,
        queued=1,
    )
    [batch] = site.queue.batches
    assert batch.batch_id == f"{campaign.campaign_id}-000001"
    assert (batch.template_code, batch.sign_names) == ("SMS_154950909", ("云通信",))
    assert (batch.layout.param_names, params_of(batch)) == (("name",), (("张三",),))
    assert site.ledger.campaign(campaign.campaign_id) == campaign


def test_everyone_on_the_file_is_in_one_batch_of_the_queue(site: Site) -> None:
    version = site.files.drop(KEY, july())

    campaign = site.parse(version)

    assert campaign.is_queued
    assert site.texted_by_whoever_receives() == Counter(phone_numbers(campaign.counts.accepted))
    assert [position_of(each.batch_id) for each in site.queue.batches] == [
        *range(1, BATCH_COUNT + 1)
    ]


def test_the_stack_says_what_the_path_does_not(site: Site) -> None:
    version = site.files.drop("incoming/SMS_9/july.csv", july(1))

    assert site.parse(version).sign_name == "默认"


def test_the_same_event_twice_queues_nothing_twice(site: Site) -> None:
    version = site.files.drop(KEY, july())
    first = site.parse(version)

    second = site.parse(version)

    assert second == first
    assert len(site.queue.messages) == BATCH_COUNT
    assert len(site.files.objects) == 2


def test_two_versions_with_one_name_are_two_campaigns(site: Site) -> None:
    campaigns = [site.parse(site.files.drop(KEY, july(rows))) for rows in (1, 2)]

    assert len({each.campaign_id for each in campaigns}) == 2
    assert [each.counts.accepted for each in campaigns] == [1, 2]


@pytest.mark.parametrize("call", [1, 7, 13])
def test_a_run_that_is_killed_before_a_call_to_the_queue_is_taken_up_there(
    site: Site, call: int
) -> None:
    version = site.files.drop(KEY, july())
    site.queue.before_send = on_call(call, killed)
    with pytest.raises(Killed):
        site.parse(version)

    campaign = site.parse(version)

    assert campaign.is_queued
    assert len(site.queue.messages) == BATCH_COUNT
    assert site.texted_by_whoever_receives() == Counter(phone_numbers(campaign.counts.accepted))


def test_a_run_that_is_killed_after_the_seventh_call_queues_those_ten_again_and_no_others(
    site: Site,
) -> None:
    """Queued twice, they are sent once: their ids are the same."""
    version = site.files.drop(KEY, july())
    campaign_claims_plan_and_release = 5
    site.ledger.before_write = on_call(campaign_claims_plan_and_release + 7, killed)
    with pytest.raises(Killed):
        site.parse(version)
    assert len(site.queue.messages) == 7 * BATCHES_PER_CHECKPOINT

    campaign = site.parse(version)

    ids = Counter(each.batch_id for each in site.queue.batches)
    assert [position_of(each) for each, times in ids.items() if times == 2] == [*range(61, 71)]
    assert len(ids) == BATCH_COUNT
    assert site.texted_by_whoever_receives() == Counter(phone_numbers(campaign.counts.accepted))


@pytest.mark.parametrize("write", range(1, 19))
def test_killed_at_whichever_write_the_next_run_brings_it_to_its_end(
    site: Site, write: int
) -> None:
    version = site.files.drop(KEY, july())
    site.ledger.before_write = on_call(write, killed)
    try:
        site.parse(version)
    except Killed:
        site.parse(version)

    campaign = site.parse(version)

    assert (campaign.status, campaign.queued) == (Status.SENDING, BATCH_COUNT)
    assert site.texted_by_whoever_receives() == Counter(phone_numbers(campaign.counts.accepted))
    assert {each.campaign_id for each in site.queue.batches} == {campaign.campaign_id}


def test_of_two_runs_at_once_the_plan_that_is_committed_first_is_the_only_one(site: Site) -> None:
    """The other run had different defaults, as after a deployment."""
    version = site.files.drop("incoming/SMS_9/july.csv", july(1000))
    other = with_defaults(site.use_case, sign_name="另一个")
    results: list[Campaign | None] = []
    commit_of_the_plan = 4
    site.ledger.before_write = on_call(
        commit_of_the_plan, lambda: results.append(other.parse(version))
    )

    results.append(site.parse(version))

    winner, loser = results
    assert winner is not None
    assert loser is not None
    assert winner.plan == loser.plan
    assert winner.sign_name == loser.sign_name == "另一个"
    assert {name for each in site.queue.batches for name in each.sign_names} == {"另一个"}
    assert site.texted_by_whoever_receives() == Counter(phone_numbers(1000))
    assert len({each.batch_id for each in site.queue.batches}) == 10


def test_a_plan_that_stands_is_queued_though_all_else_has_changed_since(site: Site) -> None:
    version = site.files.drop("incoming/SMS_9/july.csv", july())
    site.queue.before_send = on_call(3, killed)
    with pytest.raises(Killed):
        site.parse(version)
    redeployed = with_defaults(site.use_case, sign_name="另一个", template_code="SMS_7")

    campaign = redeployed.parse(version)

    assert campaign is not None
    assert campaign.is_queued
    assert {name for each in site.queue.batches for name in each.sign_names} == {"默认"}
    assert {each.template_code for each in site.queue.batches} == {"SMS_9"}


def test_a_plan_that_stands_is_queued_though_the_file_was_deleted(site: Site) -> None:
    version = site.files.drop(KEY, july())
    site.queue.before_send = on_call(3, killed)
    with pytest.raises(Killed):
        site.parse(version)
    site.files.delete(version)

    assert site.parse(version).is_queued
    assert site.texted_by_whoever_receives() == Counter(phone_numbers(100 * BATCH_COUNT - 50))


def test_a_file_that_was_deleted_before_it_was_read_is_no_campaign(site: Site) -> None:
    version = site.files.drop(KEY, july())
    site.files.delete(version)

    assert site.use_case.parse(version) is None
    assert list(site.ledger.open_campaigns()) == []


def test_a_file_that_is_deleted_between_two_tries_ends_its_campaign(site: Site) -> None:
    version = site.files.drop(KEY, july(1))
    begin(site.ledger, version, site.files.facts(version), at=NOW)
    site.files.delete(version)

    campaign = site.parse(version)

    assert (campaign.status, campaign.reason) == (Status.REFUSED, Reason("file_gone"))
    assert site.parse(version) == campaign


def test_a_file_that_cannot_be_read_as_it_is_stored_is_refused_for_that(site: Site) -> None:
    version = site.files.drop(KEY, july(1))
    site.files.unreadable[version] = Reason("file_archived")

    campaign = site.parse(version)

    assert (campaign.status, campaign.reason) == (Status.REFUSED, Reason("file_archived"))
    assert campaign.is_open
    assert site.queue.messages == []


@pytest.mark.parametrize(
    ("key", "content", "reason"),
    [
        pytest.param(KEY, b"", "file_empty", id="empty"),
        pytest.param(KEY, b"\n,,\n \n", "file_empty", id="blank rows alone"),
        pytest.param(KEY, "手机号,name\n".encode(), "no_recipients", id="only a header"),
        pytest.param(KEY, b"colour\nred\n", "no_recipient_column", id="no phone numbers"),
        pytest.param(KEY, b"phone\n\xff\xfe\n", "not_text", id="no text"),
        pytest.param("incoming/july.csv", july(1), "no_template_code", id="no template code"),
        pytest.param(
            "incoming/july/a.csv", july(1), "folder_is_no_template_code", id="a mistyped folder"
        ),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_and_texts_nobody(
    site: Site, key: str, content: bytes, reason: str
) -> None:
    version = site.files.drop(key, content)

    campaign = site.parse(version)

    assert (campaign.status, campaign.outcome) == (Status.REFUSED, "refused")
    assert campaign.reason is not None
    assert (campaign.reason.code, campaign.finished_at, campaign.plan) == (reason, NOW, "")
    assert campaign.is_open
    assert site.queue.messages == []
    assert site.files.objects == {}
    assert site.parse(version) == campaign


def test_a_file_of_rejected_rows_alone_has_a_plan_and_no_batches(site: Site) -> None:
    version = site.files.drop(KEY, "手机号,name\n1,张三\n".encode())

    for _ in range(2):
        campaign = site.parse(version)

        assert (campaign.status, campaign.counts) == (Status.SENDING, Counts(rows=1, rejected=1))
        assert campaign.is_queued
    assert site.queue.messages == []


def test_the_checkpoint_is_the_last_batch_of_which_all_before_are_acknowledged(
    site: Site,
) -> None:
    version = site.files.drop(KEY, july())
    site.queue.room = 44

    with pytest.raises(QueueUnavailable):
        site.parse(version)

    [campaign] = site.ledger.open_campaigns()
    assert (campaign.queued, campaign.status) == (40, Status.SENDING)
    plan = site.files.objects[campaign.plan + BATCHES]
    assert plan[: campaign.queued_bytes].count(b"\n") == 40


def test_what_the_queue_did_not_take_is_queued_by_the_next_run(site: Site) -> None:
    version = site.files.drop(KEY, july())
    site.queue.room = 44
    with pytest.raises(QueueUnavailable):
        site.parse(version)
    site.queue.room = None

    campaign = site.parse(version)

    assert campaign.is_queued
    assert site.texted_by_whoever_receives() == Counter(phone_numbers(campaign.counts.accepted))


def test_the_checkpoint_moves_on_beside_other_changes_of_the_campaign(site: Site) -> None:
    version = site.files.drop(KEY, july())

    def alerted() -> None:
        [campaign] = site.ledger.open_campaigns()
        site.ledger.write(campaign, campaign.alerted(at=NOW))

    site.queue.before_send = on_call(5, alerted)

    campaign = site.parse(version)

    assert (campaign.queued, campaign.alerted_at) == (BATCH_COUNT, NOW)


def test_a_campaign_that_is_halted_meanwhile_is_not_queued_any_further(site: Site) -> None:
    version = site.files.drop(KEY, july())

    def halted() -> None:
        [campaign] = site.ledger.open_campaigns()
        site.ledger.write(campaign, campaign.halted("isv.SMS_TEMPLATE_ILLEGAL"))

    site.queue.before_send = on_call(5, halted)

    campaign = site.parse(version)

    assert campaign.queued == 5 * BATCHES_PER_CHECKPOINT == len(site.queue.messages)
    assert site.parse(version) == campaign


def test_a_file_that_repeats_another_is_refused(site: Site) -> None:
    first = site.parse(site.files.drop(KEY, july(3)))

    second = site.parse(site.files.drop(SECOND_KEY, july(3)))

    assert (second.status, second.outcome) == (Status.REFUSED, "duplicate_file")
    assert second.reason == Reason("duplicate_file", (first.campaign_id,))
    assert len(site.queue.messages) == 1


SECOND_KEY = KEY.replace("july", "july (2)")


@pytest.mark.parametrize(
    ("key", "rows", "again"),
    [
        pytest.param(SECOND_KEY, 3, "yes", id="it says that it is meant"),
        pytest.param(KEY, 4, "", id="another row"),
        pytest.param(KEY.replace("SMS_", "SMS_1"), 3, "", id="another template"),
        pytest.param(KEY.replace("云通信", "云短信"), 3, "", id="another sign name"),
    ],
)
def test_a_file_that_is_like_another_but_not_the_same_is_sent(
    site: Site, key: str, rows: int, again: str
) -> None:
    site.parse(site.files.drop(KEY, july(3)))

    second = site.parse(site.files.drop(key, july(rows), again=again))

    assert (second.status, second.queued) == (Status.SENDING, 1)


@pytest.mark.parametrize(
    ("key", "again"),
    [
        pytest.param(KEY, "yes", id="under its own name, with the same word"),
        pytest.param(KEY, "2026-12", id="under its own name, with another word"),
        pytest.param(KEY, "", id="under its own name, without the word"),
        pytest.param(SECOND_KEY, "yes", id="under another name, with the same word"),
    ],
)
def test_a_copy_of_a_file_that_was_meant_again_is_no_order(
    site: Site, key: str, again: str
) -> None:
    first = site.parse(site.files.drop(KEY, july(3), again="yes"))

    copy = site.parse(site.files.drop(key, july(3), again=again))

    assert copy.reason == Reason("duplicate_file", (first.campaign_id,))
    assert len(site.queue.messages) == 1


def test_each_new_word_orders_one_repetition(site: Site) -> None:
    words = ["", "yes", "2026-12", "yes", "2027-01"]

    campaigns = [
        site.parse(site.files.drop(KEY.replace("july", f"july {number}"), july(3), again=word))
        for number, word in enumerate(words)
    ]

    assert [each.outcome for each in campaigns] == ["", "", "", "duplicate_file", ""]


def test_a_copy_in_place_is_no_order_however_late_it_comes(site: Site) -> None:
    first = site.parse(site.files.drop(KEY, july(3), again="yes"))
    site.ledger.stored = {
        key: each
        for key, each in site.ledger.stored.items()
        if isinstance(each, ContentClaim) and not each.expires_at
    }

    copy = site.parse(site.files.drop(KEY, july(3), again="yes"))

    assert copy.reason == Reason("duplicate_file", (first.campaign_id,))


def test_under_another_name_the_content_may_be_sent_again_once_its_entries_have_expired(
    site: Site,
) -> None:
    first = site.parse(site.files.drop(KEY, july(3)))
    expired = [key for key, each in site.ledger.stored.items() if each.expires_at]
    for key in expired:
        del site.ledger.stored[key]

    second = site.parse(site.files.drop(SECOND_KEY, july(3)))

    assert first.campaign_id != second.campaign_id
    assert second.status is Status.SENDING


@pytest.mark.parametrize(
    ("changes", "held"),
    [
        pytest.param({"status": Status.CLOSED}, False, id="it texted nobody"),
        pytest.param({"status": Status.REFUSED}, False, id="it was refused"),
        pytest.param({"status": Status.CLOSED, "counts": Counts(sent=1)}, True, id="it texted one"),
        pytest.param(
            {"status": Status.CLOSED, "counts": Counts(unconfirmed=1)}, True, id="perhaps one"
        ),
        pytest.param({"status": Status.SENDING}, True, id="it is still sending"),
    ],
)
def test_a_repetition_is_refused_unless_the_first_can_have_texted_nobody(
    site: Site, changes: dict[str, object], held: bool
) -> None:
    first = site.parse(site.files.drop(KEY, july(3)))
    site.ledger.write(first, changed(first, **changes))

    second = site.parse(site.files.drop(KEY, july(3)))

    assert (second.status is Status.REFUSED) == held


def test_a_campaign_that_is_cancelled_while_it_is_parsed_sends_nothing(site: Site) -> None:
    def cancelled() -> None:
        [campaign] = site.ledger.open_campaigns()
        cancel(campaign.campaign_id, ledger=site.ledger)

    commit_of_the_plan = 4
    site.ledger.before_write = on_call(commit_of_the_plan, cancelled)

    campaign = site.parse(site.files.drop(KEY, july(3)))

    assert (campaign.status, campaign.halt_code) == (Status.PLANNED, "smsdrop.Cancelled")
    assert site.queue.messages == []
