"""
What an answer of the SMS API means. The class says what to do about it:

    Meaning      was anyone texted?                what happens
    ACCEPTED     yes, as far as the provider goes  the batch is `sent`
    DEFERRED     no                                back on the queue, after a growing delay
    RECIPIENT    no, one recipient is to blame     alone: `refused`; among others: split
    SIGN_NAME    no                                as RECIPIENT while the batch holds several sign
                                                   names or comes of a split, else as CAMPAIGN
    EXTEND_CODE  no                                the same, by extend codes
    TOO_LARGE    no, it did not reach the API      as RECIPIENT, but nothing is looked up first
    CAMPAIGN     no; nor will others of it be      `refused`; the campaign is halted
    ACCOUNT      no; nor will other campaigns be   sending pauses until a person resumes
    UNKNOWN      no, by the shape of the answer    as CAMPAIGN, and named in the summary
    IN_DOUBT     perhaps                           settled before anything else happens

A code's row in the table comes first, then its family, then the HTTP status. An answer without a
code is in doubt, unless its status says that the request was refused on its way to the API.
Sources: help.aliyun.com/document_detail/101346.html (the API's codes), 101347.html (receipt codes,
which that page lists among the API's too), and 48054 (the gateway's).
"""

import json
from dataclasses import dataclass, replace
from enum import StrEnum, auto
from http import HTTPStatus
from typing import Any, Self


class Meaning(StrEnum):
    ACCEPTED = auto()
    DEFERRED = auto()
    RECIPIENT = auto()
    SIGN_NAME = auto()
    EXTEND_CODE = auto()
    TOO_LARGE = auto()
    CAMPAIGN = auto()
    ACCOUNT = auto()
    UNKNOWN = auto()
    IN_DOUBT = auto()


NOT_CONNECTED = "smsdrop.NotConnected"
"""Our own code: the request was never sent, so certainly no one was texted."""

NO_ANSWER = "smsdrop.NoAnswer"
"""Our own code: the request may have arrived, but no readable answer came back."""

CLOCK_WAS_WRONG = "smsdrop.ClockWasWrong"
"""Our own code: the time stamp was refused, and it is known by how much the clock is off."""

TOO_LARGE = "smsdrop.TooLarge"
"""Our own code: a proxy or the front of the API takes no body as long as the batch's."""

REFUSED_ON_THE_WAY = "smsdrop.RefusedOnTheWay"
"""Our own code: a proxy refused the request for what all requests share; a person must fix it."""

