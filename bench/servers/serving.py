"""A server for benchmarks: prints where it is as a line of JSON, stops on SIGTERM."""

import asyncio
import json
import signal
import socket
import ssl

from aiohttp import web

MAX_BODY_BYTES = 4 * 1024 * 1024


async def serve(app: web.Application, *, tls: ssl.SSLContext | None = None, **ready: str) -> None:
    """Serve until a signal to stop; `ready` goes into the line beside the `endpoint`."""
    stopped = asyncio.Event()
    for each in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(each, stopped.set)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    listener = socket.create_server(("127.0.0.1", 0), backlog=128)
    await web.SockSite(runner, listener, ssl_context=tls).start()
    scheme = "https" if tls else "http"
    endpoint = f"{scheme}://127.0.0.1:{listener.getsockname()[1]}"
    print(json.dumps({"endpoint": endpoint, **ready}), flush=True)
    await stopped.wait()
    await runner.cleanup()


def answering(handler: object) -> web.Application:
    """Return an application that answers every POST by this handler."""
    app = web.Application(client_max_size=MAX_BODY_BYTES)
    app.router.add_post("/{anything:.*}", handler)  # type: ignore[arg-type] # aiohttp has no name for it
    return app
