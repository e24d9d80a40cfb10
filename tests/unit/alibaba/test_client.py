"""The calls over the wire: what came back, in time, from one request; and nothing leaks."""

import ipaddress
import json
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime, timedelta
from email.utils import formatdate
from pathlib import Path
from typing import Any

import pytest
import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from local.gateway.client import Gateway
from local.gateway.faults import Fault
from smsdrop.alibaba.answers import CLOCK_WAS_WRONG, NO_ANSWER, NOT_CONNECTED, Answer, Meaning
from smsdrop.alibaba.client import MAX_PAGES, AliyunSms, CallTimes
from smsdrop.alibaba.clock import CorrectedClock
from smsdrop.alibaba.send_details import (
    Listing,
    LookupFailed,
    LookupRefused,
    LookupThrottled,
    beijing_date,
)
from smsdrop.alibaba.signing import AccessKey
from smsdrop.batches.batch import Batch
from tests.support.raw_server import (
    Behaviour,
    RawServer,
    answer,
    bytes_and_no_more,
    drip,
    full_port,
    raw_server,
    refusing_port,
    reset,
    silence,
)
from tests.support.samples import KEY, batch_of, layout, params_of, phone_numbers, rows_of

pytest_plugins = ["tests.support.gateway_fixtures"]

TIMES = CallTimes(connect_seconds=0.3, answer_seconds=0.5)
SLACK_SECONDS = 0.4
PATIENT = CallTimes(connect_seconds=5, answer_seconds=5)
BATCH = batch_of(3)
OUT_ID = f"{BATCH.batch_id}-1"
TODAY = date(2026, 1, 2)

OK_HEAD = b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n"
OK_BODY = b'{"Code":"OK","BizId":"9^0","RequestId":"R9","Message":"OK"}'


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "*")


@pytest.fixture
def sms(gateway: Gateway) -> AliyunSms:
    return AliyunSms(gateway.endpoint, PATIENT)


def out_ids(sms: AliyunSms, phone_number: str, *, on: date | None = None) -> list[str]:
    """Return what is listed for the number on this date; raises `LookupFailed`."""
    [listing] = sms.listings([phone_number], dates=[on or TODAY], key=KEY)
    if isinstance(listing, LookupFailed):
        raise listing
    return [row.out_id for row in listing.rows]


def send(url: str, batch: Batch = BATCH, times: CallTimes = TIMES) -> Answer:
    return AliyunSms(url, times).send(batch, out_id=OUT_ID, key=KEY)


def today() -> date:
    return beijing_date(time.time())


def details(*out_ids: str, total: int | str | None = None, **fields: Any) -> bytes:
    rows = [{"OutId": each, "PhoneNum": "13800000000"} for each in out_ids]
    content = {
        "Code": "OK",
        "TotalCount": str(len(rows)) if total is None else total,
        "SmsSendDetailDTOs": {"SmsSendDetailDTO": rows},
    }
    return json.dumps(content | fields).encode()


@pytest.mark.parametrize("size", [1, 2, 100])
def test_an_accepted_call_texts_everyone_their_own_text(
    sms: AliyunSms, gateway: Gateway, size: int
) -> None:
    batch = batch_of(
        size,
        layout=layout("name", "note"),
        rows=rows_of(
            phone_numbers(size),
            [f"张三{each}" for each in range(size)],
            ["+*~ %&=/?#'()!@$,;:[]\n😀"] * size,
        ),
        extend_codes=tuple(f"{each:03d}" for each in range(size)),
    )

    result = sms.send(batch, out_id=OUT_ID, key=KEY)

    texts = list(gateway.journal())
    columns = (batch.phone_numbers, batch.sign_names, batch.extend_codes)
    assert result.meaning is Meaning.ACCEPTED
    assert {each.biz_id for each in texts} == {result.biz_id}
    assert result.request_id
    assert [
        (each.phone_number, each.sign_name, each.extend_code, *each.params.values())
        for each in texts
    ] == list(zip(*columns, *params_of(batch), strict=True))
    assert {(each.template_code, each.out_id) for each in texts} == {(batch.template_code, OUT_ID)}


def test_a_template_without_params_is_sent_without_any(sms: AliyunSms, gateway: Gateway) -> None:
    result = sms.send(batch_of(2, layout=layout(), rows=phone_numbers(2)), out_id=OUT_ID, key=KEY)

    assert result.meaning is Meaning.ACCEPTED
    assert [(each.params, each.extend_code) for each in gateway.journal()] == [({}, None)] * 2


