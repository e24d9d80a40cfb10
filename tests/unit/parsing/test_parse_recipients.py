"""A dropped file becomes one plan and its batches, whatever cuts in between."""

from collections import Counter
from dataclasses import replace

import pytest

from smsdrop.aws.sqs import QueueUnavailable
from smsdrop.batches.batch import position_of
from smsdrop.batches.plan import BATCHES
from smsdrop.drops import report_folder
from smsdrop.ledger.campaign import Counts, Status
from smsdrop.sending.preview import PREVIEW
from tests.support.parsing_scene import (
    BATCHES_PER_CHECKPOINT,
    COMMIT_OF_THE_PLAN,
    KEY,
    Killed,
    Site,
    july,
    killed,
    on_call,
    with_defaults,
)
from tests.support.samples import NOW, params_of, phone_numbers

BATCH_COUNT = 123
ROWS = 100 * BATCH_COUNT - 50


def broken() -> None:
    raise QueueUnavailable


@pytest.fixture
def site() -> Site:
    return Site.new()


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
    version = site.files.drop(KEY, july(ROWS))

    campaign = site.parse(version)

    assert campaign.is_queued
    assert site.texted_by_whoever_receives() == Counter(phone_numbers(campaign.counts.accepted))
    assert [position_of(each.batch_id) for each in site.queue.batches] == [
        *range(1, BATCH_COUNT + 1)
    ]


def test_the_same_event_twice_queues_nothing_twice(site: Site) -> None:
    version = site.files.drop(KEY, july(ROWS))
    first = site.parse(version)

    second = site.parse(version)

    assert second == first
    assert len(site.queue.messages) == BATCH_COUNT
    assert len(site.files.objects) == 3


@pytest.mark.parametrize("call", [1, 7, 13])
def test_a_run_that_is_killed_before_a_call_to_the_queue_is_taken_up_there(
    site: Site, call: int
) -> None:
    version = site.files.drop(KEY, july(ROWS))
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
    version = site.files.drop(KEY, july(ROWS))
    plan_and_release = 2
    site.ledger.before_write = on_call(COMMIT_OF_THE_PLAN + plan_and_release + 7, killed)
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
    version = site.files.drop(KEY, july(ROWS))
    site.ledger.before_write = on_call(write, killed)
    try:
        site.parse(version)
    except Killed:
        site.parse(version)

    campaign = site.parse(version)

    assert (campaign.status, campaign.queued) == (Status.SENDING, BATCH_COUNT)
    assert site.texted_by_whoever_receives() == Counter(phone_numbers(campaign.counts.accepted))
    assert {each.campaign_id for each in site.queue.batches} == {campaign.campaign_id}


def test_a_plan_that_stands_is_queued_though_all_else_has_changed_since(site: Site) -> None:
    version = site.files.drop("incoming/SMS_9/july.csv", july(ROWS))
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
    version = site.files.drop(KEY, july(ROWS))
    site.queue.before_send = on_call(3, killed)
    with pytest.raises(Killed):
        site.parse(version)
    site.files.delete(version)

    assert site.parse(version).is_queued
    assert site.texted_by_whoever_receives() == Counter(phone_numbers(ROWS))


def test_a_file_of_rejected_rows_alone_has_a_plan_and_no_batches(site: Site) -> None:
    version = site.files.drop(KEY, "手机号,name\n1,张三\n".encode())

    for _ in range(2):
        campaign = site.parse(version)

        assert (campaign.status, campaign.counts) == (Status.SENDING, Counts(rows=1, rejected=1))
        assert campaign.is_queued
    assert site.queue.messages == []


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param("", id="a header alone"),
        pytest.param("1,张三\n", id="rejected rows alone"),
        pytest.param("13800138000,张三,one cell too many\n" * 2, id="no table"),
    ],
)
def test_where_nobody_is_left_to_send_the_closer_is_woken(site: Site, rows: str) -> None:
    campaign = site.parse(site.files.drop(KEY, f"手机号,name\n{rows}".encode()))

    assert site.closer.woken == [campaign.campaign_id]


