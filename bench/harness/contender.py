"""One round of one contender, in its own process: settings on standard input, figures on output."""

import importlib
import json
import os
import sys
import tempfile

from bench.harness.cores import pin_to
from bench.harness.memory import peak_megabytes
from bench.harness.stopwatch import Stopwatch


def main() -> None:
    order = json.load(sys.stdin)
    pin_to(order["core"])
    answer = os.fdopen(os.dup(1), "w")
    with tempfile.TemporaryFile() as log:  # what a handler logs is written somewhere, as on Lambda
        os.dup2(log.fileno(), 1)
        module, _, name = order["contender"].partition(":")
        contender = getattr(importlib.import_module(module), name)
        watch = Stopwatch()
        facts = contender(watch, **order["settings"])
    figures = {
        "wall_seconds": watch.wall_seconds,
        "cpu_seconds": watch.cpu_seconds,
        "peak_megabytes": peak_megabytes(),
        "facts": facts,
    }
    json.dump(figures, answer)
    answer.close()


if __name__ == "__main__":
    main()