def test_a_refusal_has_its_code(sms: AliyunSms, gateway: Gateway) -> None:
    gateway.set_balance(0)

    result = sms.send(BATCH, out_id=OUT_ID, key=KEY)

    assert (result.code, result.status, result.biz_id) == ("isv.AMOUNT_NOT_ENOUGH", 200, "")
    assert result.request_id
    assert gateway.summary().texts == 0


@pytest.mark.parametrize(
    ("key", "code"),
    [
        pytest.param(
            AccessKey(key_id="nobody", secret="s"), "InvalidAccessKeyId.NotFound", id="unknown"
        ),
        pytest.param(
            AccessKey(key_id=KEY.key_id, secret="s"), "SignatureDoesNotMatch", id="wrong secret"
        ),
    ],
)
def test_a_wrong_key_has_its_code(sms: AliyunSms, key: AccessKey, code: str) -> None:
    result = sms.send(BATCH, out_id=OUT_ID, key=key)

    assert result.code == code
    assert result.blames_the_key


@pytest.mark.parametrize("kind", ["drop_before", "drop_after", "garbage", "unavailable"])
def test_what_the_provider_breaks_off_is_in_doubt_and_called_once(
    sms: AliyunSms, gateway: Gateway, kind: str
) -> None:
    gateway.add_fault(Fault(kind=kind))

    result = sms.send(BATCH, out_id=OUT_ID, key=KEY)

    assert result.meaning is Meaning.IN_DOUBT
    assert len(list(gateway.requests())) == 1


def test_an_answer_that_is_lost_is_in_doubt_though_everyone_was_texted(gateway: Gateway) -> None:
    gateway.add_fault(Fault(kind="lose_answer", lag_after_seconds=2))

    result = send(gateway.endpoint)

    assert result.code == NO_ANSWER
    assert gateway.summary().texts == len(BATCH)


UNREADABLE: list[tuple[str, Behaviour]] = [
    ("reset after the request", reset),
    ("closed after the request", bytes_and_no_more(b"")),
    ("silence", silence),
    ("dripping headers", drip(b"HTTP/1.1 200 OK\r\n", b"X-A: b\r\n", every_seconds=0.1)),
    ("a dripping body", drip(OK_HEAD, b" ", every_seconds=0.1)),
    ("broken off in the first line", bytes_and_no_more(b"HTTP/1.1 200 O")),
    ("broken off in the body", bytes_and_no_more(OK_HEAD + OK_BODY)),
    ("another protocol", bytes_and_no_more(b"\x00\xff\x16\x03\r\n\r\n")),
    ("empty", answer(b"")),
    ("a web page", answer(b"<html>maintenance</html>", status="502 Bad Gateway")),
    ("said to be packed", answer(OK_BODY, headers=b"Content-Encoding: gzip\r\n")),
    ("nested without end", answer(b"[" * 100_000)),
    ("a redirect", answer(b"", status="302 Found", headers=b"Location: http://[\r\n")),
    ("a redirect of no text", answer(b"", status="302 Found", headers=b"Location: \xff\xfe\r\n")),
    ("a redirect to nowhere", answer(b"", status="307 Again", headers=b"Location: a://b\r\n")),
]


@pytest.mark.parametrize("behave", [pytest.param(each, id=name) for name, each in UNREADABLE])
def test_without_an_answer_that_can_be_read_one_request_is_in_doubt_in_time(
    behave: Behaviour,
) -> None:
    with raw_server(behave) as server:
        started = time.monotonic()

        result = send(server.url)

        assert result.code == NO_ANSWER
        assert result.meaning is Meaning.IN_DOUBT
        assert time.monotonic() - started < TIMES.total_seconds + SLACK_SECONDS
    assert len(server.requests) == 1


@pytest.mark.parametrize("behave", [pytest.param(each, id=name) for name, each in UNREADABLE])
def test_a_lookup_without_an_answer_fails_and_says_no_number(behave: Behaviour) -> None:
    with raw_server(behave) as server, pytest.raises(LookupFailed) as failure:
        out_ids(AliyunSms(server.url, TIMES), "13800000000")

    assert len(server.requests) == 1
    assert says_no_secret(failure.value)


def says_no_secret(error: BaseException) -> bool:
    """Nor may the exceptions that a traceback would show before it."""
    shown = "" if error.__suppress_context__ else str(error.__context__)
    text = f"{error!r} {error.__cause__!r} {shown}"
    return not any(each in text for each in ("13800000000", KEY.secret))


def test_a_redirect_is_in_doubt_and_not_followed() -> None:
    with raw_server(answer(OK_BODY)) as elsewhere:
        location = f"Location: {elsewhere.url}\r\n".encode()
        with raw_server(answer(OK_BODY, status="307 Again", headers=location)) as server:
            result = send(server.url)

    assert result.meaning is Meaning.IN_DOUBT
    assert (len(server.requests), len(elsewhere.requests)) == (1, 0)


