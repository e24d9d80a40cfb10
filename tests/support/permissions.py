"""What each function of the template may do, held against what it was seen to do."""

import re
from collections.abc import Iterable, Iterator
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from local.aws.bridges import BATCH_ACTIONS
from local.aws.calls import RecordedCall
from local.template.reading import Template

UNSEEN = {
    "s3:AbortMultipartUpload": "an upload is aborted only where writing a large object fails",
    "s3:ListBucket": "S3 asks for it to say that an object is gone, and not that it is forbidden",
    "lambda:UpdateEventSourceMapping": "the local AWS asks nobody about it",
}
"""Actions that are needed although no call for them is seen, each with its reason."""

SINGLE_ACTIONS = {batch: single for single, batch in BATCH_ACTIONS.items()}
"""On AWS the action for one message allows the call for several."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Permission:
    """One action of one statement on one resource, as a pattern of ARNs."""

    function: str
    sid: str
    action: str
    resource: str

    def allows(self, call: RecordedCall) -> bool:
        action = SINGLE_ACTIONS.get(call.action, call.action)
        return (self.function, self.action) == (call.function, action) and re.fullmatch(
            self.resource, call.resource
        ) is not None


def permissions(template: Template) -> Iterator[Permission]:
    """Yield all that the functions' own statements allow."""
    for function, statement in statements(template):
        for action in as_list(statement["Action"]):
            for resource in as_list(statement["Resource"]):
                yield Permission(
                    function=function,
                    sid=statement["Sid"],
                    action=action,
                    resource=pattern(resource),
                )


def statements(template: Template) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield each statement with its function; the referenced policy `UseTheKey` is left out."""
    for name, resource in template["Resources"].items():
        if resource["Type"] == "AWS::Serverless::Function":
            for policy in resource["Properties"]["Policies"]:
                for statement in given(policy).get("Statement", ()):
                    yield name, statement


def given(policy: dict[str, Any]) -> dict[str, Any]:
    """Return the policy as it is if its condition holds."""
    _, then, _ = policy.get("Fn::If", ("", policy, None))
    own: dict[str, Any] = then
    return own


def pattern(resource: Any) -> str:
    """Return what ARNs of the resource look like, whatever stack, account and region it is of."""
    if isinstance(resource, str):
        return wildcards(resource)
    [(function, argument)] = resource.items()
    if function == "Fn::Sub":
        return "".join(part(each) for each in re.split(r"(\$\{[^}]+\})", argument))
    return named(argument if function == "Ref" else argument[0])


def part(text: str) -> str:
    """Return a pattern for text between substitutions, or for one of them."""
    if not text.startswith("${"):
        return wildcards(text)
    name = text[2:-1].split(".")[0]
    return r"[^:/]+" if name.startswith("AWS::") else named(name)


def named(logical_id: str) -> str:
    """Return a pattern of ARNs that end with a name that CloudFormation made for it."""
    return rf"arn:.+-{logical_id}-[^:/]+"


def wildcards(text: str) -> str:
    return ".*".join(re.escape(each) for each in text.split("*"))


def as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def missing(template: Template, calls: Iterable[RecordedCall]) -> set[tuple[str, str]]:
    """Return function and action of each call that the template does not allow."""
    allowed = list(permissions(template))
    functions = {each.function for each in allowed}
    return {
        (call.function, call.action)
        for call in calls
        if call.function in functions and not any(each.allows(call) for each in allowed)
    }


def unused(template: Template, calls: Iterable[RecordedCall]) -> set[Permission]:
    """Return what is allowed but was never done."""
    calls = list(calls)
    return {
        each
        for each in permissions(template)
        if each.action not in UNSEEN and not any(map(each.allows, calls))
    }


def without(template: Template, permission: Permission) -> Template:
    """Return the template with this action taken out of its statement."""
    changed = deepcopy(template)
    for function, statement in statements(changed):
        if (function, statement["Sid"]) == (permission.function, permission.sid):
            statement["Action"] = [
                each for each in as_list(statement["Action"]) if each != permission.action
            ]
    return changed


def with_another(template: Template, *, function: str, sid: str, action: str) -> Template:
    """Return the template with one more action in a statement."""
    changed = deepcopy(template)
    for name, statement in statements(changed):
        if (name, statement["Sid"]) == (function, sid):
            statement["Action"] = [*as_list(statement["Action"]), action]
    return changed
