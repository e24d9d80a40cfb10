"""What template.yaml must hold on AWS, where no local test can see it."""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from local import ROOT
from local.aws.bridges import denies_http
from local.template.expanded import expanded
from local.template.reading import load
from smsdrop.alibaba.client import CallTimes
from smsdrop.aws.s3 import PART_BYTES
from smsdrop.aws.sqs import LONGEST_DELAY_SECONDS as LONGEST_PUT_OFF_SECONDS
from smsdrop.closing.advance import ASK_SECONDS
from smsdrop.closing.receipts.look_up_receipts import MARGIN_SECONDS
from smsdrop.drop_settings import MOST_AHEAD, DropSettings
from smsdrop.drop_times import window_of
from smsdrop.drops import DROP_PREFIX, REPORT_PREFIX, WORK_PREFIX
from smsdrop.files.streams import MAX_BYTES, MAX_SPOOLED_BYTES
from smsdrop.operations.answers import ANSWER_PREFIX
from smsdrop.operations.orders import ORDER_PREFIX, ORDERS
from smsdrop.parsing.retry_parsing import LONGEST_DELAY_SECONDS
from smsdrop.receipts.part import RECEIPT_PREFIX
from smsdrop.sending.suppression.standing import SUPPRESSED_PREFIX
from smsdrop.validation.seen.key_table import KeyTable
from smsdrop.wiring.parse_recipients import FILES_HELD
from smsdrop.wiring.send_batch import HANDLER_SECONDS, longest_interval_seconds
from tests.support.permissions import as_list

TEXT = (ROOT / "template.yaml").read_text(encoding="utf-8")
TEMPLATE = load(ROOT / "template.yaml")
RESOURCES: dict[str, dict[str, Any]] = TEMPLATE["Resources"]
KEPT = (
    "Files",
    "DropRetries",
    "BatchQueue",
    "BatchDeadLetters",
    "LedgerTable",
    "SmsKeys",
    "Robots",
)
QUEUES = ("DropRetries", "BatchQueue", "BatchDeadLetters")
MEGABYTE = 1024**2
MOST_PARTS = 10_000
"""Of an upload to S3."""
DISK_MEGABYTES = 512
"""What Lambda gives a function that asks for no more."""

LAMBDAS_LONGEST_SECONDS = 900
OUR_CELLS_BYTES = 300
"""What a row of `results.csv` has beside the user's own cells: a reason of a sentence or two."""

STREAMS_AT_A_TIME = 4
"""The closer's: results and unsent rows, each as CSV and as a workbook."""
PART_COPIES = 3
"""A part while it grows, what is sent of it, and what the SDK makes of that."""

KEY_BYTES = 8
SLOT_BYTES = 4
"""Of the tables that hold numbers and messages."""

INTERPRETER_MEGABYTES = 200
"""Python, botocore and what else a function has in memory before it does anything."""

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
        *((queue, "KmsMasterKeyId") for queue in QUEUES if queue != "DropRetries"),
        ("LedgerTable", "SSESpecification/KMSMasterKeyId"),
        ("SmsKeys", "KmsKeyId"),
        ("Robots", "KmsKeyId"),
        ("Reports", "KmsMasterKeyId"),
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


def test_a_key_of_ones_own_is_used_by_way_of_what_it_encrypts_and_in_no_other() -> None:
    [statement] = properties("UseTheKey")["PolicyDocument"]["Statement"]
    services = statement["Condition"]["StringLike"]["kms:ViaService"]

    assert services == [
        {"Fn::Sub": f"{service}.${{AWS::Region}}.*"}
        for service in ("dynamodb", "lambda", "s3", "secretsmanager", "sns", "sqs")
    ]


