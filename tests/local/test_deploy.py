"""The template and the code become what the local AWS takes."""

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest

from local.aws import artefacts, bridges
from local.template.reading import load


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "smsdrop" / "__pycache__").mkdir(parents=True)
    (tmp_path / "smsdrop" / "__init__.py").write_text("")
    (tmp_path / "smsdrop" / "__pycache__" / "__init__.pyc").write_text("")
    return tmp_path


def names(artefact: artefacts.Artefact) -> list[str]:
    return zipfile.ZipFile(io.BytesIO(artefact.body)).namelist()


def test_a_function_is_packed_as_it_lies(folder: Path) -> None:
    assert names(artefacts.function(folder)) == ["smsdrop/__init__.py"]


def test_a_layer_is_packed_where_lambda_looks_for_packages(folder: Path) -> None:
    assert names(artefacts.layer(folder)) == ["python/smsdrop/__init__.py"]


def test_code_has_a_new_name_exactly_when_it_changed(folder: Path) -> None:
    before, again = artefacts.function(folder), artefacts.function(folder)

    (folder / "smsdrop" / "__init__.py").write_text("changed = True")

    assert before == again
    assert artefacts.function(folder).key != before.key


@pytest.mark.parametrize(
    ("text", "data"),
    [
        pytest.param("!Ref Files", {"Ref": "Files"}, id="Ref"),
        pytest.param("!GetAtt Table.Arn", {"Fn::GetAtt": ["Table", "Arn"]}, id="GetAtt"),
        pytest.param('!Sub "${X}-y"', {"Fn::Sub": "${X}-y"}, id="Sub"),
        pytest.param(
            "!Join ['-', [a, !Ref B]]", {"Fn::Join": ["-", ["a", {"Ref": "B"}]]}, id="Join"
        ),
        pytest.param("!Transform {Name: N}", {"Fn::Transform": {"Name": "N"}}, id="Transform"),
    ],
)
def test_a_template_is_read_with_its_functions(tmp_path: Path, text: str, data: Any) -> None:
    (tmp_path / "template.yaml").write_text(f"Value: {text}")

    assert load(tmp_path / "template.yaml") == {"Value": data}


DENY_HTTP = {"Effect": "Deny", "Condition": {"Bool": {"aws:SecureTransport": False}}}
DENY_HTTP_AS_TEXT = {"Effect": "Deny", "Condition": {"Bool": {"aws:SecureTransport": "false"}}}
DENY_ELSE = {"Effect": "Deny", "Condition": {"Bool": {"aws:MultiFactorAuthPresent": False}}}


def test_only_what_denies_plain_http_is_left_out() -> None:
    policy = {"Statement": [DENY_HTTP, DENY_ELSE, DENY_HTTP_AS_TEXT]}

    assert bridges.reached_over_http(policy) == {"Statement": [DENY_ELSE]}


@pytest.mark.parametrize(
    ("actions", "bridged"),
    [
        pytest.param(
            "sqs:SendMessage", ["sqs:SendMessage", "sqs:SendMessageBatch"], id="one action"
        ),
        pytest.param(
            ["sqs:ReceiveMessage", "sqs:DeleteMessage"],
            ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:DeleteMessageBatch"],
            id="one of several",
        ),
        pytest.param(["dynamodb:PutItem"], ["dynamodb:PutItem"], id="none"),
    ],
)
def test_who_may_handle_one_message_may_handle_a_batch(actions: Any, bridged: list[str]) -> None:
    statement = {"Effect": "Allow", "Action": actions}

    assert bridges.with_batch_actions([statement]) == [{"Effect": "Allow", "Action": bridged}]
