"""On what terms a file is sent, by its path, its template and the stack."""

from dataclasses import replace
from datetime import datetime, timedelta
from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsdrop.alibaba.template import Template, TemplateType
from smsdrop.drop_settings import NO_SETTINGS, DropSettings
from smsdrop.drop_times import clock_text
from smsdrop.drops import BEIJING
from smsdrop.ledger.campaign import Counts
from smsdrop.ledger.codes import KEPT_SECONDS
from smsdrop.ledger.terms import NO_TERMS, Terms
from smsdrop.parsing.campaign_terms import StackTerms
from smsdrop.reasons import FileRefused, Reason
from tests.support.template_fakes import template_of

ELEVEN_AT_NIGHT = datetime(2026, 1, 2, 23, tzinfo=BEIJING)
DROPPED_AT = ELEVEN_AT_NIGHT.timestamp()
DAY = timedelta(days=1)
PROMOTION = template_of("清仓", kind=TemplateType.PROMOTION)
NOTIFICATION = template_of("您的账单")


def terms(
    *folders: str, template: Template | None = NOTIFICATION, stack: StackTerms | None = None
) -> Terms:
    settings = DropSettings.read(folders, dropped_at=DROPPED_AT)
    return (stack or StackTerms()).terms_of(settings, template, dropped_at=DROPPED_AT)


def refusal(*folders: str, template: Template | None = NOTIFICATION) -> Reason:
    with pytest.raises(FileRefused) as refused:
        terms(*folders, template=template)
    return refused.value.reason


@pytest.mark.parametrize("kind", [*TemplateType, None])
def test_only_promotions_keep_to_hours_of_which_nobody_has_spoken(
    kind: TemplateType | None,
) -> None:
    template = None if kind is None else template_of("清仓", kind=kind)
    is_promotion = kind is TemplateType.PROMOTION

    assert terms(template=template) == (Terms(windows=("0800-2000",)) if is_promotion else NO_TERMS)


def test_what_the_path_says_becomes_the_terms() -> None:
    told = terms("start=2026-02-01T1000", "until=1800", "window=0900-2000", "approve=yes")

    tenth_hour = datetime(2026, 2, 1, 10, tzinfo=BEIJING)
    assert told == Terms(
        start_at=tenth_hour.timestamp(),
        until_at=(tenth_hour + timedelta(hours=8)).timestamp(),
        windows=("0900-2000",),
        needs_approval=True,
    )


@pytest.mark.parametrize(
    ("folder", "windows"),
    [
        pytest.param("window=0900-2200", ("0900-2200", "0800-2000"), id="later"),
        pytest.param("window=0800-2000", ("0800-2000",), id="the same"),
        pytest.param("window=1900-0900", ("1900-0900", "0800-2000"), id="through the night"),
    ],
)
def test_a_promotion_keeps_to_the_files_hours_and_to_the_stacks(
    folder: str, windows: tuple[str, ...]
) -> None:
    assert terms(folder, template=PROMOTION).windows == windows


@pytest.mark.parametrize("folder", ["window=2000-0800", "window=2100-2200", "时段=00:00-08:00"])
def test_hours_in_which_no_promotion_goes_out_refuse_a_promotion_only(folder: str) -> None:
    assert terms(folder).windows
    assert refusal(folder, template=PROMOTION) == Reason(
        "window_outside_promo", (folder, "0800-2000")
    )


@pytest.mark.parametrize(
    ("folders", "template", "hours"),
    [
        pytest.param(("until=0900", "window=0900-2000"), NOTIFICATION, "0900-2000", id="its own"),
        pytest.param(("until=0800",), PROMOTION, "0800-2000", id="those of promotions"),
        pytest.param(
            ("start=2026-01-03T2030", "until=2026-01-04T0800", "window=0700-2100"),
            PROMOTION,
            "0700-2100, 0800-2000",
            id="both",
        ),
    ],
)
def test_an_end_before_the_hours_begin_refuses_the_file(
    folders: tuple[str, ...], template: Template, hours: str
) -> None:
    end = next(each for each in folders if each.startswith("until"))

    assert refusal(*folders, template=template) == Reason("never_open", (hours, end))


def test_an_end_a_minute_into_the_hours_will_do() -> None:
    assert terms("until=0801", template=PROMOTION).until_at


