"""Runs the stand-in SMS gateway: prints one line of JSON when ready, stops on SIGTERM or Ctrl-C."""

import argparse
import asyncio
import json
import signal
import time

from .account import Standin
from .admission import AccountKey
from .server import serving


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m local.gateway", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0 is any free port")
    parser.add_argument("--access-key-id", default="local-access-key-id")
    parser.add_argument("--access-key-secret", default="local-access-key-secret")
    options = parser.parse_args()
    key = AccountKey(
        access_key_id=options.access_key_id, access_key_secret=options.access_key_secret
    )
    asyncio.run(serve_until_stopped(Standin(clock=time.time, keys=(key,)), port=options.port))


async def serve_until_stopped(standin: Standin, *, port: int) -> None:
    stop_requested = asyncio.Event()
    for each in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(each, stop_requested.set)
    async with serving(standin, port=port) as endpoint:
        print(json.dumps({"sms_endpoint": endpoint}), flush=True)
        await stop_requested.wait()


if __name__ == "__main__":
    main()
