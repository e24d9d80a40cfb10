"""
A function's start: importing makes next to no garbage, and looking for it takes time.

A handler's module imports this one before all else, and says when it is ready:

    from smsdrop.aws.functions.cold_start import ready  # isort: split
    ...
    @ready
    def lambda_handler(event, context): ...
"""

import gc
from collections.abc import Callable
from typing import TypeVar

Handler = TypeVar("Handler", bound=Callable[..., object])

gc.disable()


def ready(handler: Handler) -> Handler:
    """Return the handler; garbage collection skips what is there by now, and looks at the rest."""
    gc.freeze()
    gc.enable()
    return handler
