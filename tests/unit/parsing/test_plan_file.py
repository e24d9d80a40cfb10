"""A dropped file is judged once, and its plan or its refusal committed."""

from collections import Counter

import pytest

from smsdrop.batches.plan import BATCHES, ROWS
from smsdrop.drops import FileVersion
from smsdrop.ledger.campaign import Campaign, Counts, Status
from smsdrop.ledger.codes import CANCELLED_BY_HAND
from smsdrop.ledger.ports import update
from smsdrop.parsing.beginning import begin, open_campaign_of
from smsdrop.parsing.repeats.kept_judgement import JUDGEMENT
from smsdrop.reasons import Reason
from tests.support.parsing_scene import (
    COMMIT_OF_THE_PLAN,
    KEY,
    Killed,
    Site,
    july,
    killed,
    on_call,
    with_defaults,
)
from tests.support.samples import NOW, changed, phone_numbers


@pytest.fixture
def site() -> Site:
    return Site.new()


def plan(site: Site, version: FileVersion) -> Campaign:
    campaign = site.use_case.plan_file.plan(version)
    assert campaign is not None
    return campaign


def test_a_file_that_can_be_used_has_a_plan_of_which_nothing_is_queued(site: Site) -> None:
    campaign = plan(site, site.files.drop(KEY, july(3)))

    assert (campaign.status, campaign.released, campaign.queued) == (Status.PLANNED, 0, 0)
    assert campaign.counts == Counts(rows=3, accepted=3, batches=1)
    names = (BATCHES, ROWS, JUDGEMENT)
    assert set(site.files.objects) == {campaign.plan + each for each in names}
    assert site.ledger.campaign(campaign.campaign_id) == campaign
    assert site.queue.messages == []


def test_a_file_that_was_judged_is_not_judged_again(site: Site) -> None:
    version = site.files.drop(KEY, july(3))
    first = plan(site, version)
    written = dict(site.files.objects)

    assert plan(site, version) == first
    assert site.files.objects == written


def test_a_run_that_died_before_its_plan_was_committed_leaves_the_file_to_the_next(
    site: Site,
) -> None:
    version = site.files.drop(KEY, july(3))
    site.ledger.before_write = on_call(COMMIT_OF_THE_PLAN, killed)
    with pytest.raises(Killed):
        plan(site, version)
    [lost] = {key.rpartition("/")[0] for key in site.files.objects}

    campaign = plan(site, version)

    assert campaign.status is Status.PLANNED
    assert campaign.plan.startswith(f"work/{campaign.campaign_id}/")
    assert campaign.plan != f"{lost}/"


@pytest.mark.parametrize(
    ("percent", "status"),
    [pytest.param(50, Status.PLANNED, id="allowed"), pytest.param(49, Status.REFUSED, id="over")],
)
def test_a_file_that_is_refused_for_its_rows_keeps_the_plan_that_says_which(
    site: Site, percent: float, status: Status
) -> None:
    rows = b"phone\n13800138000\noops\n"
    use_case = with_defaults(site.use_case, max_rejected_percent=percent)

    campaign = use_case.plan_file.plan(site.files.drop(KEY, rows))

    assert campaign is not None
    assert campaign.status is status
    assert campaign.counts == Counts(rows=2, accepted=1, rejected=1, batches=1)
    assert campaign.plan + ROWS in site.files.objects
    assert campaign.is_refused_with_plan == (status is Status.REFUSED)


def test_the_campaign_of_a_file_that_is_gone_is_found_as_long_as_it_is_open(site: Site) -> None:
    version, other = site.files.drop(KEY, july(3)), site.files.drop(KEY, b"phone\n13900139000\n")
    campaign = plan(site, version)
    plan(site, other)
    site.files.delete(version)

    assert plan(site, version) == open_campaign_of(site.ledger, version) == campaign
    site.ledger.write(campaign, changed(campaign, is_open=False))
    assert site.use_case.plan_file.plan(version) is None


def test_the_stack_says_what_the_path_does_not(site: Site) -> None:
    version = site.files.drop("incoming/SMS_9/july.csv", july(1))

    assert site.parse(version).sign_name == "默认"


def test_two_versions_with_one_name_are_two_campaigns(site: Site) -> None:
    campaigns = [site.parse(site.files.drop(KEY, july(rows))) for rows in (1, 3)]

    assert len({each.campaign_id for each in campaigns}) == 2
    assert [each.counts.accepted for each in campaigns] == [1, 2]


def test_of_two_runs_at_once_the_plan_that_is_committed_first_is_the_only_one(site: Site) -> None:
    """The other run had different defaults, as after a deployment."""
    version = site.files.drop("incoming/SMS_9/july.csv", july(1000))
    other = with_defaults(site.use_case, sign_name="另一个")
    results: list[Campaign | None] = []
    site.ledger.before_write = on_call(
        COMMIT_OF_THE_PLAN, lambda: results.append(other.parse(version))
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


def test_a_file_that_was_deleted_before_it_was_read_is_no_campaign(site: Site) -> None:
    version = site.files.drop(KEY, july(3))
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


def test_a_campaign_that_is_cancelled_while_it_is_parsed_sends_nothing(site: Site) -> None:
    def cancelled() -> None:
        [campaign] = site.ledger.open_campaigns()
        update(site.ledger, campaign, lambda each: each.halted(CANCELLED_BY_HAND))

    site.ledger.before_write = on_call(COMMIT_OF_THE_PLAN, cancelled)

    campaign = site.parse(site.files.drop(KEY, july(3)))

    assert (campaign.status, campaign.halt_code) == (Status.PLANNED, "smsdrop.Cancelled")
    assert site.queue.messages == []
