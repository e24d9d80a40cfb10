"""What the stand-in gateway breaks on purpose, and that its books say so."""

import time

import pytest
import requests

from local.gateway.client import Gateway
from local.gateway.faults import FAULT_KINDS, Fault, Faults
from local.gateway.request_log import LoggedRequest
from tests.support.gateway_caller import Caller

pytest_plugins = ["tests.support.gateway_fixtures"]

ALICE, BOB = "13800138000", "13900139000"


def request(number: int, action: str = "SendBatchSms") -> LoggedRequest:
    return LoggedRequest(number=number, action=action, started_at=0)


def struck(fault: Fault, count: int = 10) -> list[int]:
    faults = Faults()
    faults.add(fault)
    return [number for number in range(1, count + 1) if faults.choose(request(number), ())]


@pytest.mark.parametrize(
    ("fault", "numbers"),
    [
        pytest.param(Fault(kind="lag"), [*range(1, 11)], id="every request"),
        pytest.param(Fault(kind="lag", numbers=(3, 7)), [3, 7], id="the third and the seventh"),
        pytest.param(Fault(kind="lag", every=4), [4, 8], id="each fourth"),
        pytest.param(Fault(kind="lag", times=2), [1, 2], id="twice at most"),
        pytest.param(Fault(kind="lag", every=3, times=2), [3, 6], id="each third, twice at most"),
        pytest.param(Fault(kind="lag", rate=0), [], id="never"),
        pytest.param(Fault(kind="lag", rate=1), [*range(1, 11)], id="always"),
        pytest.param(Fault(kind="lag", action="QuerySendDetails"), [], id="another action"),
        pytest.param(Fault(kind="lag", action="*"), [*range(1, 11)], id="any action"),
    ],
)
def test_a_fault_strikes_the_requests_it_selects(fault: Fault, numbers: list[int]) -> None:
    assert struck(fault) == numbers


def test_a_rate_strikes_about_that_share_and_the_same_for_the_same_seed() -> None:
    once = struck(Fault(kind="lag", rate=0.2, seed=7), count=1000)

    assert 150 < len(once) < 250
    assert once == struck(Fault(kind="lag", rate=0.2, seed=7), count=1000)
    assert once != struck(Fault(kind="lag", rate=0.2, seed=8), count=1000)


def test_of_several_faults_the_first_that_meets_a_request_applies_alone() -> None:
    faults = Faults()
    faults.add(Fault(kind="throttle", numbers=(2,)))
    faults.add(Fault(kind="lag"))

    chosen = [faults.choose(request(number), ()) for number in (1, 2)]

    assert [each and each.kind for each in chosen] == ["lag", "throttle"]
    assert [each["applied"] for each in faults.to_json()] == [1, 1]


@pytest.mark.parametrize(
    "fields",
    [pytest.param({"kind": "quake"}, id="unknown"), pytest.param({"kind": "answer"}, id="no code")],
)
def test_a_fault_that_says_nothing_sensible_is_not_taken(fields: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=r"no such kind|needs its code"):
        Fault.from_json(fields)


def test_a_fault_for_one_phone_number_leaves_the_others_alone(
    caller: Caller, gateway: Gateway
) -> None:
    gateway.add_fault(Fault(kind="throttle", phone_number=f"86{BOB}"))

    codes = [caller.send(each).json()["Code"] for each in (ALICE, BOB, f"+86{BOB}")]

    assert codes == ["OK", "Throttling.User", "Throttling.User"]


def test_lookups_and_sends_are_numbered_apart(caller: Caller, gateway: Gateway) -> None:
    gateway.add_fault(Fault(kind="unavailable", action="QuerySendDetails", numbers=(2,)))
    caller.send(ALICE)

    codes = [caller.look_up(ALICE)["Code"] for _ in range(3)]

    assert codes == ["OK", "ServiceUnavailable", "OK"]
    assert [each.number for each in gateway.requests(action="SendBatchSms")] == [1]
    assert [each.number for each in gateway.requests(action="QuerySendDetails")] == [1, 2, 3]


@pytest.mark.parametrize(
    ("fault", "status", "code"),
    [
        pytest.param(Fault(kind="throttle"), 400, "Throttling.User", id="throttled"),
        pytest.param(
            Fault(kind="throttle", status=429), 429, "Throttling.User", id="throttled, 429"
        ),
        pytest.param(Fault(kind="unavailable"), 503, "ServiceUnavailable", id="unavailable"),
        pytest.param(
            Fault(kind="answer", code="isv.BLACK_KEY_CONTROL_LIMIT"),
            200,
            "isv.BLACK_KEY_CONTROL_LIMIT",
            id="any business refusal",
        ),
        pytest.param(
            Fault(kind="answer", code="InternalError"), 500, "InternalError", id="broken inside"
        ),
    ],
)
def test_a_fault_that_refuses_texts_nobody(
    caller: Caller, gateway: Gateway, fault: Fault, status: int, code: str
) -> None:
    gateway.add_fault(fault)

    answer = caller.send(ALICE)

    assert (answer.status_code, answer.json()["Code"]) == (status, code)
    assert "BizId" not in answer.json()
    assert gateway.summary().texts == 0
    assert gateway.summary().faults == {fault.kind: 1}
    assert gateway.summary().calls == {"SendBatchSms": {code: 1}}


def test_a_throttled_caller_may_be_told_when_to_come_back(caller: Caller, gateway: Gateway) -> None:
    gateway.add_fault(Fault(kind="throttle", headers={"x-acs-retry-after": "2000"}))

    assert caller.send(ALICE).headers["x-acs-retry-after"] == "2000"


