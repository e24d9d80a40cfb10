import json
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsdrop.files.text.csv_split import split_block
from smsdrop.reasons import FileRefused, Reason
from smsdrop.recipients.blocks import Block
from smsdrop.recipients.header import read_header
from smsdrop.validation.params import MAX_PARAMS_BYTES
from smsdrop.validation.seen.had_messages import HadMessages
from smsdrop.validation.seen.seen_numbers import SeenNumbers
from smsdrop.validation.validator import RowValidator
from tests.support.recipients import Duplicate, Outcome, Recipient, outcome_of, outcomes_of

NUMBER = "13800138000"
OTHER_NUMBER = "13900139000"


def validator_of(
    *columns: str, default_sign_name: str = "云通信", allow_empty_params: bool = False
) -> RowValidator:
    return RowValidator(
        read_header(columns),
        default_sign_name=default_sign_name,
        allow_empty_params=allow_empty_params,
    )


def test_a_row_that_can_be_sent_to_is_a_recipient() -> None:
    validator = validator_of("name", "phone", "extend_code", "签名", "code")

    recipient = outcome_of(validator, 2, ["张三", "+86 138-0013-8000", " 0099 ", " 阿里云 ", "007"])

    assert recipient == Recipient(
        phone_number=NUMBER, sign_name="阿里云", extend_code="0099", params=("张三", "007")
    )


@pytest.mark.parametrize(
    ("columns", "params"),
    [
        pytest.param(["phone"], (), id="none"),
        pytest.param(["phone", "b"], ("1",), id="one"),
        pytest.param(["b", "phone", "a"], ("0", "2"), id="two around the number"),
    ],
)
def test_params_stand_in_the_headers_order(columns: list[str], params: tuple[str, ...]) -> None:
    cells = [NUMBER if column == "phone" else str(at) for at, column in enumerate(columns)]

    recipient = outcome_of(validator_of(*columns), 2, cells)

    assert isinstance(recipient, Recipient)
    assert recipient.params == params


@pytest.mark.parametrize(
    "value",
    [
        pytest.param("  1,234.50 ", id="spaces kept"),
        pytest.param("007", id="leading zeros"),
        pytest.param('say "hi" \\ bye', id="quotes and backslash"),
        pytest.param("one\r\ntwo\nthree\rfour\tfive", id="line breaks and tabs"),
        pytest.param("👩‍👩‍👧 \ufe0f", id="joined emoji"),
        pytest.param("张三\u3000先生\u2028", id="Chinese and wide spaces"),
        pytest.param("=HYPERLINK(1)", id="formula"),
        pytest.param("Null", id="a name that databases mistake"),
        pytest.param("#", id="a mark"),
        pytest.param("-", id="a hyphen"),
        pytest.param("0", id="nought"),
    ],
)
def test_a_param_arrives_exactly(value: str) -> None:
    recipient = outcome_of(validator_of("phone", "name"), 2, [NUMBER, value])

    assert isinstance(recipient, Recipient)
    assert recipient.params == (value,)


@pytest.mark.parametrize(
    "cells",
    [
        pytest.param([], id="no cell"),
        pytest.param([""], id="one empty cell"),
        pytest.param(["", "", "", ""], id="separators only, more than the header"),
        pytest.param([" ", "\t", "\u3000\u200b"], id="white space only"),
    ],
)
def test_a_row_without_anything_to_see_is_blank(cells: list[str]) -> None:
    assert outcome_of(validator_of("phone", "name"), 2, cells) is None


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        pytest.param(["", "张三", "1"], Reason("phone_missing"), id="no number"),
        pytest.param(["12345", "张三", "1"], Reason("phone_length", ("5",)), id="short number"),
        pytest.param([NUMBER], Reason("params_missing", ("name", "code")), id="number alone"),
        pytest.param([NUMBER, "张三"], Reason("params_missing", ("code",)), id="one cell short"),
        pytest.param([NUMBER, "张", "三", "1"], Reason("cells_surplus", ("4", "3")), id="surplus"),
        pytest.param(["张", "三", NUMBER, "1"], Reason("cells_surplus", ("4", "3")), id="shifted"),
        pytest.param([NUMBER, "", "1"], Reason("params_empty", ("name",)), id="empty param"),
        pytest.param(
            [NUMBER, " \u3000", "\n"], Reason("params_empty", ("name", "code")), id="blank params"
        ),
        pytest.param(
            [NUMBER, "a\x00b", "1"], Reason("control_characters", ("name",)), id="NUL in a param"
        ),
        pytest.param(
            [NUMBER, "a", "\x7f1"], Reason("control_characters", ("code",)), id="delete character"
        ),
        pytest.param(
            [NUMBER, "a\x85", "1"], Reason("control_characters", ("name",)), id="C1 control"
        ),
        pytest.param(
            [NUMBER, "a\ud83d", "1"], Reason("control_characters", ("name",)), id="half an emoji"
        ),
        pytest.param(
            [NUMBER, "a\ufffe", "1"], Reason("control_characters", ("name",)), id="swapped BOM"
        ),
    ],
)
def test_a_row_that_cannot_be_sent_to_is_rejected_with_its_reason(
    cells: list[str], reason: Reason
) -> None:
    assert outcome_of(validator_of("phone", "name", "code"), 2, cells) == reason


