"""The local AWS, the stand-in SMS gateway and the demo; never deployed."""

from pathlib import Path

ROOT = Path(__file__).parents[1]
"""The folder of the project."""
