"""QuerySendDetails: the state of the account's messages to one number on one day."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta, timezone
from typing import Any

from .account import Account
from .admission import ACCOUNT_ID
from .answers import Answer, Refusal, invalid
from .journal import Message
from .phone_numbers import bare

BEIJING = timezone(timedelta(hours=8))
KEPT_DAYS = 30
PAGE_SIZES = range(1, 51)

WAITING, FAILED, DELIVERED = 1, 2, 3
"""SendStatus."""

BAD_NUMBER = "INVALID_NUMBER"
"""The code in the carrier's receipt for a number that does not exist."""


def query_send_details(
    account: Account,
    params: Mapping[str, str],
    *,
    account_id: str = ACCOUNT_ID,
    **_: object,
) -> Answer:
    phone_number = params["PhoneNumber"]
    if bare(phone_number) != phone_number and not account.journal.knows(phone_number):
        raise Refusal("isv.MOBILE_NUMBER_ILLEGAL")
    day = sending_day(params["SendDate"], now=account.clock())
    size, page = whole(params, "PageSize"), whole(params, "CurrentPage")
    if size not in PAGE_SIZES:
        raise invalid("PageSize")
    if page < 1:
        raise invalid("CurrentPage")
    rows = [
        detail(account, message)
        for message in account.journal.of_number(phone_number, account_id=account_id)
        if beijing(message.at).date() == day
        and params.get("BizId") in (None, "", message.biz_id)
        and account.clock() >= message.at + account.settings.listing_seconds
    ]
    return Answer.of(
        {
            "Message": "OK",
            "Code": "OK",
            "TotalCount": str(len(rows)),
            "SmsSendDetailDTOs": {"SmsSendDetailDTO": rows[(page - 1) * size : page * size]},
        }
    )


def whole(params: Mapping[str, str], name: str) -> int:
    text = params[name]
    if not (text.isascii() and text.isdecimal()):
        raise invalid(name)
    return int(text)


def sending_day(text: str, *, now: float) -> date:
    """Read a day in Beijing; days before those that the provider keeps are refused."""
    if not (len(text) == len("yyyyMMdd") and text.isascii() and text.isdecimal()):
        raise invalid("SendDate")
    try:
        day = datetime.strptime(text, "%Y%m%d").replace(tzinfo=BEIJING).date()
    except ValueError as error:
        raise invalid("SendDate") from error
    if day < beijing(now).date() - timedelta(days=KEPT_DAYS):
        raise Refusal("isv.INVALID_PARAMETERS")
    return day


def detail(account: Account, message: Message) -> dict[str, Any]:
    """Return one row; ErrCode and ReceiveDate come with the carrier's receipt."""
    row = {
        "PhoneNum": message.phone_number,
        "SendStatus": WAITING,
        "SendDate": written(message.at),
        "TemplateCode": message.template_code,
        "OutId": message.out_id or "",
        "Content": account.catalogue.text(message.template_code, message.sign_name, message.params),
    }
    received_at = message.at + account.settings.receipt_seconds
    if account.clock() < received_at:
        return row
    status, code = (FAILED, BAD_NUMBER) if message.failed else (DELIVERED, "DELIVERED")
    return row | {"SendStatus": status, "ErrCode": code, "ReceiveDate": written(received_at)}


def beijing(moment: float) -> datetime:
    return datetime.fromtimestamp(moment, BEIJING)


def written(moment: float) -> str:
    return beijing(moment).strftime("%Y-%m-%d %H:%M:%S")
