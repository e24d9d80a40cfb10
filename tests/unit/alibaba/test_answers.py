"""What each answer of the provider means: was anyone texted, and what happens next."""

import json

import pytest

from smsdrop.alibaba.answers import (
    CLOCK_WAS_WRONG,
    MEANINGS,
    NO_ANSWER,
    NOT_CONNECTED,
    REFUSED_FOR_GOOD,
    REFUSED_ON_THE_WAY,
    TOO_LARGE,
    Answer,
    Meaning,
    is_refused_for_good,
)

SPECIFICATION: dict[Meaning, str] = {
    Meaning.ACCEPTED: "OK",
    Meaning.DEFERRED: """
        Throttling Throttling.User Throttling.Api IS_CLOSE""",
    Meaning.RECIPIENT: """
        isv.MOBILE_NUMBER_ILLEGAL isv.BLACK_KEY_CONTROL_LIMIT isv.CUSTOMER_REFUSED
        isv.SMS_TEST_NUMBER_LIMIT isv.BUSINESS_LIMIT_CONTROL isv.PARAM_LENGTH_LIMIT
        isv.TEMPLATE_PARAMS_ILLEGAL isv.PARAM_NOT_SUPPORT_URL isv.UNSUPPORTED_CONTENT
        isv.SMS_CONTENT_ILLEGAL
        MOBILE_NOT_ON_SERVICE MOBILE_SEND_LIMIT MOBILE_ACCOUNT_ABNORMAL MOBILE_IN_BLACK
        MOBLLE_TERMINAL_ERROR MOBILE_TERMINAL_ERROR INVALID_NUMBER USER_REJECT NO_ROUTE
        CONTENT_KEYWORD CONTENT_ERROR SP_NOT_BY_INTER_SMS""",
    Meaning.SIGN_NAME: """
        isv.SMS_SIGNATURE_ILLEGAL isv.SMS_SIGN_ILLEGAL isv.SIGN_STATE_ILLEGAL
        isv.SIGN_NAME_ILLEGAL isv.SIGN_SOURCE_ILLEGAL SIGNATURE_BLACKLIST
        isv.SMS_SIGN_EMOJI_ILLEGAL isv.SMS_SIGNATURE_SCENE_ILLEGAL PORT_NOT_REGISTERED""",
    Meaning.EXTEND_CODE: """
        isv.EXTEND_CODE_ERROR isv.ONE_CODE_MULTIPLE_SIGN isv.CODE_EXCEED_LIMIT isv.CODE_ERROR""",
    Meaning.CAMPAIGN: """
        isv.SMS_TEMPLATE_ILLEGAL isv.TEMPLATE_MISSING_PARAMETERS isv.INVALID_JSON_PARAM
        isv.INVALID_PARAMETERS PARAMS_ILLEGAL template_parameter_count_illegal
        isv.SMS_CONTENT_MISMATCH_TEMPLATE_TYPE
        isv.MOBILE_COUNT_OVER_LIMIT isv.DOMESTIC_NUMBER_NOT_SUPPORTED
        isv.SMS_TEST_SIGN_TEMPLATE_LIMIT isv.SMS_TEST_TEMPLATE_PARAMS_ILLEGAL
        MissingPhoneNumberJson MissingTemplateCode InvalidTemplateCode InvalidParameter.Format""",
    Meaning.ACCOUNT: """
        isv.AMOUNT_NOT_ENOUGH isv.OUT_OF_SERVICE isv.PRODUCT_UN_SUBSCRIPT
        isv.PRODUCT_UNSUBSCRIBE isv.ACCOUNT_NOT_EXISTS isv.ACCOUNT_ABNORMAL
        isv.SECURITY_FROZEN_ACCOUNT isp.RAM_PERMISSION_DENY isv.DENY_IP_RANGE
        isv.DAY_LIMIT_CONTROL isv.MONTH_LIMIT_CONTROL NoPermission
        Forbidden.RAM Forbidden.RiskControl Forbidden.AnythingElse
        InvalidAccessKeyId.NotFound InvalidAccessKeyId.Inactive
        InvalidSecurityToken.Expired InvalidSecurityToken.Malformed
        InvalidSecurityToken.MismatchWithAccessKey MissingSecurityToken
        SignatureDoesNotMatch IncompleteSignature
        InvalidTimeStamp.Expired InvalidTimeStamp.Format
        InvalidVersion InvalidAction.NotFound InvalidApi.NotFound InvalidProduct.NotFound
        InvalidProtocol.NeedSsl UnsupportedHTTPMethod InvalidSignatureMethod""",
    Meaning.IN_DOUBT: """
        isp.SYSTEM_ERROR isp.GATEWAY_ERROR isp.SOMETHING_NEW InternalError ServiceUnavailable
        SignatureNonceUsed DELIVERED REQUEST_SUCCESS EXPIRED SP_UNKNOWN_ERROR""",
    Meaning.UNKNOWN: """
        isv.SIGN_COUNT_OVER_LIMIT isv.TEMPLATE_COUNT_OVER_LIMIT isv.SIGN_FILE_LIMIT
        isv.SIGN_OVER_LIMIT isv.TEMPLATE_OVER_LIMIT isv.SMS_OVER_LIMIT
        isv.ERROR_SIGN_NOT_DELETE isv.ERROR_SIGN_NOT_MODIFY isv.ERROR_TEMPLATE_NOT_DELETE
        isv.ERROR_TEMPLATE_NOT_MODIFY isv.ERROR_EMPTY_FILE isv.PHONENUMBERS_OVER_LIMIT
        isv.SOURCEURL_OVER_LIMIT isv.SHORTURL_NOT_FOUND isv.SOMETHING_NEW VALVE:M_MC""",
}
"""Alibaba's documents 101346, 101347 (receipts) and 48054 (gateway), by who is to blame."""

