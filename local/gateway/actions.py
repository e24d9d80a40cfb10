"""The actions that can be called: their params, where each belongs, and the code that runs."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Literal, Protocol

from .account import Account
from .answers import Answer, Refusal, missing
from .call import Call
from .identity import STS_VERSION, get_caller_identity
from .lookup import query_send_details
from .review import get_sms_sign, get_sms_template, query_sms_sign, query_sms_template
from .sending import send_batch_sms, send_sms

VERSION = "2017-05-25"
METHODS = ("POST", "GET")


class CarryOut(Protocol):
    """Carries out one call, or raises `Refusal`."""

    def __call__(
        self,
        account: Account,
        params: Mapping[str, str],
        *,
        request_number: int,
        account_id: str,
    ) -> Answer: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    carry_out: CarryOut
    required: tuple[str, ...]
    in_query: frozenset[str]
    in_body: frozenset[str] = field(default_factory=frozenset)
    version: str = VERSION

    def params(self, call: Call, placement: Literal["any", "documented"]) -> dict[str, str]:
        """
        Return the params. An empty one counts as missing if the action requires it.

        With the older signature, which has no Authorization header, a param may be anywhere.
        """
        params = call.params()
        if placement == "documented" and call.has_authorization:
            params = {key: value for key, value in call.query if key in self.in_query}
            params |= {key: value for key, value in call.form if key in self.in_body}
        for name in self.required:
            if not params.get(name):
                raise missing(name)
        return params


ACTIONS: dict[str, Action] = {
    "SendBatchSms": Action(
        carry_out=send_batch_sms,
        required=("PhoneNumberJson", "SignNameJson", "TemplateCode"),
        in_query=frozenset({"TemplateCode", "OutId"}),
        in_body=frozenset(
            {"PhoneNumberJson", "SignNameJson", "TemplateParamJson", "SmsUpExtendCodeJson"}
        ),
    ),
    "SendSms": Action(
        carry_out=send_sms,
        required=("PhoneNumbers", "SignName", "TemplateCode"),
        in_query=frozenset(
            {
                "PhoneNumbers",
                "SignName",
                "TemplateCode",
                "TemplateParam",
                "SmsUpExtendCode",
                "OutId",
            }
        ),
    ),
    "GetSmsTemplate": Action(
        carry_out=get_sms_template,
        required=("TemplateCode",),
        in_query=frozenset({"TemplateCode"}),
    ),
    "QuerySmsTemplate": Action(
        carry_out=query_sms_template,
        required=("TemplateCode",),
        in_query=frozenset({"TemplateCode"}),
    ),
    "GetSmsSign": Action(
        carry_out=get_sms_sign,
        required=("SignName",),
        in_query=frozenset({"SignName"}),
    ),
    "QuerySmsSign": Action(
        carry_out=query_sms_sign,
        required=("SignName",),
        in_query=frozenset({"SignName"}),
    ),
    "QuerySendDetails": Action(
        carry_out=query_send_details,
        required=("PhoneNumber", "SendDate", "PageSize", "CurrentPage"),
        in_query=frozenset({"PhoneNumber", "SendDate", "PageSize", "CurrentPage", "BizId"}),
    ),
    "GetCallerIdentity": Action(
        carry_out=get_caller_identity,
        required=(),
        in_query=frozenset(),
        version=STS_VERSION,
    ),
}


def action_of(call: Call, *, lacks: Collection[str] = ()) -> Action:
    if call.method not in METHODS:
        raise Refusal("UnsupportedHTTPMethod")
    if not call.action:
        raise missing("Action")
    if not call.version:
        raise missing("Version")
    if call.path != "/" or call.action not in ACTIONS or call.action in lacks:
        raise Refusal("InvalidAction.NotFound")
    action = ACTIONS[call.action]
    if call.version != action.version:
        raise Refusal("InvalidVersion")
    return action
