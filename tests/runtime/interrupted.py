"""The child of test_interrupt.py: runs one call again and again, and says how each run ended.

Started as ``python interrupted.py NAME FOLDER``. `CALLS` is the table of calls. A row builds its
objects for a size, and `main` finds the size at which one run takes about `SECONDS`, whatever the
machine and the build. Commands come on stdin, one a line; answers go to stdout as JSON, one a line.
"""

from __future__ import annotations

import csv
import gzip
import hashlib
import json
import os
import pickle
import random
import signal
import sys
import time
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

import nutgraf as ng
from nutgraf.results import Table

if TYPE_CHECKING:
    from collections.abc import Callable

# What one untouched run should take: over the bound of half a second, so that a call that does not
# listen is found out.
SECONDS = 0.55
LONGEST = 1.0
ROUNDS = 6

OUTLETS = ("Dagblad", "Harbour Post", "Kurier", "Le Fil")
WORDS = tuple(
    "truce river port envoy ferry council ration bridge convoy harvest minister border signal "
    "market-place winter school letter garden engine e-mail mirror copper valley window".split()
)


@dataclass(frozen=True)
class Job:
    """One call on objects of one size.

    `call` is what is interrupted, `state` digests the objects it works on, and `forget` drops what
    an object keeps of an earlier run.
    """

    call: Callable[[], object]
    state: Callable[[], str]
    forget: Callable[[], object] = lambda: None


@dataclass(frozen=True)
class Call:
    """A row of the table: how to prepare the call for a size, where to start, where to end.

    Time grows as the size to the `power`. A call that is still fast at its largest size is tried
    there: larger objects would cost the suite more than they can show.
    """

    prepare: Callable[[int, Path], Job]
    start: int
    most: int
    power: float = 1.0


# Digests


def digest(thing: object) -> str:
    """Return a digest of all a user can see of a thing."""
    hasher = hashlib.blake2b(digest_size=16)
    _add(hasher, thing)
    return hasher.hexdigest()


def _add(hasher: Any, thing: object) -> None:
    hasher.update(type(thing).__name__.encode())
    if isinstance(thing, np.ndarray):
        hasher.update(f"{thing.dtype} {thing.shape}".encode())
        hasher.update(np.ascontiguousarray(thing).tobytes())
    elif isinstance(thing, bytes):
        hasher.update(thing)
    elif isinstance(thing, dict):
        for key, value in thing.items():
            hasher.update(f"{key!r}:".encode())
            _add(hasher, value)
    elif isinstance(thing, list) and thing and all(type(each) is str for each in thing):
        hasher.update("\0".join(thing).encode("utf-8", "surrogatepass"))
    elif isinstance(thing, list | tuple) and any(not _plain(each) for each in thing):
        for each in thing:
            _add(hasher, each)
    else:
        seen = _seen(thing)
        if seen is None:
            hasher.update(repr(thing).encode("utf-8", "surrogatepass"))
        else:
            _add(hasher, seen)


def _plain(thing: object) -> bool:
    return thing is None or isinstance(thing, str | int | float | tuple | list | dict)


def _seen(thing: object) -> dict[str, Any] | None:
    """Return the parts of an object that a user can see; ``None`` for plain values."""
    if isinstance(thing, ng.Corpus):
        names = [*thing._columns, *thing._metadata]
        columns = {name: thing.column(name) for name in names}
        return {"texts": thing._texts.fingerprint(), **columns}
    if isinstance(thing, ng.Tokens):
        return {
            name: getattr(thing, name) for name in ("ids", "indptr", "starts", "ends", "vocabulary")
        }
    if isinstance(thing, ng.Counts):
        names = ["indptr", "indices", "data", "totals", "terms", "groups"]
        return {name: getattr(thing, name) for name in names}
    if isinstance(thing, ng.NearDuplicates):
        return {"labels": thing.labels, "pairs": len(thing)}
    if isinstance(thing, Table):
        return {name: thing[name] for name in thing.columns}
    if isinstance(thing, ng.Comparison):
        return {"facts": thing.facts, "page": thing._repr_html_(), **thing.sections}
    return None