def test_without_a_key_of_ones_own_everything_is_encrypted_all_the_same() -> None:
    [rule] = properties("Files")["BucketEncryption"]["ServerSideEncryptionConfiguration"]

    assert rule["ServerSideEncryptionByDefault"]["SSEAlgorithm"]["Fn::If"][2] == "AES256"
    assert properties("LedgerTable")["SSESpecification"]["SSEEnabled"] is True
    for queue in ("BatchQueue", "BatchDeadLetters"):
        assert properties(queue)["SqsManagedSseEnabled"]["Fn::If"][2] is True


def test_files_can_be_queued_again_while_a_key_of_ones_own_is_away() -> None:
    assert properties("DropRetries")["SqsManagedSseEnabled"] is True
    assert "KmsMasterKeyId" not in properties("DropRetries")


def test_a_file_that_could_not_be_judged_is_handed_to_the_parser_again() -> None:
    function = properties("ParseRecipients")
    queue = {"Fn::GetAtt": ["DropRetries", "Arn"]}

    assert function["EventInvokeConfig"]["DestinationConfig"]["OnFailure"]["Destination"] == queue
    assert function["Events"]["Retries"]["Properties"]["Queue"] == queue
    assert function["Events"]["Retries"]["Properties"]["BatchSize"] == 1
    assert properties("DropRetries")["VisibilityTimeout"] == 6 * function["Timeout"]


def test_a_file_is_given_up_before_the_queue_forgets_it() -> None:
    kept_days = properties("DropRetries")["MessageRetentionPeriod"] / (24 * 3600)

    assert TEMPLATE["Parameters"]["MaxAgeDays"]["MaxValue"] + 1 <= kept_days
    assert LONGEST_DELAY_SECONDS < 24 * 3600


def test_files_plans_and_reports_are_kept_as_long_as_is_said() -> None:
    *expire, replaced, deleted = properties("Files")["LifecycleConfiguration"]["Rules"]

    prefixes = [each["Prefix"] for each in expire]  # of all but suppression lists
    assert prefixes == [DROP_PREFIX, WORK_PREFIX, REPORT_PREFIX, RECEIPT_PREFIX, ORDER_PREFIX]
    assert all(each["ExpirationInDays"] == {"Ref": "RetentionDays"} for each in expire)
    assert "Prefix" not in {**replaced, **deleted}
    longest_life_days = TEMPLATE["Parameters"]["MaxAgeDays"]["MaxValue"] + ASK_SECONDS / 86_400
    assert TEMPLATE["Parameters"]["RetentionDays"]["MinValue"] > longest_life_days
    assert replaced["NoncurrentVersionExpiration"]["NoncurrentDays"] > longest_life_days
    assert deleted["ExpiredObjectDeleteMarker"] is True


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


FILES = "arn:${AWS::Partition}:s3:::${AWS::StackName}-files-${AWS::AccountId}-${AWS::Region}"
MAY_PUT = {
    "MayDrop": ["incoming/*"],
    "MayOrder": ["orders/pause/*", "orders/resume/*", "orders/cancel/*"],
    "MayApprove": ["orders/approve/*"],
}


def test_who_may_keep_suppression_lists_may_do_nothing_else() -> None:
    use_the_key, *statements = properties("MaySuppress")["PolicyDocument"]["Statement"]

    look, keep = (
        (set(as_list(each["Action"])), each["Resource"], each["Effect"]) for each in statements
    )
    lists = {"Fn::Sub": f"{FILES}/{SUPPRESSED_PREFIX}*"}
    actions = {"s3:PutObject", "s3:GetObject", "s3:DeleteObject", "s3:AbortMultipartUpload"}
    assert look == ({"s3:ListBucket"}, {"Fn::Sub": FILES}, "Allow")
    assert keep == (actions, lists, "Allow")
    assert use_the_key["Fn::If"][0] == "HasKmsKey"
    assert TEMPLATE["Outputs"]["MaySuppress"]["Value"] == {"Ref": "MaySuppress"}


