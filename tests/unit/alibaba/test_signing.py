"""Our signatures, held against those of Alibaba's own code and of its documentation."""

import json
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from smsdrop.alibaba.signing import (
    AccessKey,
    authorization,
    canonical_query,
    canonical_request,
    percent_encoded,
    string_to_sign,
)

VECTORS = json.loads(
    (Path(__file__).parents[2] / "data/aliyun-signing-vectors.json").read_text(encoding="utf-8")
)
PUBLISHED = [each for each in VECTORS["official_published"] if "V3" in each["algorithm"]]

every_vector = pytest.mark.parametrize(
    "vector", [pytest.param(each, id=each["name"]) for each in VECTORS["v3"] + PUBLISHED]
)


def signed_parts(vector: dict[str, Any]) -> dict[str, Any]:
    headers = {
        name: value
        for name, value in vector["request_headers"].items()
        if name.lower() != "authorization"
    }
    query = dict(parse_qsl(urlsplit(vector["url"]).query, keep_blank_values=True))
    return {
        "method": vector["method"],
        "query": canonical_query(query),
        "headers": headers,
        "body_sha256": headers["x-acs-content-sha256"],
    }


def key_of(vector: dict[str, Any]) -> AccessKey:
    owner = {**VECTORS["meta"], **vector}
    return AccessKey(key_id=owner["access_key_id"], secret=owner["access_key_secret"])


def test_the_provider_published_vectors_are_among_those_tested() -> None:
    assert len(PUBLISHED) == 2
    assert len(VECTORS["v3"]) == 13


@every_vector
def test_what_is_signed_is_spelled_as_the_provider_spells_it(vector: dict[str, Any]) -> None:
    request = canonical_request(**signed_parts(vector))

    assert request == vector["canonical_request"]
    assert string_to_sign(request) == vector["string_to_sign"]


@every_vector
def test_the_signature_is_the_one_the_provider_computes(vector: dict[str, Any]) -> None:
    header = authorization(key_of(vector), **signed_parts(vector))

    assert header == vector["authorization"]
    assert header.endswith(vector["signature"])


@every_vector
def test_another_secret_gives_another_signature(vector: dict[str, Any]) -> None:
    key = key_of(vector)
    other = AccessKey(key_id=key.key_id, secret=key.secret + "x")

    assert authorization(other, **signed_parts(vector)) != vector["authorization"]


@pytest.mark.parametrize(
    ("text", "encoded"),
    [
        pytest.param("AZaz09-._~", "AZaz09-._~", id="what stays"),
        pytest.param(" ", "%20", id="space, never a plus"),
        pytest.param("+", "%2B", id="plus"),
        pytest.param("*", "%2A", id="asterisk"),
        pytest.param("/", "%2F", id="slash"),
        pytest.param("云", "%E4%BA%91", id="Chinese"),
        pytest.param("😀", "%F0%9F%98%80", id="emoji"),
    ],
)
def test_texts_are_encoded_as_rfc_3986_says(text: str, encoded: str) -> None:
    assert percent_encoded(text) == encoded


def test_headers_are_signed_in_any_case_and_order_the_same() -> None:
    one = {"Host": "sms", "x-acs-date": " now "}
    other = {"X-Acs-Date": "now", "host": "sms"}

    requests = [
        canonical_request(method="POST", query="", headers=each, body_sha256="0")
        for each in (one, other)
    ]

    assert requests[0] == requests[1]


def test_the_secret_is_not_shown_when_a_key_pair_is() -> None:
    key = AccessKey(key_id="LTAI-id", secret="very-secret")

    assert "very-secret" not in repr(key)
    assert "very-secret" not in str(key)
    assert "LTAI-id" in repr(key)
