"""
The differences between ministack and AWS, bridged so that the template can be right for AWS.

    on AWS                                      in ministack                      bridged by
    HTTPS                                       HTTP only, and obeys statements   leaving those
                                                that deny it                      statements out
    the action sqs:SendMessage allows           asks for an action for each,      allowing both
    SendMessageBatch too, and so on             which AWS does not have
    MaximumConcurrency: !Ref …                  text, which stops the polling     setting it
                                                of every queue                    again as a number
    alarms on a formula of metrics              refuses them                      watching its
                                                                                  first metric
    refuses parameters that the template        accepts them                      `deploy`
    does not have
    a function's environment is its own         it inherits the server's          `server`
    an event waits until its function has       starts one more worker for        `async_events`
    a worker for it                             each event
    an event of S3's names who has made the     names the same for everybody      `requesters`
    request

`tests/local/test_aws.py` has a test for each that fails when ministack changes.
"""

from typing import Any

from local.aws.clients import Clients
from local.template.reading import Template

BATCH_ACTIONS = {
    "sqs:SendMessage": "sqs:SendMessageBatch",
    "sqs:DeleteMessage": "sqs:DeleteMessageBatch",
    "sqs:ChangeMessageVisibility": "sqs:ChangeMessageVisibilityBatch",
}


def for_ministack(template: Template) -> Template:
    """Return the template with its policies and alarms changed as above."""
    bridged: Template = with_batch_actions(reached_over_http(template))
    for resource in bridged["Resources"].values():
        properties = resource.get("Properties", {})
        if resource["Type"] == "AWS::CloudWatch::Alarm" and "Metrics" in properties:
            resource["Properties"] = watching_one_metric(properties)
    return bridged


def reached_over_http(part: Any) -> Any:
    """Return the part without the statements that deny access over plain HTTP."""
    if isinstance(part, dict):
        return {key: reached_over_http(value) for key, value in part.items()}
    if isinstance(part, list):
        return [reached_over_http(each) for each in part if not denies_http(each)]
    return part


def denies_http(statement: Any) -> bool:
    if not isinstance(statement, dict) or statement.get("Effect") != "Deny":
        return False
    condition = statement.get("Condition", {}).get("Bool", {})
    return str(condition.get("aws:SecureTransport", "")).lower() == "false"


def with_batch_actions(part: Any) -> Any:
    """Return the part with the batch form of each action added to its statements."""
    if isinstance(part, list):
        return [with_batch_actions(each) for each in part]
    if not isinstance(part, dict):
        return part
    whole = {key: with_batch_actions(value) for key, value in part.items()}
    if "Effect" in whole and "Action" in whole:
        actions = whole["Action"] if isinstance(whole["Action"], list) else [whole["Action"]]
        whole["Action"] = actions + [
            BATCH_ACTIONS[each] for each in actions if each in BATCH_ACTIONS
        ]
    return whole


def watching_one_metric(alarm: dict[str, Any]) -> dict[str, Any]:
    """Return the alarm's properties with the formula replaced by its first metric."""
    first = next(each["MetricStat"] for each in alarm["Metrics"] if "MetricStat" in each)
    others = {name: value for name, value in alarm.items() if name != "Metrics"}
    return {**others, **first["Metric"], "Period": first["Period"], "Statistic": first["Stat"]}


def limit_concurrency(clients: Clients, stack_name: str) -> None:
    """Set the limits of the stack's event source mappings again, as numbers."""
    resources = clients.cloudformation.describe_stack_resources(StackName=stack_name)
    for resource in resources["StackResources"]:
        if resource["ResourceType"] == "AWS::Lambda::EventSourceMapping":
            uuid = resource["PhysicalResourceId"]
            mapping = clients.functions.get_event_source_mapping(UUID=uuid)
            clients.functions.update_event_source_mapping(
                UUID=uuid, ScalingConfig=mapping.get("ScalingConfig", {})
            )