every_code = pytest.mark.parametrize(
    ("code", "meaning"),
    [
        pytest.param(code, meaning, id=f"{code} is {meaning}")
        for meaning, codes in SPECIFICATION.items()
        for code in codes.split()
    ],
)

REFUSALS = [
    Meaning.DEFERRED,
    Meaning.RECIPIENT,
    Meaning.SIGN_NAME,
    Meaning.EXTEND_CODE,
    Meaning.CAMPAIGN,
    Meaning.ACCOUNT,
    Meaning.UNKNOWN,
]


def read(status: int, **fields: object) -> Answer:
    return Answer.read(status, json.dumps(fields, ensure_ascii=False).encode())


@every_code
def test_a_code_means(code: str, meaning: Meaning) -> None:
    answer = read(200, Code=code, Message="…", RequestId="R1")

    assert answer.meaning is meaning


def test_no_code_is_known_that_the_specification_does_not_name() -> None:
    named = {code for codes in SPECIFICATION.values() for code in codes.split()}

    own = {NO_ANSWER, NOT_CONNECTED, CLOCK_WAS_WRONG, TOO_LARGE, REFUSED_ON_THE_WAY}
    assert MEANINGS.keys() - named == own


@pytest.mark.parametrize("meaning", REFUSALS)
def test_a_refusal_with_a_biz_id_may_have_texted_someone(meaning: Meaning) -> None:
    for code in SPECIFICATION[meaning].split():
        assert read(200, Code=code, BizId="9^0").meaning is Meaning.IN_DOUBT


@pytest.mark.parametrize("status", [201, 204, 302, 400, 404, 500, 502, 503])
def test_an_ok_that_does_not_come_with_status_200_is_in_doubt(status: int) -> None:
    assert read(status, Code="OK", BizId="9^0").meaning is Meaning.IN_DOUBT


@pytest.mark.parametrize("status", [400, 403, 404, 429, 503])
def test_a_code_counts_before_the_status_it_comes_with(status: int) -> None:
    assert read(status, Code="Throttling.User").meaning is Meaning.DEFERRED
    assert read(status, Code="Throttling.SomeNewOne").meaning is Meaning.DEFERRED


@pytest.mark.parametrize(
    ("status", "meaning"),
    [
        pytest.param(200, Meaning.UNKNOWN, id="200"),
        pytest.param(400, Meaning.UNKNOWN, id="400"),
        pytest.param(499, Meaning.UNKNOWN, id="499"),
        pytest.param(301, Meaning.IN_DOUBT, id="redirect"),
        pytest.param(307, Meaning.IN_DOUBT, id="redirect with the request"),
        pytest.param(500, Meaning.IN_DOUBT, id="500"),
        pytest.param(502, Meaning.IN_DOUBT, id="bad gateway"),
        pytest.param(504, Meaning.IN_DOUBT, id="gateway timeout"),
    ],
)
def test_an_unknown_code_is_a_refusal_only_with_the_status_of_one(
    status: int, meaning: Meaning
) -> None:
    assert read(status, Code="Never.Heard.Of").meaning is meaning


@pytest.mark.parametrize("status", [200, 302, 400, 500, 502])
@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"<html>502 Bad Gateway</html>", id="not JSON"),
        pytest.param(b'{"Code": "OK", "Biz', id="broken off"),
        pytest.param(b'\xff\xfe{"Code"', id="no text at all"),
        pytest.param(b"[" * 100_000, id="nested without end"),
        pytest.param(b'["OK"]', id="a list"),
        pytest.param(b'"OK"', id="a text"),
        pytest.param(b"null", id="null"),
        pytest.param(b'{"Message": "OK"}', id="no code"),
        pytest.param(b'{"Code": ""}', id="an empty code"),
        pytest.param(b'{"Code": 200}', id="a number for a code"),
        pytest.param(b'{"Code": null}', id="null for a code"),
        pytest.param(b'{"Code": ["OK"]}', id="a list for a code"),
        pytest.param(b'{"code": "OK"}', id="the code in small letters"),
        pytest.param(json.dumps({"Code": "O" * 201}).encode(), id="a code without end"),
    ],
)
def test_an_answer_that_cannot_be_read_is_in_doubt(status: int, body: bytes) -> None:
    answer = Answer.read(status, body)

    assert (answer.code, answer.status) == (NO_ANSWER, status)
    assert answer.meaning is Meaning.IN_DOUBT


