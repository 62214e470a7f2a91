"""``python -m benches run [BENCH …]``, ``compare A.json B.json`` and ``markdown A.json``."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from benches.comparison import compare
from benches.corpora import at_hand
from benches.frame import BENCHES, corpora_of, run_bench
from benches.machine import cores
from benches.table import markdown

SMOKE = "synthetic-160"


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; 1 means that an answer was wrong."""
    parser = argparse.ArgumentParser(prog="python -m benches", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    run = commands.add_parser("run", help="measure")
    run.add_argument("bench", nargs="*", help=f"any of {', '.join(BENCHES)}; all by default")
    run.add_argument("--corpus", action="append", help="reuters21578, synthetic-5000, …")
    run.add_argument("--runs", type=int, default=5, help="runs of each contender (5)")
    run.add_argument("--smoke", action="store_true", help="one run on a tiny corpus")
    run.add_argument("--out", type=Path, default=Path("out/bench"), help="folder for the JSON")
    two = commands.add_parser("compare", help="compare two JSON files")
    two.add_argument("before", type=Path)
    two.add_argument("after", type=Path)
    one = commands.add_parser("markdown", help="print the tables of a JSON file as Markdown")
    one.add_argument("file", type=Path)
    told = parser.parse_args(arguments)
    if told.command == "markdown":
        print(markdown(told.file))
        return 0
    if told.command == "compare":
        return compare(told.before, told.after)
    unknown = [name for name in told.bench if name not in BENCHES]
    if unknown:
        parser.error(f"there is no bench {unknown[0]!r}; there are {', '.join(BENCHES)}")
    if told.runs < 1:
        parser.error(f"--runs is {told.runs}, but a figure needs at least 1")
    # Side by side, a smoke run is over sooner, and its times are nobody's figures.
    runs, at_once = (1, cores()) if told.smoke else (told.runs, 1)
    right = []
    for name in told.bench or BENCHES:
        corpora = [SMOKE] if told.smoke else told.corpus or at_hand(corpora_of(name))
        right.append(run_bench(name, corpora, runs, told.out, at_once))
    return 0 if all(right) else 1


if __name__ == "__main__":
    sys.exit(main())
