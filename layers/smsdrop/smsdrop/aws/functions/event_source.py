"""The event source mapping that hands the queue's messages to the senders."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mypy_boto3_lambda import LambdaClient
    from mypy_boto3_lambda.type_defs import EventSourceMappingConfigurationTypeDef

ON = ("Enabled", "Enabling")
OFF = ("Disabled", "Disabling")
"""The states of a mapping that is not just being made, changed or deleted."""


class EventSource:
    """Found at run time: its id in the environment would make the template circular."""

    def __init__(self, client: "LambdaClient", *, function_name: str, queue_arn: str) -> None:
        self._client = client
        self._function_name = function_name
        self._queue_arn = queue_arn

    def turn(self, *, on: bool) -> None:
        """Let messages through, or not, within a minute; leaves alone what is so already."""
        for mapping in self._mappings():
            is_on = mapping["State"] in ON
            is_off = mapping["State"] in OFF
            if is_off if on else is_on:
                self._client.update_event_source_mapping(UUID=mapping["UUID"], Enabled=on)

    def lets_through(self) -> bool:
        """Say whether no mapping is off, or about to be."""
        return all(mapping["State"] not in OFF for mapping in self._mappings())

    def _mappings(self) -> "list[EventSourceMappingConfigurationTypeDef]":
        return self._client.list_event_source_mappings(
            FunctionName=self._function_name, EventSourceArn=self._queue_arn
        )["EventSourceMappings"]
