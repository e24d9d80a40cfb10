"""
ministack, with an environment that its functions may inherit.

They inherit all of it, and would take its log level for their own.
"""

import os

from ministack import app  # type: ignore[import-untyped]  # it ships no types

if __name__ == "__main__":
    os.environ.pop("LOG_LEVEL", None)
    app.main()