def test_a_refusal_may_carry_a_biz_id_and_have_texted_all_the_same(
    caller: Caller, gateway: Gateway
) -> None:
    gateway.add_fault(
        Fault(
            kind="answer", code="isp.SYSTEM_ERROR", message="later", with_biz_id=True, accepts=True
        )
    )

    answer = caller.send(ALICE).json()

    assert (answer["Code"], answer["Message"]) == ("isp.SYSTEM_ERROR", "later")
    assert [each.biz_id for each in gateway.journal()] == [answer["BizId"]]


def test_an_answer_may_point_elsewhere(caller: Caller, gateway: Gateway) -> None:
    gateway.add_fault(
        Fault(kind="answer", code="Moved", status=302, headers={"Location": gateway.endpoint})
    )

    answer = caller.send(ALICE)

    assert (answer.status_code, answer.headers["Location"]) == (302, gateway.endpoint)


@pytest.mark.parametrize(
    ("accepts", "texts"),
    [pytest.param(None, 0, id="as usual"), pytest.param(True, 1, id="accepted")],
)
def test_garbage_tells_the_caller_nothing(
    caller: Caller, gateway: Gateway, accepts: bool | None, texts: int
) -> None:
    gateway.add_fault(Fault(kind="garbage", status=502, accepts=accepts))

    answer = caller.send(ALICE)

    assert answer.status_code == 502
    with pytest.raises(requests.JSONDecodeError):
        answer.json()
    assert gateway.summary().texts == texts
    assert gateway.summary().calls == {"SendBatchSms": {"not JSON": 1}}


@pytest.mark.parametrize(
    ("kind", "texts"),
    [pytest.param("drop_before", 0, id="before"), pytest.param("drop_after", 1, id="after")],
)
def test_a_connection_is_cut_before_or_after_the_call_is_accepted(
    caller: Caller, gateway: Gateway, kind: str, texts: int
) -> None:
    gateway.add_fault(Fault(kind=kind, times=1))

    with pytest.raises(requests.ConnectionError):
        caller.send(ALICE)

    assert gateway.summary().texts == texts
    assert gateway.summary().faults == {kind: 1}
    assert [(each.outcome, each.accepted) for each in gateway.requests()] == [
        ("no answer", texts == 1)
    ]
    assert caller.send(ALICE).json()["Code"] == "OK"


@pytest.mark.parametrize(
    ("lag", "texts"),
    [
        pytest.param({"lag_before_seconds": 0.4}, 0, id="before"),
        pytest.param({"lag_after_seconds": 0.4}, 1, id="after"),
    ],
)
def test_a_lag_comes_before_or_after_the_call_is_accepted(
    caller: Caller, gateway: Gateway, lag: dict[str, float], texts: int
) -> None:
    gateway.add_fault(Fault.from_json({"kind": "lag", **lag}))

    with pytest.raises(requests.ReadTimeout):
        caller.send(ALICE, timeout=0.2)
    meanwhile = gateway.summary()
    time.sleep(0.4)

    assert (meanwhile.texts, meanwhile.open_calls) == (texts, 1)
    afterwards = gateway.summary()
    assert (afterwards.texts, afterwards.open_calls) == (1, 0)
    assert afterwards.faults == {"lag": 1}
    [seen] = gateway.requests()
    assert seen.ended_at is not None
    assert 0.4 <= seen.ended_at - seen.started_at < 2


def test_every_call_takes_as_long_as_is_set(caller: Caller, gateway: Gateway) -> None:
    gateway.change_settings(latency_seconds=0.2)

    caller.send(ALICE)

    [seen] = gateway.requests()
    assert seen.ended_at is not None
    assert seen.ended_at - seen.started_at >= 0.2
    assert gateway.summary().faults == {}


def test_an_answer_is_lost_after_the_call_was_accepted(caller: Caller, gateway: Gateway) -> None:
    gateway.add_fault(Fault(kind="lose_answer"))

    with pytest.raises(requests.ReadTimeout):
        caller.send(ALICE, timeout=0.2)

    assert gateway.summary().texts == 1
    assert [each.accepted for each in gateway.requests()] == [True]
    assert FAULT_KINDS["lose_answer"].lag_after_seconds > 60


def test_a_call_with_a_wrong_signature_meets_no_fault(caller: Caller, gateway: Gateway) -> None:
    gateway.add_fault(Fault(kind="throttle"))
    caller.secret = "wrong"

    assert caller.send(ALICE).json()["Code"] == "SignatureDoesNotMatch"
    assert gateway.times_applied() == [0]


def test_an_empty_balance_refuses_until_it_is_topped_up(caller: Caller, gateway: Gateway) -> None:
    gateway.set_balance(2)

    codes = [caller.send(ALICE, BOB).json()["Code"] for _ in range(2)]
    gateway.set_balance(2)
    codes.append(caller.send(ALICE, BOB).json()["Code"])

    assert codes == ["OK", "isv.AMOUNT_NOT_ENOUGH", "OK"]
    assert gateway.summary().calls == {"SendBatchSms": {"OK": 2, "isv.AMOUNT_NOT_ENOUGH": 1}}


def test_faults_that_are_cleared_strike_no_more(caller: Caller, gateway: Gateway) -> None:
    gateway.add_fault(Fault(kind="unavailable"))
    gateway.clear_faults()

    assert caller.send(ALICE).json()["Code"] == "OK"