_CODES: dict[Meaning, str] = {
    Meaning.ACCEPTED: "OK",
    Meaning.DEFERRED: f"""
        {NOT_CONNECTED} {CLOCK_WAS_WRONG}
        Throttling Throttling.User Throttling.Api
        IS_CLOSE""",
    Meaning.RECIPIENT: """
        isv.MOBILE_NUMBER_ILLEGAL isv.BLACK_KEY_CONTROL_LIMIT isv.CUSTOMER_REFUSED
        isv.SMS_TEST_NUMBER_LIMIT isv.BUSINESS_LIMIT_CONTROL
        isv.PARAM_LENGTH_LIMIT isv.PARAM_NOT_SUPPORT_URL isv.TEMPLATE_PARAMS_ILLEGAL
        isv.UNSUPPORTED_CONTENT isv.SMS_CONTENT_ILLEGAL
        MOBILE_NOT_ON_SERVICE MOBILE_SEND_LIMIT MOBILE_ACCOUNT_ABNORMAL MOBILE_IN_BLACK
        MOBLLE_TERMINAL_ERROR MOBILE_TERMINAL_ERROR INVALID_NUMBER USER_REJECT NO_ROUTE
        CONTENT_KEYWORD CONTENT_ERROR SP_NOT_BY_INTER_SMS""",
    Meaning.SIGN_NAME: """
        isv.SMS_SIGNATURE_ILLEGAL isv.SMS_SIGN_ILLEGAL isv.SIGN_STATE_ILLEGAL
        isv.SIGN_NAME_ILLEGAL isv.SIGN_SOURCE_ILLEGAL SIGNATURE_BLACKLIST
        isv.SMS_SIGN_EMOJI_ILLEGAL isv.SMS_SIGNATURE_SCENE_ILLEGAL PORT_NOT_REGISTERED""",
    Meaning.EXTEND_CODE: """
        isv.EXTEND_CODE_ERROR isv.ONE_CODE_MULTIPLE_SIGN isv.CODE_EXCEED_LIMIT isv.CODE_ERROR""",
    Meaning.TOO_LARGE: TOO_LARGE,
    Meaning.CAMPAIGN: """
        isv.SMS_TEMPLATE_ILLEGAL isv.TEMPLATE_MISSING_PARAMETERS isv.INVALID_JSON_PARAM
        isv.INVALID_PARAMETERS PARAMS_ILLEGAL template_parameter_count_illegal
        isv.SMS_CONTENT_MISMATCH_TEMPLATE_TYPE
        isv.MOBILE_COUNT_OVER_LIMIT isv.DOMESTIC_NUMBER_NOT_SUPPORTED
        isv.SMS_TEST_SIGN_TEMPLATE_LIMIT isv.SMS_TEST_TEMPLATE_PARAMS_ILLEGAL""",
    Meaning.ACCOUNT: f"""
        {REFUSED_ON_THE_WAY}
        isv.AMOUNT_NOT_ENOUGH isv.OUT_OF_SERVICE isv.PRODUCT_UN_SUBSCRIPT
        isv.PRODUCT_UNSUBSCRIBE isv.ACCOUNT_NOT_EXISTS isv.ACCOUNT_ABNORMAL
        isv.SECURITY_FROZEN_ACCOUNT isv.DENY_IP_RANGE
        isv.DAY_LIMIT_CONTROL isv.MONTH_LIMIT_CONTROL isp.RAM_PERMISSION_DENY NoPermission
        SignatureDoesNotMatch IncompleteSignature MissingSecurityToken
        InvalidVersion InvalidAction.NotFound InvalidApi.NotFound InvalidProduct.NotFound
        InvalidProtocol.NeedSsl UnsupportedHTTPMethod InvalidSignatureMethod""",
    Meaning.IN_DOUBT: f"""
        {NO_ANSWER}
        isp.SYSTEM_ERROR isp.GATEWAY_ERROR InternalError ServiceUnavailable SignatureNonceUsed
        DELIVERED REQUEST_SUCCESS EXPIRED SP_UNKNOWN_ERROR""",
    # Codes of template and signature management, which SendBatchSms should never answer.
    Meaning.UNKNOWN: """
        isv.SIGN_COUNT_OVER_LIMIT isv.TEMPLATE_COUNT_OVER_LIMIT isv.SIGN_FILE_LIMIT
        isv.SIGN_OVER_LIMIT isv.TEMPLATE_OVER_LIMIT isv.SMS_OVER_LIMIT
        isv.ERROR_SIGN_NOT_DELETE isv.ERROR_SIGN_NOT_MODIFY isv.ERROR_TEMPLATE_NOT_DELETE
        isv.ERROR_TEMPLATE_NOT_MODIFY isv.ERROR_EMPTY_FILE isv.PHONENUMBERS_OVER_LIMIT
        isv.SOURCEURL_OVER_LIMIT""",
}

MEANINGS: dict[str, Meaning] = {
    code: meaning for meaning, codes in _CODES.items() for code in codes.split()
}
"""Every code with a meaning of its own."""