@pytest.mark.parametrize("name", MAY_PUT)
def test_what_people_may_do_is_one_thing_and_to_read_the_reports(name: str) -> None:
    use_the_key, *statements = properties(name)["PolicyDocument"]["Statement"]

    allowed = {
        action: as_list(statement["Resource"])
        for statement in statements
        for action in as_list(statement["Action"])
    }
    puts = [{"Fn::Sub": f"{FILES}/{prefix}"} for prefix in MAY_PUT[name]]
    assert allowed.pop("s3:AbortMultipartUpload", puts) == puts
    assert allowed == {
        "s3:ListBucket": [{"Fn::Sub": FILES}],
        "s3:GetObject": [{"Fn::Sub": f"{FILES}/reports/*"}],
        "s3:PutObject": puts,
    }
    assert {each["Effect"] for each in statements} == {"Allow"}
    condition, by_s3, without = use_the_key["Fn::If"]
    assert (condition, without) == ("HasKmsKey", {"Ref": "AWS::NoValue"})
    via = by_s3["Condition"]["StringLike"]["kms:ViaService"]
    assert via == {"Fn::Sub": "s3.${AWS::Region}.*"}
    assert TEMPLATE["Outputs"][name]["Value"] == {"Ref": name}


def test_the_policies_are_for_all_orders_that_there_are() -> None:
    named = {each.split("/")[1] for each in (*MAY_PUT["MayOrder"], *MAY_PUT["MayApprove"])}

    assert named == set(ORDERS)


def test_an_object_under_a_prefix_starts_one_function_and_no_function_starts_itself() -> None:
    prefixes = {
        rule["Value"]: name
        for name in of_type("AWS::Serverless::Function")
        for each in properties(name).get("Events", {}).values()
        if each["Type"] == "S3"
        for rule in each["Properties"]["Filter"]["S3Key"]["Rules"]
    }

    assert prefixes == {DROP_PREFIX: "ParseRecipients", ORDER_PREFIX: "Operate"}
    assert not ANSWER_PREFIX.startswith(tuple(prefixes))
    assert f'/{ANSWER_PREFIX}*"' in TEXT


def test_nothing_names_the_partition_or_a_region_by_hand() -> None:
    assert re.findall(r"arn:aws[^(:]*:", TEXT) == []
    by_partition = "!If [IsInChina, console.amazonaws.cn, console.aws.amazon.com]"
    left = TEXT.replace(by_partition, "")
    assert re.findall(r"amazon(?:aws|\.com)|(?:us|eu|ap|cn)-[a-z]+-\d", left) == []


def test_nothing_has_a_name_of_its_own_but_what_others_would_close_a_circle_with() -> None:
    named = {
        name: value
        for name in RESOURCES
        for key, value in properties(name).items()
        if key.endswith("Name") and key != "MetricName"
    }

    assert named == {
        "Files": {"Fn::Sub": "${AWS::StackName}-files-${AWS::AccountId}-${AWS::Region}"},
        "CloseCampaigns": {"Fn::Sub": "${AWS::StackName}-CloseCampaigns"},
    }


@pytest.mark.parametrize("name", ["ParseRecipients", "SendBatch"])
def test_who_wakes_the_closer_knows_its_name_and_may_invoke_nothing_else(name: str) -> None:
    closer = properties("CloseCampaigns")["FunctionName"]["Fn::Sub"]
    function = "arn:${AWS::Partition}:lambda:${AWS::Region}:${AWS::AccountId}:function"

    allowed = [
        statement
        for policy in properties(name)["Policies"]
        for statement in policy.get("Statement", ())
        if any(each.startswith("lambda:") for each in as_list(statement["Action"]))
    ]

    assert properties(name)["Environment"]["Variables"]["CLOSE_CAMPAIGNS"] == {"Fn::Sub": closer}
    assert [(each["Action"], each["Resource"]) for each in allowed] == [
        ("lambda:InvokeFunction", {"Fn::Sub": f"{function}:{closer}"})
    ]


