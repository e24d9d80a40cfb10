"""
What the account has: the text of a template, the state of reviews, and the filing of sign names.

`GetSmsTemplate` succeeds `QuerySmsTemplate`: it gives numbers as texts, and more fields.
`GetSmsSign` succeeds `QuerySmsSign`, and gives numbers as numbers.
"""

import json
from collections.abc import Mapping

from .account import Account
from .answers import Answer, Refusal
from .catalogue import CatalogueTemplate, Status

STATUSES: dict[Status, int] = {"reviewing": 0, "approved": 1, "rejected": 2, "cancelled": 10}
"""TemplateStatus and SignStatus."""

REASONS: dict[Status, str] = {"rejected": "内容不符合规范"}
"""Only a rejection has a reason."""

CREATED = "2026-01-02 11:04:05"

ORDER_ID = "20044156924"


def known_template(account: Account, code: str) -> CatalogueTemplate:
    template = account.catalogue.template(code)
    if template is None:
        raise Refusal("isv.SMS_TEMPLATE_ILLEGAL")
    return template


def content_of(template: CatalogueTemplate) -> dict[str, str]:
    """Return the field of the content; none if that is unknown, as while no catalogue is set."""
    return {"TemplateContent": template.content} if template.content else {}


def get_sms_template(account: Account, params: Mapping[str, str], **_: object) -> Answer:
    code = params["TemplateCode"]
    template = known_template(account, code)
    rules = dict.fromkeys(sorted(template.variables()), "characterWithNumber")
    return Answer.of(
        {
            "Message": "OK",
            "Code": "OK",
            "TemplateCode": code,
            "TemplateName": template.name,
            "TemplateType": str(template.type),
            "TemplateStatus": str(STATUSES[template.status]),
            "TemplateTag": 2,
            "VariableAttribute": json.dumps(rules),
            "AuditInfo": audit_info(template.status),
            "CreateDate": CREATED,
            "OrderId": ORDER_ID,
            "ApplyScene": "",
            "Remark": "",
            "RelatedSignName": "",
            "SignList": {"SignList": []},
            "FileUrlList": {"FileUrl": []},
            "MoreDataFileUrlList": {"MoreDataFileUrl": []},
            **content_of(template),
        }
    )


def audit_info(status: Status) -> dict[str, str]:
    """Return when the review ended, and why it was rejected; nothing while it goes on."""
    if status == "reviewing":
        return {}
    return {"AuditDate": CREATED, "RejectInfo": REASONS.get(status, "")}


def query_sms_template(account: Account, params: Mapping[str, str], **_: object) -> Answer:
    code = params["TemplateCode"]
    template = known_template(account, code)
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
            **content_of(template),
        }
    )


def known_sign(account: Account, name: str) -> Status:
    status = account.catalogue.sign(name)
    if status is None:
        raise Refusal("isv.SMS_SIGNATURE_ILLEGAL")
    return status


def get_sms_sign(account: Account, params: Mapping[str, str], **_: object) -> Answer:
    name = params["SignName"]
    status = known_sign(account, name)
    return Answer.of(
        {
            "Message": "OK",
            "Code": "OK",
            "SignName": name,
            "SignStatus": STATUSES[status],
            "SignTag": "2",
            "AuditInfo": audit_info(status),
            "CreateDate": CREATED,
            "OrderId": ORDER_ID,
            "ApplyScene": "",
            "Remark": "",
            "FileUrlList": [],
            "SignIspRegisterDetailList": [
                {
                    "OperatorCode": carrier,
                    "RegisterStatus": state,
                    "OperatorCompleteTime": CREATED,
                    "RegisterStatusReasons": [],
                }
                for carrier, state in account.catalogue.filing(name).items()
            ],
        }
    )


def query_sms_sign(account: Account, params: Mapping[str, str], **_: object) -> Answer:
    name = params["SignName"]
    status = known_sign(account, name)
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
