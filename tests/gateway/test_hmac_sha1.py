"""The stand-in's own check of HMAC-SHA1, against vectors made by Alibaba's own code."""

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode

import pytest

from local.gateway.account import Account
from local.gateway.actions import action_of
from local.gateway.admission import AccountKey, admit, moment_of
from local.gateway.answers import Refusal
from local.gateway.call import FORM, Call
from local.gateway.hmac_sha1 import (
    canonicalized_query,
    check_hmac_sha1,
    read_hmac_sha1,
    string_to_sign,
)

pytest_plugins = ["tests.support.gateway_fixtures"]

VECTORS = json.loads(Path("tests/data/aliyun-signing-vectors.json").read_text())
META = VECTORS["meta"]
SECRET = META["access_key_secret"]
PUBLISHED = [each for each in VECTORS["official_published"] if "V1" in each["algorithm"]]

Pair = tuple[str, str]
Pairs = list[Pair]

of_the_official_clients = pytest.mark.parametrize(
    "vector", [pytest.param(each, id=each["name"]) for each in VECTORS["v1"]]
)
published = pytest.mark.parametrize(
    "vector", [pytest.param(each, id=each["name"]) for each in PUBLISHED]
)


def call_of(vector: Mapping[str, Any]) -> Call:
    target = vector["url"].partition("aliyuncs.com")[2]
    return Call.from_wire(
        vector["method"], target, vector["request_headers"], (vector["body"] or "").encode()
    )


def call_with(method: str, *, query: Sequence[Pair] = (), form: Sequence[Pair] = ()) -> Call:
    headers = {"Content-Type": FORM}
    return Call.from_wire(method, f"/?{urlencode(query)}", headers, urlencode(form).encode())


def pairs_of(vector: Mapping[str, Any]) -> Pairs:
    query = vector["url"].partition("?")[2]
    return [
        *parse_qsl(query, keep_blank_values=True),
        *parse_qsl(vector["body"] or "", keep_blank_values=True),
    ]


@of_the_official_clients
def test_what_the_official_clients_signed_is_accepted(vector: dict[str, Any]) -> None:
    call = call_of(vector)

    check_hmac_sha1(call, read_hmac_sha1(call), SECRET)

    assert read_hmac_sha1(call).signature == vector["signature"]
    assert canonicalized_query(call) == vector["canonicalized_query"]
    assert string_to_sign(call) == vector["string_to_sign"]


@published
def test_what_the_provider_published_is_accepted(vector: dict[str, Any]) -> None:
    signed = [*vector["signed_params"].items(), ("Signature", vector["signature"])]
    call = call_with(vector["method"], query=signed)

    check_hmac_sha1(call, read_hmac_sha1(call), vector["access_key_secret"])

    assert string_to_sign(call) == vector["string_to_sign"]


@pytest.mark.parametrize(
    "placed",
    [
        pytest.param(lambda pairs: (pairs, []), id="all in the query"),
        pytest.param(lambda pairs: ([], pairs), id="all in the body"),
        pytest.param(lambda pairs: (pairs[::2], pairs[1::2]), id="some here, some there"),
        pytest.param(lambda pairs: (pairs[::-1], []), id="in another order"),
    ],
)
@of_the_official_clients
def test_where_a_param_stands_makes_no_difference(
    vector: dict[str, Any], placed: Callable[[Pairs], tuple[Pairs, Pairs]]
) -> None:
    query, form = placed(pairs_of(vector))
    call = call_with(vector["method"], query=query, form=form)

    check_hmac_sha1(call, read_hmac_sha1(call), SECRET)

    assert string_to_sign(call) == vector["string_to_sign"]


@of_the_official_clients
def test_one_character_of_the_secret_changed_and_nothing_is_accepted(
    vector: dict[str, Any],
) -> None:
    call = call_of(vector)

    with pytest.raises(Refusal) as refused:
        check_hmac_sha1(call, read_hmac_sha1(call), f"{SECRET[:-1]}G")

    assert refused.value.code == "SignatureDoesNotMatch"


