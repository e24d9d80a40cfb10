"""One person is put on a list, taken off it, and found on any list they are on."""

from typing import TYPE_CHECKING, Any

import pytest

from smsdrop.drop_times import beijing_second, iso_text
from smsdrop.parsing.suppression.lists import LoadedLists, SuppressionLists
from smsdrop_cli.deployment.failures import CannotBeDone
from smsdrop_cli.deployment.stack import Stack
from smsdrop_cli.people import Person
from smsdrop_cli.suppressing import FOR_ALL, FOR_PROMOTIONS, lists_with, suppress
from tests.support.samples import NOW
from tests.support.terminal import Terminal, put

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

pytest_plugins = ["tests.support.cli_fixtures"]

NUMBER, OTHER = "13800138000", "13900139000"
ABROAD = Person(digits="14155552671", is_abroad=True)


def judged_by(stack: Stack, *, is_promotion: bool = False) -> LoadedLists:
    return SuppressionLists(bucket=stack.objects).load(expected_rows=9, is_promotion=is_promotion)


def suppressed(stack: Stack, number: str = NUMBER, *, is_promotion: bool = False) -> str:
    """Return the list that keeps a row with this number from being sent."""
    seen = judged_by(stack, is_promotion=is_promotion).seen
    found = seen.add_all([number.encode()], 2)
    return "".join(map(seen.list_of, found.values()))


def found_on(stack: Stack, number: str = NUMBER) -> list[str]:
    return [each.name for each in lists_with(stack, Person(digits=number))]


def test_who_is_suppressed_is_not_texted_by_what_is_judged_from_then_on(terminal: Terminal) -> None:
    typed = terminal.type("suppress", "+86 138-0013-8000")

    assert typed.exit_code == 0
    assert suppressed(terminal.stack) == "smsdrop-one-by-one.csv"
    assert suppressed(terminal.stack, OTHER) == ""
    assert beijing_second(NOW) in typed.out
    assert NUMBER not in typed.out


def test_who_is_suppressed_from_promotions_has_notifications(terminal: Terminal) -> None:
    terminal.type("suppress", NUMBER, "--promo")

    assert suppressed(terminal.stack) == ""
    assert suppressed(terminal.stack, is_promotion=True) == "promo/smsdrop-one-by-one.csv"


def test_a_number_abroad_is_suppressed_and_no_other_of_the_same_digits(terminal: Terminal) -> None:
    terminal.type("suppress", "+1 415 555 2671")

    assert [each.name for each in lists_with(terminal.stack, ABROAD)] == ["smsdrop-one-by-one.csv"]
    assert found_on(terminal.stack, ABROAD.digits) == []
    assert judged_by(terminal.stack).problems == ()


def test_who_is_suppressed_again_is_so_since_the_first_time(terminal: Terminal) -> None:
    first = terminal.type("suppress", NUMBER, "--json").data
    terminal.now += 3600

    assert terminal.type("suppress", NUMBER, "--json").data == first
    assert first["since"] == iso_text(NOW)
    assert NUMBER not in str(first)


def test_who_is_unsuppressed_is_texted_again_and_the_list_may_be_empty(terminal: Terminal) -> None:
    for words in ([NUMBER], [NUMBER, "--promo"]):
        terminal.type("suppress", *words)

    typed = terminal.type("unsuppress", NUMBER, "--json")

    assert (typed.exit_code, len(typed.data["taken_off"])) == (0, 2)
    assert suppressed(terminal.stack, is_promotion=True) == ""
    assert judged_by(terminal.stack).problems == ()


def test_others_stay_suppressed_when_one_is_taken_off(terminal: Terminal) -> None:
    for number in (NUMBER, OTHER):
        terminal.type("suppress", number)

    terminal.type("unsuppress", NUMBER)

    assert (suppressed(terminal.stack), bool(suppressed(terminal.stack, OTHER))) == ("", True)


def test_a_list_of_other_people_is_named_and_left_as_it_is(terminal: Terminal) -> None:
    content = f"手机号\n{NUMBER}\n".encode("gb18030")
    put(terminal.stack, "suppressed/退订.csv", content)
    terminal.type("suppress", NUMBER)

    typed = terminal.type("unsuppress", NUMBER)

    assert typed.exit_code == 1
    assert "no longer on smsdrop-one-by-one.csv" in typed.out
    assert "退订.csv, for all campaigns, in the version of 20" in typed.err
    assert NUMBER not in typed.out + typed.err
    assert terminal.stack.objects.content("suppressed/退订.csv")[0] == content
    assert suppressed(terminal.stack) == "退订.csv"


