"""QuerySendDetails: the state of the account's messages to one number on one day."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta, timezone
from typing import Any

from .account import Account
from .admission import ACCOUNT_ID
from .answers import Answer, Refusal, invalid
from .delivery import Status
from .journal import Entry, Submission
from .phone_numbers import bare
from .receipts import attempts_of, elapsed

BEIJING = timezone(timedelta(hours=8))
KEPT_DAYS = 30
PAGE_SIZES = range(1, 51)


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
    page = asked_page(params)
    rows: list[dict[str, Any]] = []
    unlisted = 0
    for entry in account.journal.entries_of(phone_number):
        if is_asked_for(entry.submission, account_id, day, params.get("BizId")):
            listed = details(account, entry)
            rows += listed
            if entry.submission.delivery.total_counts_unlisted:
                unlisted += len(entry.attempts()) - len(listed)
    return Answer.of(
        {
            "Message": "OK",
            "Code": "OK",
            "TotalCount": str(len(rows) + unlisted),
            "SmsSendDetailDTOs": {"SmsSendDetailDTO": rows[page]},
        }
    )


def is_asked_for(submission: Submission, account_id: str, day: date, biz_id: str | None) -> bool:
    return (
        submission.account_id == account_id
        and beijing(submission.at).date() == day
        and biz_id in (None, "", submission.biz_id)
    )


def asked_page(params: Mapping[str, str]) -> slice:
    size, page = whole(params, "PageSize"), whole(params, "CurrentPage")
    if size not in PAGE_SIZES:
        raise invalid("PageSize")
    if page < 1:
        raise invalid("CurrentPage")
    return slice((page - 1) * size, page * size)


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


def details(account: Account, entry: Entry) -> list[dict[str, Any]]:
    """Return the rows that are listed; ErrCode and ReceiveDate come with the carrier's receipt."""
    message = entry.message()
    content = account.catalogue.text(message.template_code, message.sign_name, message.params)
    since_call = elapsed(account, entry.submission)
    rows = []
    for attempt in attempts_of(account, entry):
        status = attempt.told(since_call)
        row = {
            "PhoneNum": message.phone_number,
            "SendStatus": int(status),
            "SendDate": written(message.at),
            "TemplateCode": message.template_code,
            "OutId": message.out_id or "",
            "Content": content,
        }
        if status > Status.WAITING:
            received_at = message.at + attempt.receipt_seconds
            row |= {"ErrCode": attempt.code, "ReceiveDate": written(received_at)}
        if status is not Status.UNLISTED:
            rows.append(row)
    return rows


def beijing(moment: float) -> datetime:
    return datetime.fromtimestamp(moment, BEIJING)


def written(moment: float) -> str:
    return beijing(moment).strftime("%Y-%m-%d %H:%M:%S")
