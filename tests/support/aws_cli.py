"""
Stands in for the AWS CLI: `aws <service> <operation> --option value …`, as boto3 would be called.

Takes what the runbook types and no more. A function's answer, or an object, goes into the file that
is named last, and what else the service says is printed after it, as the AWS CLI does.
"""

import json
import re
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import boto3
import jmespath  # type: ignore[import-untyped] # it has no types
from botocore import xform_name

SERVICES = {"s3api": "s3"}
OWN = ("--query", "--output", "--cli-binary-format")
FIELD = re.compile(r'\$\.(\w+) = "([^"]*)"')
BODIES = ("Payload", "Body")


def main(words: Sequence[str]) -> None:
    service, operation, *rest = words
    client: Any = boto3.client(SERVICES.get(service, service))  # type: ignore[call-overload] # any of them
    model = client.meta.service_model
    [name] = [each for each in model.operation_names if xform_name(each, "-") == operation]
    options, files = parted(rest)
    members = model.operation_model(name).input_shape.members
    named = {f"--{xform_name(each, '-')}": (each, shape) for each, shape in members.items()}
    params = {
        named[option][0]: value_of(named[option][1], values)
        for option, values in options.items()
        if option not in OWN
    }
    answer = called(client, xform_name(name), params)
    if pattern := params.get("filterPattern"):
        answer["events"] = [each for each in answer["events"] if fits(each["message"], pattern)]
    show(answer, options, files)


def parted(words: Sequence[str]) -> tuple[dict[str, list[str]], list[str]]:
    """Return the options with their values, and the file that is named last, if one is."""
    files = [words[-1]] if words[-1].startswith("/") and not words[-2].startswith("--") else []
    options: dict[str, list[str]] = {}
    option = ""
    for word in words[: len(words) - len(files)]:
        if word.startswith("--"):
            option = word
            options[option] = []
        else:
            options[option].append(word)
    return options, files


def value_of(shape: Any, values: Sequence[str]) -> Any:
    if values[0].startswith(("{", "[")) and shape.type_name != "string":
        return json.loads(values[0]) if shape.type_name != "blob" else values[0]
    match shape.type_name:
        case "list":
            return list(values)
        case "integer" | "long":
            return int(values[0])
        case "blob" if Path(values[0]).is_file():
            return Path(values[0]).read_bytes()
    return values[0]


def called(client: Any, method: str, params: Mapping[str, Any]) -> Any:
    if client.can_paginate(method):
        return client.get_paginator(method).paginate(**params).build_full_result()
    return getattr(client, method)(**params)


def fits(line: str, pattern: str) -> bool:
    """Say whether a line has all these fields: the local AWS does not filter."""
    if not line.startswith("{"):
        return False
    fields = json.loads(line)
    return all(fields.get(name) == value for name, value in FIELD.findall(pattern))


def show(answer: dict[str, Any], options: Mapping[str, list[str]], files: Sequence[str]) -> None:
    answer.pop("ResponseMetadata", None)
    for file in files:
        [body] = [answer.pop(each) for each in BODIES if each in answer]
        with Path(file).open("ab") as stream:
            stream.write(body.read())
    if "--query" in options:
        answer = jmespath.search(options["--query"][0], answer)
    as_text = options.get("--output") == ["text"]
    text = text_of(answer) if as_text else json.dumps(answer, default=str, ensure_ascii=False)
    sys.stdout.write(f"{text}\n")


def text_of(answer: Any) -> str:
    """Return a list of lists as lines, a list as one line, and all else as it reads."""
    if not isinstance(answer, list):
        return str(answer)
    of_lists = any(isinstance(each, list) for each in answer)
    return ("\n" if of_lists else "\t").join(map(text_of, answer))


if __name__ == "__main__":
    main(sys.argv[1:])