@of_the_official_clients
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


VECTOR = VECTORS["v1"][1]
PAIRS = pairs_of(VECTOR)


def without(*names: str) -> Pairs:
    return [(name, value) for name, value in PAIRS if name not in names]


def changed(**values: str) -> Pairs:
    return [*without(*values), *values.items()]


def refusal_of(call: Call, account: Account) -> Refusal:
    key = AccountKey(access_key_id=META["access_key_id"], access_key_secret=SECRET)
    account.keys[key.access_key_id] = key
    try:
        action_of(call)
        admit(call, keys=account.keys, nonces=account.nonces, now=moment_of(META["timestamp"]))
    except Refusal as refusal:
        return refusal
    raise AssertionError("it was admitted")


@pytest.mark.parametrize(
    ("pairs", "status", "code"),
    [
        pytest.param([], 400, "MissingAction", id="nothing at all"),
        pytest.param(without("Action"), 400, "MissingAction", id="no action"),
        pytest.param(without("Version"), 400, "MissingVersion", id="no version"),
        pytest.param(changed(Version="2016-09-27"), 400, "InvalidVersion", id="other version"),
        pytest.param(changed(Action="Send"), 404, "InvalidAction.NotFound", id="other action"),
        pytest.param(without("AccessKeyId"), 400, "MissingAccessKeyId", id="no key"),
        pytest.param(
            changed(AccessKeyId="x"), 404, "InvalidAccessKeyId.NotFound", id="unknown key"
        ),
        pytest.param(without("Signature"), 400, "MissingSignature", id="no signature"),
        pytest.param(without("SignatureNonce"), 400, "MissingSignatureNonce", id="no nonce"),
        pytest.param(without("Timestamp"), 400, "MissingTimestamp", id="no time stamp"),
        pytest.param(without("SignatureMethod"), 400, "MissingSignatureMethod", id="no method"),
        pytest.param(
            changed(SignatureMethod="HMAC-MD5"), 400, "InvalidSignatureMethod", id="other method"
        ),
        pytest.param(
            changed(SignatureVersion="2.0"), 400, "InvalidSignatureVersion", id="other scheme"
        ),
        pytest.param(
            changed(Timestamp="2026-01-02T03:04:05.000Z"),
            400,
            "InvalidTimeStamp.Format",
            id="milliseconds",
        ),
        pytest.param(
            changed(Timestamp="2026-01-02T02:49:04Z"), 400, "InvalidTimeStamp.Expired", id="late"
        ),
        pytest.param(changed(Signature="x"), 400, "IncompleteSignature", id="no such signature"),
        pytest.param(
            changed(TemplateCode="SMS_1000001"), 400, "SignatureDoesNotMatch", id="a param"
        ),
        pytest.param([*PAIRS, ("More", "1")], 400, "SignatureDoesNotMatch", id="a param more"),
        pytest.param(without("TemplateCode"), 400, "SignatureDoesNotMatch", id="a param less"),
    ],
)
def test_a_call_that_is_not_what_was_signed_is_refused(
    account: Account, pairs: Pairs, status: int, code: str
) -> None:
    refusal = refusal_of(call_with("POST", query=pairs), account)

    assert (refusal.status, refusal.code) == (status, code)


def test_what_was_signed_for_post_is_no_good_for_get(account: Account) -> None:
    assert refusal_of(call_with("GET", query=PAIRS), account).code == "SignatureDoesNotMatch"


@pytest.mark.parametrize("signature", ["x", "A" * 27 + "="])
def test_the_refusal_shows_what_the_server_worked_out(account: Account, signature: str) -> None:
    refusal = refusal_of(call_with("POST", query=changed(Signature=signature)), account)

    assert refusal.message.endswith(f" server string to sign is:{VECTOR['string_to_sign']}")
    assert VECTOR["string_to_sign"] not in str(refusal)
