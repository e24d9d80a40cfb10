"""Who stands where in the list of a template's campaigns, and who has a plan there."""

from dataclasses import replace

import pytest

from smsdrop.aws.ledger_items import item_of
from smsdrop.ledger.codes import KEPT_SECONDS
from smsdrop.ledger.recent_campaigns import MOST_CAMPAIGNS, Recent, RecentCampaigns, mark_of

A, B, C = "A", "B", "C"


def one(name: str, at: float = 100, **changes: object) -> Recent:
    made = Recent(campaign_id=name, started_at=at, registered_at=at)
    return replace(made, **changes)  # type: ignore[arg-type] # by name


def listed(*campaigns: Recent) -> RecentCampaigns:
    return RecentCampaigns(template_code="SMS_1", campaigns=campaigns, revision=7)


def test_a_campaign_joins_at_the_end() -> None:
    after = listed(one(A)).registered(one(B), since=0)

    assert after == replace(listed(one(A), one(B)), revision=8, expires_at=100 + KEPT_SECONDS)
    assert after.ahead_of(B) == (one(A),)
    assert after.ahead_of(A) == ()


def test_one_that_is_there_keeps_its_place_and_its_plan_and_has_a_new_time() -> None:
    before = listed(one(A, plan="7f"), one(B))

    after = before.registered(one(A, registered_at=500), since=0)

    assert after.campaigns == (one(A, plan="7f", registered_at=500), one(B))
    assert after.registered(one(A, registered_at=500), since=0) == after


def test_those_that_began_too_long_ago_leave_the_list() -> None:
    after = listed(one(A, 99.5, plan="7f"), one(B, 100)).registered(one(C, 200), since=100)

    assert [each.campaign_id for each in after.campaigns] == [B, C]
    assert after.left_out == 0


def test_of_too_many_the_first_leave_the_list_and_that_is_remembered() -> None:
    full = listed(*(one(f"{number}", 100 + number) for number in range(MOST_CAMPAIGNS)))

    after = full.registered(one(A, 9000), since=0)

    assert len(after.campaigns) == MOST_CAMPAIGNS
    assert [each.campaign_id for each in after.campaigns[::1999]] == ["1", A]
    assert after.left_out == 100
    assert after.registered(one(B, 9001), since=0).left_out == 101


def test_the_longest_list_fits_into_an_entry() -> None:
    long = Recent(
        campaign_id="20260102T030405Z-0123456789abcdef",
        started_at=1_767_322_800.123456,
        registered_at=1_767_322_800.123456,
        again=mark_of("a word"),
        plan="0" * 32,
    )
    item = item_of(listed(*[long] * MOST_CAMPAIGNS))

    # as DynamoDB counts: the characters, about one byte for two digits, and one for each element
    size = sum(
        3 + sum(1 + sum(map(len, value.values())) for value in each["L"])
        for each in item["campaigns"]["L"]
    )
    assert size < 400_000 * 0.8


def test_a_campaign_is_taken_out_unless_it_has_a_plan_or_has_been_here_since() -> None:
    stands = listed(one(A), one(B, plan="7f"))

    assert stands.without(one(A)).campaigns == (one(B, plan="7f"),)
    assert stands.without(one(A)).revision == 8
    assert stands.without(one(B, plan="7f")) == stands
    assert stands.without(one(A, registered_at=99)) == stands


def test_a_plan_is_put_in_once_and_only_behind_those_it_was_judged_behind() -> None:
    stands = listed(one(A), one(B), one(C))

    after = stands.with_plan(B, "7f", ahead=frozenset({A}))

    assert after.find(B) == one(B, plan="7f")
    assert after.revision == 8
    assert after.with_plan(B, "8e", ahead=frozenset({A})) == after
    assert stands.with_plan(C, "7f", ahead=frozenset({A})) == stands
    assert stands.with_plan("D", "7f", ahead=frozenset()) == stands
    assert stands.with_plan(A, "7f", ahead=frozenset({"gone since"})).find(A) == one(A, plan="7f")


@pytest.mark.parametrize("word", ["2026-12", "第二次" * 30])
def test_the_mark_of_a_word_is_short_and_tells_words_apart(word: str) -> None:
    assert len(mark_of(word)) == 16
    assert mark_of(word) != mark_of(f"{word}x")
    assert mark_of("") == ""
