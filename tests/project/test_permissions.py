"""Calls are compared with the template's own statements, resource by resource."""

from copy import deepcopy

import pytest

from local.aws.calls import RecordedCall
from local.template.reading import Template
from tests.support.permissions import missing, pattern, permissions, unused, without

TEMPLATE: Template = {
    "Resources": {
        "Send": {
            "Type": "AWS::Serverless::Function",
            "Properties": {
                "Policies": [
                    {"Fn::If": ["HasKmsKey", {"Ref": "UseTheKey"}, {"Ref": "AWS::NoValue"}]},
                    {
                        "Statement": [
                            {
                                "Sid": "Queue",
                                "Action": "sqs:SendMessage",
                                "Resource": {"Fn::GetAtt": ["BatchQueue", "Arn"]},
                            },
                            {
                                "Sid": "Write",
                                "Action": ["s3:PutObject"],
                                "Resource": {
                                    "Fn::Sub": "arn:aws-cn:s3:::${AWS::StackName}-x/plans/*"
                                },
                            },
                        ]
                    },
                ]
            },
        },
        "BatchQueue": {"Type": "AWS::SQS::Queue"},
    }
}
QUEUED = RecordedCall(
    stack_name="prod",
    function="Send",
    action="sqs:SendMessageBatch",
    resource="arn:aws-cn:sqs:cn-north-1:123456789012:prod-BatchQueue-0A1B",
)
WRITTEN = RecordedCall(
    stack_name="prod",
    function="Send",
    action="s3:PutObject",
    resource="arn:aws-cn:s3:::prod-x/plans/a/b",
)


def call(like: RecordedCall, *, resource: str) -> RecordedCall:
    return RecordedCall(
        stack_name=like.stack_name, function=like.function, action=like.action, resource=resource
    )


def test_what_is_allowed_and_done_is_neither_missing_nor_unused() -> None:
    assert missing(TEMPLATE, [QUEUED, WRITTEN]) == set()
    assert unused(TEMPLATE, [QUEUED, WRITTEN]) == set()


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(call(WRITTEN, resource="arn:aws-cn:s3:::prod-x/reports/a"), id="other folder"),
        pytest.param(
            call(QUEUED, resource="arn:aws-cn:sqs:cn-north-1:1:prod-BatchDeadLetters-0A1B"),
            id="other queue",
        ),
        pytest.param(call(QUEUED, resource=f"{QUEUED.resource}/below"), id="below the resource"),
    ],
)
def test_an_action_on_another_resource_is_missing(other: RecordedCall) -> None:
    assert missing(TEMPLATE, [QUEUED, WRITTEN, other]) == {("Send", other.action)}


def test_what_was_not_done_is_unused() -> None:
    assert {each.sid for each in unused(TEMPLATE, [WRITTEN])} == {"Queue"}


def test_calls_of_functions_that_the_template_does_not_have_are_nobody_elses() -> None:
    stranger = RecordedCall(stack_name="x", function="Probe", action="s3:GetObject", resource="*")

    assert missing(TEMPLATE, [QUEUED, WRITTEN, stranger]) == set()


def test_every_statement_of_a_function_is_seen() -> None:
    assert [(each.sid, each.action) for each in permissions(TEMPLATE)] == [
        ("Queue", "sqs:SendMessage"),
        ("Write", "s3:PutObject"),
    ]


def test_a_policy_with_a_condition_counts_as_where_that_holds() -> None:
    template = deepcopy(TEMPLATE)
    policies = template["Resources"]["Send"]["Properties"]["Policies"]
    policies[1] = {"Fn::If": ["HasReportEmail", policies[1], {"Ref": "AWS::NoValue"}]}

    assert list(permissions(template)) == list(permissions(TEMPLATE))
    [first, *others] = permissions(template)
    assert list(permissions(without(template, first))) == others


def test_an_index_is_not_its_table() -> None:
    table = pattern({"Fn::GetAtt": ["LedgerTable", "Arn"]})
    index = pattern({"Fn::Sub": "${LedgerTable.Arn}/index/OpenCampaigns"})

    assert table != index
    assert index == f"{table}/index/OpenCampaigns"
