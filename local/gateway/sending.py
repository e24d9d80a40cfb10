"""SendBatchSms and SendSms: check a call as the provider does, then accept all of it or nothing."""

import re
from collections.abc import Mapping
from dataclasses import replace
from sys import intern

from .account import Account
from .answers import Answer, Refusal
from .faults import new_biz_id
from .journal import Submission
from .orders import Order, batch_order, single_order
from .phone_numbers import bare

MAX_OUT_ID_LENGTH = 255
"""The documentation says fewer than 256 characters."""

EXTEND_CODE = re.compile(r"[0-9]{1,7}")


def send_batch_sms(account: Account, params: Mapping[str, str], *, request_number: int) -> Answer:
    return accepted(account, batch_order(params), request_number=request_number)


def send_sms(account: Account, params: Mapping[str, str], *, request_number: int) -> Answer:
    return accepted(account, single_order(params), request_number=request_number)


def accepted(account: Account, order: Order, *, request_number: int) -> Answer:
    check_out_id(order.out_id)
    account.catalogue.check_template(order.template_code)
    for name in set(order.sign_names):
        account.catalogue.check_sign(name)
    check_extend_codes(order.extend_codes)
    for each in order.params if order.params is not None else ({},):
        account.catalogue.check_params(order.template_code, each)
    failed = bad_positions(account, order.phone_numbers)
    pay(account, len(order.phone_numbers) - len(failed))
    submission = Submission(
        at=account.clock(),
        template_code=intern(order.template_code),
        phone_numbers=tuple(bare(each) or each for each in order.phone_numbers),
        sign_names=tuple(map(intern, order.sign_names)),
        params_json=order.params_json.encode() or None,
        extend_codes=tuple(map(intern, order.extend_codes)) if order.extend_codes else None,
        out_id=order.out_id,
        biz_id=new_biz_id(),
        request_number=request_number,
        failed=failed,
    )
    account.journal.accept(submission)
    return Answer.of({"Message": "OK", "Code": "OK", "BizId": submission.biz_id})


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
