"""QuerySmsTemplate and QuerySmsSign: the text of a template, and the state of the review."""

from collections.abc import Mapping

from .account import Account
from .answers import Answer, Refusal
from .catalogue import Status

STATUSES: dict[Status, int] = {"reviewing": 0, "approved": 1, "rejected": 2, "cancelled": 10}
"""TemplateStatus and SignStatus."""

REASONS: dict[Status, str] = {"rejected": "内容不符合规范"}
"""Only a rejection has a reason."""

CREATED = "2026-01-02 11:04:05"


def query_sms_template(
    account: Account, params: Mapping[str, str], *, request_number: int
) -> Answer:
    """Describe a template; without its content if that is unknown, as while no catalogue is set."""
    code = params["TemplateCode"]
    template = account.catalogue.template(code)
    if template is None:
        raise Refusal("isv.SMS_TEMPLATE_ILLEGAL")
    content = {"TemplateContent": template.content} if template.content else {}
    return Answer.of(
        {
            "Message": "OK",
            "Code": "OK",
            "TemplateCode": code,
            "TemplateName": template.name,
            "TemplateType": template.type,
            "TemplateStatus": STATUSES[template.status],
            "Reason": REASONS.get(template.status, ""),
            "CreateDate": CREATED,
            **content,
        }
    )


def query_sms_sign(account: Account, params: Mapping[str, str], *, request_number: int) -> Answer:
    name = params["SignName"]
    status = account.catalogue.sign(name)
    if status is None:
        raise Refusal("isv.SMS_SIGNATURE_ILLEGAL")
    return Answer.of(
        {
            "Message": "OK",
            "Code": "OK",
            "SignName": name,
            "SignStatus": STATUSES[status],
            "Reason": REASONS.get(status, ""),
            "CreateDate": CREATED,
        }
    )
