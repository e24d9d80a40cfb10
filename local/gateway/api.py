"""The API itself: from an HTTP request to its answer, with the faults in between."""

import asyncio

from aiohttp import web

from .account import Account, Standin
from .actions import Action, action_of
from .admission import admit
from .answers import Answer, BodyTooLarge, Refusal
from .call import Call, phone_numbers_in
from .faults import Fault

STANDIN = web.AppKey("standin", Standin)

NO_FAULT = Fault(kind="lag")
"""Carries the call out, gives the answer, and waits for nothing."""


async def answer_call(request: web.Request) -> web.StreamResponse:
    account = request.app[STANDIN].account
    call = Call.from_wire(request.method, request.raw_path, request.headers, await request.read())
    params = call.params()
    phone_numbers = phone_numbers_in(params)
    place = account.requests.open(
        call.action,
        at=account.clock(),
        recipients=len(phone_numbers),
        out_id=params.get("OutId"),
    )
    fault = None
    answer: Answer | None
    try:
        if not account.settings.lets_through(call.body):
            raise BodyTooLarge
        action = action_of(call, lacks=account.settings.lacks)
        key = admit(call, keys=account.keys, nonces=account.nonces, now=account.clock())
        most = account.settings.calls_per_second
        account.call_times.let(call.action, most=most, now=account.clock())
        fault = account.faults.choose(account.requests.at(place), phone_numbers)
    except Refusal as refusal:
        answer = refusal.answer()
    else:
        answer = await answer_with_fault(
            account, action, call, place, key.account_id, fault or NO_FAULT
        )
    account.requests.close(
        place,
        at=account.clock(),
        outcome=answer.code if answer else "no answer",
        fault=fault.kind if fault else None,
    )
    return to_response(request, answer)


async def answer_with_fault(
    account: Account, action: Action, call: Call, place: int, account_id: str, fault: Fault
) -> Answer | None:
    """Carry the call out if the fault allows it, and return the answer that the fault gives."""
    await asyncio.sleep(fault.lag_before_seconds)
    accepts = fault.accepts_the_call()
    own = carry_out(account, action, call, place, account_id) if accepts else None
    await asyncio.sleep(account.settings.latency_seconds + fault.lag_after())
    return fault.answer_given(own)


def carry_out(account: Account, action: Action, call: Call, place: int, account_id: str) -> Answer:
    try:
        params = action.params(call, account.settings.placement)
        number = account.requests.at(place).number
        answer = action.carry_out(account, params, request_number=number, account_id=account_id)
    except Refusal as refusal:
        return refusal.answer()
    account.requests.mark_accepted(place)
    return answer


def to_response(request: web.Request, answer: Answer | None) -> web.StreamResponse:
    if answer is None:
        if request.transport is not None:
            request.transport.abort()
        return web.Response()  # aiohttp wants one; the connection is closed
    headers = {"Content-Type": "application/json;charset=utf-8", **answer.headers}
    if answer.request_id:
        headers |= {"X-Acs-Request-Id": answer.request_id, "X-Acs-Trace-Id": answer.request_id}
    return web.Response(body=answer.body.encode(), status=answer.status, headers=headers)
