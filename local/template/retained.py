"""
`python -m local.template.retained`: the part of template.yaml that outlives its stack, in JSON.

With it, CloudFormation imports what a deleted stack has left (docs/operations.md).
"""

import json

from local import ROOT
from local.template.reading import Template, load


def retained(template: Template) -> Template:
    """Return a template with only the retained resources; it needs no transform."""
    resources = {
        name: resource
        for name, resource in template["Resources"].items()
        if resource.get("DeletionPolicy") == "Retain"
    }
    parts = ("AWSTemplateFormatVersion", "Parameters", "Conditions")
    return {**{part: template[part] for part in parts}, "Resources": resources}


if __name__ == "__main__":
    print(json.dumps(retained(load(ROOT / "template.yaml")), indent=2))
