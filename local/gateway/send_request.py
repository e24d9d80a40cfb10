"""Reads what a call of SendBatchSms or SendSms asks for, as strictly as the provider does."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from .answers import Refusal

MAX_BATCH = 100
"""SendBatchSms refuses more phone numbers than this in one call."""

MAX_PHONE_NUMBERS = 1000
"""The same for SendSms, which sends one text to all of them."""

Params: TypeAlias = dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class SendRequest:
    """What one call asks for. The same position in each list is the same recipient."""

    template_code: str
    phone_numbers: list[str]
    sign_names: list[str]
    params: list[Params] | None
    params_json: str
    extend_codes: list[str] | None
    out_id: str | None


def read_send_batch_sms(call: Mapping[str, str]) -> SendRequest:
    phone_numbers = strings(call["PhoneNumberJson"])
    check_count(phone_numbers, MAX_BATCH)
    sign_names = strings(call["SignNameJson"])
    extend_codes = optional_strings(call.get("SmsUpExtendCodeJson"))
    params = objects(call.get("TemplateParamJson"))
    check_lengths(len(phone_numbers), sign_names, extend_codes, params)
    return SendRequest(
        template_code=call["TemplateCode"],
        phone_numbers=phone_numbers,
        sign_names=sign_names,
        params=params,
        params_json=call["TemplateParamJson"] if params else "",
        extend_codes=extend_codes,
        out_id=call.get("OutId"),
    )


def read_send_sms(call: Mapping[str, str]) -> SendRequest:
    """Read a call in which everything but the phone numbers is the same for all recipients."""
    phone_numbers = call["PhoneNumbers"].split(",")
    check_count(phone_numbers, MAX_PHONE_NUMBERS)
    times = len(phone_numbers)
    one = objects(f"[{call['TemplateParam']}]") if call.get("TemplateParam") else None
    if one is not None and len(one) != 1:
        raise Refusal("isv.INVALID_JSON_PARAM")
    params = one and one * times
    extend_code = call.get("SmsUpExtendCode")
    return SendRequest(
        template_code=call["TemplateCode"],
        phone_numbers=phone_numbers,
        sign_names=[call["SignName"]] * times,
        params=params,
        params_json=json.dumps(params, ensure_ascii=False) if params else "",
        extend_codes=[extend_code] * times if extend_code else None,
        out_id=call.get("OutId"),
    )


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


def objects(text: str | None) -> list[Params] | None:
    """Read the template params: objects in which every value is a string."""
    if not text:
        return None
    value = array(text)
    for each in value:
        if not isinstance(each, dict) or not all(isinstance(one, str) for one in each.values()):
            raise Refusal("isv.INVALID_JSON_PARAM")
    return value


def check_count(phone_numbers: list[str], most: int) -> None:
    if len(phone_numbers) > most:
        raise Refusal("isv.MOBILE_COUNT_OVER_LIMIT")


def check_lengths(recipients: int, *arrays: list[Any] | None) -> None:
    if recipients == 0 or any(each is not None and len(each) != recipients for each in arrays):
        raise Refusal("isv.INVALID_PARAMETERS")
