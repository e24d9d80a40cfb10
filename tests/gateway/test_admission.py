"""Who may call the stand-in gateway: known keys, in good time, each nonce once."""

from datetime import UTC, datetime

import pytest

from local.gateway.admission import WINDOW_SECONDS, AccountKey, Nonces, moment_of
from local.gateway.answers import Refusal
from local.gateway.client import Gateway
from tests.support.gateway_caller import ACCESS_KEY_ID, Caller

pytest_plugins = ["tests.support.gateway_fixtures"]


def stamp(seconds_from_now: float) -> str:
    moment = datetime.fromtimestamp(datetime.now(UTC).timestamp() + seconds_from_now, UTC)
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


@pytest.mark.parametrize(
    ("seconds", "code"),
    [
        pytest.param(-WINDOW_SECONDS + 30, "OK", id="nearly 15 minutes old"),
        pytest.param(-WINDOW_SECONDS - 30, "InvalidTimeStamp.Expired", id="over 15 minutes old"),
        pytest.param(WINDOW_SECONDS - 30, "OK", id="nearly 15 minutes early"),
        pytest.param(WINDOW_SECONDS + 30, "InvalidTimeStamp.Expired", id="over 15 minutes early"),
    ],
)
def test_a_call_is_good_for_a_quarter_of_an_hour(caller: Caller, seconds: float, code: str) -> None:
    answer = caller.send("13800138000", headers={"x-acs-date": stamp(seconds)})

    assert answer.json()["Code"] == code


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("2026-01-02T03:04:05.000Z", id="with milliseconds"),
        pytest.param("2026-01-02T11:04:05+08:00", id="with an offset"),
        pytest.param("2026-01-02 03:04:05", id="with a space"),
        pytest.param("2026-1-2T3:4:5Z", id="without leading zeros"),
        pytest.param("2026-02-30T03:04:05Z", id="30 February"),
    ],
)
def test_a_time_stamp_in_another_spelling_is_refused(text: str) -> None:
    with pytest.raises(Refusal) as refused:
        moment_of(text)

    assert refused.value.code == "InvalidTimeStamp.Format"


def test_a_nonce_is_good_once_for_each_key() -> None:
    nonces = Nonces()

    spent = [nonces.spend(key, "n", now=0) for key in ("a", "a", "b")]

    assert spent == [True, False, True]


def test_a_nonce_is_remembered_as_long_as_its_call_could_be_replayed() -> None:
    nonces = Nonces()
    nonces.spend("a", "n", now=0)

    assert not nonces.spend("a", "n", now=2 * WINDOW_SECONDS)
    assert nonces.spend("a", "n", now=2 * WINDOW_SECONDS + 1)
    assert len(nonces.spent) == 1


def test_the_same_nonce_again_texts_nobody_again(caller: Caller, gateway: Gateway) -> None:
    answers = [
        caller.send("13800138000", headers={"x-acs-signature-nonce": "same"}) for _ in range(2)
    ]

    assert [each.json()["Code"] for each in answers] == ["OK", "SignatureNonceUsed"]
    assert gateway.summary().texts == 1


def test_an_unknown_key_is_refused(caller: Caller) -> None:
    caller.access_key_id = "another-key"

    answer = caller.send("13800138000")

    assert (answer.status_code, answer.json()["Code"]) == (404, "InvalidAccessKeyId.NotFound")


def test_a_disabled_key_is_refused_until_it_is_enabled(caller: Caller, gateway: Gateway) -> None:
    gateway.put_key(ACCESS_KEY_ID, enabled=False)
    disabled = caller.send("13800138000")
    gateway.put_key(ACCESS_KEY_ID, enabled=True)
    enabled = caller.send("13800138000")

    assert (disabled.status_code, disabled.json()["Code"]) == (400, "InvalidAccessKeyId.Inactive")
    assert enabled.json()["Code"] == "OK"


def test_a_key_that_was_added_may_call_with_its_own_secret(
    caller: Caller, gateway: Gateway
) -> None:
    gateway.put_key("another-key", "another-secret")
    caller.access_key_id, caller.secret = "another-key", "another-secret"

    assert caller.send("13800138000").json()["Code"] == "OK"


def test_a_wrong_secret_is_refused_as_the_gateway_in_front_refuses(
    caller: Caller, gateway: Gateway
) -> None:
    caller.secret = "test-secreT"

    answer = caller.send("13800138000")

    refusal = answer.json()
    assert answer.status_code == 400
    assert refusal.keys() == {"RequestId", "Message", "HostId", "Code", "Recommend"}
    assert refusal["Code"] == "SignatureDoesNotMatch"
    assert refusal["HostId"] == "dysmsapi.aliyuncs.com"
    assert refusal["RequestId"] in refusal["Recommend"]
    assert gateway.summary().texts == 0


def test_a_secret_is_not_shown_where_a_key_is_printed() -> None:
    assert "hush" not in repr(AccountKey(access_key_id="a", access_key_secret="hush"))
