"""Target 6: cold start, the built package imported in ≤ 1.6 times what `import boto3` takes."""

import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from statistics import median

import boto3

from bench.harness.result import Findings, ratio, skipped
from bench.harness.run import Run
from local import ROOT
from local.aws.child import CLEAN_ENVIRONMENT

AT_MOST = 1.6
WHAT = "cold start of the built package, import to ready handler"
BUILT = ROOT / ".aws-sam" / "build"
SENDER = BUILT / "SendBatch"
LAYER = BUILT / "SmsdropLayer" / "python"
PATHS: dict[str, Sequence[Path]] = {"boto3": (), "app": (SENDER, LAYER)}
"""What is on the path before the runtime's own packages, for each module imported."""

TIMED_IMPORT = """
import os, sys, time
core = int(sys.argv[1])
if core >= 0:
    os.sched_setaffinity(0, {core})
began = time.perf_counter()
module = __import__(sys.argv[2])
assert sys.argv[2] == "boto3" or callable(module.lambda_handler)
print(time.perf_counter() - began)
"""


def benchmark(run: Run) -> Findings:
    python = python313()
    if python is None:
        return skipped(6, WHAT, "there is no python3.13 on the PATH")
    if not (SENDER / "app.py").exists() or not LAYER.exists():
        return skipped(6, WHAT, "there is no built package; `make build` makes it")
    runtime = clean_runtime(python, run.folder / "runtime")
    taken: dict[str, list[float]] = {module: [] for module in PATHS}
    for _ in range(run.size.starts + 1):  # the first reads from the disk
        for module, times in taken.items():
            times.append(import_seconds(runtime, module, PATHS[module], core=run.core))
    theirs, mine = (median(times[1:]) for times in taken.values())
    result = ratio(
        6,
        WHAT,
        peer="import boto3",
        theirs=theirs * 1000,
        ours=mine * 1000,
        unit="ms",
        at_most=AT_MOST,
    )
    return Findings(results=(result,))


def python313() -> str | None:
    """Return a Python of the version that the functions run on, if one is there and runs."""
    path = shutil.which("python3.13")
    works = path and not subprocess.run([path, "--version"], capture_output=True).returncode  # noqa: S603 - found on the PATH
    return path if works else None


def clean_runtime(python: str, folder: Path) -> Path:
    """Make an environment like Lambda's: that Python with a compiled boto3, and nothing else."""
    uv = shutil.which("uv") or str(ROOT / ".venv" / "bin" / "uv")
    runtime = folder / "bin" / "python"
    package = f"boto3=={boto3.__version__}"
    for command in (
        ["venv", "--quiet", "--python", python, str(folder)],
        ["pip", "install", "--quiet", "--compile-bytecode", "--python", str(runtime), package],
    ):
        subprocess.run([uv, *command], check=True)  # noqa: S603 - our own tool
    return runtime


def import_seconds(runtime: Path, module: str, paths: Sequence[Path], *, core: int | None) -> float:
    """
    Time one import in a fresh process.

    No bytecode is written: on Lambda the package is in a read-only folder.
    """
    done = subprocess.run(  # noqa: S603 - our own runtime
        [runtime, "-c", TIMED_IMPORT, str(-1 if core is None else core), module],
        env={
            **CLEAN_ENVIRONMENT,
            "PYTHONPATH": os.pathsep.join(map(str, paths)),
            "PYTHONDONTWRITEBYTECODE": "1",
            "AWS_EXECUTION_ENV": "AWS_Lambda_python3.13",
            "POWERTOOLS_SERVICE_NAME": "smsdrop",
        },
        capture_output=True,
        text=True,
        check=True,
    )
    return float(done.stdout)