FAMILIES: dict[str, Meaning] = {
    "Throttling.": Meaning.DEFERRED,
    "Forbidden.": Meaning.ACCOUNT,
    "InvalidAccessKeyId.": Meaning.ACCOUNT,
    "InvalidSecurityToken.": Meaning.ACCOUNT,
    "InvalidTimeStamp.": Meaning.ACCOUNT,
    "isp.": Meaning.IN_DOUBT,
    "Missing": Meaning.CAMPAIGN,
    "Invalid": Meaning.CAMPAIGN,
}
"""What other codes mean, by how they begin; the first match counts."""

ON_THE_WAY: dict[int, str] = {
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: TOO_LARGE,
    HTTPStatus.PROXY_AUTHENTICATION_REQUIRED: REFUSED_ON_THE_WAY,
    HTTPStatus.LENGTH_REQUIRED: REFUSED_ON_THE_WAY,
    HTTPStatus.REQUEST_URI_TOO_LONG: REFUSED_ON_THE_WAY,
    HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE: REFUSED_ON_THE_WAY,
}
"""
The code for an answer without one, by statuses that only HTTP servers in front of the API send.

URL and headers are as long for one recipient as for a hundred, so only a body is worth halving.
"""

REFUSED_FOR_GOOD = frozenset(
    ["isv.CUSTOMER_REFUSED", "isv.BLACK_KEY_CONTROL_LIMIT", "MOBILE_IN_BLACK", "USER_REJECT"]
)
"""
Codes, of answers or receipts, for a person who must not be texted again: they have unsubscribed or
complained, or are on a blacklist.
"""

KEY_CODES = ("SignatureDoesNotMatch", "InvalidAccessKeyId.", "InvalidSecurityToken.")
"""Codes that another key pair may avoid, after a rotation; those ending in a dot are families."""


CLOCK_CODES = "InvalidTimeStamp."
"""The family of codes that another time stamp may avoid."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """
    What came back from one call, without the message, which may echo numbers and keys.

    `code` is the provider's, or one of our own if there is no readable answer.
    """

    code: str
    status: int = 200
    request_id: str = ""
    biz_id: str = ""

    @classmethod
    def read(cls, status: int, body: bytes) -> Self:
        """Read a response; anything but an object with a code is judged by its status alone."""
        without_code = cls(code=ON_THE_WAY.get(status, NO_ANSWER), status=status)
        try:
            fields = json.loads(body)
        except (ValueError, RecursionError):
            return without_code
        if not isinstance(fields, dict) or not _text(fields, "Code"):
            return without_code
        return replace(
            without_code,
            code=_text(fields, "Code"),
            request_id=_text(fields, "RequestId"),
            biz_id=_text(fields, "BizId"),
        )

    @property
    def is_throttled(self) -> bool:
        """Say whether a deferred call was refused because the provider wants fewer calls."""
        is_ours = self.code in (NOT_CONNECTED, CLOCK_WAS_WRONG)
        return self.meaning is Meaning.DEFERRED and not is_ours

    @property
    def meaning(self) -> Meaning:
        meaning = MEANINGS.get(self.code) or self._of_family()
        contradicts_itself = (
            self.status != 200 if meaning is Meaning.ACCEPTED else bool(self.biz_id)
        )
        return Meaning.IN_DOUBT if contradicts_itself else meaning

    @property
    def blames_the_key(self) -> bool:
        return self.code.startswith(KEY_CODES)

    @property
    def blames_the_clock(self) -> bool:
        return self.code.startswith(CLOCK_CODES)

    def _of_family(self) -> Meaning:
        for beginning, meaning in FAMILIES.items():
            if self.code.startswith(beginning):
                return meaning
        sane = self.status == 200 or 400 <= self.status < 500
        return Meaning.UNKNOWN if sane else Meaning.IN_DOUBT


def is_refused_for_good(code: str) -> bool:
    return code in REFUSED_FOR_GOOD


def _text(fields: dict[str, Any], name: str) -> str:
    """Return the field if it is a text of sane length, else an empty one."""
    value = fields.get(name)
    return value if isinstance(value, str) and len(value) <= 200 else ""