@pytest.mark.parametrize(
    ("retention_days", "latest_days"),
    [pytest.param(30, 17, id="files"), pytest.param(365, 167, id="the ledger's entries")],
)
def test_a_start_is_refused_from_which_on_not_all_is_kept_to_the_end(
    retention_days: int, latest_days: int
) -> None:
    stack = StackTerms(retention_seconds=retention_days * DAY.total_seconds())
    latest = ELEVEN_AT_NIGHT + latest_days * DAY

    def start(at: datetime) -> Terms:
        return terms(f"start={at:%Y-%m-%dT%H%M}", stack=stack)

    assert start(latest).start_at == latest.timestamp()
    with pytest.raises(FileRefused) as refused:
        start(latest + timedelta(minutes=1))
    assert refused.value.reason.code == "start_too_late"
    assert refused.value.reason.details[1] == f"{latest:%Y-%m-%d %H:%M}"
    assert latest_days + 13 <= KEPT_SECONDS / DAY.total_seconds()


@pytest.mark.parametrize(
    ("template", "folders", "is_told"),
    [
        pytest.param(None, (), True, id="not checked"),
        pytest.param(None, ("window=0900-2000",), False, id="not checked, with hours of its own"),
        pytest.param(NOTIFICATION, (), False, id="a notification"),
        pytest.param(PROMOTION, (), False, id="a promotion"),
    ],
)
def test_where_it_is_not_known_whether_it_is_a_promotion_the_report_says_so(
    template: Template | None, folders: tuple[str, ...], is_told: bool
) -> None:
    settings = DropSettings.read(folders, dropped_at=DROPPED_AT)

    problems = StackTerms(promo_window="0900-1900").problems(settings, template)

    assert problems == ((Reason("hours_unchecked", ("0900-1900",)),) if is_told else ())


@pytest.mark.parametrize(
    ("most", "counts", "asks"),
    [
        pytest.param(inf, Counts(accepted=10**7, segments=10**8), False, id="no number is set"),
        pytest.param(100, Counts(accepted=50, segments=100), False, id="just as many texts"),
        pytest.param(100, Counts(accepted=50, segments=101), True, id="one text more"),
        pytest.param(100, Counts(accepted=100), False, id="just as many rows of unknown length"),
        pytest.param(100, Counts(accepted=101), True, id="one row more of unknown length"),
        pytest.param(0, Counts(accepted=1, segments=1), True, id="any text"),
        pytest.param(0, Counts(rejected=5), False, id="no text"),
    ],
)
def test_a_file_of_many_texts_asks_for_approval(most: float, counts: Counts, asks: bool) -> None:
    assert StackTerms(approve_above_texts=most).asks_for_approval(counts) == asks


minutes = st.integers(min_value=0, max_value=24 * 60 - 1)
windows = st.tuples(minutes, minutes).filter(lambda each: each[0] != each[1])


@given(windows, windows)
def test_hours_are_refused_if_and_only_if_they_have_no_minute_in_common(
    own: tuple[int, int], promo: tuple[int, int]
) -> None:
    texts = [f"{clock_text(opens)}-{clock_text(closes)}" for opens, closes in (own, promo)]
    settings = DropSettings(window=texts[0], folders={"window": texts[0]})

    def is_open(window: tuple[int, int], minute: int) -> bool:
        opens, closes = window
        return (minute - opens) % (24 * 60) < (closes - opens) % (24 * 60)

    overlap = any(is_open(own, each) and is_open(promo, each) for each in range(24 * 60))
    try:
        StackTerms(promo_window=texts[1]).terms_of(settings, PROMOTION, dropped_at=DROPPED_AT)
    except FileRefused:
        assert not overlap
    else:
        assert overlap


def test_nothing_is_set_where_nobody_has_said_anything() -> None:
    assert StackTerms().terms_of(NO_SETTINGS, None, dropped_at=DROPPED_AT) == NO_TERMS


HUNDRED_AHEAD = Terms(canary_recipients=100, canary_percent=90)


def test_so_many_go_ahead_as_the_path_says_or_else_the_stack() -> None:
    stack = StackTerms(canary_recipients=7, canary_delivered_percent=95)

    assert terms("canary=100") == HUNDRED_AHEAD
    assert terms(stack=stack) == Terms(canary_recipients=7, canary_percent=95)
    assert terms("试投=100", stack=stack) == replace(HUNDRED_AHEAD, canary_percent=95)


def test_in_a_test_nobody_goes_ahead() -> None:
    assert terms("only=test", "canary=100").canary_recipients == 0


@pytest.mark.parametrize(
    ("folders", "stack", "by"),
    [
        (("canary=100",), StackTerms(has_receipts=False), "canary=100"),
        ((), StackTerms(has_receipts=False, canary_recipients=7), "CanaryRecipients"),
    ],
)
def test_where_no_receipts_are_looked_up_nobody_may_go_ahead(
    folders: tuple[str, ...], stack: StackTerms, by: str
) -> None:
    with pytest.raises(FileRefused) as refused:
        terms(*folders, stack=stack)

    assert refused.value.reason == Reason("canary_without_receipts", (by,))
