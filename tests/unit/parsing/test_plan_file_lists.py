"""Nobody on a list is planned, and nothing is judged while a list cannot be used."""

import pytest

from smsdrop.alibaba.template import TemplateType
from smsdrop.batches.plan import ROWS, columns_and_rows
from smsdrop.drops import FileVersion
from smsdrop.ledger.campaign import PARSING_FAILED, Campaign, Counts, Status
from smsdrop.ledger.codes import CANCELLED_BY_HAND
from smsdrop.ledger.ports import update
from smsdrop.parsing.asking import Asking
from smsdrop.parsing.template_check import TemplateCheck
from smsdrop.reasons import Reason
from smsdrop.sending.suppression.standing import ListsUnusable
from tests.support import use_cases
from tests.support.fakes import FakeKeys
from tests.support.gateway_caller import Clock
from tests.support.parsing_scene import (
    COMMIT_OF_THE_PLAN,
    KEY,
    Killed,
    Site,
    july,
    killed,
    on_call,
)
from tests.support.samples import KEY as KEY_PAIR
from tests.support.samples import NOW, phone_numbers
from tests.support.template_fakes import FakeTemplates, template_of

CODE = "SMS_154950909"
FIRST, SECOND, THIRD = phone_numbers(3)


@pytest.fixture
def site() -> Site:
    return Site.new()


def put(site: Site, name: str, *numbers: str) -> FileVersion:
    return site.files.drop(f"suppressed/{name}", "\n".join(["phone", *numbers]).encode())


def parse_as(site: Site, kind: TemplateType | None) -> Campaign:
    """Drop the file for a template of this kind; None is one that is not asked about."""
    check = TemplateCheck(
        provider=FakeTemplates({CODE: template_of("${name}", kind=kind)} if kind else {}),
        asking=Asking(keys=FakeKeys(KEY_PAIR), wait=lambda _seconds: None),
    )
    use_case = use_cases.parse_recipients(
        site.files,
        site.ledger,
        site.queue,
        clock=Clock(NOW),
        template_check=check if kind else None,
    )
    campaign = use_case.parse(site.files.drop(KEY, july(3)))
    assert campaign is not None
    return campaign


def suppressed(site: Site, campaign: Campaign) -> dict[int, str]:
    """Return the rows of the plan that are suppressed, each with its list."""
    lines = site.files.objects[campaign.plan + ROWS].splitlines(keepends=True)
    _, rows = columns_and_rows(iter(lines))
    return {
        each.row: each.because.details[0] for each in rows if each.is_suppressed and each.because
    }


def test_who_is_on_a_list_is_not_texted_and_the_rows_balance(site: Site) -> None:
    version = put(site, "optout.csv", SECOND, "13000000000")

    campaign = site.parse(site.files.drop(KEY, july(3)))

    assert campaign.counts == Counts(rows=3, accepted=2, suppressed=1, batches=1)
    assert site.texted_by_whoever_receives() == {FIRST: 1, THIRD: 1}
    assert suppressed(site, campaign) == {3: "optout.csv"}
    assert campaign.suppressed_by == (("optout.csv", version.version_id),)
    assert Reason("rows_suppressed", ("1", "optout.csv")) in campaign.problems


def test_a_file_whose_rows_are_all_suppressed_is_planned_for_nobody(site: Site) -> None:
    put(site, "optout.csv", FIRST, SECOND, THIRD)

    campaign = site.parse(site.files.drop(KEY, july(3)))

    assert campaign.status is not Status.REFUSED
    assert campaign.counts == Counts(rows=3, suppressed=3)
    assert site.queue.messages == []


@pytest.mark.parametrize(
    ("kind", "texted"),
    [
        pytest.param(TemplateType.PROMOTION, {THIRD: 1}, id="promotion"),
        pytest.param(TemplateType.NOTIFICATION, {SECOND: 1, THIRD: 1}, id="notification"),
        pytest.param(None, {THIRD: 1}, id="unknown"),
    ],
)
def test_who_wants_no_promotions_has_notifications(
    site: Site, kind: TemplateType | None, texted: dict[str, int]
) -> None:
    put(site, "all.csv", FIRST)
    put(site, "promo/more.csv", SECOND)

    campaign = parse_as(site, kind)

    assert site.texted_by_whoever_receives() == texted
    assert (Reason("lists_of_promotions") in campaign.problems) == (kind is None)
    assert campaign.is_no_promotion == (kind is TemplateType.NOTIFICATION)


