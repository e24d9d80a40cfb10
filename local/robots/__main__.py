"""Runs the stand-in: prints one line of JSON when ready, stops on SIGTERM or Ctrl-C."""

import argparse
import asyncio
import json
import signal
import time

from .client import secret_for
from .server import Robots, serving


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m local.robots", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0 is any free port")
    asyncio.run(serve_until_stopped(port=parser.parse_args().port))


async def serve_until_stopped(*, port: int) -> None:
    stop_requested = asyncio.Event()
    for each in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(each, stop_requested.set)
    async with serving(Robots(clock=time.time), port=port) as address:
        ready = {"robots_endpoint": address, "secret": secret_for(address)}
        print(json.dumps(ready), flush=True)
        await stop_requested.wait()


if __name__ == "__main__":
    main()
