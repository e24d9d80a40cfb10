"""Reads a CloudFormation template from YAML."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

Template = dict[str, Any]
"""A CloudFormation template, in its JSON form."""

CODE_FOLDERS = {
    "AWS::Serverless::Function": "CodeUri",
    "AWS::Serverless::LayerVersion": "ContentUri",
}
"""Which property of a resource names a folder of code, by the resource's type."""


class TemplateLoader(yaml.SafeLoader):
    """Reads CloudFormation's YAML; `!Sub x` becomes `{"Fn::Sub": "x"}`."""


def intrinsic(loader: TemplateLoader, tag: str, node: yaml.Node) -> dict[str, Any]:
    name = tag if tag in {"Ref", "Condition"} else f"Fn::{tag}"
    if isinstance(node, yaml.SequenceNode):
        return {name: loader.construct_sequence(node, deep=True)}
    if isinstance(node, yaml.MappingNode):
        return {name: loader.construct_mapping(node, deep=True)}
    text = loader.construct_scalar(node)  # type: ignore[arg-type]  # the only other kind of node
    return {name: str(text).split(".", 1) if tag == "GetAtt" else text}


TemplateLoader.add_multi_constructor("!", intrinsic)


def load(path: Path) -> Template:
    """Return the CloudFormation template in the file."""
    with path.open(encoding="utf-8") as text:
        template: Template = yaml.load(text, TemplateLoader)  # noqa: S506 - it is a SafeLoader
    return template


def code_folders(template: Template) -> Iterator[tuple[Template, str]]:
    """Yield the properties of each resource with code, and the name of the one with the folder."""
    for resource in template["Resources"].values():
        name = CODE_FOLDERS.get(resource["Type"])
        if name:
            yield resource["Properties"], name
