"""A stand-in gateway for tests to call: in a process of its own, or only its account."""

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime

import pytest

from local.gateway.account import Account
from local.gateway.admission import AccountKey
from local.gateway.client import Gateway
from local.gateway_process import SmsKeys, running_gateway
from tests.support.gateway_caller import ACCESS_KEY_ID, SECRET, Caller, Clock


@pytest.fixture
def clock() -> Clock:
    """Noon in Beijing on 2 January 2026."""
    return Clock(datetime(2026, 1, 2, 4, tzinfo=UTC).timestamp())


@pytest.fixture
def account(clock: Clock) -> Account:
    key = AccountKey(access_key_id=ACCESS_KEY_ID, access_key_secret=SECRET)
    return Account(clock=clock, keys={ACCESS_KEY_ID: key})


@pytest.fixture(scope="session")
def gateway_process() -> Iterator[Gateway]:
    keys = SmsKeys(access_key_id=ACCESS_KEY_ID, access_key_secret=SECRET)
    with running_gateway(keys) as process, closing(Gateway(process.endpoint())) as gateway:
        yield gateway


@pytest.fixture
def gateway(gateway_process: Gateway) -> Gateway:
    """A running gateway that has forgotten every earlier test."""
    gateway_process.reset()
    return gateway_process


@pytest.fixture
def caller(gateway: Gateway) -> Iterator[Caller]:
    caller = Caller(gateway.endpoint)
    yield caller
    caller.session.close()
