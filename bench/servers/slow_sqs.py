"""A queue that takes ten milliseconds to take ten messages, about as SQS does, and forgets them."""

import asyncio
import json

from aiohttp import web

from bench.servers.serving import answering, serve

CALL_SECONDS = 0.010


async def send_message_batch(request: web.Request) -> web.Response:
    """Answer as SQS does in its JSON protocol."""
    until = asyncio.get_running_loop().time() + CALL_SECONDS
    entries = json.loads(await request.read())["Entries"]
    taken = [
        {"Id": each["Id"], "MessageId": each["Id"], "MD5OfMessageBody": ""} for each in entries
    ]
    await asyncio.sleep(until - asyncio.get_running_loop().time())
    answer = json.dumps({"Successful": taken, "Failed": []})
    return web.Response(text=answer, content_type="application/x-amz-json-1.0")


if __name__ == "__main__":
    asyncio.run(serve(answering(send_message_batch)))