# Data


def texts(count: int, words: int = 200, seed: int = 0) -> list[str]:
    """Return `count` texts of about `words` words, put together from a stock of sentences."""
    draw = random.Random(seed)
    stock = [" ".join(draw.choices(WORDS, k=10)) + f" {number}. " for number in range(4000)]
    return ["".join(draw.choices(stock, k=max(1, words // 11))) for _ in range(count)]


def copies(count: int, words: int = 120) -> list[str]:
    """Return texts of which three in four are near duplicates of one of the others."""
    base = texts(max(1, count // 4), words)
    return [base[row % len(base)] + f"Edition {row}." for row in range(count)]


def columns(rows: list[str]) -> dict[str, list[Any]]:
    """Return texts with every column that a corpus knows, and one that it does not."""
    return {
        "text": rows,
        "id": [f"a-{row}" for row in range(len(rows))],
        "source": [OUTLETS[row // 3 % len(OUTLETS)] for row in range(len(rows))],
        "date": [f"2031-03-{1 + row % 9:02d}" for row in range(len(rows))],
        "title": [f"Story {row}" for row in range(len(rows))],
        "desk": ["city" if row % 3 else "world" for row in range(len(rows))],
    }


def huge(words: int, folder: Path) -> ng.Tokens:
    """Return the tokens of one document."""
    del folder
    text = "".join(texts(50, 2000))
    return ng.tokenize([text * max(1, words // 100_000)], progress=False)


# The table


def corpus_list(size: int, folder: Path) -> Job:
    del folder
    rows = texts(5000, 40) * max(1, size // 5000)
    return Job(lambda: ng.Corpus(rows), lambda: digest(rows))


def corpus_dict(size: int, folder: Path) -> Job:
    del folder
    given = columns(texts(size, 11))
    return Job(lambda: ng.Corpus(given), lambda: digest(given))


def corpus_arrow(size: int, folder: Path) -> Job:
    del folder
    import pyarrow as pa

    given = columns(texts(5000, 40) * max(1, size // 5000))
    table = pa.table({name: pa.array(values) for name, values in given.items()})
    return Job(lambda: ng.Corpus(table), lambda: str(table.num_rows) + digest(given["id"]))


def _lines(size: int) -> bytes:
    given = columns(texts(size, 60))
    rows = zip(*given.values(), strict=True)
    return "\n".join(json.dumps(dict(zip(given, row, strict=True))) for row in rows).encode()


def _reading(path: Path) -> Job:
    return Job(lambda: ng.read_corpus(path), lambda: digest(path.read_bytes()))


def read_jsonl(size: int, folder: Path) -> Job:
    path = folder / "articles.jsonl"
    path.write_bytes(_lines(size))
    return _reading(path)


def read_jsonl_gz(size: int, folder: Path) -> Job:
    path = folder / "articles.jsonl.gz"
    path.write_bytes(gzip.compress(_lines(size), compresslevel=1))
    return _reading(path)


def read_csv(size: int, folder: Path) -> Job:
    given = columns(texts(size, 60))
    path = folder / "articles.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(given)
        writer.writerows(zip(*given.values(), strict=True))
    return _reading(path)


def read_folder(size: int, folder: Path) -> Job:
    for number, text in enumerate(texts(size, 60)):
        (folder / f"{number:06d}.txt").write_text(text, encoding="utf-8")
    return Job(lambda: ng.read_corpus(folder), lambda: str(len(os.listdir(folder))))


def tokenize(size: int, folder: Path) -> Job:
    del folder
    corpus = ng.Corpus(texts(2000, 400) * max(1, size // 2000))
    return Job(lambda: ng.tokenize(corpus, progress=False), lambda: digest(corpus))


def tokenize_pattern(size: int, folder: Path) -> Job:
    del folder
    corpus = ng.Corpus(texts(size, 400))
    return Job(
        lambda: ng.tokenize(corpus, pattern=r"[a-z]+(?:-[a-z]+)?|\d+", progress=False),
        lambda: digest(corpus),
    )


def view_stem(size: int, folder: Path) -> Job:
    del folder
    forms = " ".join(f"{WORDS[n % len(WORDS)]}{n:x}ingly" for n in range(size))
    tokens = ng.tokenize([forms], progress=False)
    return Job(lambda: tokens.view(lower=True, stem="en"), lambda: digest(tokens))


def view_join(size: int, folder: Path) -> Job:
    tokens = huge(size, folder)
    return Job(lambda: tokens.view(hyphens="join"), lambda: digest(tokens))


def _getter(name: str) -> Callable[[int, Path], Job]:
    def prepare(size: int, folder: Path) -> Job:
        tokens = huge(size, folder).view(lower=True)
        return Job(
            lambda: getattr(tokens, name),
            lambda: str(len(tokens)),
            lambda: vars(tokens).pop(name, None),
        )

    return prepare


def vocabulary(size: int, folder: Path) -> Job:
    del folder
    tokens = ng.tokenize([" ".join(f"w{number:x}" for number in range(size))], progress=False)
    return Job(
        lambda: tokens.vocabulary,
        lambda: str(len(tokens)),
        lambda: vars(tokens).pop("vocabulary", None),
    )


def spans(size: int, folder: Path) -> Job:
    tokens = huge(size, folder)
    return Job(lambda: tokens.spans(0), lambda: digest(tokens.ids))


def terms(size: int, folder: Path) -> Job:
    tokens = huge(size, folder)
    return Job(lambda: tokens[0], lambda: digest(tokens.ids))


def _counting(longest: int) -> Callable[[int, Path], Job]:
    def prepare(size: int, folder: Path) -> Job:
        del folder
        rows = texts(2000, 400)
        rows = [rows[row % len(rows)] for row in range(size)]
        view = ng.tokenize(rows, progress=False).view(lower=True)
        return Job(
            lambda: view.counts(ngram_range=(1, longest), progress=False), lambda: digest(view)
        )

    return prepare


def group(size: int, folder: Path) -> Job:
    del folder
    rows = texts(2000, 400)
    corpus = ng.Corpus(columns([rows[row % len(rows)] for row in range(size)]))
    counts = ng.tokenize(corpus, progress=False).counts(progress=False)
    return Job(lambda: counts.group("title"), lambda: digest(counts))


def _duplicates(unit: str) -> Callable[[int, Path], Job]:
    def prepare(size: int, folder: Path) -> Job:
        del folder
        corpus = ng.Corpus(copies(size))
        shingle = 5 if unit == "word" else 12
        return Job(
            lambda: ng.near_duplicates(corpus, unit=unit, shingle=shingle, progress=False),  # type: ignore[arg-type]
            lambda: digest(corpus),
        )

    return prepare


def _group_of_copies(size: int) -> ng.NearDuplicates:
    """Documents of which a few hundred are alike, so that pairs are many and documents few."""
    rows = texts(1, 120) * size
    given = columns([f"{row} Edition {number}." for number, row in enumerate(rows)])
    return ng.near_duplicates(ng.Corpus(given), progress=False)


def pairs(size: int, folder: Path) -> Job:
    del folder
    found = _group_of_copies(size)
    return Job(lambda: found.pairs, lambda: digest(found), lambda: vars(found).pop("pairs", None))


def iter_pairs(size: int, folder: Path) -> Job:
    del folder
    found = _group_of_copies(size)
    return Job(
        lambda: [len(table) for table in found.iter_pairs(batch=1000)], lambda: digest(found)
    )


def clusters(size: int, folder: Path) -> Job:
    del folder
    found = ng.near_duplicates(ng.Corpus(columns(copies(size, 60))), progress=False)
    return Job(
        lambda: found.clusters, lambda: digest(found), lambda: vars(found).pop("clusters", None)
    )


def shared(size: int, folder: Path) -> Job:
    del folder
    left = texts(1, size)[0]
    # The same sentences in another order: as many runs as sentences.
    right = ". ".join(reversed(left.split(". ")))
    found = ng.near_duplicates([left, right], progress=False)
    return Job(lambda: found.shared(0, 1), lambda: digest(found))


def _articles(count: int) -> ng.Counts:
    corpus = ng.Corpus(columns(texts(count, 300)))
    return ng.tokenize(corpus, progress=False).view(lower=True).counts(progress=False)


def keyness_exact(size: int, folder: Path) -> Job:
    del folder
    # C(18, 6) = 18,564 labelings, each of them over every term: the size is the vocabulary.
    rows = texts(18, max(40, size))
    counts = ng.tokenize(rows, progress=False).counts(progress=False)
    return Job(
        lambda: ng.keyness(counts, target=list(range(6)), progress=False), lambda: digest(counts)
    )


def keyness_monte_carlo(size: int, folder: Path) -> Job:
    del folder
    counts = _articles(200)
    return Job(
        lambda: ng.keyness(
            counts,
            target={"source": OUTLETS[0]},
            strata="date",
            permutations=size,
            seed=1,
            progress=False,
        ),
        lambda: digest(counts),
    )


def compare(size: int, folder: Path) -> Job:
    del folder
    corpus = ng.Corpus(columns(copies(size, 150)))
    return Job(lambda: ng.compare(corpus, permutations=499, progress=False), lambda: digest(corpus))


def _comparison(size: int) -> ng.Comparison:
    # Ten groups of copies are shown side by side: long ones take the time.
    left = texts(10, size)
    right = [". ".join(reversed(text.split(". "))) for text in left]
    given = columns([text for pair in zip(left, right, strict=True) for text in pair])
    return ng.compare(ng.Corpus(given), threshold=0.3, permutations=99, progress=False)


def save(size: int, folder: Path) -> Job:
    comparison = _comparison(size)
    path = folder / "report.html"
    path.write_text("before", encoding="utf-8")

    def call() -> bytes:
        comparison.save(path)
        return path.read_bytes()

    def state() -> str:
        # Either the old report or the new one, never half of one.
        whole = path.read_text(encoding="utf-8").rstrip().endswith(("before", "</html>"))
        return f"{whole} {digest(comparison.sections)} {sorted(os.listdir(folder))}"

    return Job(call, state)


def show(size: int, folder: Path) -> Job:
    del folder
    comparison = _comparison(size)
    return Job(comparison._repr_html_, lambda: digest(comparison.sections))


def tables(size: int, folder: Path) -> Job:
    corpus = ng.Corpus(columns(copies(size, 40)))
    comparison = ng.compare(corpus, permutations=99, progress=False)

    def call() -> list[str]:
        return [digest(path.read_bytes()) for path in comparison.tables(folder / "tables")]

    return Job(call, lambda: digest(comparison.sections))


def dump_tokens(size: int, folder: Path) -> Job:
    tokens = huge(size, folder).view(lower=True)
    return Job(lambda: pickle.dumps(tokens), lambda: digest(tokens))


def load_tokens(size: int, folder: Path) -> Job:
    stored = pickle.dumps(huge(size, folder).view(lower=True))
    return Job(lambda: pickle.loads(stored), lambda: digest(stored))


def dump_duplicates(size: int, folder: Path) -> Job:
    del folder
    found = ng.near_duplicates(ng.Corpus(columns(copies(size))), progress=False)
    return Job(lambda: pickle.dumps(found), lambda: digest(found))


def load_duplicates(size: int, folder: Path) -> Job:
    del folder
    stored = pickle.dumps(ng.near_duplicates(ng.Corpus(columns(copies(size))), progress=False))
    return Job(lambda: pickle.loads(stored), lambda: digest(stored))


def million(size: int) -> Table:
    """Return a table of `size` rows, with ties and gaps."""
    draw = np.random.default_rng(0)
    p = draw.integers(0, 1000, size) / 1000
    p[::97] = np.nan
    names = [f"{WORDS[number % len(WORDS)]} {number % 5003}" for number in range(size)]
    return Table({"term": names, "p": p, "count": draw.integers(0, 50, size)})


def _table(call: Callable[[Table], object]) -> Callable[[int, Path], Job]:
    def prepare(size: int, folder: Path) -> Job:
        del folder
        table = million(size)
        return Job(lambda: call(table), lambda: digest(table))

    return prepare


def arrow_export(size: int, folder: Path) -> Job:
    del folder
    table = million(size)

    def call() -> object:
        import pyarrow as pa

        exported = pa.table(table)
        return [exported.num_rows, exported.column("term")[-1].as_py()]

    # A copy would do as well, but a table keeps what it exported.
    return Job(call, lambda: digest(table), lambda: vars(table).update(_arrow=None))


def fingerprint(size: int, folder: Path) -> Job:
    del folder
    corpus = ng.Corpus(texts(2000, 400) * max(1, size // 2000))
    return Job(corpus._texts.fingerprint, lambda: str(len(corpus)))


def where(size: int, folder: Path) -> Job:
    del folder
    corpus = ng.Corpus(columns(texts(size, 11)))
    return Job(lambda: corpus.where(source=[OUTLETS[0], OUTLETS[2]]), lambda: digest(corpus))


CALLS: dict[str, Call] = {
    "Corpus(list)": Call(corpus_list, 300_000, 1_000_000),
    "Corpus(dict)": Call(corpus_dict, 240_000, 400_000),
    "Corpus(arrow table)": Call(corpus_arrow, 240_000, 500_000),
    "read_corpus(.jsonl)": Call(read_jsonl, 70_000, 200_000),
    "read_corpus(.jsonl.gz)": Call(read_jsonl_gz, 65_000, 200_000),
    "read_corpus(.csv)": Call(read_csv, 80_000, 200_000),
    "read_corpus(folder)": Call(read_folder, 15_000, 20_000),
    "tokenize": Call(tokenize, 30_000, 200_000),
    "tokenize(pattern)": Call(tokenize_pattern, 20_000, 60_000),
    "view(stem)": Call(view_stem, 300_000, 1_500_000),
    "view(hyphens=join)": Call(view_join, 8_000_000, 30_000_000),
    "tokens.ids": Call(_getter("ids"), 30_000_000, 30_000_000),
    "tokens.indptr": Call(_getter("indptr"), 20_000_000, 20_000_000),
    "tokens.starts": Call(_getter("starts"), 20_000_000, 30_000_000),
    "tokens.ends": Call(_getter("ends"), 20_000_000, 30_000_000),
    "tokens.vocabulary": Call(vocabulary, 1_500_000, 1_500_000),
    "tokens.spans": Call(spans, 5_000_000, 20_000_000),
    "tokens[row]": Call(terms, 6_000_000, 20_000_000),
    "counts(1, 1)": Call(_counting(1), 60_000, 60_000),
    "counts(1, 3)": Call(_counting(3), 8_000, 50_000),
    "counts.group": Call(group, 20_000, 20_000),
    "near_duplicates(word)": Call(_duplicates("word"), 20_000, 100_000),
    "near_duplicates(char)": Call(_duplicates("char"), 2_500, 50_000, power=2),
    "near_duplicates.pairs": Call(pairs, 1_000, 2_000, power=2),
    "near_duplicates.iter_pairs": Call(iter_pairs, 600, 2_000, power=3),
    "near_duplicates.clusters": Call(clusters, 80_000, 120_000),
    "near_duplicates.shared": Call(shared, 600_000, 4_000_000),
    "keyness(exact)": Call(keyness_exact, 8_000, 50_000),
    "keyness(Monte Carlo)": Call(keyness_monte_carlo, 6_000, 200_000),
    "compare": Call(compare, 1_200, 5_000),
    "comparison.save": Call(save, 30_000, 200_000),
    "comparison._repr_html_": Call(show, 30_000, 200_000),
    "comparison.tables": Call(tables, 4_000, 4_000),
    "pickle.dumps(tokens)": Call(dump_tokens, 20_000_000, 20_000_000),
    "pickle.loads(tokens)": Call(load_tokens, 6_000_000, 20_000_000),
    "pickle.dumps(near duplicates)": Call(dump_duplicates, 20_000, 100_000),
    "pickle.loads(near duplicates)": Call(load_duplicates, 15_000, 60_000),
    "table.sort": Call(_table(lambda table: table.sort("p")), 1_000_000, 1_000_000),
    "table.sort(text)": Call(_table(lambda table: table.sort("term")), 1_000_000, 1_000_000),
    "table.to_dicts": Call(_table(lambda table: table.to_dicts()), 1_000_000, 1_000_000),
    "table.audit": Call(_table(lambda table: table.audit(n=500_000)), 1_000_000, 1_000_000),
    "table.to_arrow": Call(arrow_export, 1_000_000, 1_000_000),
    "corpus fingerprint": Call(fingerprint, 160_000, 160_000),
    "corpus.where": Call(where, 200_000, 400_000),
}


# The conversation


class Armed:
    """A handler of SIGINT that raises only while a call runs; a late signal must not kill."""

    def __init__(self) -> None:
        self.on = False
        signal.signal(signal.SIGINT, self)

    def __call__(self, number: int, frame: object) -> None:
        """Do as Python's own handler does, while armed."""
        if self.on:
            signal.default_int_handler(number, None)


def answer(**what: object) -> None:
    """Tell the parent."""
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


def attempt(call: Callable[[], object], armed: Armed) -> None:
    """Run a call that the parent may interrupt, and say how and when it ended."""
    answer(started=time.monotonic())
    kept: object = None
    try:
        armed.on = True
        kept = call()
        armed.on = False
        ended = "finished"
    except KeyboardInterrupt:
        at = time.monotonic()
        armed.on = False
        ended = "KeyboardInterrupt"
    except BaseException as error:  # noqa: BLE001 - whatever it is, the parent shall know
        at = time.monotonic()
        armed.on = False
        ended = f"{type(error).__name__}: {error}"
    else:
        at = time.monotonic()
    del kept
    answer(ended=ended, at=at)


def busy() -> int:
    """Count in pure Python: what an interrupt costs on this machine at this moment."""
    total = 0
    for number in range(10**9):
        total += number
    return total


def timed(job: Job) -> tuple[float, object]:
    """Return the seconds of an untouched run, and what it gave."""
    job.forget()
    start = time.monotonic()
    given = job.call()
    return time.monotonic() - start, given


def sized(row: Call, folder: Path) -> tuple[Job, int]:
    """Return the job at the size at which one run takes long enough, or at the largest."""
    size = row.start
    for number in range(ROUNDS):
        own = folder / str(number)
        own.mkdir()
        job = row.prepare(size, own)
        seconds = timed(job)[0]
        fast = seconds < SECONDS * 0.85
        last = number == ROUNDS - 1
        if last or (size >= row.most if fast else seconds <= LONGEST):
            break
        factor = min(10.0, max(0.1, 1.1 * SECONDS / max(seconds, 1e-3)))
        size = min(row.most, max(1, int(size * factor ** (1 / row.power))))
    return job, size


def main(name: str, folder: Path) -> None:
    """Prepare a call, then do what the parent says until it has heard enough."""
    # Only the one about missing threads is expected, in the runs that are denied them.
    warnings.simplefilter("ignore" if "RUST_MIN_STACK" in os.environ else "error")
    job, size = sized(CALLS[name], folder)
    seconds, given = timed(job)
    expected, before = digest(given), job.state()
    del given
    armed = Armed()
    answer(seconds=seconds, size=size)
    for line in sys.stdin:
        command = line.strip()
        if command == "try":
            job.forget()
            attempt(job.call, armed)
        elif command == "control":
            attempt(busy, armed)
        elif command == "check":
            state = job.state()
            answer(intact=state == before, equal=digest(timed(job)[1]) == expected, state=state)
        else:
            break


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