PAGES = [
    pytest.param(b"<html>413 Request Entity Too Large</html>", id="a page"),
    pytest.param(b"", id="nothing"),
    pytest.param(b'{"error": "too large"}', id="JSON without a code"),
]


@pytest.mark.parametrize("body", PAGES)
def test_a_body_that_is_too_large_on_the_way_texts_nobody_and_is_worth_halving(body: bytes) -> None:
    answer = Answer.read(413, body)

    assert (answer.code, answer.meaning) == (TOO_LARGE, Meaning.TOO_LARGE)


@pytest.mark.parametrize("status", [407, 411, 414, 431])
@pytest.mark.parametrize("body", PAGES)
def test_what_a_proxy_refuses_in_every_request_texts_nobody_and_pauses(
    status: int, body: bytes
) -> None:
    answer = Answer.read(status, body)

    assert (answer.code, answer.meaning) == (REFUSED_ON_THE_WAY, Meaning.ACCOUNT)


@pytest.mark.parametrize("status", [407, 411, 413, 414, 431])
@pytest.mark.parametrize(
    ("code", "meaning"),
    [
        pytest.param("isv.MOBILE_NUMBER_ILLEGAL", Meaning.RECIPIENT, id="a refusal"),
        pytest.param("isp.SYSTEM_ERROR", Meaning.IN_DOUBT, id="a doubt"),
        pytest.param("OK", Meaning.IN_DOUBT, id="OK"),
    ],
)
def test_the_apis_own_code_counts_before_a_proxys_status(
    status: int, code: str, meaning: Meaning
) -> None:
    assert read(status, Code=code).meaning is meaning


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 408, 425, 429, 499])
def test_a_page_with_a_status_that_the_api_gives_too_is_in_doubt(status: int) -> None:
    assert Answer.read(status, b"<html></html>").meaning is Meaning.IN_DOUBT


def test_a_call_that_never_connected_texted_no_one_and_is_made_later() -> None:
    assert Answer(code=NOT_CONNECTED).meaning is Meaning.DEFERRED


def test_an_answer_keeps_the_ids_but_not_the_message() -> None:
    answer = read(200, Code="OK", Message="to 13800138000", RequestId="R1", BizId="9^0")

    assert answer == Answer(code="OK", request_id="R1", biz_id="9^0")
    assert "13800138000" not in repr(answer)


@every_code
def test_another_time_stamp_would_help_only_where_that_was_refused(
    code: str, meaning: Meaning
) -> None:
    assert read(400, Code=code).blames_the_clock == (code.partition(".")[0] == "InvalidTimeStamp")


@every_code
def test_only_faults_of_keys_may_end_with_a_rotated_key(code: str, meaning: Meaning) -> None:
    family, _, _ = code.partition(".")
    of_keys = family in {"SignatureDoesNotMatch", "InvalidAccessKeyId", "InvalidSecurityToken"}

    assert read(400, Code=code).blames_the_key == of_keys


@pytest.mark.parametrize(
    ("code", "is_for_good"),
    [
        pytest.param("isv.CUSTOMER_REFUSED", True, id="unsubscribed"),
        pytest.param("isv.BLACK_KEY_CONTROL_LIMIT", True, id="complained"),
        pytest.param("MOBILE_IN_BLACK", True, id="on a blacklist"),
        pytest.param("USER_REJECT", True, id="unsubscribed, by a receipt"),
        pytest.param("isv.BUSINESS_LIMIT_CONTROL", False, id="too often today"),
        pytest.param("isv.MOBILE_NUMBER_ILLEGAL", False, id="no number"),
        pytest.param("SIGNATURE_BLACKLIST", False, id="the sign name's fault"),
        pytest.param("MOBILE_NOT_ON_SERVICE", False, id="switched off"),
        pytest.param("", False, id="none"),
    ],
)
def test_some_codes_say_that_a_person_is_not_to_be_texted_again(
    code: str, *, is_for_good: bool
) -> None:
    assert is_refused_for_good(code) == is_for_good


def test_every_code_that_refuses_for_good_blames_a_recipient() -> None:
    assert {MEANINGS[each] for each in REFUSED_FOR_GOOD} == {Meaning.RECIPIENT}
