"""A row's params: which cells they are, and what is wrong with them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsdrop.alibaba.template import TemplateType
from smsdrop.reasons import Reason
from smsdrop.recipients.spoiled import UNSHOWN
from smsdrop.validation.param_rules import NOT_BLANK, OF_EVERY_FILE, TemplateRules, Values, fault_of
from smsdrop.validation.params import MAX_PARAMS_BYTES, Params, params_bytes
from tests.support.template_fakes import template_of

COLUMNS = ((1, "name"), (3, "code"))
NAMES = ("name", "code")


def test_the_params_are_the_cells_of_their_columns() -> None:
    assert Params(COLUMNS).of_columns([["1"], ["a"], ["x"], ["b"]]) == [["a"], ["b"]]


@pytest.mark.parametrize(
    ("width", "missing"),
    [(1, ("name", "code")), (2, ("code",)), (3, ("code",)), (4, ()), (5, ())],
)
def test_a_short_row_lacks_its_last_params(width: int, missing: tuple[str, ...]) -> None:
    reason = Params(COLUMNS).missing(width)

    assert reason == (Reason("params_missing", missing) if missing else None)


FAULTS = [
    pytest.param(("", "1"), Reason("params_empty", ("name",)), id="empty"),
    pytest.param(("\u3000\t", " "), Reason("params_empty", NAMES), id="blank"),
    pytest.param(("a\x00", "1"), Reason("control_characters", ("name",)), id="control character"),
    pytest.param(("a", "#N/A"), Reason("sheet_errors", ("code",)), id="error of a sheet"),
    pytest.param(("a", "#FIELD!"), Reason("sheet_errors", ("code",)), id="of newer Excels"),
    pytest.param(("Loading...", "1"), Reason("sheet_errors", ("name",)), id="of Google Sheets"),
    pytest.param(("a", "2.02607E+17"), Reason("digits_lost", ("code",)), id="shortened"),
    pytest.param(("a", "#####"), Reason("digits_lost", ("code",)), id="too narrow"),
    pytest.param(("??", "1"), Reason("letters_lost", ("name",)), id="question marks"),
    pytest.param(("\\N", "NULL"), Reason("null_words", NAMES), id="words for no value"),
    pytest.param(("\u200b", "\u3164"), Reason("params_empty", NAMES), id="invisible"),
    pytest.param(("#1", "a #N/A"), None, id="no error, but its mark"),
    pytest.param(("", "#N/A"), Reason("params_empty", ("name",)), id="the first of two counts"),
    pytest.param(("a|b", "c\nd"), None, id="a line break"),
    pytest.param((UNSHOWN, "1"), Reason("params_not_shown", ("name",)), id="not known as shown"),
]


@pytest.mark.parametrize(("row", "fault"), FAULTS)
def test_what_is_wrong_is_named_with_its_columns(
    row: tuple[str, str], fault: Reason | None
) -> None:
    columns = [["ok", row[0], "ok"], ["ok", row[1], "ok"]]

    assert Params(COLUMNS).faults(columns) == ({1: fault} if fault else {})


def test_empty_params_may_be_allowed() -> None:
    assert Params(COLUMNS, allow_empty=True).faults([[""], [" "]]) == {}


@pytest.mark.parametrize(
    ("surplus", "fault"),
    [(0, {}), (1, {0: Reason("params_too_long", ("20001", "20000"))})],
)
def test_params_have_a_size_together(surplus: int, fault: dict[int, Reason]) -> None:
    room = MAX_PARAMS_BYTES - params_bytes(NAMES, ("", ""))

    assert Params(COLUMNS).faults([["x" * (room - 1 + surplus)], ["y"]]) == fault


def test_a_template_has_rules_of_its_own() -> None:
    rules = TemplateRules(template_of("${name}${code}", kind=TemplateType.NOTIFICATION), NAMES)

    faults = Params(COLUMNS, rules=rules).faults([["a", "★", ""], ["1", "1", "www.x"]])

    assert faults == {
        1: Reason("value_symbols", ("name",)),
        2: Reason("params_empty", ("name",)),
    }


VALUES = st.sampled_from(
    [
        *["张三", "", " ", "\t", "a b", "#N/A", "#", "\x00", "x|y", "\u3000", "a\n", "NULL"],
        *[
            "??",
            "锟斤拷",
            "2.02607E+17",
            "##",
            "\u200b",
            "\u3164",
            "Loading...",
            "Err:508",
            "e",
            "N",
        ],
    ]
)


@given(st.lists(st.tuples(VALUES, VALUES), min_size=1, max_size=6), st.booleans())
def test_a_block_has_the_faults_of_its_rows(rows: list[tuple[str, str]], allow_empty: bool) -> None:
    rules = [rule for rule in OF_EVERY_FILE if not (allow_empty and rule is NOT_BLANK)]
    columns = list(zip(*rows, strict=True))

    faults = Params(COLUMNS, allow_empty=allow_empty).faults(columns)

    alone = {index: fault_of(rules, NAMES, row) for index, row in enumerate(rows)}
    assert faults == {index: fault for index, fault in alone.items() if fault}


@given(st.lists(VALUES, min_size=1, max_size=6))
def test_no_rule_is_surely_kept_by_values_that_break_it(values: list[str]) -> None:
    for rule in OF_EVERY_FILE:
        if rule.is_surely_kept_by(Values([values])):
            assert not any(map(rule.is_broken_by, values)), rule.code
