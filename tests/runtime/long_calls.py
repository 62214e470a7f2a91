"""Every public call that can take long, on objects of any size; `interrupted.py` runs them.

`CALLS` is the table. A row builds its objects for a size, because the size at which a call takes
half a second depends on the machine and the build.
"""

from __future__ import annotations

import csv
import gzip
import json
import pickle
import runpy
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

import nutgraf as ng

if TYPE_CHECKING:
    from collections.abc import Callable

    from nutgraf.results import Table

# Folders of tests are no packages, so a file beside this one is run, not imported.
_BESIDE = runpy.run_path(str(Path(__file__).with_name("articles.py")))
OUTLETS, WORDS = _BESIDE["OUTLETS"], _BESIDE["WORDS"]
columns, copies, digest = _BESIDE["columns"], _BESIDE["copies"], _BESIDE["digest"]
huge, million, texts = _BESIDE["huge"], _BESIDE["million"], _BESIDE["texts"]


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


def _corpus_list(size: int, folder: Path) -> Job:
    del folder
    rows = texts(5000, 11) * max(1, size // 5000)
    return Job(lambda: ng.Corpus(rows), lambda: f"{len(rows)} {rows[-1]}")


def _corpus_dict(size: int, folder: Path) -> Job:
    del folder
    given = columns(texts(size, 11))
    return Job(lambda: ng.Corpus(given), lambda: digest(given))


def _corpus_arrow(size: int, folder: Path) -> Job:
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


def _read_jsonl(size: int, folder: Path) -> Job:
    path = folder / "articles.jsonl"
    path.write_bytes(_lines(size))
    return _reading(path)


def _read_jsonl_gz(size: int, folder: Path) -> Job:
    path = folder / "articles.jsonl.gz"
    path.write_bytes(gzip.compress(_lines(size), compresslevel=1))
    return _reading(path)


def _read_csv(size: int, folder: Path) -> Job:
    given = columns(texts(size, 60))
    path = folder / "articles.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(given)
        writer.writerows(zip(*given.values(), strict=True))
    return _reading(path)


def _read_folder(size: int, folder: Path) -> Job:
    for number, text in enumerate(texts(size, 60)):
        (folder / f"{number:06d}.txt").write_text(text, encoding="utf-8")
    return Job(lambda: ng.read_corpus(folder), lambda: str(len(list(folder.iterdir()))))


def _tokenize(size: int, folder: Path) -> Job:
    del folder
    corpus = ng.Corpus(texts(2000, 400) * max(1, size // 2000))
    return Job(lambda: ng.tokenize(corpus, progress=False), lambda: digest(corpus))


def _tokenize_pattern(size: int, folder: Path) -> Job:
    del folder
    corpus = ng.Corpus(texts(size, 400))
    return Job(
        lambda: ng.tokenize(corpus, pattern=r"[a-z]+(?:-[a-z]+)?|\d+", progress=False),
        lambda: digest(corpus),
    )


def _view_stem(size: int, folder: Path) -> Job:
    del folder
    forms = " ".join(f"{WORDS[n % len(WORDS)]}{n:x}ingly" for n in range(size))
    tokens = ng.tokenize([forms], progress=False)
    return Job(lambda: tokens.view(lower=True, stem="en"), lambda: digest(tokens))


def _view_join(size: int, folder: Path) -> Job:
    del folder
    tokens = huge(size)
    return Job(lambda: tokens.view(hyphens="join"), lambda: digest(tokens))


def _view_accents(size: int, folder: Path) -> Job:
    del folder
    forms = " ".join(f"É{WORDS[n % len(WORDS)]}{n:x}ée’s" for n in range(size))
    tokens = ng.tokenize([forms], progress=False)
    return Job(
        lambda: tokens.view(
            lower=True, normalize="NFKC", strip_accents=True, fold_punctuation=True, stop_words="en"
        ),
        lambda: digest(tokens),
    )


def _dictionary(size: int, folder: Path) -> Job:
    del folder
    view = huge(size).view(lower=True)
    values = {word: [word, f"{word[:2]}* *", f"* {word}"] for word in WORDS}
    return Job(lambda: view.dictionary(values, progress=False), lambda: digest(view))


def _dictionary_types(size: int, folder: Path) -> Job:
    del folder
    forms = " ".join(f"{WORDS[n % len(WORDS)]}{n:x}" for n in range(size))
    tokens = ng.tokenize([forms], progress=False)
    values = {"a": [f"*{n}?*" for n in range(100)]}
    return Job(lambda: tokens.dictionary(values, progress=False), lambda: digest(tokens))


def _dictionary_counts(size: int, folder: Path) -> Job:
    del folder
    found = huge(size).dictionary({word: [word] for word in WORDS}, progress=False)
    return Job(lambda: found.counts(progress=False), lambda: digest(found))


def _getter(name: str) -> Callable[[int, Path], Job]:
    def prepare(size: int, folder: Path) -> Job:
        del folder
        tokens = huge(size).view(lower=True)
        return Job(
            lambda: getattr(tokens, name),
            lambda: str(len(tokens)),
            lambda: vars(tokens).pop(name, None),
        )

    return prepare


def _vocabulary(size: int, folder: Path) -> Job:
    del folder
    tokens = ng.tokenize([" ".join(f"w{number:x}" for number in range(size))], progress=False)
    return Job(
        lambda: tokens.vocabulary,
        lambda: str(len(tokens)),
        lambda: vars(tokens).pop("vocabulary", None),
    )


def _spans(size: int, folder: Path) -> Job:
    del folder
    tokens = huge(size)
    return Job(lambda: tokens.spans(0), lambda: digest(tokens.ids))


def _terms(size: int, folder: Path) -> Job:
    del folder
    tokens = huge(size)
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


def _skipping(size: int, folder: Path) -> Job:
    del folder
    rows = texts(2000, 400)
    view = ng.tokenize([rows[row % len(rows)] for row in range(size)], progress=False)
    view = view.view(lower=True)
    return Job(
        lambda: view.counts(ngram_range=(2, 3), skip=range(3), within="sentence", progress=False),
        lambda: digest(view),
        lambda: vars(view._surface).pop("_found", None),
    )


def _sentences(size: int, folder: Path) -> Job:
    del folder
    tokens = huge(size)
    return Job(lambda: tokens.sentences(0), lambda: digest(tokens.ids))


def _sentence_starts(size: int, folder: Path) -> Job:
    del folder
    tokens = ng.tokenize(texts(2000, 400) * max(1, size // 2000), progress=False)

    def forget() -> None:
        vars(tokens).pop("_found", None)
        vars(tokens).pop("sentence_starts", None)

    return Job(lambda: tokens.sentence_starts, lambda: str(len(tokens)), forget)


def _group(size: int, folder: Path) -> Job:
    del folder
    rows = texts(2000, 400)
    corpus = ng.Corpus(columns([rows[row % len(rows)] for row in range(size)]))
    counts = ng.tokenize(corpus, progress=False).counts(progress=False)
    return Job(lambda: counts.group("title"), lambda: digest(counts))


def _tfidf(size: int, folder: Path) -> Job:
    del folder
    rows = np.full((8, size // 8), 3, dtype=np.int64)
    counts = ng.Counts.from_matrix(rows, [f"w{column:x}" for column in range(size // 8)])
    return Job(lambda: counts.tfidf(sublinear_tf=True), lambda: digest(counts))


def _from_matrix(size: int, folder: Path) -> Job:
    del folder
    terms = [f"w{column:x}" for column in range(size // 8)]
    rows = np.ones((8, size // 8), dtype=np.int64)
    return Job(lambda: ng.Counts.from_matrix(rows, terms), lambda: digest(rows))


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


def _credits(size: int, folder: Path) -> Job:
    del folder
    corpus = ng.Corpus(columns([f"PARIS (AFP) - {row} (AP) — Reuters" for row in texts(size)]))
    return Job(lambda: ng.credits(corpus, progress=False), lambda: digest(corpus))


def _sketched(size: int, folder: Path) -> Job:
    del folder
    corpus = ng.Corpus(copies(size))
    return Job(
        lambda: ng.near_duplicates(corpus, method="minhash", progress=False),
        lambda: digest(corpus),
    )


def _crowd(size: int, folder: Path) -> Job:
    """Documents that share a quarter: all are candidates of each other, none is a pair."""
    del folder
    furniture = texts(1, 60)[0]
    corpus = ng.Corpus([f"{furniture} {row}" for row in texts(size, 90)])

    def search() -> ng.NearDuplicates:
        with warnings.catch_warnings():
            # It says that not all candidates were verified, which is meant.
            warnings.simplefilter("ignore", ng.NutgrafWarning)
            return ng.near_duplicates(corpus, method="minhash", threshold=0.3, progress=False)

    return Job(search, lambda: digest(corpus))


def _signatures(size: int, folder: Path) -> Job:
    del folder
    corpus = ng.Corpus(copies(size))
    return Job(lambda: ng.signatures(corpus, progress=False), lambda: digest(corpus))


def _group_of_copies(size: int) -> ng.NearDuplicates:
    """Documents of which a few hundred are alike, so that pairs are many and documents few."""
    rows = texts(1, 120) * size
    given = columns([f"{row} Edition {number}." for number, row in enumerate(rows)])
    return ng.near_duplicates(ng.Corpus(given), progress=False)


def _pairs(size: int, folder: Path) -> Job:
    del folder
    found = _group_of_copies(size)
    return Job(lambda: found.pairs, lambda: digest(found), lambda: vars(found).pop("pairs", None))


def _iter_pairs(size: int, folder: Path) -> Job:
    del folder
    found = _group_of_copies(size)
    return Job(
        lambda: [len(table) for table in found.iter_pairs(batch=1000)], lambda: digest(found)
    )


def _clusters(size: int, folder: Path) -> Job:
    del folder
    found = ng.near_duplicates(ng.Corpus(columns(copies(size, 60))), progress=False)
    return Job(
        lambda: found.clusters, lambda: digest(found), lambda: vars(found).pop("clusters", None)
    )


def _asked(**options: Any) -> Callable[[int, Path], Job]:
    def prepare(size: int, folder: Path) -> Job:
        del folder
        corpus = ng.Corpus(columns(copies(size)))
        asked = dict(options)
        if "against" in asked:
            corpus, asked["against"] = corpus[::2], corpus[1::2]
        return Job(
            lambda: ng.near_duplicates(corpus, progress=False, **asked), lambda: digest(corpus)
        )

    return prepare


def _page(size: int, folder: Path) -> Job:
    """Articles that share most of a page: clusters without their pairs."""
    del folder
    page = texts(1, 120)[0]
    corpus = ng.Corpus([f"{page} Number {number}." for number in range(size)])
    return Job(lambda: ng.near_duplicates(corpus, progress=False), lambda: digest(corpus))


def _late(size: int, folder: Path) -> Job:
    """Their pairs, on request."""
    del folder
    page = texts(1, 120)[0]
    rows = ng.Corpus([f"{page} Number {number}." for number in range(size)])
    found: list[ng.NearDuplicates] = []

    def again() -> None:
        found[:] = [ng.near_duplicates(rows, progress=False)]

    again()
    return Job(lambda: len(found[0]), lambda: digest(found[0].labels), again)


def _shared(size: int, folder: Path) -> Job:
    del folder
    left = texts(1, size)[0]
    # The same sentences in another order: as many runs as sentences.
    right = ". ".join(reversed(left.split(". ")))
    found = ng.near_duplicates([left, right], progress=False)
    return Job(lambda: found.shared(0, 1), lambda: digest(found))


def _passages(unit: Any) -> Callable[[int, Path], Job]:
    def prepare(size: int, folder: Path) -> Job:
        del folder
        corpus = ng.Corpus(texts(size, 180))
        return Job(lambda: ng.passages(corpus, unit=unit, progress=False), lambda: digest(corpus))

    return prepare


def _noisy(size: int, folder: Path) -> Job:
    del folder
    corpus = ng.Corpus(texts(size, 200))
    return Job(
        lambda: ng.near_duplicates(corpus, noisy=True, progress=False), lambda: digest(corpus)
    )


def _repeats(text: Callable[[int], str]) -> Callable[[int, Path], Job]:
    def prepare(size: int, folder: Path) -> Job:
        del folder
        corpus = ng.Corpus([text(size)])
        return Job(lambda: ng.repeats(corpus, progress=False), lambda: digest(corpus))

    return prepare


def _furniture(size: int, folder: Path) -> Job:
    del folder
    made = [f"Press room\n{row}\nShare this article\n{row[:40]}" for row in texts(size, 120)]
    corpus, alone = ng.Corpus(columns(made)), np.arange(size)
    return Job(lambda: ng.furniture(corpus, clusters=alone, progress=False), lambda: digest(corpus))


def _without(size: int, folder: Path) -> Job:
    del folder
    corpus = ng.Corpus(["é" + "a" * (2 * size)])
    starts = 2 * np.arange(size)
    spans = np.stack([np.zeros_like(starts), starts, starts + 1], axis=1)
    return Job(lambda: corpus.without(spans), lambda: digest(corpus))


def _articles(count: int) -> ng.Counts:
    corpus = ng.Corpus(columns(texts(count, 300)))
    return ng.tokenize(corpus, progress=False).view(lower=True).counts(progress=False)


def _tokenize_without_spaces(size: int, folder: Path) -> Job:
    del folder
    text = "中国总统与俄罗斯总统举行会谈コンピューターภาษาไทยง่ายมาก" * (size // 40)
    corpus = ng.Corpus([text])
    return Job(lambda: ng.tokenize(corpus, progress=False), lambda: digest(corpus))


def _concordance(
    pattern: str, sort: str | None = None, *, regex: bool = False
) -> Callable[[int, Path], Job]:
    def prepare(size: int, folder: Path) -> Job:
        del folder
        view = ng.tokenize(ng.Corpus(columns(texts(size, 60))), progress=False).view(lower=True)
        return Job(
            lambda: ng.concordance(
                view,
                pattern,
                regex=regex,
                sort=sort,  # type: ignore[arg-type]
                limit=None,
                progress=False,
            ),
            lambda: digest(view),
            lambda: view.__dict__.pop("_postings", None),
        )

    return prepare


def _keyness_exact(size: int, folder: Path) -> Job:
    del folder
    # C(18, 6) = 18,564 labelings, each of them over every term: the size is the vocabulary.
    rows = texts(18, max(40, size))
    counts = ng.tokenize(rows, progress=False).counts(progress=False)
    return Job(
        lambda: ng.keyness(counts, target=list(range(6)), progress=False), lambda: digest(counts)
    )


def _keyness_monte_carlo(size: int, folder: Path) -> Job:
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


def _compare(size: int, folder: Path) -> Job:
    del folder
    corpus = ng.Corpus(columns(copies(size, 150)))
    return Job(lambda: ng.compare(corpus, permutations=499, progress=False), lambda: digest(corpus))


def _comparison(size: int) -> ng.Comparison:
    # Ten groups of copies are shown side by side: long ones take the time.
    left = texts(10, size)
    right = [". ".join(reversed(text.split(". "))) for text in left]
    given = columns([text for pair in zip(left, right, strict=True) for text in pair])
    return ng.compare(ng.Corpus(given), threshold=0.3, permutations=99, progress=False)


def _save(size: int, folder: Path) -> Job:
    comparison = _comparison(size)
    path = folder / "report.html"
    path.write_text("before", encoding="utf-8")

    def call() -> bytes:
        comparison.save(path)
        return path.read_bytes()

    def state() -> str:
        # Either the old report or the new one, never half of one.
        whole = path.read_text(encoding="utf-8").rstrip().endswith(("before", "</html>"))
        files = sorted(file.name for file in folder.iterdir())
        return f"{whole} {digest(comparison.sections)} {files}"

    return Job(call, state)


def _show(size: int, folder: Path) -> Job:
    del folder
    comparison = _comparison(size)
    return Job(comparison._repr_html_, lambda: digest(comparison.sections))


def _tables(size: int, folder: Path) -> Job:
    corpus = ng.Corpus(columns(copies(size, 40)))
    comparison = ng.compare(corpus, permutations=99, progress=False)

    def call() -> list[str]:
        return [digest(path.read_bytes()) for path in comparison.tables(folder / "tables")]

    return Job(call, lambda: digest(comparison.sections))


def _dump_tokens(size: int, folder: Path) -> Job:
    del folder
    tokens = huge(size).view(lower=True)
    return Job(lambda: pickle.dumps(tokens), lambda: digest(tokens))


def _load_tokens(size: int, folder: Path) -> Job:
    del folder
    stored = pickle.dumps(huge(size).view(lower=True))
    return Job(lambda: pickle.loads(stored), lambda: digest(stored))


def _dump_duplicates(size: int, folder: Path) -> Job:
    del folder
    found = ng.near_duplicates(ng.Corpus(columns(copies(size))), progress=False)
    return Job(lambda: pickle.dumps(found), lambda: digest(found))


def _load_duplicates(size: int, folder: Path) -> Job:
    del folder
    stored = pickle.dumps(ng.near_duplicates(ng.Corpus(columns(copies(size))), progress=False))
    return Job(lambda: pickle.loads(stored), lambda: digest(stored))


def _table(call: Callable[[Table], object]) -> Callable[[int, Path], Job]:
    def prepare(size: int, folder: Path) -> Job:
        del folder
        table = million(size)
        return Job(lambda: call(table), lambda: digest(table))

    return prepare


def _arrow_export(size: int, folder: Path) -> Job:
    del folder
    table = million(size)

    def call() -> object:
        import pyarrow as pa

        exported = pa.table(table)
        return [exported.num_rows, exported.column("term")[-1].as_py()]

    # A copy would do as well, but a table keeps what it exported.
    return Job(call, lambda: digest(table), lambda: vars(table).update(_arrow=None))


def _fingerprint(size: int, folder: Path) -> Job:
    del folder
    corpus = ng.Corpus(texts(2000, 400) * max(1, size // 2000))
    return Job(corpus._texts.fingerprint, lambda: str(len(corpus)))


def _where(size: int, folder: Path) -> Job:
    del folder
    corpus = ng.Corpus(columns(texts(size, 11)))
    return Job(lambda: corpus.where(source=[OUTLETS[0], OUTLETS[2]]), lambda: digest(corpus))


CALLS: dict[str, Call] = {
    "Corpus(list)": Call(_corpus_list, 1_500_000, 5_000_000),
    "Corpus(dict)": Call(_corpus_dict, 240_000, 400_000),
    "Corpus(arrow table)": Call(_corpus_arrow, 240_000, 500_000),
    "read_corpus(.jsonl)": Call(_read_jsonl, 70_000, 200_000),
    "read_corpus(.jsonl.gz)": Call(_read_jsonl_gz, 65_000, 200_000),
    "read_corpus(.csv)": Call(_read_csv, 80_000, 200_000),
    "read_corpus(folder)": Call(_read_folder, 15_000, 20_000),
    "tokenize": Call(_tokenize, 30_000, 200_000),
    "tokenize(pattern)": Call(_tokenize_pattern, 20_000, 60_000),
    "tokenize(without spaces)": Call(_tokenize_without_spaces, 1_500_000, 20_000_000),
    "view(stem)": Call(_view_stem, 300_000, 1_500_000),
    "view(hyphens=join)": Call(_view_join, 8_000_000, 30_000_000),
    "view(strip_accents)": Call(_view_accents, 500_000, 1_500_000),
    "dictionary": Call(_dictionary, 4_000_000, 20_000_000),
    "dictionary(globs)": Call(_dictionary_types, 200_000, 1_500_000),
    "dictionary.counts": Call(_dictionary_counts, 10_000_000, 30_000_000),
    "tokens.ids": Call(_getter("ids"), 30_000_000, 30_000_000),
    "tokens.indptr": Call(_getter("indptr"), 20_000_000, 20_000_000),
    "tokens.starts": Call(_getter("starts"), 20_000_000, 30_000_000),
    "tokens.ends": Call(_getter("ends"), 20_000_000, 30_000_000),
    "tokens.vocabulary": Call(_vocabulary, 1_500_000, 1_500_000),
    "tokens.spans": Call(_spans, 5_000_000, 20_000_000),
    "tokens[row]": Call(_terms, 6_000_000, 20_000_000),
    "tokens.sentences": Call(_sentences, 20_000_000, 60_000_000),
    "tokens.sentence_starts": Call(_sentence_starts, 60_000, 200_000),
    "counts(1, 1)": Call(_counting(1), 60_000, 60_000),
    "counts(1, 3)": Call(_counting(3), 8_000, 50_000),
    "counts(skip, sentences)": Call(_skipping, 2_000, 20_000),
    "counts.group": Call(_group, 20_000, 20_000),
    # The loop of every weight; logarithms make it the slowest.
    "counts.tfidf": Call(_tfidf, 4_000_000, 12_000_000),
    "Counts.from_matrix": Call(_from_matrix, 4_000_000, 8_000_000),
    "near_duplicates(word)": Call(_duplicates("word"), 20_000, 100_000),
    "near_duplicates(char)": Call(_duplicates("char"), 2_500, 50_000, power=2),
    "near_duplicates(containment)": Call(_asked(containment=0.8), 20_000, 100_000),
    "near_duplicates(star)": Call(_asked(linkage="star"), 20_000, 100_000),
    "near_duplicates(across)": Call(_asked(across="source", within="3d"), 20_000, 100_000),
    "near_duplicates(against)": Call(_asked(against=True), 20_000, 100_000),
    "near_duplicates(furniture)": Call(_page, 2_000, 10_000),
    "near_duplicates.pairs(on request)": Call(_late, 400, 2_000, power=2),
    "near_duplicates(minhash)": Call(_sketched, 20_000, 100_000),
    "near_duplicates(minhash, across)": Call(
        _asked(method="minhash", across="source"), 20_000, 100_000
    ),
    "near_duplicates(minhash, crowd)": Call(_crowd, 4_000, 20_000),
    "signatures": Call(_signatures, 20_000, 100_000),
    "near_duplicates.pairs": Call(_pairs, 1_000, 2_000, power=2),
    "near_duplicates.iter_pairs": Call(_iter_pairs, 600, 2_000, power=3),
    "near_duplicates.clusters": Call(_clusters, 80_000, 120_000),
    "near_duplicates.shared": Call(_shared, 600_000, 4_000_000),
    "repeats": Call(_repeats(lambda size: texts(1, size)[0]), 1_000_000, 6_000_000),
    "repeats(one token)": Call(_repeats(lambda size: "na " * size), 2_000_000, 10_000_000),
    "passages": Call(_passages("word"), 10_000, 60_000),
    "passages(char)": Call(_passages("char"), 4_000, 12_000),
    "near_duplicates(noisy)": Call(_noisy, 2_000, 6_000),
    "furniture": Call(_furniture, 20_000, 60_000),
    "corpus.without": Call(_without, 2_000_000, 4_000_000),
    "credits": Call(_credits, 20_000, 100_000),
    "concordance(word)": Call(_concordance("river"), 30_000, 60_000),
    "concordance(sorted)": Call(_concordance("r*", "left"), 6_000, 30_000),
    "concordance(regex)": Call(_concordance(r"\w+ .*r", "right", regex=True), 6_000, 30_000),
    "keyness(exact)": Call(_keyness_exact, 8_000, 50_000),
    "keyness(Monte Carlo)": Call(_keyness_monte_carlo, 6_000, 200_000),
    "compare": Call(_compare, 1_200, 5_000),
    "comparison.save": Call(_save, 30_000, 200_000),
    "comparison._repr_html_": Call(_show, 30_000, 200_000),
    "comparison.tables": Call(_tables, 4_000, 4_000),
    "pickle.dumps(tokens)": Call(_dump_tokens, 20_000_000, 20_000_000),
    "pickle.loads(tokens)": Call(_load_tokens, 6_000_000, 20_000_000),
    "pickle.dumps(near duplicates)": Call(_dump_duplicates, 20_000, 100_000),
    "pickle.loads(near duplicates)": Call(_load_duplicates, 15_000, 60_000),
    "table.sort": Call(_table(lambda table: table.sort("p")), 1_000_000, 1_000_000),
    "table.sort(text)": Call(_table(lambda table: table.sort("term")), 1_000_000, 1_000_000),
    "table.to_dicts": Call(_table(lambda table: table.to_dicts()), 1_000_000, 1_000_000),
    "table.audit": Call(_table(lambda table: table.audit(n=500_000)), 1_000_000, 1_000_000),
    "table.to_arrow": Call(_arrow_export, 1_000_000, 1_000_000),
    "corpus fingerprint": Call(_fingerprint, 160_000, 160_000),
    "corpus.where": Call(_where, 200_000, 400_000),
}