def test_a_wake_up_that_cannot_be_followed_is_left_to_the_tick() -> None:
    assert properties("CloseCampaigns")["EventInvokeConfig"] == {
        "MaximumRetryAttempts": 0,
        "MaximumEventAgeInSeconds": 60,
    }


def test_wake_ups_do_not_hide_that_the_tick_has_stopped() -> None:
    alarm = properties("BooksAreNotClosed")

    assert (alarm["MetricName"], alarm["Statistic"]) == ("CampaignsOpen", "SampleCount")
    assert alarm["TreatMissingData"] == "breaching"


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


def test_nobody_goes_ahead_in_a_stack_that_looks_up_no_receipts() -> None:
    rule = TEMPLATE["Rules"]["CanariesNeedReceipts"]

    assert rule["RuleCondition"] == {
        "Fn::Not": [{"Fn::Equals": [{"Ref": "CanaryRecipients"}, "0"]}]
    }
    assert rule["Assertions"][0]["Assert"] == {"Fn::Equals": [{"Ref": "Receipts"}, "on"]}
    assert properties("ParseRecipients")["Environment"]["Variables"]["RECEIPTS"] == {
        "Ref": "Receipts"
    }


def test_as_many_may_go_ahead_by_the_stack_as_by_a_files_path() -> None:
    parameters = TEMPLATE["Parameters"]

    assert parameters["CanaryRecipients"]["MaxValue"] == MOST_AHEAD
    assert parameters["CanaryRecipients"]["Default"] == 0
    assert DropSettings.read([f"canary={MOST_AHEAD}"], dropped_at=0).canary == MOST_AHEAD


def test_doubt_is_settled_long_before_a_campaign_is_too_old() -> None:
    parameters = TEMPLATE["Parameters"]
    longest_doubt = parameters["SettleAfterSeconds"]["MaxValue"]

    assert longest_doubt < parameters["MaxAgeDays"]["MinValue"] * 24 * 3600 / 2
    assert longest_doubt < LONGEST_PUT_OFF_SECONDS


def limits_in_rows() -> dict[str, int]:
    """Return at how many rows docs/performance.md sees each limit."""
    page = (ROOT / "docs" / "performance.md").read_text(encoding="utf-8")
    found = re.findall(r"^\| (.+?) \|.+\| ([\d,]+) rows \|", page, re.MULTILINE)
    return {what: int(reached.replace(",", "")) for what, reached in found}


@pytest.mark.parametrize(
    "what",
    [
        "ParseRecipients' memory",
        "ParseRecipients' time",
        "CloseCampaigns' memory",
        "CloseCampaigns' time",
    ],
)
def test_what_was_measured_takes_a_file_of_max_rows_and_as_much_again(what: str) -> None:
    assert limits_in_rows()[what] >= 2 * TEMPLATE["Parameters"]["MaxRows"]["MaxValue"]


def numbers_megabytes() -> float:
    """Return what the numbers of a file of MaxRows and the messages before it take in memory."""
    rows: int = TEMPLATE["Parameters"]["MaxRows"]["MaxValue"]
    tables = (KeyTable(rows), KeyTable(FILES_HELD * rows))
    keys = (1 + FILES_HELD) * rows
    return (sum(each.slots for each in tables) * SLOT_BYTES + keys * KEY_BYTES) / MEGABYTE


def test_no_file_is_sent_any_more_that_is_too_old_to_be_compared_with() -> None:
    parameters = TEMPLATE["Parameters"]

    assert parameters["RepeatHours"]["MaxValue"] <= 24 * parameters["MaxAgeDays"]["MinValue"]