def test_while_a_list_cannot_be_used_the_file_is_held_and_no_row_is_judged(site: Site) -> None:
    put(site, "optout.csv", "no", "numbers")
    version = site.files.drop(KEY, july(3))

    for _ in range(2):
        with pytest.raises(ListsUnusable) as caught:
            site.parse(version)

    [campaign] = site.ledger.open_campaigns()
    assert (campaign.status, campaign.held_for) == (Status.PARSING, "lists")
    assert campaign.problems == (Reason("list_of_no_numbers", ("optout.csv", "2", "2")),)
    assert campaign.revision == 2
    assert site.files.objects == {}
    assert "optout" not in str(caught.value)


def test_once_the_list_is_mended_the_file_is_judged_by_it_and_sent(site: Site) -> None:
    put(site, "optout.csv", "no", "numbers")
    version = site.files.drop(KEY, july(3))
    with pytest.raises(ListsUnusable):
        site.parse(version)
    mended = put(site, "optout.csv", FIRST)

    campaign = site.parse(version)

    assert (campaign.status, campaign.held_for) == (Status.SENDING, "")
    assert "list_of_no_numbers" not in [each.code for each in campaign.problems]
    assert campaign.suppressed_by == (("optout.csv", mended.version_id),)
    assert site.texted_by_whoever_receives() == {SECOND: 1, THIRD: 1}


def test_a_list_that_concerns_promotions_alone_holds_no_notification(site: Site) -> None:
    put(site, "promo/optout.csv", "no", "numbers")

    campaign = parse_as(site, TemplateType.NOTIFICATION)

    assert campaign.counts.accepted == 3


def test_a_file_that_waited_for_lists_in_vain_says_what_for(site: Site) -> None:
    put(site, "optout.csv", "no", "numbers")
    version = site.files.drop(KEY, july(3))
    with pytest.raises(ListsUnusable):
        site.parse(version)
    [waiting] = site.ledger.open_campaigns()

    over = waiting.parsing_given_up(at=NOW)

    assert (over.status, over.reason, over.held_for) == (Status.REFUSED, PARSING_FAILED, "")
    assert over.problems == waiting.problems


def test_a_file_that_is_cancelled_while_it_waits_for_lists_waits_no_longer(site: Site) -> None:
    put(site, "optout.csv", "no", "numbers")
    version = site.files.drop(KEY, july(3))
    with pytest.raises(ListsUnusable):
        site.parse(version)
    [waiting] = site.ledger.open_campaigns()
    update(site.ledger, waiting, lambda each: each.halted(CANCELLED_BY_HAND))

    campaign = site.parse(version)

    assert (campaign.status, campaign.reason) == (Status.REFUSED, Reason(CANCELLED_BY_HAND))
    assert site.queue.messages == []


@pytest.mark.parametrize("content", [july(3), july(2)], ids=["by a copy", "by another"])
def test_a_file_that_is_replaced_while_it_waits_for_lists_makes_way(
    site: Site, content: bytes
) -> None:
    put(site, "optout.csv", "no", "numbers")
    version = site.files.drop(KEY, july(3))
    with pytest.raises(ListsUnusable):
        site.parse(version)
    put(site, "optout.csv", FIRST)
    successor = site.files.drop(KEY, content)

    withdrawn, judged = site.parse(version), site.parse(successor)

    assert (withdrawn.status, withdrawn.outcome) == (Status.REFUSED, "withdrawn")
    assert judged.status is Status.SENDING
    assert set(site.texted_by_whoever_receives().values()) == {1}
    assert judged.counts.accepted == len(site.texted_by_whoever_receives()) > 0


def test_a_file_that_is_deleted_while_it_waits_for_lists_is_withdrawn(site: Site) -> None:
    """In a console that leaves the version, under a marker."""
    put(site, "optout.csv", "no", "numbers")
    version = site.files.drop(KEY, july(3))
    with pytest.raises(ListsUnusable):
        site.parse(version)
    site.files.marked_deleted.add(KEY)

    assert site.parse(version).outcome == "withdrawn"


def test_a_plan_that_is_in_the_log_stands_whatever_has_become_of_the_lists(site: Site) -> None:
    version = site.files.drop(KEY, july(3))
    used = put(site, "optout.csv", FIRST)
    site.ledger.before_write = on_call(COMMIT_OF_THE_PLAN + 1, killed)
    with pytest.raises(Killed):
        site.parse(version)
    put(site, "optout.csv", "no", "numbers")

    campaign = site.parse(version)

    assert campaign.suppressed_by == (("optout.csv", used.version_id),)
    assert campaign.counts.suppressed == 1
    assert site.texted_by_whoever_receives() == {SECOND: 1, THIRD: 1}
