"""The stand-in as an HTTP server on loopback."""

import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web

from .account import Standin
from .api import STANDIN, answer_call
from .control import routes, say_what_is_wrong

MAX_BODY_BYTES = 4 * 1024 * 1024
"""Our choice: Alibaba Cloud documents no limit. A hundred recipients are about 40 KB."""

SHUTDOWN_SECONDS = 1.0
"""How long open calls may take to finish once the server stops."""


def application(standin: Standin) -> web.Application:
    app = web.Application(client_max_size=MAX_BODY_BYTES, middlewares=[say_what_is_wrong])
    app[STANDIN] = standin
    app.add_routes(routes)
    app.router.add_route("*", "/{anything:.*}", answer_call)
    return app


@asynccontextmanager
async def serving(standin: Standin, *, port: int = 0) -> AsyncIterator[str]:
    """Serve until the block ends, and give it the endpoint. Port 0 is any free port."""
    runner = web.AppRunner(application(standin), access_log=None, shutdown_timeout=SHUTDOWN_SECONDS)
    await runner.setup()
    listener = socket.create_server(("127.0.0.1", port), backlog=1024)
    try:
        await web.SockSite(runner, listener).start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        await runner.cleanup()
        listener.close()