@pytest.mark.parametrize("name", ["ParseRecipients", "CloseCampaigns"])
def test_what_a_function_holds_of_a_file_of_max_rows_fits_its_memory_disk_and_time(
    name: str,
) -> None:
    held = STREAMS_AT_A_TIME * PART_COPIES * PART_BYTES / MEGABYTE

    held += numbers_megabytes() if name == "ParseRecipients" else 0
    assert INTERPRETER_MEGABYTES + held < properties(name)["MemorySize"]
    assert "EphemeralStorage" not in properties(name)
    assert MAX_SPOOLED_BYTES / MEGABYTE < DISK_MEGABYTES
    assert properties(name)["Timeout"] == LAMBDAS_LONGEST_SECONDS


def test_the_results_of_max_rows_are_an_object_that_s3_takes() -> None:
    longest = 2 * MAX_BYTES + TEMPLATE["Parameters"]["MaxRows"]["MaxValue"] * OUR_CELLS_BYTES

    assert longest < MOST_PARTS * PART_BYTES


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


def test_receipts_leave_the_tick_a_minute_in_five_for_its_own_lookups() -> None:
    looks = properties("LookUpReceipts")
    schedule = looks["Events"]["EveryFiveMinutes"]["Properties"]

    assert schedule["Schedule"] == f"rate({looks['Timeout'] // 60} minutes)"
    assert looks["Timeout"] % 60 == 0
    assert MARGIN_SECONDS >= 60
    assert looks["EventInvokeConfig"]["MaximumRetryAttempts"] == 0


def test_without_receipts_nothing_looks_them_up() -> None:
    schedule = properties("LookUpReceipts")["Events"]["EveryFiveMinutes"]["Properties"]

    assert schedule["State"] == {"Fn::If": ["HasReceipts", "ENABLED", "DISABLED"]}
    assert TEMPLATE["Conditions"]["HasReceipts"] == {"Fn::Equals": [{"Ref": "Receipts"}, "on"]}
    told = properties("CloseCampaigns")["Environment"]["Variables"]["RECEIPTS"]
    assert told == {"Ref": "Receipts"}


def test_what_is_kept_stands_first_then_the_functions_and_last_what_watches_them() -> None:
    names = [name for name in RESOURCES if not name.endswith("OverTls")]
    functions = of_type("AWS::Serverless::Function")
    watching = [name for name in names if RESOURCES[name]["Type"].startswith("AWS::CloudWatch")]

    assert names[: len(KEPT)] == list(KEPT)
    assert names[len(KEPT) :][: len(functions)] == functions
    assert functions == [
        "ParseRecipients",
        "SendBatch",
        "CloseCampaigns",
        "LookUpReceipts",
        "Operate",
    ]
    assert names[-len(watching) - 2 :] == ["Alarms", "Reports", *watching]
    assert watching[-1] == "Dashboard"


@pytest.mark.parametrize(
    ("window", "is_allowed"),
    [
        pytest.param("0800-2000", True, id="the default"),
        pytest.param("2200-0600", True, id="through midnight"),
        pytest.param("0900-2400", True, id="to midnight"),
        pytest.param("", False, id="none"),
        pytest.param("0800-0800", False, id="no time at all"),
        pytest.param("0000-2400", False, id="the whole day"),
        pytest.param("2400-0800", False, id="from the end of a day"),
        pytest.param("0800-2460", False, id="no such time"),
        pytest.param("08:00-20:00", False, id="colons"),
    ],
)
def test_the_hours_for_promotions_are_some_that_open_and_close(
    window: str, is_allowed: bool
) -> None:
    pattern = TEMPLATE["Parameters"]["PromoWindow"]["AllowedPattern"]

    assert bool(re.fullmatch(pattern, window)) == is_allowed
    if is_allowed:
        assert window_of(window) == window


def test_who_has_to_approve_is_a_number_of_texts_or_nobody() -> None:
    pattern = TEMPLATE["Parameters"]["ApproveAboveTexts"]["AllowedPattern"]

    texts = ("", "0", "5000", "-1", "1e6", "many")
    assert [each for each in texts if re.fullmatch(pattern, each)] == ["", "0", "5000"]


