"""What lines of the log say of files and errors, and what they must not say."""

import re

import pytest
from botocore.exceptions import ClientError

from smsdrop.log_lines import fields_of_error, shown_key
from smsdrop.recipients.phone_numbers import read_phone_number


class Coded(Exception):
    code = "isv.SOME_CODE"


class CodedByValues(Exception):
    code = "13800138000 is not one"


@pytest.mark.parametrize(
    ("key", "shown"),
    [
        pytest.param("incoming/SMS_1/云通信/7月.csv", None, id="no digits to speak of"),
        pytest.param("incoming/a/2026-11-28 153000 v2.csv", None, id="a time"),
        pytest.param("20260102T030405Z-0123456789abcdef", None, id="a campaign's id"),
        pytest.param("12345678901.csv", None, id="as long, but no mobile number"),
        pytest.param("to 13800138000.csv", "to *******8000.csv", id="bare"),
        pytest.param("+86 138-0013-8000.csv", "+** ***-****-8000.csv", id="as people write it"),
        pytest.param("１３８００１３８０００", "*******８０００", id="wide digits"),
        pytest.param("13800138000/13900139000", "*******8000/*******9000", id="two of them"),
        pytest.param("20261128 13800138000", "******** *******8000", id="behind a date"),
    ],
)
def test_a_key_is_shown_without_phone_numbers_and_else_as_it_is(
    key: str, shown: str | None
) -> None:
    assert shown_key(key) == (key if shown is None else shown)


def test_an_error_is_told_by_its_kind_and_the_place_in_the_package_and_never_by_its_text() -> None:
    with pytest.raises(TypeError) as failed:
        read_phone_number(13800138000)  # type: ignore[arg-type] # what a bug would do

    fields = fields_of_error(failed.value)

    assert fields.keys() == {"error", "where"}
    assert fields["error"] == "TypeError"
    assert re.fullmatch(r"recipients/phone_numbers\.py:\d+:\w+", fields["where"])


def test_an_error_of_the_interpreter_alone_has_no_place() -> None:
    with pytest.raises(ValueError) as failed:  # noqa: PT011 - whichever it is
        int("x")

    assert fields_of_error(failed.value) == {"error": "ValueError"}


@pytest.mark.parametrize(
    ("error", "code"),
    [
        pytest.param(
            ClientError({"Error": {"Code": "AccessDenied", "Message": "13800138000"}}, "PutObject"),
            "AccessDenied",
            id="of AWS",
        ),
        pytest.param(ClientError({"Error": {}}, "PutObject"), None, id="of AWS, without one"),
        pytest.param(Coded("13800138000"), "isv.SOME_CODE", id="our own"),
        pytest.param(CodedByValues(), None, id="what is no code"),
        pytest.param(ValueError("13800138000"), None, id="an error without one"),
    ],
)
def test_the_code_of_an_error_is_told_where_it_has_one(error: Exception, code: str | None) -> None:
    fields = fields_of_error(error)

    assert fields.get("code") == code
    assert "13800138000" not in str(fields)
