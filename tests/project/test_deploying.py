"""What a person deploys with: the lines of samconfig.toml, the console's form, and the outputs."""

import re
import tomllib
from collections.abc import Iterator
from typing import Any

import pytest

from local import ROOT
from local.template.reading import load

TEMPLATE = load(ROOT / "template.yaml")
PARAMETERS: dict[str, dict[str, Any]] = TEMPLATE["Parameters"]
TEXT = (ROOT / "samconfig.toml").read_text(encoding="utf-8")
CONFIG = tomllib.loads(TEXT)
ENVIRONMENTS = sorted(CONFIG.keys() - {"version"})
TO_FILL_IN = ["stack_name", "region", "DefaultTemplateCode", "DefaultSignName", "AlarmEmail"]
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
IN_PARTITION = {"aws": "eu-central-1", "aws-cn": "cn-north-1"}
CONSOLES = {"aws": "console.aws.amazon.com", "aws-cn": "console.amazonaws.cn"}


def overrides(environment: str) -> dict[str, str]:
    given: dict[str, str] = CONFIG[environment]["deploy"]["parameters"]["parameter_overrides"]
    return given


def all_values() -> Iterator[tuple[str, str]]:
    """Yield each parameter of the file and its value, including those commented out."""
    for environment in ENVIRONMENTS:
        yield from overrides(environment).items()
    yield from re.findall(r'^# (\w+) = "(.*)"$', TEXT, re.MULTILINE)


def is_allowed(value: str, parameter: dict[str, Any]) -> bool:
    """Say whether CloudFormation takes the value, as far as the template says."""
    if parameter["Type"] == "Number":
        least, most = parameter.get("MinValue", 0), parameter.get("MaxValue", float("inf"))
        if not least <= float(value) <= most:
            return False
    allowed = [str(each) for each in parameter.get("AllowedValues", [value])]
    return value in allowed and bool(re.fullmatch(parameter.get("AllowedPattern", ".*"), value))


@pytest.mark.parametrize(("name", "value"), [*all_values()])
def test_what_samconfig_sets_is_a_parameter_and_a_value_that_it_takes(
    name: str, value: str
) -> None:
    assert is_allowed(value, PARAMETERS[name])


def test_a_value_that_a_parameter_does_not_take_is_noticed() -> None:
    assert not is_allowed("15", PARAMETERS["RetentionDays"])
    assert not is_allowed("15", PARAMETERS["LogRetentionDays"])
    assert not is_allowed("SMS-1", PARAMETERS["DefaultTemplateCode"])


def test_the_lines_to_fill_in_are_the_first_five() -> None:
    lines = re.findall(r"^(\w+) = ", TEXT.partition("version = 0.1\n")[2], re.MULTILINE)

    assert lines[:5] == TO_FILL_IN
    assert set(overrides("default")) == set(TO_FILL_IN[2:])


def test_sam_deploy_alone_deploys_what_the_five_lines_say() -> None:
    """`default` is what sam reads without `--config-env`."""
    assert set(CONFIG["default"]["global"]["parameters"]) == set(TO_FILL_IN[:2])
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert "ENV ?= default\n" in makefile
    assert "--guided" not in makefile


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_values_are_a_table_since_sam_cuts_other_texts_at_a_space(environment: str) -> None:
    assert isinstance(overrides(environment), dict)
    assert all(isinstance(each, str) for each in overrides(environment).values())


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_everything_of_a_stack_is_tagged_with_the_project(environment: str) -> None:
    assert CONFIG[environment]["deploy"]["parameters"]["tags"] == ["Project=smsdrop"]


def test_the_form_in_the_console_begins_with_what_is_to_be_filled_in() -> None:
    first, *_ = TEMPLATE["Metadata"]["AWS::CloudFormation::Interface"]["ParameterGroups"]

    assert first["Parameters"] == TO_FILL_IN[2:]


def test_the_version_that_is_deployed_is_the_one_of_the_project() -> None:
    version = {"Fn::FindInMap": ["Release", "smsdrop", "Version"]}

    assert TEMPLATE["Mappings"]["Release"]["smsdrop"]["Version"] == PYPROJECT["project"]["version"]
    assert TEMPLATE["Outputs"]["Version"]["Value"] == version
    assert TEMPLATE["Globals"]["Function"]["Tags"] == {"Version": version}


def links(partition: str) -> dict[str, str]:
    """Return the outputs that are addresses, with the names that they hold left as they are."""
    found = {}
    for name, output in TEMPLATE["Outputs"].items():
        match output["Value"]:
            case {"Fn::Sub": [text, {"Console": {"Fn::If": ["IsInChina", in_china, elsewhere]}}]}:
                console = in_china if partition == "aws-cn" else elsewhere
                found[name] = text.replace("${Console}", console).replace(
                    "${AWS::Region}", IN_PARTITION[partition]
                )
    return found


@pytest.mark.parametrize("partition", CONSOLES)
def test_links_lead_to_the_console_of_the_partition_and_region(partition: str) -> None:
    region = IN_PARTITION[partition]

    found = links(partition)

    assert sorted(found) == ["DropHere", "SeeDashboard", "SeeLogs", "SeeReports"]
    for link in found.values():
        assert link.startswith(f"https://{region}.{CONSOLES[partition]}/")
        assert f"region={region}" in link
        assert set(re.findall(r"\$\{(\w+)\}", link)) < TEMPLATE["Resources"].keys()


def test_china_is_where_the_partition_says_so() -> None:
    assert TEMPLATE["Conditions"]["IsInChina"] == {
        "Fn::Equals": [{"Ref": "AWS::Partition"}, "aws-cn"]
    }
