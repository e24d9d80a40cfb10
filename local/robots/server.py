"""
The robots as an HTTP server on loopback, at paths as the real ones have.

What reached them is read at `/_standin/journal`; a PUT to `/_standin/behaviour/<kind>` makes the
robots of a kind hang for so many seconds, or refuse with a code; a DELETE of `/_standin` makes all
of them forget everything.
"""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass, field
from typing import Any

from aiohttp import web

from .strict import MINUTE_SECONDS, Posted, Taken, answer, taken

SECRETS = {"dingtalk": "SEC-local-dingtalk", "feishu": "local-feishu", "wecom": ""}
TOKENS = {kind: f"token-of-{kind}" for kind in SECRETS}
PATHS = {
    "dingtalk": f"/robot/send?access_token={TOKENS['dingtalk']}",
    "feishu": f"/open-apis/bot/v2/hook/{TOKENS['feishu']}",
    "wecom": f"/cgi-bin/webhook/send?key={TOKENS['wecom']}",
}
"""The path of the one robot of each kind."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One request to a robot, and what became of it."""

    kind: str
    at: float
    text: str
    code: int


@dataclass(slots=True)
class Robots:
    """All that the stand-in remembers."""

    clock: Any
    journal: list[Entry] = field(default_factory=list)
    behaviour: dict[str, dict[str, float]] = field(default_factory=dict)

    async def post(self, kind: str, posted: Posted) -> dict[str, Any]:
        lately = sum(
            each.kind == kind and each.at > posted.at - MINUTE_SECONDS for each in self.journal
        )
        manner = self.behaviour.get(kind, {})
        said = taken(kind, posted, lately=lately)
        if code := int(manner.get("refuses", 0)):
            said = Taken(code=code, why="as was asked for")
        self.journal.append(Entry(kind=kind, at=posted.at, text=said.text, code=said.code))
        await asyncio.sleep(manner.get("hangs", 0))
        return answer(kind, said)


ROBOTS: web.AppKey[Robots] = web.AppKey("robots", Robots)
routes = web.RouteTableDef()


async def _say(request: web.Request, kind: str, token: str | None) -> web.Response:
    if token != TOKENS[kind]:
        return web.json_response(answer(kind, Taken(code=300001, why="no such robot")))
    robots = request.app[ROBOTS]
    posted = Posted(
        query=dict(request.query),
        content_type=request.headers.get("Content-Type", ""),
        body=await request.read(),
        secret=SECRETS[kind],
        at=robots.clock(),
    )
    return web.json_response(await robots.post(kind, posted))


@routes.post("/robot/send")
async def dingtalk(request: web.Request) -> web.Response:
    return await _say(request, "dingtalk", request.query.get("access_token"))


@routes.post("/open-apis/bot/v2/hook/{token}")
async def feishu(request: web.Request) -> web.Response:
    return await _say(request, "feishu", request.match_info["token"])


@routes.post("/cgi-bin/webhook/send")
async def wecom(request: web.Request) -> web.Response:
    return await _say(request, "wecom", request.query.get("key"))


@routes.get("/_standin/journal")
async def journal(request: web.Request) -> web.Response:
    return web.json_response([asdict(each) for each in request.app[ROBOTS].journal])


@routes.put("/_standin/behaviour/{kind}")
async def behave(request: web.Request) -> web.Response:
    request.app[ROBOTS].behaviour[request.match_info["kind"]] = await request.json()
    return web.Response(status=204)


@routes.delete("/_standin")
async def reset(request: web.Request) -> web.Response:
    request.app[ROBOTS].journal.clear()
    request.app[ROBOTS].behaviour.clear()
    return web.Response(status=204)


@asynccontextmanager
async def serving(robots: Robots, *, port: int = 0) -> AsyncIterator[str]:
    """Serve until the block ends, and give it the address. Port 0 is any free port."""
    app = web.Application()
    app[ROBOTS] = robots
    app.add_routes(routes)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
    await runner.setup()
    listener = socket.create_server(("127.0.0.1", port), backlog=128)
    try:
        await web.SockSite(runner, listener).start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        await runner.cleanup()
        listener.close()
