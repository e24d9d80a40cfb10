"""A headless Chromium that opens pages from disk with the network off, and says what it sees."""

import asyncio
import base64
import json
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from subprocess import DEVNULL, PIPE, Popen
from tempfile import TemporaryDirectory
from typing import Any

from aiohttp import ClientSession, ClientWebSocketResponse

NAMES = ("chromium", "chromium-browser", "google-chrome")
CHROMIUM = next(filter(None, map(shutil.which, NAMES)), "")

OPTIONS = (
    "--headless=new",
    "--no-sandbox",  # tests may run as root
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--remote-debugging-port=0",
)

SECONDS = 60.0
HEIGHT = 844

OVERFLOWING = """
(() => {
  const width = document.documentElement.clientWidth;
  return [...document.querySelectorAll('body *')]
    .filter(each => each.getBoundingClientRect().right > width + 1
                    || each.scrollWidth > each.clientWidth + 1 && each.clientWidth > 0
                       && getComputedStyle(each).display !== 'inline')
    .map(each => `${each.tagName} ${each.className.baseVal ?? each.className}`);
})()
"""
"""Whatever is wider than the page, or than the box that it is in."""

NOTED = ("Runtime.exceptionThrown", "Log.entryAdded", "Runtime.consoleAPICalled")


@dataclass(slots=True)
class Look:
    """What was seen of one page."""

    complaints: list[str] = field(default_factory=list)
    addresses: list[str] = field(default_factory=list)
    """Of all that was loaded."""
    overflowing: list[str] = field(default_factory=list)
    text: str = ""
    picture: bytes = b""


@dataclass(slots=True)
class Browser:
    """Speaks the DevTools protocol to one tab."""

    address: str
    loop: asyncio.AbstractEventLoop
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def look(self, page: Path, *, width: int) -> Look:
        return self.loop.run_until_complete(
            asyncio.wait_for(self._look(page, width=width), timeout=SECONDS)
        )

    async def _look(self, page: Path, *, width: int) -> Look:
        look = Look()
        async with ClientSession() as session:
            async with session.put(f"http://{self.address}/json/new?about:blank") as answer:
                tab = await answer.json()
            async with session.ws_connect(tab["webSocketDebuggerUrl"], max_msg_size=0) as socket:
                await self._open(socket, look, page, width)
                look.overflowing = await self._value(socket, look, OVERFLOWING)
                look.text = await self._value(socket, look, "document.body.innerText")
                shot = {"format": "png", "captureBeyondViewport": True}
                picture = await self._ask(socket, look, "Page.captureScreenshot", **shot)
                look.picture = base64.b64decode(picture["data"])
                await self._ask(socket, look, "Page.close")
        return look

    async def _open(
        self, socket: ClientWebSocketResponse, look: Look, page: Path, width: int
    ) -> None:
        for domain in ("Page", "Runtime", "Log", "Network"):
            await self._ask(socket, look, f"{domain}.enable")
        offline = {"offline": True, "latency": 0, "downloadThroughput": 0, "uploadThroughput": 0}
        await self._ask(socket, look, "Network.emulateNetworkConditions", **offline)
        size = {"width": width, "height": HEIGHT, "deviceScaleFactor": 1, "mobile": width < HEIGHT}
        await self._ask(socket, look, "Emulation.setDeviceMetricsOverride", **size)
        await self._ask(socket, look, "Page.navigate", url=page.as_uri())
        while await self._value(socket, look, "document.readyState") != "complete":
            await asyncio.sleep(0.02)

    async def _value(self, socket: ClientWebSocketResponse, look: Look, expression: str) -> Any:
        asked = {"expression": expression, "returnByValue": True}
        answer = await self._ask(socket, look, "Runtime.evaluate", **asked)
        return answer["result"].get("value")

    async def _ask(
        self, socket: ClientWebSocketResponse, look: Look, method: str, **params: Any
    ) -> dict[str, Any]:
        """Return the answer; note what the browser reports meanwhile."""
        number = next(self._numbers)
        await socket.send_json({"id": number, "method": method, "params": params})
        while True:
            told = await socket.receive_json()
            if told.get("id") == number:
                answer: dict[str, Any] = told.get("result", {})
                return answer
            if told["method"] in NOTED:
                look.complaints.append(json.dumps(told["params"], ensure_ascii=False))
            if told["method"] == "Network.requestWillBeSent":
                look.addresses.append(told["params"]["request"]["url"])


@contextmanager
def browser() -> Iterator[Browser]:
    """Run Chromium for as long as pages are looked at."""
    loop = asyncio.new_event_loop()
    with TemporaryDirectory() as profile:
        command = [CHROMIUM, *OPTIONS, f"--user-data-dir={profile}", "about:blank"]
        with Popen(command, stdout=DEVNULL, stderr=PIPE, text=True) as process:  # noqa: S603 - ours
            try:
                assert process.stderr is not None
                told = next(each for each in process.stderr if "DevTools listening" in each)
                found = re.search(r"ws://([^/]+)/", told)
                assert found is not None
                yield Browser(address=found[1], loop=loop)
            finally:
                process.terminate()
                process.communicate()
                loop.close()
