"""
What makes a function's start short, for the modules of handlers.

The garbage collector is off while they are imported: that makes next to no garbage, and looking for
it takes time. urllib3 comes first: it compiles large regular expressions, and deep in botocore's
imports a call in there may need a new chunk of CPython's stack, which is then mapped and unmapped
thousands of times.

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

import urllib3  # noqa: E402, F401 - see above


def ready(handler: Handler) -> Handler:
    """Return the handler; garbage collection skips what is there by now, and looks at the rest."""
    gc.freeze()
    gc.enable()
    return handler
