"""
ministack's DynamoDB with nothing in front of it: the real one does not queue its callers.

Through ministack's router, which resolves roles and is slow, ten claims at once would measure the
router. Conditions are still evaluated.
"""

import asyncio

from aiohttp import web
from ministack.services.dynamodb import handle_request  # type: ignore[import-untyped] # no types

from bench.servers.serving import answering, serve


async def answer(request: web.Request) -> web.Response:
    headers = {name.lower(): value for name, value in request.headers.items()}
    status, replied, body = await handle_request(
        "POST", request.path, headers, await request.read(), {}
    )
    return web.Response(status=status, headers=replied, body=body)


if __name__ == "__main__":
    asyncio.run(serve(answering(answer)))
