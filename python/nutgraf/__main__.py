"""The command line: ``python -m nutgraf compare | duplicates | keyness``."""

from __future__ import annotations

import argparse
import csv
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import nutgraf as ng

if TYPE_CHECKING:
    from collections.abc import Sequence

_KEYNESS_COLUMNS = ("term", "target_docs", "reference_docs", "log_ratio", "p_max_t")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status.

    Parameters
    ----------
    arguments : sequence of str, optional
        What follows ``python -m nutgraf``; by default, what the shell gave.

    Returns
    -------
    int
        0, or 2 if the input cannot be used.
    """
    options = _parser().parse_args(arguments)
    try:
        return int(options.run(options))
    except BrokenPipeError:
        # `… | head` has read enough; closing stdout here keeps the interpreter quiet at exit.
        sys.stderr.close()
        return 0
    except (ng.NutgrafError, OSError) as error:
        sys.stderr.write(f"nutgraf: {error}\n")
        return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m nutgraf", description="Compare how sources cover one event."
    )
    parser.add_argument("--version", action="version", version=f"nutgraf {ng.__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    compare = commands.add_parser("compare", help="write a report: copies, then words")
    _articles(compare, optional=True)
    compare.add_argument("--sample", action="store_true", help="use the articles that come along")
    compare.add_argument("-o", "--output", type=Path, default=Path("report.html"), metavar="HTML")
    compare.add_argument("--by", default="source", help="column that names the sources")
    compare.add_argument("--threshold", type=float, default=0.5, help="least similarity of a copy")
    compare.add_argument("--permutations", type=int, default=9999)
    compare.add_argument("--seed", type=int, default=0)
    compare.add_argument("--tables", type=Path, metavar="FOLDER", help="also write every table")
    compare.set_defaults(run=_compare, parser=compare)

    duplicates = commands.add_parser("duplicates", help="list articles with nearly the same text")
    _articles(duplicates)
    duplicates.add_argument("--threshold", type=float, default=0.5, help="least similarity")
    duplicates.add_argument("-o", "--output", type=Path, metavar="CSV")
    duplicates.set_defaults(run=_duplicates)

    keyness = commands.add_parser("keyness", help="list the words that set some articles apart")
    _articles(keyness)
    keyness.add_argument("--target", required=True, type=_assignment, metavar="COLUMN=VALUE")
    keyness.add_argument("--stop-words", metavar="LANGUAGE", help="leave them out, such as: en")
    keyness.add_argument("--top", type=int, default=20, help="how many words to list")
    keyness.add_argument("--seed", type=int, default=0)
    keyness.add_argument("-o", "--output", type=Path, metavar="CSV")
    keyness.set_defaults(run=_keyness)
    return parser


def _articles(parser: argparse.ArgumentParser, *, optional: bool = False) -> None:
    parser.add_argument(
        "articles",
        nargs="?" if optional else None,
        metavar="ARTICLES",
        help="a folder of .txt files, or a .jsonl, .csv or .parquet file",
    )


def _assignment(text: str) -> tuple[str, str]:
    column, sign, value = text.partition("=")
    if not sign or not column:
        message = f"{text!r} is not COLUMN=VALUE, such as source=Reuters"
        raise argparse.ArgumentTypeError(message)
    return column, value


def _compare(options: argparse.Namespace) -> int:
    if bool(options.articles) == options.sample:
        options.parser.error("name the ARTICLES, or pass --sample")
    corpus = ng.load_sample() if options.sample else ng.read_corpus(options.articles)
    # Fails before the work, not after it, if the report has no place to go.
    options.output.parent.mkdir(parents=True, exist_ok=True)
    result = ng.compare(
        corpus,
        options.by,
        threshold=options.threshold,
        permutations=options.permutations,
        seed=options.seed,
    )
    result.save(options.output)
    if options.tables:
        result.tables(options.tables)
    sys.stdout.write(f"{result.summary()}\n\nThe full report, with the evidence:\n")
    sys.stdout.write(f"{options.output}\n")
    return 0


def _duplicates(options: argparse.Namespace) -> int:
    found = ng.near_duplicates(ng.read_corpus(options.articles), threshold=options.threshold)
    _write(found.pairs, list(found.pairs.columns), options.output)
    sys.stderr.write(f"{found!r}\n")
    return 0


def _keyness(options: argparse.Namespace) -> int:
    corpus = ng.read_corpus(options.articles)
    column, value = options.target
    view = ng.tokenize(corpus)._counted().view(stop_words=options.stop_words)
    found = ng.near_duplicates(corpus)
    table = ng.keyness(
        view.counts(), target={column: value}, clusters=found.labels, seed=options.seed
    )
    if options.output:
        _write(table, list(table.columns), options.output)
    else:
        _write(table.head(options.top), list(_KEYNESS_COLUMNS), None)
    units = table.settings["units_target"], table.settings["units_reference"]
    sys.stderr.write(
        f"{units[0]} distinct texts against {units[1]}; the smallest p this can reach is "
        f"{table.settings['p_floor']:.2g}\n"
    )
    return 0


def _write(table: ng.Table, columns: list[str], path: Path | None) -> None:
    """Write rows as CSV, to a file or to the terminal."""
    rows = [[_shown(row[name]) for name in columns] for row in table.to_dicts()]
    if path is None:
        csv.writer(sys.stdout, lineterminator="\n").writerows([columns, *rows])
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([columns, *rows])


def _shown(value: object) -> object:
    return f"{value:.6g}" if isinstance(value, float) else value


if __name__ == "__main__":
    sys.exit(main())
