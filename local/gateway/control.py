"""
The control API, for tests and demos: set the state, add faults, read what happened.

`README.md` beside this file describes each path.
"""

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from math import inf
from typing import Any, Protocol

from aiohttp import web

from .account import Account
from .admission import AccountKey
from .api import STANDIN
from .catalogue import Catalogue
from .delivery import Delivery
from .faults import Fault
from .receipts import receipts_of

PREFIX = "/_standin"

routes = web.RouteTableDef()


class Line(Protocol):
    def to_json(self) -> str: ...


def account_of(request: web.Request) -> Account:
    return request.app[STANDIN].account


@web.middleware
async def say_what_is_wrong(request: web.Request, handler: Any) -> web.StreamResponse:
    """Answer a control request that can not be understood with 400 and the reason."""
    if not request.path.startswith(PREFIX):
        return await handler(request)  # type: ignore[no-any-return] # aiohttp leaves it untyped
    try:
        return await handler(request)  # type: ignore[no-any-return] # the same
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        return web.json_response({"error": str(error)}, status=400)


@routes.post(f"{PREFIX}/reset")
async def reset(request: web.Request) -> web.Response:
    """Put everything back to how it was when the process started."""
    request.app[STANDIN].reset()
    return web.Response(status=204)


@routes.put(f"{PREFIX}/keys")
async def put_key(request: web.Request) -> web.Response:
    """Add a key, or change one. What is not named it keeps."""
    fields = await request.json()
    keys = account_of(request).keys
    known = keys.get(fields["access_key_id"])
    if known is not None:
        fields = asdict(known) | fields
    keys[fields["access_key_id"]] = AccountKey(**fields)
    return web.Response(status=204)


@routes.get(f"{PREFIX}/settings")
async def get_settings(request: web.Request) -> web.Response:
    return web.json_response(account_of(request).settings.to_json())


@routes.put(f"{PREFIX}/settings")
async def change_settings(request: web.Request) -> web.Response:
    """Change the settings that are named, and leave the rest."""
    changes = await request.json()
    account = account_of(request)
    account.settings = account.settings.changed(changes)
    return web.json_response(account.settings.to_json())


@routes.get(f"{PREFIX}/catalogue")
async def get_catalogue(request: web.Request) -> web.Response:
    return web.json_response(asdict(account_of(request).catalogue))


@routes.put(f"{PREFIX}/catalogue")
async def set_catalogue(request: web.Request) -> web.Response:
    """Make these sign names and templates known, and no others."""
    account_of(request).catalogue = Catalogue.from_json(await request.json())
    return web.Response(status=204)


@routes.delete(f"{PREFIX}/catalogue")
async def unset_catalogue(request: web.Request) -> web.Response:
    account_of(request).catalogue = Catalogue()
    return web.Response(status=204)


@routes.get(f"{PREFIX}/delivery")
async def get_delivery(request: web.Request) -> web.Response:
    return web.json_response(account_of(request).delivery.to_json())


@routes.put(f"{PREFIX}/delivery")
async def set_delivery(request: web.Request) -> web.Response:
    """Set the delivery of messages that are accepted from now on; the rest is default."""
    account_of(request).delivery = Delivery.from_json(await request.json())
    return web.Response(status=204)


@routes.post(f"{PREFIX}/clock")
async def advance_clock(request: web.Request) -> web.Response:
    """Advance the clock of delivery alone, and say how far it was advanced in all."""
    fields = await request.json()
    seconds = float(fields["advance_seconds"])
    if not 0 <= seconds < inf:
        raise ValueError("the clock goes forward only")
    account = account_of(request)
    account.advanced_seconds += seconds
    return web.json_response({"advanced_seconds": account.advanced_seconds})


@routes.get(f"{PREFIX}/receipts")
async def get_receipts(request: web.Request) -> web.StreamResponse:
    """Stream the truth of each message: all, a page, or those to one `phone_number`."""
    account = account_of(request)
    if "phone_number" in request.query:
        entries = account.journal.entries_of(request.query["phone_number"])
        return await lines(request, receipts_of(account, [entries]))
    return await lines(
        request, receipts_of(account, account.journal.entry_pages(**page_of(request)))
    )


@routes.get(f"{PREFIX}/faults")
async def get_faults(request: web.Request) -> web.Response:
    return web.json_response(account_of(request).faults.to_json())


@routes.post(f"{PREFIX}/faults")
async def add_fault(request: web.Request) -> web.Response:
    account_of(request).faults.add(Fault.from_json(await request.json()))
    return web.Response(status=204)


@routes.put(f"{PREFIX}/faults")
async def set_faults(request: web.Request) -> web.Response:
    """Replace all active faults by these."""
    faults = [Fault.from_json(each) for each in await request.json()]
    active = account_of(request).faults
    active.clear()
    for fault in faults:
        active.add(fault)
    return web.Response(status=204)


@routes.delete(f"{PREFIX}/faults")
async def clear_faults(request: web.Request) -> web.Response:
    account_of(request).faults.clear()
    return web.Response(status=204)


@routes.get(f"{PREFIX}/summary")
async def summary(request: web.Request) -> web.Response:
    account = account_of(request)
    return web.json_response(account.journal.summary() | account.requests.summary())


@routes.get(f"{PREFIX}/journal")
async def journal(request: web.Request) -> web.StreamResponse:
    """Stream the messages: all, a page (`offset`, `limit`), or those to one `phone_number`."""
    messages = account_of(request).journal
    if "phone_number" in request.query:
        return await lines(request, [list(messages.of_number(request.query["phone_number"]))])
    return await lines(request, messages.pages(**page_of(request)))


@routes.get(f"{PREFIX}/requests")
async def requests(request: web.Request) -> web.StreamResponse:
    """Stream the requests: all, a page (`offset`, `limit`), or those of one `action`."""
    log = account_of(request).requests
    return await lines(request, log.pages(action=request.query.get("action"), **page_of(request)))


def page_of(request: web.Request) -> dict[str, Any]:
    return {name: int(request.query[name]) for name in ("offset", "limit") if name in request.query}


async def lines(request: web.Request, pages: Iterable[Sequence[Line]]) -> web.StreamResponse:
    """Answer in JSON lines, page by page, so that other calls are served in between."""
    response = web.StreamResponse(headers={"Content-Type": "application/x-ndjson"})
    await response.prepare(request)
    for page in pages:
        await response.write("".join(f"{each.to_json()}\n" for each in page).encode())
    await response.write_eof()
    return response
