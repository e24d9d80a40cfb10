"""SendBatchSms: check a call as the provider does, then accept all of it or nothing."""

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from sys import intern
from typing import Any

from .account import Account
from .answers import Answer, Refusal
from .faults import new_biz_id
from .journal import Submission
from .phone_numbers import bare

MAX_RECIPIENTS = 100
"""SendBatchSms refuses more phone numbers than this in one call."""

MAX_OUT_ID_LENGTH = 255
"""The documentation says fewer than 256 characters."""

EXTEND_CODE = re.compile(r"[0-9]{1,7}")


def send_batch_sms(account: Account, params: Mapping[str, str], *, request_number: int) -> Answer:
    phone_numbers = strings(params["PhoneNumberJson"])
    if len(phone_numbers) > MAX_RECIPIENTS:
        raise Refusal("isv.MOBILE_COUNT_OVER_LIMIT")
    sign_names = strings(params["SignNameJson"])
    extend_codes = optional_strings(params.get("SmsUpExtendCodeJson"))
    values = objects(params.get("TemplateParamJson"))
    check_counts(len(phone_numbers), sign_names, extend_codes, values)
    check_out_id(params.get("OutId"))
    account.catalogue.check_template(params["TemplateCode"])
    for name in set(sign_names):
        account.catalogue.check_sign(name)
    check_extend_codes(extend_codes)
    for each in values if values is not None else ({},):
        account.catalogue.check_params(params["TemplateCode"], each)
    failed = bad_positions(account, phone_numbers)
    pay(account, len(phone_numbers) - len(failed))
    submission = Submission(
        at=account.clock(),
        template_code=intern(params["TemplateCode"]),
        phone_numbers=tuple(bare(each) or each for each in phone_numbers),
        sign_names=tuple(map(intern, sign_names)),
        params_json=params["TemplateParamJson"].encode() if values else None,
        extend_codes=tuple(map(intern, extend_codes)) if extend_codes else None,
        out_id=params.get("OutId"),
        biz_id=new_biz_id(),
        request_number=request_number,
        failed=failed,
    )
    account.journal.accept(submission)
    return Answer.of({"Message": "OK", "Code": "OK", "BizId": submission.biz_id})


def array(text: str) -> list[Any]:
    try:
        value = json.loads(text)
    except ValueError as error:
        raise Refusal("isv.INVALID_JSON_PARAM") from error
    if not isinstance(value, list):
        raise Refusal("isv.INVALID_JSON_PARAM")
    return value


def strings(text: str) -> list[str]:
    value = array(text)
    if not all(isinstance(each, str) for each in value):
        raise Refusal("isv.INVALID_JSON_PARAM")
    return value


def optional_strings(text: str | None) -> list[str] | None:
    return strings(text) if text else None


def objects(text: str | None) -> list[dict[str, str]] | None:
    """Read the template params: objects whose values are strings, and nothing but strings."""
    if not text:
        return None
    value = array(text)
    for each in value:
        if not isinstance(each, dict) or not all(isinstance(one, str) for one in each.values()):
            raise Refusal("isv.INVALID_JSON_PARAM")
    return value


def check_counts(recipients: int, *arrays: list[Any] | None) -> None:
    if recipients == 0 or any(each is not None and len(each) != recipients for each in arrays):
        raise Refusal("isv.INVALID_PARAMETERS")


def check_out_id(out_id: str | None) -> None:
    if out_id is not None and len(out_id) > MAX_OUT_ID_LENGTH:
        raise Refusal("isv.INVALID_PARAMETERS")


def check_extend_codes(extend_codes: list[str] | None) -> None:
    for each in extend_codes or ():
        if EXTEND_CODE.fullmatch(each) is None:
            raise Refusal("isv.EXTEND_CODE_ERROR")


def bad_positions(account: Account, phone_numbers: list[str]) -> frozenset[int]:
    """Return where the bad numbers stand, or refuse the call for them if so set."""
    settings = account.settings
    bad = frozenset(
        position
        for position, each in enumerate(phone_numbers)
        if (number := bare(each)) is None or number in settings.bad_numbers
    )
    if bad and settings.a_bad_number_fails == "call":
        raise Refusal("isv.MOBILE_NUMBER_ILLEGAL")
    return bad


def pay(account: Account, texts: int) -> None:
    """Take the texts off the balance, or refuse all of them."""
    balance = account.settings.balance
    if balance is None:
        return
    if balance < texts or balance == 0:
        raise Refusal("isv.AMOUNT_NOT_ENOUGH")
    account.settings = replace(account.settings, balance=balance - texts)