def test_a_preview_and_a_copy_have_their_reports_at_once(site: Site) -> None:
    first = site.files.drop(KEY, july(3))
    preview = KEY.replace("SMS_", "only=preview/SMS_")

    site.parse(first)
    woken_for_the_first = list(site.closer.woken)
    copy = site.parse(site.files.drop(KEY, july(3)))
    previewed = site.parse(site.files.drop(preview, july(5)))

    assert woken_for_the_first == []
    assert (copy.outcome, previewed.outcome) == ("duplicate_file", "preview")
    assert site.closer.woken == [copy.campaign_id, previewed.campaign_id]


def test_a_closer_that_cannot_be_woken_fails_no_parse(site: Site) -> None:
    site.closer.before_wake = on_call(1, broken)

    campaign = site.parse(site.files.drop(KEY, "手机号,name\n".encode()))

    assert campaign.status is Status.REFUSED
    assert site.closer.woken == []


def test_an_event_that_comes_again_once_the_report_stands_wakes_nobody(site: Site) -> None:
    version = site.files.drop(KEY, "手机号,name\n".encode())
    refused = site.parse(version)
    site.ledger.write(refused, refused.reported(refused.counts))

    site.parse(version)

    assert site.closer.woken == [refused.campaign_id]


def test_the_checkpoint_is_the_last_batch_of_which_all_before_are_acknowledged(
    site: Site,
) -> None:
    version = site.files.drop(KEY, july(ROWS))
    site.queue.room = 44

    with pytest.raises(QueueUnavailable):
        site.parse(version)

    [campaign] = site.ledger.open_campaigns()
    assert (campaign.queued, campaign.status) == (40, Status.SENDING)
    plan = site.files.objects[campaign.plan + BATCHES]
    assert plan[: campaign.queued_bytes].count(b"\n") == 40


def test_what_the_queue_did_not_take_is_queued_by_the_next_run(site: Site) -> None:
    version = site.files.drop(KEY, july(ROWS))
    site.queue.room = 44
    with pytest.raises(QueueUnavailable):
        site.parse(version)
    site.queue.room = None

    campaign = site.parse(version)

    assert campaign.is_queued
    assert site.texted_by_whoever_receives() == Counter(phone_numbers(campaign.counts.accepted))


def test_the_checkpoint_moves_on_beside_other_changes_of_the_campaign(site: Site) -> None:
    version = site.files.drop(KEY, july(ROWS))

    def alerted() -> None:
        [campaign] = site.ledger.open_campaigns()
        site.ledger.write(campaign, campaign.alerted(at=NOW))

    site.queue.before_send = on_call(5, alerted)

    campaign = site.parse(version)

    assert (campaign.queued, campaign.alerted_at) == (BATCH_COUNT, NOW)


def test_a_campaign_that_is_halted_meanwhile_is_not_queued_any_further(site: Site) -> None:
    version = site.files.drop(KEY, july(ROWS))

    def halted() -> None:
        [campaign] = site.ledger.open_campaigns()
        site.ledger.write(campaign, campaign.halted("isv.SMS_TEMPLATE_ILLEGAL"))

    site.queue.before_send = on_call(5, halted)

    campaign = site.parse(version)

    assert campaign.queued == 5 * BATCHES_PER_CHECKPOINT == len(site.queue.messages)
    assert site.parse(version) == campaign


def test_a_file_that_is_held_has_its_preview_at_once_and_one_that_is_sent_has_none(
    site: Site,
) -> None:
    held = site.parse(site.files.drop(KEY.replace("july", "approve=yes/july"), july(3)))
    site.parse(site.files.drop(KEY, july(4)))

    previews = [key for key in site.files.objects if key.endswith(f"/{PREVIEW}")]
    assert previews == [report_folder(held.key, held.campaign_id) + PREVIEW]
    assert (held.status, held.previewed_for) == (Status.HELD, "approval")
    assert site.ledger.campaign(held.campaign_id) == held
