"""How much memory a process has held at the most."""

from pathlib import Path


def peak_megabytes(pid: int | str = "self") -> float:
    """
    Return the most memory that a process has held, as Linux counts it.

    Not `ru_maxrss`, which begins with what the parent held when it started the process.
    """
    status = Path(f"/proc/{pid}/status")
    for line in status.read_text().splitlines() if status.exists() else []:
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024 / 1e6
    return 0.0
