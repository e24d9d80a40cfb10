"""The stand-in as an HTTP server on loopback."""

import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web

from .account import Standin
from .api import STANDIN, answer_call
from .control import routes, say_what_is_wrong

MAX_BODY_BYTES = 4 * 1024 * 1024
"""Our own limit: none is documented. A hundred recipients come to some 40 KB."""

SHUTDOWN_SECONDS = 1.0
"""How long calls under way may take to end once the server is told to stop."""


def application(standin: Standin) -> web.Application:
    app = web.Application(client_max_size=MAX_BODY_BYTES, middlewares=[say_what_is_wrong])
    app[STANDIN] = standin
    app.add_routes(routes)
    app.router.add_route("*", "/{anything:.*}", answer_call)
    return app


@asynccontextmanager
async def serving(standin: Standin, *, port: int = 0) -> AsyncIterator[str]:
    """Serve until the block ends; what it gets is the endpoint. Port 0 is any free one."""
    runner = web.AppRunner(application(standin), access_log=None, shutdown_timeout=SHUTDOWN_SECONDS)
    await runner.setup()
    listener = socket.create_server(("127.0.0.1", port), backlog=1024)
    try:
        await web.SockSite(runner, listener).start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        await runner.cleanup()
        listener.close()