@pytest.mark.parametrize(
    "port",
    [pytest.param(refusing_port, id="refused"), pytest.param(full_port, id="timed out")],
)
def test_without_a_connection_no_one_was_texted(
    port: Callable[[], AbstractContextManager[str]],
) -> None:
    with port() as url:
        started = time.monotonic()

        result = send(url)

        assert time.monotonic() - started < TIMES.connect_seconds + SLACK_SECONDS
    assert result.code == NOT_CONNECTED
    assert result.meaning is Meaning.DEFERRED


def test_if_the_name_is_not_known_no_one_was_texted() -> None:
    assert send("http://sms.invalid").code == NOT_CONNECTED


def test_a_lookup_that_does_not_connect_fails() -> None:
    with refusing_port() as url, pytest.raises(LookupFailed) as failure:
        out_ids(AliyunSms(url, TIMES), "13800000000")

    assert says_no_secret(failure.value)


def test_a_connection_the_provider_has_closed_meanwhile_is_not_used_for_a_call() -> None:
    closing = answer(OK_BODY, headers=b"Connection: keep-alive\r\n")

    def behave(connection: Any) -> None:
        closing(connection)
        raise ConnectionAbortedError

    with raw_server(behave) as server:
        sms = AliyunSms(server.url, TIMES)
        codes = []
        for _ in range(2):
            codes.append(sms.send(BATCH, out_id=OUT_ID, key=KEY).code)
            time.sleep(0.1)

    assert codes == ["OK", "OK"]
    assert len(server.requests) == 2


def test_each_request_has_a_nonce_of_its_own() -> None:
    with raw_server(answer(OK_BODY)) as server:
        sms = AliyunSms(server.url, TIMES)
        for _ in range(3):
            sms.send(BATCH, out_id=OUT_ID, key=KEY)

    nonces = {header(each, b"x-acs-signature-nonce") for each in server.requests}
    assert len(nonces) == 3


def header(request: bytes, name: bytes) -> bytes:
    [line] = [each for each in request.split(b"\r\n") if each.lower().startswith(name + b":")]
    return line


