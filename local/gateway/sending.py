"""SendBatchSms and SendSms: check a call as the provider does, then accept all of it or none."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from sys import intern

from .account import Account
from .admission import ACCOUNT_ID
from .answers import Answer, Refusal
from .faults import new_biz_id
from .journal import Submission
from .phone_numbers import bare
from .send_request import SendRequest, read_send_batch_sms, read_send_sms

MAX_OUT_ID_LENGTH = 255
"""The documentation says fewer than 256 characters."""

EXTEND_CODE = re.compile(r"[0-9]{1,7}")


def send(
    read: Callable[[Mapping[str, str]], SendRequest],
    account: Account,
    params: Mapping[str, str],
    *,
    request_number: int,
    account_id: str = ACCOUNT_ID,
) -> Answer:
    request = read(params)
    check_out_id(request.out_id)
    account.catalogue.check_template(request.template_code)
    for name in set(request.sign_names):
        account.catalogue.check_sign(name)
    check_extend_codes(request.extend_codes)
    for each in request.params if request.params is not None else ({},):
        account.catalogue.check_params(request.template_code, each)
    failed = bad_positions(account, request.phone_numbers)
    pay(account, len(request.phone_numbers) - len(failed))
    submission = Submission(
        at=account.clock(),
        template_code=intern(request.template_code),
        phone_numbers=tuple(bare(each) or each for each in request.phone_numbers),
        sign_names=tuple(map(intern, request.sign_names)),
        params_json=request.params_json.encode() or None,
        extend_codes=tuple(map(intern, request.extend_codes)) if request.extend_codes else None,
        out_id=request.out_id,
        biz_id=new_biz_id(),
        request_number=request_number,
        account_id=account_id,
        failed=failed,
        delivery=account.delivery,
        advanced_seconds=account.advanced_seconds,
    )
    account.journal.accept(submission)
    return Answer.of({"Message": "OK", "Code": "OK", "BizId": submission.biz_id})


send_batch_sms = partial(send, read_send_batch_sms)
send_sms = partial(send, read_send_sms)


def check_out_id(out_id: str | None) -> None:
    if out_id is not None and len(out_id) > MAX_OUT_ID_LENGTH:
        raise Refusal("isv.INVALID_PARAMETERS")


def check_extend_codes(extend_codes: list[str] | None) -> None:
    for each in extend_codes or ():
        if EXTEND_CODE.fullmatch(each) is None:
            raise Refusal("isv.EXTEND_CODE_ERROR")


def bad_positions(account: Account, phone_numbers: list[str]) -> frozenset[int]:
    """Return the positions of the bad numbers, or refuse the call if the settings say so."""
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
    """Take the texts off the balance, or refuse the call."""
    balance = account.settings.balance
    if balance is None:
        return
    if balance < texts or balance == 0:
        raise Refusal("isv.AMOUNT_NOT_ENOUGH")
    account.settings = replace(account.settings, balance=balance - texts)
