"""A test sends the first rows' texts to the test numbers alone."""

from smsdrop.batches.plan import JUDGED_ONLY
from smsdrop.parsing.trial import Trial
from smsdrop.recipients.header import read_header
from smsdrop.recipients.layout import texts_of_rows
from smsdrop.recipients.recipients import Recipients
from smsdrop.recipients.sign_names import SignNames
from tests.support.samples import phone_numbers

HEADER = read_header(["name", "手机号", "签名", "", "扩展码", "amount"])
NUMBERS = ("13900139000", "13900139001")


def trial() -> Trial:
    return Trial(header=HEADER, numbers=NUMBERS)


def recipients(count: int, *, first: int = 0, is_international: bool = False) -> Recipients:
    """Return so many, each with params, a sign name and an extend code by its own number."""
    each = range(first, first + count)
    return Recipients(
        layout=HEADER.layout,
        rows=HEADER.layout.rows(
            phone_numbers(count), [[f"张{n}" for n in each], [f"{n}.00" for n in each]]
        ),
        sign_names=SignNames(each=[f"签名{n}" for n in each]),
        extend_codes=[str(n) for n in each],
        is_international=is_international,
    )


def texts(trial: Trial) -> list[list[str]]:
    return [texts_of_rows(each.rows) for each in trial.messages()]


def test_every_row_is_judged_only() -> None:
    assert trial().add(recipients(7)) == [(JUDGED_ONLY, 7)]
    assert trial().add(recipients(2, is_international=True)) == [(JUDGED_ONLY, 2)]
    assert trial().add(recipients(0)) == []


def test_each_of_the_first_three_rows_is_for_every_test_number_and_no_other() -> None:
    test = trial()

    test.add(recipients(2))
    test.add(recipients(4, first=2))

    assert texts(test) == [[f"张{n}\x7f{number}\x7f{n}.00" for number in NUMBERS] for n in range(3)]
    for n, each in enumerate(test.messages()):
        assert each.sign_names.each == (f"签名{n}",) * 2
        assert each.extend_codes == (str(n),) * 2


def test_a_file_of_fewer_rows_is_tested_with_those() -> None:
    test = trial()

    test.add(recipients(1))

    assert len(texts(test)) == 1


def test_rows_with_numbers_abroad_are_not_tested_with() -> None:
    test = trial()

    test.add(recipients(1, is_international=True))
    test.add(recipients(1, first=5))

    assert texts(test) == [[f"张5\x7f{number}\x7f5.00" for number in NUMBERS]]


def test_a_sign_name_that_all_share_stays_shared_and_no_row_needs_params() -> None:
    header = read_header(["phone"])
    test = Trial(header=header, numbers=NUMBERS)
    layout = header.layout
    rows = layout.rows(phone_numbers(1), [])

    test.add(Recipients(layout=layout, rows=rows, sign_names=SignNames(shared="云通信")))

    [message] = test.messages()
    assert texts_of_rows(message.rows) == list(NUMBERS)
    assert message.sign_names == SignNames(shared="云通信")
    assert message.extend_codes == ()


def test_the_rows_of_a_test_are_shown_in_the_users_own_columns() -> None:
    test = trial()
    test.add(recipients(1, first=4))

    block = test.block([*test.messages()], first_row=9)

    assert [*block.rows()] == [
        (9, ["张4", "13900139000", "签名4", "", "4", "4.00"]),
        (10, ["张4", "13900139001", "签名4", "", "4", "4.00"]),
    ]


def test_no_number_is_in_what_may_be_printed_of_a_test() -> None:
    assert NUMBERS[0] not in repr(trial())