@pytest.fixture
def self_signed(tmp_path: Path) -> ssl.SSLContext:
    """A server's self-signed certificate for loopback."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]),
            critical=False,
        )
        .sign(key, hashes.SHA256())
    )
    path = tmp_path / "server.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    return context


@pytest.fixture
def impostor(self_signed: ssl.SSLContext) -> Iterator[RawServer]:
    with raw_server(answer(OK_BODY), tls=self_signed) as server:
        yield server


def test_a_server_without_a_trusted_certificate_is_sent_nothing(impostor: RawServer) -> None:
    result = send(impostor.url, times=PATIENT)

    assert result.code == NOT_CONNECTED
    assert impostor.connections == 1
    assert impostor.requests == []


def test_the_same_server_answers_a_client_that_trusts_its_certificate(
    impostor: RawServer, tmp_path: Path
) -> None:
    trusted = tmp_path / "trusted.pem"
    port = int(impostor.url.rpartition(":")[2])
    trusted.write_text(ssl.get_server_certificate(("127.0.0.1", port)))

    response = requests.post(impostor.url, verify=str(trusted), timeout=5)

    assert response.content == OK_BODY
    assert len(impostor.requests) == 1


def test_a_lookup_lists_the_calls_that_texted_a_number(sms: AliyunSms) -> None:
    for attempt in (1, 2):
        sms.send(BATCH, out_id=f"{BATCH.batch_id}-{attempt}", key=KEY)
    first, *_ = BATCH.phone_numbers

    listed = out_ids(sms, first, on=today())

    assert sorted(listed) == [f"{BATCH.batch_id}-1", f"{BATCH.batch_id}-2"]
    assert list(out_ids(sms, first, on=today() - timedelta(days=1))) == []
    assert list(out_ids(sms, "13900000000", on=today())) == []


def test_a_lookup_reads_every_page(sms: AliyunSms, gateway: Gateway) -> None:
    [number] = phone_numbers(1)
    for attempt in range(1, 121):
        sms.send(batch_of(1), out_id=f"b-{attempt}", key=KEY)

    listed = out_ids(sms, number, on=today())

    assert set(listed) == {f"b-{attempt}" for attempt in range(1, 121)}
    assert gateway.summary().calls["QuerySendDetails"] == {"OK": 3}


def test_a_lookup_says_where_and_when_to_look() -> None:
    with raw_server(answer(details())) as server:
        out_ids(AliyunSms(server.url, TIMES), "13800000000")

    [request] = server.requests
    line = request.partition(b"\r\n")[0]
    for part in (
        b"PhoneNumber=13800000000",
        b"SendDate=20260102",
        b"PageSize=50",
        b"CurrentPage=1",
    ):
        assert part in line


def test_a_lookup_without_end_is_broken_off() -> None:
    with (
        raw_server(answer(details(*["x"] * 50, total=10**6))) as server,
        pytest.raises(LookupFailed),
    ):
        out_ids(AliyunSms(server.url, TIMES), "13800000000")

    assert len(server.requests) == MAX_PAGES


@pytest.mark.parametrize(
    "behave",
    [
        pytest.param(answer(details(Code="isv.BUSINESS_LIMIT_CONTROL")), id="refused"),
        pytest.param(answer(details(), status="503 Busy"), id="OK with another status"),
        pytest.param(answer(details(), status="302 Found"), id="redirect"),
        pytest.param(answer(b"{}"), id="an empty object"),
        pytest.param(answer(b"[]"), id="a list"),
        pytest.param(answer(b"null"), id="null"),
        pytest.param(answer(details(total="some")), id="a count that is none"),
        pytest.param(answer(b'{"Code":"OK","TotalCount":1e999}'), id="an endless count"),
        pytest.param(answer(b'{"Code":"OK"}'), id="OK alone"),
        pytest.param(answer(b'{"Code":"OK","TotalCount":null}'), id="null for a count"),
        pytest.param(answer(details(SmsSendDetailDTOs=["x"])), id="a list for the rows"),
        pytest.param(answer(details(SmsSendDetailDTOs={"SmsSendDetailDTO": ["x"]})), id="odd rows"),
    ],
)
def test_a_lookup_that_does_not_say_everything_proves_nothing(behave: Behaviour) -> None:
    with raw_server(behave) as server, pytest.raises(LookupFailed) as failure:
        out_ids(AliyunSms(server.url, TIMES), "13800000000")

    assert server.requests
    assert says_no_secret(failure.value)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(details(), id="an empty list"),
        pytest.param(b'{"Code":"OK","TotalCount":0}', id="no rows at all"),
        pytest.param(details(SmsSendDetailDTOs=None), id="null"),
        pytest.param(details(SmsSendDetailDTOs={}), id="an empty object"),
        pytest.param(details(SmsSendDetailDTOs={"SmsSendDetailDTO": None}), id="null rows"),
    ],
)
def test_where_the_provider_counts_nothing_nothing_is_listed(content: bytes) -> None:
    with raw_server(answer(content)) as server:
        listed = out_ids(AliyunSms(server.url, TIMES), "13800000000")

    assert list(listed) == []


def test_a_row_without_an_out_id_is_not_ours() -> None:
    rows = {"SmsSendDetailDTO": [{"PhoneNum": "13800000000"}, {"OutId": None}, {"OutId": "a"}]}
    with raw_server(answer(details(total="3", SmsSendDetailDTOs=rows))) as server:
        listed = out_ids(AliyunSms(server.url, TIMES), "13800000000")

    assert "a" in listed
    assert len(listed) == 3


def test_a_call_may_connect_and_write_and_then_be_answered_for_as_long_as_each_may_take() -> None:
    assert CallTimes(connect_seconds=3, answer_seconds=10).total_seconds == 3 + 3 + 10


@pytest.mark.parametrize("timeout", [3, 10, 60, 900])
def test_a_call_leaves_half_of_the_functions_time(timeout: float) -> None:
    assert CallTimes.within(timeout).total_seconds <= timeout / 2


@pytest.mark.parametrize(
    "behave",
    [
        pytest.param(answer(details(total=7)), id="fewer rows than counted"),
        pytest.param(answer(details("a", total=51)), id="a page that is not full"),
        pytest.param(
            answer(details(total=2, SmsSendDetailDTOs=None)), id="two counted, none there"
        ),
    ],
)
def test_a_listing_of_fewer_rows_than_are_counted_says_so(behave: Behaviour) -> None:
    with raw_server(behave) as server:
        [listing] = AliyunSms(server.url, TIMES).listings(["13800000000"], dates=[TODAY], key=KEY)

    assert isinstance(listing, Listing)
    assert not listing.is_complete


@pytest.mark.parametrize(
    "behave",
    [
        pytest.param(answer(details(SmsSendDetailDTOs=None)), id="no rows at all"),
        pytest.param(answer(details(SmsSendDetailDTOs={"SmsSendDetailDTO": None})), id="null rows"),
        pytest.param(answer(details(Code="isv.MOBILE_NUMBER_ILLEGAL")), id="no such number"),
    ],
)
def test_where_none_is_counted_nothing_is_listed(behave: Behaviour) -> None:
    with raw_server(behave) as server:
        [listing] = AliyunSms(server.url, TIMES).listings(["13800000000"], dates=[TODAY], key=KEY)

    assert listing == Listing()


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        pytest.param("isv.INVALID_PARAMETERS", LookupRefused, id="the question is refused"),
        pytest.param("Throttling.User", LookupThrottled, id="throttled"),
        pytest.param("isp.SYSTEM_ERROR", LookupFailed, id="a fault of the provider"),
        pytest.param("InvalidAccessKeyId.NotFound", LookupFailed, id="another key may help"),
    ],
)
def test_a_question_that_is_refused_is_told_from_one_to_ask_again(
    code: str, kind: type[LookupFailed]
) -> None:
    with raw_server(answer(details(Code=code))) as server:
        [failure] = AliyunSms(server.url, TIMES).listings(["13800000000"], dates=[TODAY], key=KEY)

    assert type(failure) is kind


def test_one_number_that_fails_says_nothing_about_the_others(
    sms: AliyunSms, gateway: Gateway
) -> None:
    gateway.add_fault(Fault(kind="drop_before", action="QuerySendDetails", numbers=(2,)))

    listings = sms.listings(["13800000000", "13800000001", "13800000002"], dates=[today()], key=KEY)

    failed = [each for each in listings if isinstance(each, LookupFailed)]
    assert (len(listings), len(failed)) == (3, 1)


@pytest.fixture(params=[-3600, 3600], ids=["an hour behind", "an hour ahead"])
def wrong_clock(request: pytest.FixtureRequest) -> CorrectedClock:
    return CorrectedClock(lambda: time.time() + request.param)


def test_a_wrong_clock_texts_nobody_and_is_set_by_the_answers_date(
    gateway: Gateway, wrong_clock: CorrectedClock
) -> None:
    sms = AliyunSms(gateway.endpoint, PATIENT, clock=wrong_clock)

    refused = [sms.send(BATCH, out_id=f"b-{each}", key=KEY) for each in range(2)]
    texts = gateway.summary().texts
    wrong_clock.set()

    assert {(each.code, each.meaning) for each in refused} == {(CLOCK_WAS_WRONG, Meaning.DEFERRED)}
    assert texts == 0
    assert sms.send(BATCH, out_id=OUT_ID, key=KEY).code == "OK"
    assert abs(wrong_clock() - time.time()) < 5
    assert gateway.summary().calls == {"SendBatchSms": {"InvalidTimeStamp.Expired": 2, "OK": 1}}


def test_a_lookup_by_a_wrong_clock_proves_nothing_until_the_clock_is_set(
    gateway: Gateway, wrong_clock: CorrectedClock
) -> None:
    sms = AliyunSms(gateway.endpoint, PATIENT, clock=wrong_clock)

    with pytest.raises(LookupFailed):
        out_ids(sms, "13800000000", on=today())
    wrong_clock.set()

    assert list(out_ids(sms, "13800000000", on=today())) == []


EXPIRED = b'{"Code":"InvalidTimeStamp.Expired","RequestId":"R9"}'


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param(lambda: b"", id="no date"),
        pytest.param(lambda: b"Date: yesterday\r\n", id="a date that is none"),
        pytest.param(lambda: date_header(0), id="the date that the clock shows"),
    ],
)
def test_a_time_stamp_that_is_refused_for_no_known_reason_pauses(
    headers: Callable[[], bytes],
) -> None:
    with raw_server(answer(EXPIRED, status="400 Bad", headers=headers())) as server:
        result = send(server.url)

    assert (result.code, result.meaning) == ("InvalidTimeStamp.Expired", Meaning.ACCOUNT)
    assert len(server.requests) == 1


def test_a_time_stamp_that_is_refused_still_once_the_clock_is_set_pauses() -> None:
    clock, codes = CorrectedClock(), []
    for hours in (1, 2):
        behave = answer(EXPIRED, status="400 Bad", headers=date_header(3600 * hours))
        with raw_server(behave) as server:
            sms = AliyunSms(server.url, TIMES, clock=clock)
            codes.append(sms.send(BATCH, out_id=OUT_ID, key=KEY).code)
        clock.set()

    assert codes == [CLOCK_WAS_WRONG, "InvalidTimeStamp.Expired"]


def date_header(seconds_from_now: float) -> bytes:
    return f"Date: {formatdate(time.time() + seconds_from_now, usegmt=True)}\r\n".encode()
