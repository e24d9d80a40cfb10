"""The stand-in says which account owns a key, as STS does, and shows each account its own."""

import pytest

from local.gateway.admission import ACCOUNT_ID
from local.gateway.client import Gateway
from tests.support.gateway_caller import Caller

pytest_plugins = ["tests.support.gateway_fixtures"]

ALICE = "13800138000"
ANOTHER_ID = "1968132000120002"
STS = {"x-acs-version": "2015-04-01"}


def test_a_key_is_told_its_account_and_the_answer_has_no_code(caller: Caller) -> None:
    answer = caller.call("GetCallerIdentity", {}, headers=STS)

    told = answer.json()
    assert answer.status_code == 200
    assert told.keys() == {
        "IdentityType",
        "AccountId",
        "RequestId",
        "PrincipalId",
        "UserId",
        "Arn",
    }
    assert (told["AccountId"], told["IdentityType"]) == (ACCOUNT_ID, "RAMUser")
    assert told["Arn"] == f"acs:ram::{ACCOUNT_ID}:user/smsdrop"


@pytest.mark.parametrize(
    ("key_id", "secret", "status", "code"),
    [
        pytest.param("nobody", "s", 404, "InvalidAccessKeyId.NotFound", id="unknown key"),
        pytest.param("test-key", "wrong", 400, "SignatureDoesNotMatch", id="wrong secret"),
    ],
)
def test_who_signs_wrongly_is_told_nothing(
    caller: Caller, key_id: str, secret: str, status: int, code: str
) -> None:
    caller.access_key_id, caller.secret = key_id, secret

    answer = caller.call("GetCallerIdentity", {}, headers=STS)

    assert (answer.status_code, answer.json()["Code"]) == (status, code)
    assert "AccountId" not in answer.json()


def test_a_disabled_key_is_told_nothing(caller: Caller, gateway: Gateway) -> None:
    gateway.put_key(caller.access_key_id, enabled=False)

    answer = caller.call("GetCallerIdentity", {}, headers=STS)

    assert (answer.status_code, answer.json()["Code"]) == (400, "InvalidAccessKeyId.Inactive")


@pytest.mark.parametrize(
    ("action", "version"),
    [
        pytest.param("GetCallerIdentity", "2017-05-25", id="of the SMS API's version"),
        pytest.param("SendBatchSms", "2015-04-01", id="the SMS API of the version of STS"),
    ],
)
def test_an_action_of_the_other_apis_version_is_refused(
    caller: Caller, action: str, version: str
) -> None:
    answer = caller.call(action, {}, headers={"x-acs-version": version})

    assert (answer.status_code, answer.json()["Code"]) == (400, "InvalidVersion")


def test_each_account_is_shown_what_its_own_keys_have_sent(
    caller: Caller, gateway: Gateway
) -> None:
    gateway.put_key("of another", "secret", account_id=ANOTHER_ID)
    gateway.put_key("of the same", "secret")
    caller.send(ALICE)
    caller.secret = "secret"

    counts = {}
    for caller.access_key_id in ("of another", "of the same"):
        counts[caller.access_key_id] = caller.look_up(ALICE)["TotalCount"]

    assert counts == {"of another": "0", "of the same": "1"}


def test_a_key_that_is_changed_stays_with_its_account(caller: Caller, gateway: Gateway) -> None:
    gateway.put_key(caller.access_key_id, account_id=ANOTHER_ID)
    gateway.put_key(caller.access_key_id, enabled=True)

    told = caller.call("GetCallerIdentity", {}, headers=STS).json()

    assert told["AccountId"] == ANOTHER_ID
