"""One deployed stack: its files, queues, functions and logs."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from local.aws.clients import Clients
from local.aws.local_aws import LocalAws

STREAMS_AT_ONCE = 50
"""DescribeLogStreams returns at most 50 per page; FilterLogEvents takes up to 100."""

LINES_AT_ONCE = 10_000
"""FilterLogEvents returns at most this many; ministack gives no token for the rest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueCounts:
    """How many messages wait, are held by a function, are delayed, or are dead letters."""

    waiting: int
    held: int
    delayed: int
    dead: int

    @property
    def empty(self) -> bool:
        """Whether no message is left; dead letters do not count."""
        return self.waiting == self.held == self.delayed == 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Stack:
    """A deployed stack, with all that is needed to use it and to inspect it."""

    name: str
    aws: LocalAws
    outputs: Mapping[str, str]
    sms_endpoint: str
    access_key_id: str
    access_key_secret: str

    @property
    def clients(self) -> Clients:
        return self.aws.clients

    @property
    def bucket(self) -> str:
        return self.outputs["Bucket"]

    @property
    def ledger_table(self) -> str:
        return self.outputs["LedgerTable"]

    @property
    def queue_url(self) -> str:
        return self.outputs["BatchQueue"]

    @property
    def dead_letter_queue_url(self) -> str:
        return self.outputs["BatchDeadLetters"]

    def drop(self, key: str, body: bytes) -> str:
        """Put an object into the bucket and return its version id."""
        return self.clients.s3.put_object(Bucket=self.bucket, Key=key, Body=body)["VersionId"]

    def keys(self, prefix: str) -> list[str]:
        """Return the keys below the prefix, in the order of their names."""
        pages = self.clients.s3.get_paginator("list_objects_v2").paginate(
            Bucket=self.bucket, Prefix=prefix
        )
        return [each["Key"] for page in pages for each in page.get("Contents", [])]

    def read(self, key: str) -> bytes:
        """Return the newest version of an object."""
        return self.clients.s3.get_object(Bucket=self.bucket, Key=key)["Body"].read()

    def queue_counts(self) -> QueueCounts:
        queue = self._counts(self.queue_url)
        dead = self._counts(self.dead_letter_queue_url)
        return QueueCounts(
            waiting=queue[""],
            held=queue["NotVisible"],
            delayed=queue["Delayed"],
            dead=sum(dead.values()),
        )

    def waiting_files(self) -> int:
        """Return how many files could not be judged yet."""
        return sum(self._counts(self.outputs["DropRetries"]).values())

    def stop_schedule(self) -> None:
        """Stop the schedules; the caller invokes their functions instead."""
        # SAM makes these names
        for each in ("CloseCampaignsEveryMinute", "LookUpReceiptsEveryFiveMinutes"):
            self.clients.events.disable_rule(Name=self.physical_id(each))

    def stop_waking(self) -> None:
        """Keep functions that end a campaign, or refuse a file, from waking CloseCampaigns."""
        for resource in ("ParseRecipients", "SendBatch"):
            self.set_variable(resource, "CLOSE_CAMPAIGNS", "no-such-function")

    def set_variable(self, resource: str, name: str, value: str) -> None:
        """Change what a function finds in its environment."""
        functions, function = self.clients.functions, self.function(resource)
        found = functions.get_function_configuration(FunctionName=function)["Environment"]
        functions.update_function_configuration(
            FunctionName=function, Environment={"Variables": {**found["Variables"], name: value}}
        )

    def function(self, resource: str) -> str:
        """Return the name of a deployed function by its name in the template."""
        return self.physical_id(resource)

    def physical_id(self, resource: str) -> str:
        """Return the physical id of a resource by its name in the template."""
        detail = self.clients.cloudformation.describe_stack_resource(
            StackName=self.name, LogicalResourceId=resource
        )
        return detail["StackResourceDetail"]["PhysicalResourceId"]

    def invoke(self, resource: str, event: Mapping[str, Any] | None = None) -> Any:
        """Run a function now and return its answer, or the error that it raised."""
        answer = self.clients.functions.invoke(
            FunctionName=self.function(resource), Payload=json.dumps(event or {})
        )
        return json.load(answer["Payload"])

    def invoke_later(self, resource: str, event: Mapping[str, Any]) -> None:
        """Invoke a function asynchronously, as S3 does: Lambda retries it, then gives up."""
        self.clients.functions.invoke(
            FunctionName=self.function(resource), InvocationType="Event", Payload=json.dumps(event)
        )

    def workers(self, resource: str) -> list[int]:
        """Return the process ids of a function's workers; tests kill them to see it recover."""
        return self.aws.workers(self.function(resource))

    def log_lines(self) -> list[str]:
        """Return every line that the stack's functions logged, function by function."""
        return [line for group in self._log_groups() for line in self._lines_of_group(group)]

    def _counts(self, queue_url: str) -> dict[str, int]:
        prefix = "ApproximateNumberOfMessages"
        attributes = self.clients.sqs.get_queue_attributes(
            QueueUrl=queue_url, AttributeNames=["All"]
        )["Attributes"]
        return {
            name.removeprefix(prefix): int(value)
            for name, value in attributes.items()
            if name.startswith(prefix)
        }

    def _log_groups(self) -> list[str]:
        """Return the log group of the template, or those that Lambda makes if it has none."""
        resources = self.clients.cloudformation.describe_stack_resources(StackName=self.name)
        own = [
            each["PhysicalResourceId"]
            for each in resources["StackResources"]
            if each["ResourceType"] == "AWS::Logs::LogGroup"
        ]
        return own or self._made_by_lambda()

    def _made_by_lambda(self) -> list[str]:
        pages = self.clients.logs.get_paginator("describe_log_groups").paginate(
            logGroupNamePrefix=f"/aws/lambda/{self.name}-"
        )
        return [group["logGroupName"] for page in pages for group in page["logGroups"]]

    def _lines_of_group(self, group: str) -> Iterator[str]:
        pages = self.clients.logs.get_paginator("describe_log_streams").paginate(
            logGroupName=group, PaginationConfig={"PageSize": STREAMS_AT_ONCE}
        )
        for page in pages:
            yield from self._lines(group, [each["logStreamName"] for each in page["logStreams"]])

    def _lines(self, group: str, streams: list[str]) -> list[str]:
        """Return the lines of the streams; ask for fewer streams at once if they do not fit."""
        if not streams:
            return []
        events = self.clients.logs.filter_log_events(
            logGroupName=group, logStreamNames=streams, limit=LINES_AT_ONCE
        )["events"]
        if len(events) < LINES_AT_ONCE:
            return [event["message"] for event in events]
        if len(streams) == 1:
            raise OverflowError(f"more than {LINES_AT_ONCE} lines in one stream of {group}")
        half = len(streams) // 2
        return self._lines(group, streams[:half]) + self._lines(group, streams[half:])