@pytest.mark.parametrize(
    ("numbers", "is_allowed"),
    [
        pytest.param("", True, id="none"),
        pytest.param("13800138000", True, id="one"),
        pytest.param("13800138000, 13900139000,15000150000", True, id="three"),
        pytest.param(",".join(["13800138000"] * 10), True, id="ten"),
        pytest.param(",".join(["13800138000"] * 11), False, id="eleven"),
        pytest.param("13800138000,", False, id="a comma too many"),
        pytest.param("+8613800138000", False, id="with a country code"),
        pytest.param("1380013800", False, id="too short"),
    ],
)
def test_test_numbers_are_mainland_numbers_that_nobody_is_shown(
    numbers: str, is_allowed: bool
) -> None:
    parameter = TEMPLATE["Parameters"]["TestNumbers"]

    assert bool(re.fullmatch(parameter["AllowedPattern"], numbers)) == is_allowed
    assert parameter["NoEcho"] is True


def test_a_price_is_a_decimal_number_or_none() -> None:
    pattern = TEMPLATE["Parameters"]["PricePerSegment"]["AllowedPattern"]

    texts = ("", "0.045", "1", ".5", "1.", "0,045", "-1", "1e-2", "¥0.045")
    allowed = [each for each in texts if re.fullmatch(pattern, each)]
    assert allowed == ["", "0.045", "1"]
    assert [Decimal(each) for each in allowed if each] == [Decimal("0.045"), 1]


@pytest.mark.parametrize("name", ["ParseRecipients", "CloseCampaigns"])
def test_who_may_find_a_campaign_held_may_write_its_preview(name: str) -> None:
    reports = {"Fn::Sub": f"{FILES}/reports/*"}

    actions = [
        action
        for policy in properties(name)["Policies"]
        for statement in policy.get("Statement", ())
        if statement["Resource"] == reports
        for action in as_list(statement["Action"])
    ]
    assert "s3:PutObject" in actions


def test_parsing_knows_for_how_long_files_are_kept_and_sent() -> None:
    variables = properties("ParseRecipients")["Environment"]["Variables"]

    names = ("PromoWindow", "ApproveAboveTexts", "RetentionDays", "MaxAgeDays")
    told = {each["Ref"] for each in variables.values() if "Ref" in each}
    assert set(names) <= told


@pytest.mark.parametrize(
    ("endpoint", "is_allowed"),
    [
        pytest.param("https://dysmsapi.aliyuncs.com", True, id="Alibaba Cloud's"),
        pytest.param("https://dysmsapi.vpc-proxy.example:8443", True, id="another port"),
        pytest.param("http://127.0.0.1:8650", True, id="the stand-in"),
        pytest.param("http://localhost:8650", True, id="the stand-in by its name"),
        pytest.param("http://dysmsapi.aliyuncs.com", False, id="in the clear"),
        pytest.param("http://127.0.0.1.example", False, id="in the clear, looking like loopback"),
        pytest.param("https://user:password@sms.example", False, id="a password"),
        pytest.param("http://127.0.0.1:80@sms.example", False, id="loopback as a user"),
        pytest.param("https://sms.example ", False, id="a space at the end"),
        pytest.param("https://sms .example", False, id="a space within"),
        pytest.param("https://sms.example\n", False, id="a line break"),
        pytest.param("https://sms.example/", False, id="a path"),
        pytest.param("https://sms.example?a=b", False, id="a query"),
        pytest.param("dysmsapi.aliyuncs.com", False, id="no scheme"),
    ],
)
def test_calls_go_over_tls_or_to_the_same_machine(endpoint: str, is_allowed: bool) -> None:
    pattern = TEMPLATE["Parameters"]["SmsEndpoint"]["AllowedPattern"]

    assert bool(re.fullmatch(pattern, endpoint)) == is_allowed
