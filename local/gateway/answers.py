"""
The gateway's answers, and its refusals.

Alibaba Cloud's API gateway refuses with a 4xx or 5xx. The SMS product behind it refuses
with HTTP 200, a code that begins with `isv.` or `isp.`, and no BizId.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self
from uuid import uuid4

GATEWAY_REFUSALS: dict[str, tuple[int, str]] = {
    "SignatureDoesNotMatch": (400, "Specified signature does not match our calculation."),
    "IncompleteSignature": (400, "The request signature does not conform to Aliyun standards."),
    "InvalidSignatureMethod": (400, "Specified signature method is not valid."),
    "SignatureNonceUsed": (400, "Specified signature nonce was used already."),
    "InvalidTimeStamp.Expired": (400, "Specified time stamp or date value is expired."),
    "InvalidTimeStamp.Format": (400, "Specified time stamp or date value is not well formatted."),
    "InvalidAccessKeyId.NotFound": (404, "Specified access key is not found."),
    "InvalidAccessKeyId.Inactive": (400, "Specified access key is disabled."),
    "InvalidVersion": (400, "Specified parameter Version is not valid."),
    "InvalidAction.NotFound": (
        404,
        "Specified api is not found, please check your url and method.",
    ),
    "UnsupportedHTTPMethod": (400, "This http method is not supported."),
    "Throttling": (400, "Request was denied due to flow control."),
    "Throttling.User": (400, "Request was denied due to user flow control."),
    "Throttling.Api": (400, "Request was denied due to api flow control."),
    "Forbidden.RAM": (
        403,
        (
            "User not authorized to operate on the specified resource, "
            "or this API doesn't support RAM."
        ),
    ),
    "InternalError": (
        500,
        "The request processing has failed due to some unknown error, exception or failure.",
    ),
    "ServiceUnavailable": (
        503,
        "The request has failed due to a temporary failure of the server.",
    ),
}

BUSINESS_REFUSALS: dict[str, str] = {
    "isv.INVALID_JSON_PARAM": "参数格式错误,请检查JSON",
    "isv.INVALID_PARAMETERS": "参数异常",
    "isv.MOBILE_COUNT_OVER_LIMIT": "手机号码数量超过限制",
    "isv.MOBILE_NUMBER_ILLEGAL": "手机号码格式错误",
    "isv.DOMESTIC_NUMBER_NOT_SUPPORTED": "国际模板不支持发送境内号码",
    "isv.SMS_TEMPLATE_ILLEGAL": "该账号下找不到对应模板,请检查模板内容与模板参数是否匹配",
    "isv.TEMPLATE_MISSING_PARAMETERS": "模板变量缺少参数",
    "isv.SMS_SIGNATURE_ILLEGAL": "该账号下找不到对应签名",
    "isv.EXTEND_CODE_ERROR": "扩展码错误",
    "isv.AMOUNT_NOT_ENOUGH": "账户余额不足",
    "isv.BUSINESS_LIMIT_CONTROL": "触发分钟级流控Permits:1",
    "isp.SYSTEM_ERROR": "系统错误",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One HTTP answer. `code` is its code, also where the body does not say it."""

    code: str
    body: str
    status: int = 200
    biz_id: str | None = None
    request_id: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, payload: Mapping[str, Any]) -> Self:
        """Answer as the SMS product does: with HTTP 200, whatever the code is."""
        request_id = new_request_id()
        body = json.dumps({**payload, "RequestId": request_id}, ensure_ascii=False)
        return cls(
            code=payload["Code"], body=body, biz_id=payload.get("BizId"), request_id=request_id
        )


class Refusal(Exception):
    """The call is not carried out, so no SMS is sent."""

    def __init__(self, code: str, message: str | None = None, status: int | None = None) -> None:
        usual_status, usual_message = GATEWAY_REFUSALS.get(
            code, (200, BUSINESS_REFUSALS.get(code, code))
        )
        super().__init__(code)  # the message may hold phone numbers
        self.code = code
        self.message = usual_message if message is None else message
        self.status = usual_status if status is None else status

    def answer(self, *, biz_id: str | None = None) -> Answer:
        request_id = new_request_id()
        payload = {"Message": self.message, "RequestId": request_id, "Code": self.code}
        if self.status >= 400:
            payload |= gateway_fields(self.code, request_id)
        if biz_id is not None:
            payload["BizId"] = biz_id
        return Answer(
            code=self.code,
            body=json.dumps(payload, ensure_ascii=False),
            status=self.status,
            biz_id=biz_id,
            request_id=request_id,
        )


class BodyTooLarge(Refusal):
    """A proxy in front of the API refuses the request, by a page of its own."""

    def __init__(self) -> None:
        super().__init__("not JSON", status=413)

    def answer(self, *, biz_id: str | None = None) -> Answer:
        return Answer(
            code=self.code,
            body="<html><body>413 Request Entity Too Large</body></html>",
            status=self.status,
            headers={"Content-Type": "text/html"},
        )


def missing(param: str) -> Refusal:
    return Refusal(f"Missing{param}", f"{param} is mandatory for this action.", 400)


def invalid(param: str) -> Refusal:
    return Refusal(f"Invalid{param}", f"Specified parameter {param} is not valid.", 400)


def gateway_fields(code: str, request_id: str) -> dict[str, str]:
    """Return the fields that only the API gateway adds to a refusal."""
    query = f"q={code}&product=Dysmsapi&requestId={request_id}"
    return {
        "HostId": "dysmsapi.aliyuncs.com",
        "Recommend": f"https://api.aliyun.com/troubleshoot?{query}",
    }


def new_request_id() -> str:
    return str(uuid4()).upper()
