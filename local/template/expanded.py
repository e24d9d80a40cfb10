"""
`python -m local.template.expanded REGION`: template.yaml as CloudFormation gets it, in JSON.

SAM replaces some resources by others, and some mistakes can only be seen in those.
"""

import json
import sys
from typing import Any

import boto3
from samtranslator.parser.parser import Parser  # type: ignore[import-untyped]  # no types
from samtranslator.translator.translator import (  # type: ignore[import-untyped]  # the same
    Translator,
)

from local import ROOT
from local.template.reading import Template, code_folders, load


def expanded(template: Template, *, region: str) -> Template:
    """Return the template after SAM's transform, with the defaults of its parameters."""
    for properties, name in code_folders(template):
        properties[name] = "s3://bucket/key"
    defaults = {name: each["Default"] for name, each in template["Parameters"].items()}
    translator = Translator({}, Parser(), boto_session=boto3.Session(region_name=region))
    whole: dict[str, Any] = translator.translate(template, parameter_values=defaults)
    return whole


if __name__ == "__main__":
    print(json.dumps(expanded(load(ROOT / "template.yaml"), region=sys.argv[1]), indent=2))
