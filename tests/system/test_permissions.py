"""
Least privilege: the functions may do what they were seen to do, and nothing else.

Looks at the calls of all other whole-system tests, as the local AWS has written them down.
"""

from pathlib import Path

import pytest

from local import ROOT
from local.aws.calls import RecordedCall
from local.aws.local_aws import LocalAws
from local.template.reading import load
from tests.conftest import is_worker
from tests.support.kept_calls import kept
from tests.support.permissions import (
    UNSEEN,
    Permission,
    missing,
    permissions,
    unused,
    with_another,
    without,
)

pytestmark = [pytest.mark.system, pytest.mark.last]

TEMPLATE = load(ROOT / "template.yaml")
PERMISSIONS = list(permissions(TEMPLATE))


@pytest.fixture(scope="module")
def calls(request: pytest.FixtureRequest) -> list[RecordedCall]:
    """
    Every call of a function, provided that all whole-system tests have run.

    Those on what is not there are left out: some tests lead functions astray.
    """
    if is_worker(request.config):
        pytest.skip("needs the calls of all processes: afterwards, `pytest -m last`")
    all_calls = kept(request.config) or calls_of(request)
    return [each for each in all_calls if "no-such-" not in each.resource]


def calls_of(request: pytest.FixtureRequest) -> list[RecordedCall]:
    """Return the calls of this very run, if it is one of all tests."""
    ran = {item.path for item in request.session.items}
    if set(Path(__file__).parent.glob("test_*.py")) - ran:
        pytest.skip("needs the calls of all whole-system tests")
    cloud: LocalAws = request.getfixturevalue("cloud")
    return cloud.calls()


def name_of(permission: Permission) -> str:
    return f"{permission.function}.{permission.sid}: {permission.action}"


def test_no_function_does_what_the_template_does_not_allow(calls: list[RecordedCall]) -> None:
    assert missing(TEMPLATE, calls) == set()


def test_the_template_allows_nothing_that_no_function_does(calls: list[RecordedCall]) -> None:
    assert {name_of(each) for each in unused(TEMPLATE, calls)} == set()


# Checks the two tests above: each permission in turn is taken out, and others are put in.


@pytest.mark.parametrize(
    "permission",
    [pytest.param(each, id=name_of(each)) for each in PERMISSIONS if each.action not in UNSEEN],
)
def test_a_permission_that_is_taken_out_is_missed(
    calls: list[RecordedCall], permission: Permission
) -> None:
    missed = missing(without(TEMPLATE, permission), calls)

    assert {function for function, _ in missed} == {permission.function}


@pytest.mark.parametrize(
    ("function", "sid", "action"),
    [
        ("ParseRecipients", "ReadTheFile", "s3:DeleteObject"),
        ("SendBatch", "ClaimAndRecord", "dynamodb:Scan"),
        ("CloseCampaigns", "WriteTheReport", "s3:DeleteObject"),
        ("Operate", "QueueThemAgain", "sqs:PurgeQueue"),
    ],
)
def test_a_permission_that_is_too_much_is_found(
    calls: list[RecordedCall], function: str, sid: str, action: str
) -> None:
    wider = with_another(TEMPLATE, function=function, sid=sid, action=action)

    assert f"{function}.{sid}: {action}" in {name_of(each) for each in unused(wider, calls)}