def test_who_is_on_no_list_cannot_be_taken_off_one(terminal: Terminal) -> None:
    terminal.type("suppress", OTHER)

    typed = terminal.type("unsuppress", NUMBER)

    assert (typed.exit_code, typed.out) == (1, "")
    assert typed.err == "smsdrop: The number is on no list.\n"


def test_a_list_that_cannot_be_read_may_have_anybody(terminal: Terminal) -> None:
    put(terminal.stack, "suppressed/promo/x.csv", b"name\nLi\n")
    put(terminal.stack, "suppressed/folder/")
    terminal.type("suppress", NUMBER)

    typed = terminal.type("unsuppress", NUMBER)

    assert typed.exit_code == 1
    assert "promo/x.csv cannot be read" in typed.err
    assert suppressed(terminal.stack) == ""


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"number\n13900139000\n", id="another heading"),
        pytest.param(b"phone_number,since\n13900139000\n", id="a row of one cell"),
        pytest.param("phone_number,since,退订\n".encode("gb18030"), id="another encoding"),
    ],
)
def test_what_somebody_has_put_in_its_place_is_not_written_over(
    terminal: Terminal, content: bytes
) -> None:
    put(terminal.stack, FOR_ALL, content)

    typed = terminal.type("suppress", NUMBER)

    assert (typed.exit_code, NUMBER in typed.err) == (1, False)
    assert terminal.stack.objects.content(FOR_ALL)[0] == content


def test_a_list_that_a_spreadsheet_has_saved_goes_on(terminal: Terminal) -> None:
    put(terminal.stack, FOR_ALL, f"\ufeffphone_number,since\r\n{OTHER},\r\n".encode())

    terminal.type("suppress", NUMBER)

    assert suppressed(terminal.stack) == suppressed(terminal.stack, OTHER) != ""


def test_of_two_who_suppress_at_the_same_moment_neither_undoes_the_other(
    deployed: Stack, s3: "S3Client"
) -> None:
    others = [OTHER]

    def another_comes_first(**_: object) -> None:
        while others:
            suppress(deployed, Person(digits=others.pop()), only_promotions=False, now=NOW)

    s3.meta.events.register("before-call.s3.PutObject", another_comes_first)
    try:
        suppress(deployed, Person(digits=NUMBER), only_promotions=False, now=NOW)
    finally:
        s3.meta.events.unregister("before-call.s3.PutObject", another_comes_first)

    assert others == []
    assert found_on(deployed) == found_on(deployed, OTHER) == ["smsdrop-one-by-one.csv"]


def test_find_says_on_which_lists_a_person_is_and_since_when(terminal: Terminal) -> None:
    put(terminal.stack, "suppressed/promo/gone.txt", f"{OTHER}\n+86{NUMBER}\n".encode())
    terminal.type("suppress", NUMBER)

    typed = terminal.type("find", NUMBER)
    data: dict[str, Any] = terminal.type("find", NUMBER, "--json").data

    assert typed.exit_code == 0
    assert "promo/gone.txt, for promotions, in the version of " in typed.out
    assert f"one-by-one.csv, for all campaigns, since {beijing_second(NOW)}." in typed.out
    assert {each["key"] for each in data["lists"]} == {"suppressed/promo/gone.txt", FOR_ALL}
    assert data["texts"] == []


def test_no_key_has_a_number_whoever_is_suppressed(terminal: Terminal, s3: "S3Client") -> None:
    for words in ([NUMBER], [OTHER, "--promo"]):
        terminal.type("suppress", *words)

    keys = [each["Key"] for each in s3.list_objects_v2(Bucket="files")["Contents"]]

    assert sorted(keys) == sorted([FOR_ALL, FOR_PROMOTIONS])


@pytest.mark.parametrize("command", ["suppress", "unsuppress", "find"])
def test_what_is_no_number_is_refused_without_being_repeated(
    terminal: Terminal, command: str
) -> None:
    typed = terminal.type(command, "1380013800")

    assert (typed.exit_code, typed.out, "1380013800" in typed.err) == (1, "", False)


def test_a_list_of_our_own_is_refused_by_name_and_not_by_a_number(deployed: Stack) -> None:
    put(deployed, FOR_PROMOTIONS, f"{NUMBER}\n".encode())

    with pytest.raises(CannotBeDone, match="rename it") as caught:
        list(lists_with(deployed, Person(digits=NUMBER)))

    assert NUMBER not in str(caught.value)