def test_surplus_cells_without_data_are_no_fault() -> None:
    outcome = outcome_of(validator_of("phone", "name"), 2, [NUMBER, "张三", "", " "])

    assert isinstance(outcome, Recipient)


def test_cells_left_out_at_the_end_are_no_fault_where_none_is_needed() -> None:
    outcome = outcome_of(
        validator_of("phone", "name", "sign_name", "extend_code"), 2, [NUMBER, "张三"]
    )

    assert outcome == Recipient(
        phone_number=NUMBER, sign_name="云通信", extend_code="", params=("张三",)
    )


def test_an_empty_param_is_sent_where_the_stack_allows_it() -> None:
    validator = validator_of("phone", "name", "code", allow_empty_params=True)

    recipient = outcome_of(validator, 2, [NUMBER, "", " "])

    assert isinstance(recipient, Recipient)
    assert recipient.params == ("", " ")
    assert outcome_of(validator, 3, [OTHER_NUMBER, ""]) == Reason("params_missing", ("code",))


@pytest.mark.parametrize(
    ("cell", "outcome"),
    [
        pytest.param("", "", id="none"),
        pytest.param("0", "0", id="one digit"),
        pytest.param("1234567", "1234567", id="seven digits"),
        pytest.param("12345678", Reason("extend_code_wrong"), id="eight digits"),
        pytest.param("12a", Reason("extend_code_wrong"), id="letter"),
        pytest.param("１２", Reason("extend_code_wrong"), id="full-width digits"),
    ],
)
def test_an_extend_code_has_seven_digits_at_most(cell: str, outcome: str | Reason) -> None:
    verdict = outcome_of(validator_of("phone", "extend_code"), 2, [NUMBER, cell])

    assert (verdict.extend_code if isinstance(verdict, Recipient) else verdict) == outcome


@pytest.mark.parametrize(
    ("cell", "default", "outcome"),
    [
        pytest.param("阿里云", "云通信", "阿里云", id="the row's own"),
        pytest.param(" ", "云通信", "云通信", id="the default"),
        pytest.param("", "", Reason("sign_name_missing"), id="neither"),
        pytest.param(
            "阿\n里", "云通信", Reason("control_characters", ("签名",)), id="line break inside"
        ),
        pytest.param("NULL", "云通信", Reason("null_words", ("签名",)), id="no value"),
        pytest.param("阿??", "云通信", Reason("letters_lost", ("签名",)), id="letters lost"),
        pytest.param("#N/A", "云通信", Reason("sheet_errors", ("签名",)), id="a failed formula"),
        pytest.param("阿\x01", "云通信", Reason("control_characters", ("签名",)), id="control"),
    ],
)
def test_a_rows_own_sign_name_goes_before_the_default(
    cell: str, default: str, outcome: str | Reason
) -> None:
    verdict = outcome_of(
        validator_of("phone", "签名", default_sign_name=default), 2, [NUMBER, cell]
    )

    assert (verdict.sign_name if isinstance(verdict, Recipient) else verdict) == outcome


def test_without_any_sign_name_a_row_is_rejected() -> None:
    verdict = outcome_of(validator_of("phone", default_sign_name=""), 2, [NUMBER])

    assert verdict == Reason("sign_name_missing")


