"""What template.yaml must hold on AWS, where no local test can see it."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from local import ROOT
from local.aws.bridges import denies_http
from local.template.expanded import expanded
from local.template.reading import load
from smsdrop.alibaba.client import CallTimes
from smsdrop.aws.sqs import LONGEST_DELAY_SECONDS
from smsdrop.wiring.send_batch import HANDLER_SECONDS, longest_interval_seconds

TEXT = (ROOT / "template.yaml").read_text(encoding="utf-8")
TEMPLATE = load(ROOT / "template.yaml")
RESOURCES: dict[str, dict[str, Any]] = TEMPLATE["Resources"]
KEPT = ("Files", "LostFiles", "BatchQueue", "BatchDeadLetters", "LedgerTable", "SmsKeys")
QUEUES = ("LostFiles", "BatchQueue", "BatchDeadLetters")
OWN_KEY = {"Fn::If": ["HasKmsKey", {"Ref": "KmsKeyArn"}, {"Ref": "AWS::NoValue"}]}


def properties(name: str) -> dict[str, Any]:
    own: dict[str, Any] = RESOURCES[name].get("Properties", {})
    return own


def of_type(kind: str) -> list[str]:
    return [name for name, resource in RESOURCES.items() if resource["Type"] == kind]


@pytest.mark.parametrize("name", KEPT)
def test_what_must_not_be_lost_outlives_its_stack(name: str) -> None:
    policies = (RESOURCES[name]["DeletionPolicy"], RESOURCES[name]["UpdateReplacePolicy"])

    assert policies == ("Retain", "Retain")


def test_every_resource_that_keeps_something_is_among_those() -> None:
    keepers = [
        name
        for kind in ("S3::Bucket", "SQS::Queue", "DynamoDB::Table", "SecretsManager::Secret")
        for name in of_type(f"AWS::{kind}")
    ]

    assert sorted(keepers) == sorted(KEPT)


def test_bucket_and_queues_refuse_whatever_does_not_come_over_tls() -> None:
    bucket, queues = properties("FilesOverTls"), properties("QueuesOverTls")

    for policy, service in ((bucket, "s3"), (queues, "sqs")):
        [statement] = policy["PolicyDocument"]["Statement"]
        assert denies_http(statement)
        assert (statement["Principal"], statement["Action"]) == ("*", f"{service}:*")
    assert bucket["Bucket"] == {"Ref": "Files"}
    assert {each["Ref"] for each in queues["Queues"]} == set(QUEUES)


def test_the_bucket_is_open_to_nobody() -> None:
    assert set(properties("Files")["PublicAccessBlockConfiguration"].values()) == {True}


@pytest.mark.parametrize(
    ("name", "path"),
    [
        (
            "Files",
            "BucketEncryption/ServerSideEncryptionConfiguration/0/ServerSideEncryptionByDefault/KMSMasterKeyID",
        ),
        *((queue, "KmsMasterKeyId") for queue in QUEUES),
        ("LedgerTable", "SSESpecification/KMSMasterKeyId"),
        ("SmsKeys", "KmsKeyId"),
        ("Alarms", "KmsMasterKeyId"),
        ("Logs", "KmsKeyId"),
    ],
)
def test_a_key_of_ones_own_encrypts_all_that_is_kept(name: str, path: str) -> None:
    part: Any = properties(name)
    for step in path.split("/"):
        part = part[int(step)] if step.isdigit() else part[step]

    assert part == OWN_KEY


@pytest.mark.parametrize("name", of_type("AWS::Serverless::Function"))
def test_a_function_may_use_that_key_only_where_there_is_one(name: str) -> None:
    use_it = {"Fn::If": ["HasKmsKey", {"Ref": "UseTheKey"}, {"Ref": "AWS::NoValue"}]}

    assert use_it in properties(name)["Policies"]
    assert RESOURCES["UseTheKey"]["Condition"] == "HasKmsKey"
    [statement] = properties("UseTheKey")["PolicyDocument"]["Statement"]
    assert statement["Action"] == ["kms:Decrypt", "kms:GenerateDataKey"]
    assert statement["Resource"] == {"Ref": "KmsKeyArn"}


def test_without_a_key_of_ones_own_everything_is_encrypted_all_the_same() -> None:
    [rule] = properties("Files")["BucketEncryption"]["ServerSideEncryptionConfiguration"]

    assert rule["ServerSideEncryptionByDefault"]["SSEAlgorithm"]["Fn::If"][2] == "AES256"
    assert properties("LedgerTable")["SSESpecification"]["SSEEnabled"] is True
    for queue in QUEUES:
        assert properties(queue)["SqsManagedSseEnabled"]["Fn::If"][2] is True


def test_files_plans_and_reports_are_kept_as_long_as_is_said() -> None:
    [expire, forget] = properties("Files")["LifecycleConfiguration"]["Rules"]

    assert expire["ExpirationInDays"] == {"Ref": "RetentionDays"}
    assert "Prefix" not in expire
    longest_life_days = TEMPLATE["Parameters"]["MaxAgeDays"]["MaxValue"] + 1
    assert expire["NoncurrentVersionExpiration"]["NoncurrentDays"] > longest_life_days
    assert forget["ExpiredObjectDeleteMarker"] is True


def test_the_ledger_can_be_brought_back_and_forgets_by_itself() -> None:
    ledger = properties("LedgerTable")

    assert ledger["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}
    assert ledger["TimeToLiveSpecification"] == {"AttributeName": "expires_at", "Enabled": True}
    assert ledger["DeletionProtectionEnabled"] == {"Fn::If": ["IsProtected", True, False]}


def test_every_function_logs_where_logs_are_not_kept_for_ever() -> None:
    logging = TEMPLATE["Globals"]["Function"]["LoggingConfig"]

    assert logging == {"LogFormat": "JSON", "LogGroup": {"Ref": "Logs"}}
    assert properties("Logs")["RetentionInDays"] == {"Ref": "LogRetentionDays"}
    assert not any("LoggingConfig" in properties(name) for name in RESOURCES)


def test_nothing_names_the_partition_or_a_region_by_hand() -> None:
    assert re.findall(r"arn:aws[^(:]*:", TEXT) == []
    assert re.findall(r"amazonaws|(?:us|eu|ap|cn)-[a-z]+-\d", TEXT) == []


def test_nothing_but_the_bucket_has_a_name_of_its_own() -> None:
    named = {
        name: value
        for name in RESOURCES
        for key, value in properties(name).items()
        if key.endswith("Name") and key != "MetricName"
    }

    assert named == {
        "Files": {"Fn::Sub": "${AWS::StackName}-files-${AWS::AccountId}-${AWS::Region}"}
    }


def test_a_message_stays_taken_for_six_times_as_long_as_its_function_may_run() -> None:
    parameters = TEMPLATE["Parameters"]

    visible_after = parameters["BatchVisibilitySeconds"]["Default"]

    assert visible_after >= 6 * parameters["SendTimeoutSeconds"]["Default"]


def allowed_settings() -> Iterator[tuple[int, float, float]]:
    """Yield the settings at the edge of what the template takes: senders, rate, time-out."""
    parameters, rule = TEMPLATE["Parameters"], TEMPLATE["Rules"]["ManySendersHaveAHighRate"]
    few = [int(each) for each in rule["RuleCondition"]["Fn::Not"][0]["Fn::Contains"][0]]
    [assertion] = rule["Assertions"]
    high = [float(each) for each in assertion["Assert"]["Fn::Contains"][0]]
    slowest = parameters["CallsPerSecond"]["MinValue"]
    for timeout in (parameters["SendTimeoutSeconds"][each] for each in ("MinValue", "MaxValue")):
        yield from ((senders, slowest, timeout) for senders in few)
        yield from ((parameters["MaximumConcurrency"]["MaxValue"], rate, timeout) for rate in high)


def test_what_the_template_takes_leaves_each_invocation_time_for_its_call_and_for_settling() -> (
    None
):
    """A hundred recipients are looked up on two dates, at a tenth of a second each."""
    for senders, rate, timeout in allowed_settings():
        times = CallTimes.within(timeout)
        attempt_seconds = times.connect_seconds + times.total_seconds
        until_last_call = timeout - HANDLER_SECONDS - attempt_seconds

        assert senders / rate <= longest_interval_seconds(timeout, attempt_seconds)
        assert until_last_call - senders / rate >= 100 * 2 * 0.1


def test_the_rule_names_what_it_lists() -> None:
    [assertion] = TEMPLATE["Rules"]["ManySendersHaveAHighRate"]["Assertions"]
    rates = assertion["Assert"]["Fn::Contains"][0]

    assert f"one of {', '.join(rates)}:" in " ".join(assertion["AssertDescription"].split())


def test_doubt_is_settled_long_before_a_campaign_is_too_old() -> None:
    parameters = TEMPLATE["Parameters"]
    longest_doubt = parameters["SettleAfterSeconds"]["MaxValue"]

    assert longest_doubt < parameters["MaxAgeDays"]["MinValue"] * 24 * 3600 / 2
    assert longest_doubt < LONGEST_DELAY_SECONDS


def test_every_parameter_has_a_default_a_description_and_a_group() -> None:
    groups = TEMPLATE["Metadata"]["AWS::CloudFormation::Interface"]["ParameterGroups"]

    grouped = [name for group in groups for name in group["Parameters"]]

    assert sorted(grouped) == sorted(TEMPLATE["Parameters"])
    assert all(
        {"Default", "Description"} <= each.keys() for each in TEMPLATE["Parameters"].values()
    )


def test_in_china_the_expanded_template_is_of_chinas_partition() -> None:
    whole = expanded(load(ROOT / "template.yaml"), region="cn-north-1")

    assert re.findall(r"arn:aws:", str(whole)) == []
    assert whole["Resources"]["SendBatch"]["Properties"]["RecursiveLoop"] == {
        "Fn::If": ["DetectsLoops", "Allow", {"Ref": "AWS::NoValue"}]
    }


def test_functions_are_in_a_vpc_only_where_subnets_are_given() -> None:
    whole = expanded(load(ROOT / "template.yaml"), region="cn-north-1")["Resources"]

    for name in of_type("AWS::Serverless::Function"):
        condition, within, without = whole[name]["Properties"]["VpcConfig"]["Fn::If"]
        assert (condition, without) == ("IsInVpc", {"Ref": "AWS::NoValue"})
        assert within == {
            "SubnetIds": {"Ref": "SubnetIds"},
            "SecurityGroupIds": {"Ref": "SecurityGroupIds"},
        }


def test_every_function_may_have_network_interfaces_in_that_vpc() -> None:
    whole = expanded(load(ROOT / "template.yaml"), region="cn-north-1")["Resources"]

    for name in of_type("AWS::Serverless::Function"):
        policies = whole[f"{name}Role"]["Properties"]["ManagedPolicyArns"]
        assert "arn:aws-cn:iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole" in policies


def test_what_is_kept_stands_first_then_the_functions_and_last_what_watches_them() -> None:
    names = [name for name in RESOURCES if not name.endswith("OverTls")]
    functions = of_type("AWS::Serverless::Function")
    watching = [name for name in names if RESOURCES[name]["Type"].startswith("AWS::CloudWatch")]

    assert names[: len(KEPT)] == list(KEPT)
    assert names[len(KEPT) :][: len(functions)] == functions
    assert functions == [
        "ParseRecipients",
        "GiveUpParsing",
        "SendBatch",
        "CloseCampaigns",
        "Operate",
    ]
    assert names[-len(watching) - 1 :] == ["Alarms", *watching]
    assert watching[-1] == "Dashboard"
