"""The stand-in's own check of ACS3-HMAC-SHA256, against vectors made by Alibaba's own code."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from local.gateway.account import Account
from local.gateway.acs3 import canonical_request, check_acs3, read_acs3
from local.gateway.admission import AccountKey, admit, moment_of
from local.gateway.answers import Refusal
from local.gateway.call import Call
from tests.support.gateway_caller import Clock

pytest_plugins = ["tests.support.gateway_fixtures"]

VECTORS = json.loads(Path("tests/data/aliyun-signing-vectors.json").read_text())
META = VECTORS["meta"]
SECRET = META["access_key_secret"]
PUBLISHED = [each for each in VECTORS["official_published"] if "V3" in each["algorithm"]]

of_the_official_client = pytest.mark.parametrize(
    "vector", [pytest.param(each, id=each["name"]) for each in VECTORS["v3"]]
)


def call_of(vector: Mapping[str, Any], **changed: str) -> Call:
    target = vector["url"].partition("aliyuncs.com")[2]
    headers = vector["request_headers"] | {"Authorization": vector["authorization"]} | changed
    return Call.from_wire(vector["method"], target, headers, (vector["body"] or "").encode())


@of_the_official_client
def test_what_the_official_client_signed_is_accepted(vector: dict[str, Any]) -> None:
    call = call_of(vector)
    credentials = read_acs3(call)

    check_acs3(call, credentials, SECRET)

    assert credentials.signature == vector["signature"]
    assert canonical_request(call, credentials.signed_headers) == vector["canonical_request"]


@pytest.mark.parametrize("vector", [pytest.param(each, id=each["name"]) for each in PUBLISHED])
def test_what_the_provider_published_is_accepted(vector: dict[str, Any]) -> None:
    call = call_of(vector)

    check_acs3(call, read_acs3(call), vector["access_key_secret"])

    assert read_acs3(call).signature == vector["signature"]


@of_the_official_client
def test_one_character_of_the_secret_changed_and_nothing_is_accepted(
    vector: dict[str, Any],
) -> None:
    call = call_of(vector)

    with pytest.raises(Refusal) as refused:
        check_acs3(call, read_acs3(call), f"{SECRET[:-1]}G")

    assert refused.value.code == "SignatureDoesNotMatch"


@of_the_official_client
def test_a_vector_is_admitted_in_its_time_and_only_once(
    vector: dict[str, Any], account: Account
) -> None:
    call = call_of(vector)
    key = AccountKey(access_key_id=META["access_key_id"], access_key_secret=SECRET)
    account.keys[key.access_key_id] = key
    now = moment_of(META["timestamp"])

    admit(call, keys=account.keys, nonces=account.nonces, now=now)
    with pytest.raises(Refusal) as refused:
        admit(call, keys=account.keys, nonces=account.nonces, now=now)

    assert refused.value.code == "SignatureNonceUsed"


VECTOR = VECTORS["v3"][1]


def test_the_refusal_shows_what_the_server_worked_out() -> None:
    call = call_of(VECTOR)

    with pytest.raises(Refusal) as refused:
        check_acs3(call, read_acs3(call), "another secret")

    assert f"server StringToSign is [{VECTOR['string_to_sign']}]" in refused.value.message
    assert f"server CanonicalRequest is [{VECTOR['canonical_request']}]" in refused.value.message
    assert VECTOR["string_to_sign"] not in str(refused.value)


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"body": VECTOR["body"].replace("1234", "1235")}, id="a value in the body"),
        pytest.param({"url": VECTOR["url"].replace("1000000", "1000001")}, id="the template"),
        pytest.param({"method": "GET"}, id="the method"),
        pytest.param(
            {"request_headers": VECTOR["request_headers"] | {"host": "elsewhere.aliyuncs.com"}},
            id="the host",
        ),
    ],
)
def test_what_was_changed_after_signing_is_refused(change: dict[str, Any]) -> None:
    call = call_of(VECTOR | change)

    with pytest.raises(Refusal) as refused:
        check_acs3(call, read_acs3(call), SECRET)

    assert refused.value.code == "SignatureDoesNotMatch"


@pytest.mark.parametrize(
    "unsigned",
    ["host", "content-type", "x-acs-action", "x-acs-credentials-provider", "x-acs-content-sha256"],
)
def test_a_header_that_must_be_signed_and_is_not_is_refused(unsigned: str) -> None:
    headers = VECTOR["request_headers"]
    authorization = headers["Authorization"].replace(f"{unsigned};", "")
    call = call_of(VECTOR, Authorization=authorization)

    with pytest.raises(Refusal) as refused:
        check_acs3(call, read_acs3(call), SECRET)

    assert refused.value.code == "IncompleteSignature"


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        pytest.param({"Authorization": ""}, "MissingAccessKeyId", id="no authorization"),
        pytest.param({"Authorization": "AWS4 x"}, "InvalidSignatureMethod", id="unknown scheme"),
        pytest.param({"Authorization": "ACS3-HMAC-SHA256 x"}, "IncompleteSignature", id="torn"),
        pytest.param({"x-acs-date": ""}, "MissingTimestamp", id="no time stamp"),
        pytest.param({"x-acs-signature-nonce": ""}, "MissingSignatureNonce", id="no nonce"),
    ],
)
def test_a_call_that_does_not_say_who_it_is_from_is_refused(
    headers: dict[str, str], code: str, account: Account, clock: Clock
) -> None:
    call = call_of(VECTOR, **headers)

    with pytest.raises(Refusal) as refused:
        admit(call, keys=account.keys, nonces=account.nonces, now=clock())

    assert refused.value.code == code