@pytest.mark.parametrize("character", ["x", "张", "😀", '"', "\n"])
@pytest.mark.parametrize(
    ("surplus", "accepted"),
    [pytest.param(0, True, id="limit"), pytest.param(1, False, id="one over")],
)
def test_a_row_of_more_text_than_any_sms_is_rejected(
    character: str, surplus: int, accepted: bool
) -> None:
    room = MAX_PARAMS_BYTES - len('{"name": ""}')
    size = len(json.dumps(character, ensure_ascii=False).encode()) - 2
    value = character * (room // size) + "x" * (room % size + surplus)

    verdict = outcome_of(validator_of("phone", "name", allow_empty_params=True), 2, [NUMBER, value])

    if accepted:
        assert isinstance(verdict, Recipient)
    else:
        assert verdict == Reason("params_too_long", ("20001", "20000"))


def test_the_same_number_in_another_spelling_is_a_duplicate_of_the_first() -> None:
    validator = validator_of("phone")

    outcomes = [
        outcome_of(validator, 2, [NUMBER]),
        outcome_of(validator, 5, ["0086 138 0013 8000"]),
    ]

    assert isinstance(outcomes[0], Recipient)
    assert outcomes[1] == Duplicate(2)


def test_a_rejected_row_does_not_count_as_the_first() -> None:
    validator = validator_of("phone", "name")

    named = [(2, ""), (3, "a"), (4, "b")]

    outcomes = [outcome_of(validator, row, [NUMBER, name]) for row, name in named]

    assert outcomes[0] == Reason("params_empty", ("name",))
    assert isinstance(outcomes[1], Recipient)
    assert outcomes[2] == Duplicate(3)


def test_a_faulty_row_of_a_recipient_who_gets_the_sms_anyway_is_a_duplicate() -> None:
    validator = validator_of("phone", "name")
    outcome_of(validator, 2, [NUMBER, "张三"])

    outcomes = [outcome_of(validator, 3, [NUMBER]), outcome_of(validator, 4, [NUMBER, "张", "三"])]

    assert outcomes == [Duplicate(2), Duplicate(2)]


def test_data_under_no_name_is_ignored_and_reported() -> None:
    validator = validator_of("phone", "", "name", "")

    outcomes = [
        outcome_of(validator, 2, [NUMBER, "lost\x00", "张三", ""]),
        outcome_of(validator, 3, ["bad", "lost too"]),
        outcome_of(validator, 4, [OTHER_NUMBER, " ", "李四", ""]),
    ]

    assert [type(outcome) for outcome in outcomes] == [Recipient, Reason, Recipient]
    assert validator.problems() == [Reason("nameless_column", ("B", "2"))]


def test_a_file_in_which_every_column_has_a_name_has_no_problems() -> None:
    validator = validator_of("phone", "name")
    outcome_of(validator, 2, [NUMBER, "张三"])

    assert validator.problems() == []


few_numbers = st.sampled_from([NUMBER, f"+86{NUMBER}", OTHER_NUMBER, "1390013900", ""])
rows = st.lists(st.lists(few_numbers | st.text(max_size=3), max_size=4))


@given(rows)
def test_the_rows_balance_and_no_number_is_accepted_twice(rows: list[list[str]]) -> None:
    validator = validator_of("phone", "name", "code")

    outcomes = {
        number: outcome_of(validator, number, cells) for number, cells in enumerate(rows, 2)
    }

    accepted = {
        row: each.phone_number for row, each in outcomes.items() if isinstance(each, Recipient)
    }
    assert len(set(accepted.values())) == len(accepted)
    for row, outcome in outcomes.items():
        assert isinstance(outcome, Recipient | Duplicate | Reason) or outcome is None
        if isinstance(outcome, Duplicate):
            assert outcome.first_row < row
            assert outcome.first_row in accepted


CELLS = st.sampled_from(
    [NUMBER, OTHER_NUMBER, "+86 138-0013-8000", "1.3900139E10", "+85291234567", "1380", "", "张三"]
)
NAMES = st.sampled_from(["张三", "", " ", "a\x00b", "#N/A", "x" * 6000, "\u3000", "a|b"])
SIGN_NAMES = st.sampled_from(["", "阿里云", "a\tb", "x" * 101])
ROW = st.tuples(CELLS, NAMES, SIGN_NAMES, st.sampled_from(["", "7", "x"])).map(list)


@given(st.lists(ROW, max_size=12), st.integers(1, 6), st.booleans(), st.sampled_from([3, 4, 5]))
def test_a_row_gets_the_same_verdict_in_a_block_as_alone(
    rows: list[list[str]], size: int, is_lenient: bool, width: int
) -> None:
    rows = [[*row, "surplus"][:width] for row in rows]
    together, alone = (
        RowValidator(
            read_header(["phone", "name", "sign_name", "extend_code"]),
            default_sign_name="云通信" * is_lenient,
            allow_empty_params=is_lenient,
            international=is_lenient,
        )
        for _ in range(2)
    )
    outcomes: list[Outcome] = []
    for start in range(0, len(rows), size):
        columns = list(zip(*rows[start : start + size], strict=True))
        outcomes += outcomes_of(together.validate(Block(2 + start, columns)), len(columns[0]))

    assert outcomes == [outcome_of(alone, row, cells) for row, cells in enumerate(rows, start=2)]


def test_a_rejected_row_of_a_number_that_comes_again_in_the_block_is_no_duplicate() -> None:
    verdicts = validator_of("phone", "name").validate(Block(2, [[NUMBER] * 3, ["", "a", ""]]))

    assert verdicts.domestic.columns() == ([NUMBER], [["a"]])
    assert verdicts.rejected == {0: Reason("params_empty", ("name",))}
    assert verdicts.duplicates == {2: 3}
    assert [*verdicts.international_rows, *verdicts.blank] == []


def test_a_sign_name_has_a_length() -> None:
    validator = validator_of("phone", "sign_name")

    assert isinstance(outcome_of(validator, 2, [NUMBER, "云" * 100]), Recipient)
    assert outcome_of(validator, 3, [OTHER_NUMBER, "云" * 101]) == Reason(
        "sign_name_too_long", ("101", "100")
    )


def test_without_the_setting_an_international_number_is_rejected() -> None:
    outcome = outcome_of(
        RowValidator(read_header(["phone"]), default_sign_name="s"), 2, ["+85291234567"]
    )

    assert outcome == Reason("phone_international")


INTERNATIONAL = ["+14155552671", "14155552671", "001 415 555 2671", "+852", "+85291234567"]
"""The second is a mainland number of the same digits as the first."""


def test_with_the_setting_each_international_number_is_sent_to_once() -> None:
    validator = RowValidator(read_header(["phone"]), default_sign_name="s", international=True)

    outcomes = [
        outcome_of(validator, row, [cell]) for row, cell in enumerate(INTERNATIONAL, start=2)
    ]

    assert [type(each) for each in outcomes] == [Recipient, Recipient, Duplicate, Reason, Recipient]
    assert [each.is_international for each in outcomes if isinstance(each, Recipient)] == [
        True,
        False,
        True,
    ]
    assert outcomes[2] == Duplicate(2)


ROUNDED = "1.39123457E+10"


def whole_file(
    validator: RowValidator, cells: list[list[str]], size: int = 2
) -> dict[int, Outcome]:
    """Return what becomes of each row in the end, with so many to a block."""
    outcomes: dict[int, Outcome] = {}
    for start in range(0, len(cells), size):
        block = Block(2 + start, list(zip(*cells[start : start + size], strict=True)))
        outcomes |= enumerate(outcomes_of(validator.validate(block), len(block)), 2 + start)
    for block, verdicts in validator.rest():
        outcomes[block.first_row] = outcomes_of(verdicts, 1)[0]
    return outcomes


@pytest.mark.parametrize("size", [1, 2, 10])
@pytest.mark.parametrize(
    "others",
    [
        pytest.param([ROUNDED], id="the same again"),
        pytest.param(["1.3800138E10"], id="another"),
        pytest.param(["1.38E+10"], id="one beyond repair"),
        pytest.param([NUMBER, OTHER_NUMBER, "x", "1.3800138E10", "1.371111E+10"], id="far apart"),
    ],
)
def test_several_numbers_that_lack_digits_are_all_rejected(others: list[str], size: int) -> None:
    cells = [[each] for each in [ROUNDED, *others]]

    outcomes = whole_file(validator_of("phone"), cells, size)

    for row, [cell] in enumerate(cells, 2):
        if "E" in cell:
            assert outcomes[row] == Reason("phone_digits_lost")


@pytest.mark.parametrize("size", [1, 2, 10])
def test_one_number_alone_that_lacks_digits_is_restored(size: int) -> None:
    cells = [["1.3800138E10"], [OTHER_NUMBER], ["13700137000"]]

    outcomes = whole_file(validator_of("phone"), cells, size)

    assert [type(outcomes[row]) for row in (2, 3, 4)] == [Recipient] * 3
    assert outcomes[2].phone_number == NUMBER  # type: ignore[union-attr] # it is a recipient


@pytest.mark.parametrize("rows", [["1.3800138E10", NUMBER], [NUMBER, "1.3800138E10"]])
def test_a_restored_number_that_another_row_has_too_is_the_duplicate(rows: list[str]) -> None:
    outcomes = whole_file(validator_of("phone"), [[each] for each in rows])

    restored = rows.index("1.3800138E10")
    assert outcomes[2 + restored] == Duplicate(3 - restored)
    assert isinstance(outcomes[3 - restored], Recipient)


def test_a_restored_number_with_an_empty_param_is_rejected() -> None:
    outcomes = whole_file(validator_of("phone", "name"), [["1.3800138E10", ""], [NUMBER, ""]])

    assert outcomes == dict.fromkeys((2, 3), Reason("params_empty", ("name",)))


def test_a_row_that_is_the_header_again_is_skipped_and_told() -> None:
    validator = validator_of("手机号", "name", "amount")

    outcomes = whole_file(
        validator, [[NUMBER, "a", "1"], ["手机号", "name", "amount"], [OTHER_NUMBER, "b", "2"]]
    )

    assert [type(outcomes[row]) for row in (2, 3, 4)] == [Recipient, type(None), Recipient]
    assert validator.problems() == [Reason("header_again", ("3",))]


@pytest.mark.parametrize(
    "cells", [["手机号", "amount", "name"], ["name", "amount", "phone"], ["name", "phone", ""]]
)
def test_a_header_of_another_order_refuses_the_file_naming_the_row(cells: list[str]) -> None:
    validator = validator_of("手机号", "name", "amount")

    with pytest.raises(FileRefused) as refused:
        whole_file(validator, [[NUMBER, "a", "1"], cells, [OTHER_NUMBER, "b", "2"]])

    assert refused.value.reason == Reason("header_differs", ("3",))


def test_a_row_with_a_word_for_its_number_is_rejected_as_before() -> None:
    outcomes = whole_file(validator_of("手机号", "name"), [["手机号", "张三"], ["电话", "name 2"]])

    assert set(outcomes.values()) == {Reason("phone_not_digits")}


def had_by(campaign_id: str, *cells: str, is_international: bool = False) -> HadMessages:
    """Return what a campaign had whose only row has these cells, its number and its params."""
    layout = read_header(["phone", *"ab"[: len(cells) - 1]]).layout
    had = HadMessages(layout, default_sign_name="云通信")
    had.add_campaign(campaign_id)
    rows = layout.rows([cells[0]], [[cell] for cell in cells[1:]])
    had.add(rows, layout=layout, sign_names="云通信", is_international=is_international)
    return had


def test_a_row_whose_message_was_had_is_set_apart_and_is_the_first_of_its_number() -> None:
    validator = RowValidator(
        read_header(["phone", "a"]),
        default_sign_name="云通信",
        had=had_by("A", NUMBER, "1"),
    )
    rows = [[OTHER_NUMBER, NUMBER, NUMBER, "12"], ["1", "1", "2", "1"]]

    verdicts = validator.validate(Block(2, rows))

    assert verdicts.had == {1: "A"}
    assert verdicts.duplicates == {2: 3}
    assert list(verdicts.rejected) == [3]
    assert verdicts.domestic.columns() == ([OTHER_NUMBER], [["1"]])


def test_a_row_that_is_a_duplicate_or_rejected_stays_that_whatever_was_had() -> None:
    validator = RowValidator(
        read_header(["phone", "a"]),
        default_sign_name="云通信",
        had=had_by("A", NUMBER, ""),
    )

    verdicts = validator.validate(Block(2, [[NUMBER, NUMBER, NUMBER], ["", "1", ""]]))

    assert verdicts.had == {}
    assert list(verdicts.rejected) == [0]
    assert verdicts.duplicates == {2: 3}


def test_a_message_abroad_that_was_had_is_set_apart() -> None:
    had = had_by("A", "14155550100", "1", is_international=True)
    validator = RowValidator(
        read_header(["phone", "a"]), default_sign_name="云通信", international=True, had=had
    )
    rows = [["+14155550101", "+14155550100", "+14155550100"], ["1", "1", "1"]]

    verdicts = validator.validate(Block(2, rows))

    assert verdicts.had == {1: "A"}
    assert verdicts.duplicates == {2: 3}
    assert verdicts.international_rows == [0]


def listed(*numbers: str, abroad: Sequence[str] = ()) -> SeenNumbers:
    seen = SeenNumbers()
    seen.add_list("optout.csv")
    seen.add_listed("".join(f"{each}\n" for each in numbers).encode(), abroad)
    return seen


@pytest.mark.parametrize("default_sign_name", ["云通信", ""])
def test_a_row_whose_number_is_listed_is_suppressed_each_time(default_sign_name: str) -> None:
    validator = RowValidator(
        read_header(["phone", "a"]), default_sign_name=default_sign_name, seen=listed(NUMBER)
    )
    text = split_block(
        f"{NUMBER},1\n{OTHER_NUMBER},1\n+86 {NUMBER},1\n{OTHER_NUMBER},2\n".encode(),
        first_row=2,
        delimiter=",",
        width=2,
    )
    assert text is not None

    verdicts = validator.validate(text)

    assert verdicts.suppressed == {0: "optout.csv", 2: "optout.csv"}
    assert verdicts.duplicates.get(3, 3) == 3
    assert NUMBER not in verdicts.domestic.columns()[0]


def test_a_row_whose_number_is_listed_is_suppressed_whatever_else_is_wrong_with_it() -> None:
    validator = RowValidator(
        read_header(["phone", "a"]), default_sign_name="云通信", seen=listed(NUMBER)
    )

    verdicts = validator.validate(Block(2, [[NUMBER, OTHER_NUMBER], ["", ""]]))

    assert [*verdicts.suppressed] == [0]
    assert [*verdicts.rejected] == [1]


def test_a_row_that_is_listed_is_suppressed_though_its_message_was_had() -> None:
    validator = RowValidator(
        read_header(["phone", "a"]),
        default_sign_name="云通信",
        had=had_by("A", NUMBER, "1"),
        seen=listed(NUMBER),
    )

    verdicts = validator.validate(Block(2, [[NUMBER], ["1"]]))

    assert (verdicts.suppressed, verdicts.had) == ({0: "optout.csv"}, {})


def test_a_row_that_a_report_says_was_sent_stays_a_duplicate_though_it_is_listed() -> None:
    validator = RowValidator(
        read_header(["phone", "smsdrop_status"]), default_sign_name="云通信", seen=listed(NUMBER)
    )

    verdicts = validator.validate(Block(2, [[NUMBER], ["sent"]]))

    assert (verdicts.suppressed, verdicts.duplicates) == ({}, {0: 2})


def test_a_listed_number_abroad_is_suppressed_each_time() -> None:
    validator = RowValidator(
        read_header(["phone"]),
        default_sign_name="云通信",
        international=True,
        seen=listed(abroad=["14155550100"]),
    )

    verdicts = validator.validate(Block(2, [["+14155550100", "+14155550101", "+14155550100"]]))

    assert verdicts.suppressed == {0: "optout.csv", 2: "optout.csv"}
    assert verdicts.international_rows == [1]


def test_a_listed_number_that_lacks_digits_is_suppressed_once_it_is_restored() -> None:
    validator = RowValidator(
        read_header(["phone"]), default_sign_name="云通信", seen=listed("13800138000")
    )

    validator.validate(Block(2, [["1.3800138E10"]]))
    [(_, verdicts)] = validator.rest()

    assert verdicts.suppressed == {0: "optout.csv"}
    assert not verdicts.domestic
