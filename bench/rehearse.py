"""`python -m bench.rehearse --rows N`: a campaign of that size in the local AWS, watched."""

import argparse
import sys

from rich.console import Console

from bench.rehearsing import Unbalanced, made_file, rehearse


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.rehearse", description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    rows = parser.parse_args().rows
    console = Console(highlight=False)
    with made_file(rows) as file:
        size = file.path.stat().st_size / 1e6
        console.print(f"A file of {rows:,} rows, {size:.1f} MB, {file.recipients:,} recipients")
        try:
            rehearsal = rehearse(file, console)
        except Unbalanced as error:
            sys.exit(f"not right: {error}")
    names = ("rows", "accepted", "duplicates", "rejected", "sent", "batches", "calls")
    console.print(", ".join(f"{name} {rehearsal.summary[name]:,}" for name in names))
    console.print(
        f"parsed after {rehearsal.parsed:.1f} s, texted after {rehearsal.texted:.1f} s, "
        f"closed after {rehearsal.closed:.1f} s: {rows / rehearsal.closed:,.0f} rows/s"
    )
    for name, peak in rehearsal.peak_megabytes.items():
        console.print(f"{name}: {peak:.0f} MB at the most")
    console.print("[bold green]The books balance, and each number is in the journal once.[/]")


if __name__ == "__main__":
    main()
