"""Computes everything once, and prints a digest of each result as JSON.

    python everything.py [threads [chunks]]    digests of results, for comparison between runs
    python everything.py golden                what stands in hashes.json

Needs numpy and narwhals only, so that it runs under any Python; with pyarrow, the generated corpus
comes as an Arrow table of so many chunks. A result that cannot be computed is an "error: …".
"""

from __future__ import annotations

import hashlib
import json
import pickle
import random
import sys
import tempfile
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

import nutgraf as ng
from nutgraf.results import Table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

#: A set on purpose: its order is another in every process, and no result may show that.
STOP_WORDS = {"the", "a", "and", "of", "to", "in", "said", "on", "that", "by", "river", "was"}
#: Versions that may differ between two runs that are compared.
FOREIGN = {"python", "platform", "numpy", "narwhals", "scipy", "pandas", "polars", "pyarrow"} | {
    "altair"
}
WORDS = ["truce", "river", "port", "envoy", "ferry", "council", "ration", "Straße", "e-mail"]
WORDS += ["naïve", "minister's", "signal"]


def generated() -> dict[str, list[Any]]:
    """Return articles with ties, exact copies, near copies, empty and tiny texts."""
    draw = random.Random(11)
    rows: list[str] = []
    for number in range(240):
        kind = number % 6
        if kind == 1:
            rows.append(rows[-1])
        elif kind == 2:
            rows.append(rows[-2] + " Correction.")
        elif number in (63, 64, 111):
            rows.append(" \n")
        elif number == 117:
            rows.append("Truce")
        else:
            rows.append(" ".join(draw.choices(WORDS, k=30 + number % 40)) + ".")
    return {
        "text": rows,
        "id": [f"g{number:03d}" for number in range(240)],
        "source": [f"Source {number // 5 % 4}" for number in range(240)],
        "date": [f"2031-03-{1 + number % 7:02d}" for number in range(240)],
    }


def corpus_of(columns: dict[str, list[Any]], chunks: int) -> ng.Corpus:
    """Return a corpus, through Arrow in so many chunks where pyarrow is at hand."""
    try:
        import pyarrow as pa
    except ImportError:
        return ng.Corpus(columns)
    count = len(columns["text"])
    cuts = [count * number // chunks for number in range(chunks + 1)]
    tables = [
        pa.table({name: values[start:end] for name, values in columns.items()})
        for start, end in pairwise(cuts)
    ]
    return ng.Corpus(pa.concat_tables(tables))


def digest(thing: object) -> str:
    """Return a digest of the bytes of a thing."""
    hasher = hashlib.sha256()
    _add(hasher, thing)
    return hasher.hexdigest()[:32]


def _add(hasher: Any, thing: object) -> None:
    if isinstance(thing, np.ndarray):
        hasher.update(f"{thing.dtype.str} {thing.shape}".encode())
        hasher.update(np.ascontiguousarray(thing).tobytes())
    elif isinstance(thing, bytes):
        hasher.update(thing)
    elif isinstance(thing, Table):
        _add(hasher, {name: thing[name] for name in thing.columns})
    elif isinstance(thing, dict):
        for name, value in thing.items():
            hasher.update(repr(name).encode() + b":")
            _add(hasher, value)
    elif isinstance(thing, list | tuple):
        for value in thing:
            _add(hasher, value)
    else:
        hasher.update(repr(thing).encode("utf-8", "surrogatepass") + b";")


def settings(table: Any) -> dict[str, Any]:
    """Return the settings of a result without the versions of other packages."""
    own = dict(table.settings)
    own["versions"] = {k: v for k, v in own.get("versions", {}).items() if k not in FOREIGN}
    return own


def results(corpus: ng.Corpus, threads: int) -> Iterator[tuple[str, Callable[[], object]]]:
    """Name every result, with what computes it; later ones use what earlier ones made."""
    how: dict[str, Any] = {"threads": threads, "progress": False}
    yield "corpus", lambda: [corpus._texts.fingerprint(), repr(corpus), corpus._repr_html_()]
    tokens = ng.tokenize(corpus, **how)
    for name in ("ids", "indptr", "starts", "ends", "vocabulary"):
        yield f"tokens.{name}", lambda name=name: getattr(tokens, name)  # type: ignore[misc]
    pattern = ng.tokenize(corpus, pattern=r"[\w-]+", **how)
    yield "tokens of a pattern", lambda: [pattern.ids, pattern.starts, pattern.vocabulary]
    bare = ng.tokenize(corpus, tailorings=False, **how)
    yield "tokens without tailorings", lambda: [bare.ids, bare.starts, bare.ends, bare.vocabulary]
    yield "sentences", lambda: [tokens.sentence_starts, tokens.paragraph_starts]
    views = {
        "plain": tokens.view(lower=True, fold_punctuation=True),
        "stop words": tokens.view(lower=True, stop_words=STOP_WORDS, stem="en", min_length=2),
        "joined": tokens.view(lower=True, hyphens="join", stop_words="en"),
        "accents": tokens.view(
            lower="tr", normalize="NFKC", fold_punctuation=True, strip_accents=True, stem="german"
        ),
    }
    looked_up = views["plain"].dictionary(
        {"war": {"halt": ["truce", "halt*"], "side": ["* sides", "both"]}, "port": ["river port"]},
        **how,
    )
    yield (
        "dictionary",
        lambda: [
            looked_up.ids,
            looked_up.indptr,
            looked_up.starts,
            looked_up.ends,
            repr(looked_up),
        ],
    )
    categories = looked_up.counts(**how)
    yield "dictionary: counts", lambda: [categories.indices, categories.data, categories.totals]
    for name, view in views.items():
        yield f"view {name}", lambda view=view: [view.ids, view.starts, view.vocabulary]  # type: ignore[misc]
        yield f"view {name}: repr", lambda view=view: repr(view)  # type: ignore[misc]
        counts = view.counts(ngram_range=(1, 3), min_df=2, **how)
        yield f"counts {name}", lambda c=counts: [c.indptr, c.indices, c.data, c.totals, c.terms]  # type: ignore[misc]
        grouped = counts.group("source")
        yield f"groups {name}", lambda g=grouped: [g.indptr, g.indices, g.data, g.terms, g.groups]  # type: ignore[misc]
    for unit, shingle in (("word", 5), ("char", 12)):
        found = ng.near_duplicates(views["stop words"], unit=unit, shingle=shingle, **how)  # type: ignore[arg-type]
        yield f"near duplicates {unit}", lambda f=found: [f.pairs, f.clusters, f.labels, len(f)]  # type: ignore[misc]
        yield f"near duplicates {unit}: settings", lambda f=found: settings(f)  # type: ignore[misc]
        yield f"near duplicates {unit}: html", lambda f=found: [repr(f), f._repr_html_()]  # type: ignore[misc]
        yield f"near duplicates {unit}: pickle", lambda f=found: pickle.dumps(f, 5)  # type: ignore[misc]
        yield (
            f"near duplicates {unit}: evidence",
            lambda f=found: [  # type: ignore[misc]
                str(f.pairs.evidence(row)) for row in range(min(5, len(f)))
            ],
        )
    yield from _reuse(corpus, views["plain"], how)
    yield from _concordances(views["plain"], how)
    yield from _counts(views["plain"], how)
    yield from _statistics(corpus, tokens, views, how)
    yield from _comparison(corpus, how)
    yield "tokens: pickle", lambda: pickle.dumps(tokens, 5)
    for name, view in views.items():
        yield f"view {name}: pickle", lambda view=view: pickle.dumps(view, 5)  # type: ignore[misc]
    yield "counts: pickle", lambda: pickle.dumps(views["stop words"].counts(**how), 5)
    yield "corpus: pickle", lambda: pickle.dumps(corpus, 5)


def _reuse(
    corpus: ng.Corpus, view: ng.Tokens, how: dict[str, Any]
) -> Iterator[tuple[str, Callable[[], object]]]:
    asked: dict[str, dict[str, Any]] = {
        "with parts": {"containment": 0.8},
        "in stars": {"linkage": "star", "threshold": 0.3},
        "across sources": {"across": "source", "within": "2d"},
        "that are noisy": {"noisy": True},
        "by signatures": {"method": "minhash", "recall": 0.6},
    }
    for name, options in asked.items():
        found = ng.near_duplicates(view, **options, **how)
        yield f"near duplicates {name}", lambda f=found: [f.pairs, f.clusters, f.labels]  # type: ignore[misc]
        yield f"near duplicates {name}: settings", lambda f=found: settings(f)  # type: ignore[misc]
    other = ng.near_duplicates(corpus[:9], against=corpus[9:], threshold=0.2, **how)
    yield "near duplicates of two corpora", lambda: other.pairs
    for unit, options in (("word", {"min_tokens": 8}), ("char", {"min_tokens": 40})):
        shared = ng.passages(corpus, unit=unit, **options, **how)  # type: ignore[arg-type]
        yield f"passages {unit}", lambda s=shared: [s, s.pairs(), s.reuse_share(), s.by_source()]  # type: ignore[misc]
        yield f"passages {unit}: settings", lambda s=shared: settings(s)  # type: ignore[misc]
        yield f"passages {unit}: short runs", lambda s=shared: s.possible_common_source(**how)  # type: ignore[misc]
        yield f"passages {unit}: html", lambda s=shared: [repr(s), s.html(0)] if len(s) else ""  # type: ignore[misc]
    repeated, around = ng.repeats(corpus, **how), ng.furniture(corpus, **how)
    yield "repeats", lambda: [repeated, settings(repeated)]
    yield "furniture", lambda: [around, around.summary(), settings(around)]
    masked = corpus.without(repeated, around)
    yield "masked", lambda: [masked.fingerprint, ng.tokenize(masked, **how).ids]
    credited = ng.credits(corpus, agencies={"Pellworth": ["Pellworth"]}, **how)
    yield "credits", lambda: [credited, settings(credited)]
    for bits in (64, 32, 16):
        yield f"signatures of {bits} bits", lambda b=bits: ng.signatures(view, bits=b, **how)  # type: ignore[misc]


def _concordances(
    view: ng.Tokens, how: dict[str, Any]
) -> Iterator[tuple[str, Callable[[], object]]]:
    searches: dict[str, tuple[str, dict[str, Any]]] = {
        f"sorted by {by}": ("river", {"sort": by})
        for by in (None, "left", "right", "node", "source", "date")
    }
    searches |= {
        "glob": ("r?ver* *", {"sort": "node"}),
        "regex": (r"t?ruce|env.y [a-m]\w+", {"regex": True, "sort": "right"}),
        "regex of two words": (r"[a-r]\w* truce|port", {"regex": True, "window": 2}),
    }
    for name, (pattern, options) in searches.items():
        found = ng.concordance(view, pattern, limit=None, **options, **how)
        yield f"concordance {name}", lambda f=found: [len(f), f]  # type: ignore[misc]
        yield f"concordance {name}: settings", lambda f=found: settings(f)  # type: ignore[misc]
    few = ng.concordance(view, "truce", window=3, **how)
    yield "concordance: html", lambda: [repr(few), few._repr_html_()]


def _counts(view: ng.Tokens, how: dict[str, Any]) -> Iterator[tuple[str, Callable[[], object]]]:
    def parts(counts: ng.Counts | ng.Weighted) -> list[object]:
        return [counts.indptr, counts.indices, counts.data, counts.totals, counts.terms]

    skipped = view.counts(ngram_range=(1, 2), skip=range(3), within="sentence", min_df=2, **how)
    yield "counts of skip-grams in sentences", lambda: parts(skipped)
    counts = view.counts(max_terms=50, **how)
    yield "counts of few terms", lambda: parts(counts)
    yield "counts: tfidf", lambda: parts(counts.tfidf())
    yield "counts: tfidf of textbooks", lambda: parts(counts.tfidf(base=10, norm=None))
    yield "counts: bm25", lambda: parts(counts.bm25())
    yield "counts: relative", lambda: parts(counts.relative(per=1e6))
    yield "counts: top", lambda: [counts.top(12), counts.top(3, by="source")]
    rows = [counts.column(term).tolist() for term in counts.terms]
    foreign = ng.Counts.from_matrix(np.array(rows).T, counts.terms, totals=counts.totals)
    yield "counts: from a matrix", lambda: [*parts(foreign), pickle.dumps(foreign, 5)]


def _statistics(
    corpus: ng.Corpus, tokens: ng.Tokens, views: dict[str, ng.Tokens], how: dict[str, Any]
) -> Iterator[tuple[str, Callable[[], object]]]:
    labels = ng.near_duplicates(corpus, **how).labels
    counts = views["stop words"].counts(ngram_range=(1, 2), min_df=2, **how)
    first = corpus.sources[0]
    few = ng.tokenize(corpus[:14], **how).counts(**how)
    listed = {term: 7 + 3 * number for number, term in enumerate(counts.terms[:40])}
    published = ng.Counts.from_matrix(listed, totals=[100_000])
    designs: dict[str, Callable[[], Table]] = {
        "exact": lambda: ng.keyness(few, target=[0, 1, 2, 5], **how),
        "Monte Carlo": lambda: ng.keyness(
            counts,
            target={"source": first},
            permutations=199,
            clusters=labels,
            strata="date",
            seed=5,
            **how,
        ),
        "copies counted": lambda: ng.keyness(
            counts, target={"source": first}, permutations=99, copies="all", seed=5, **how
        ),
        "untested": lambda: ng.keyness(counts, target={"source": first}, test=None, **how),
        "frequency list": lambda: ng.keyness(
            counts, target={"source": first}, reference=published, **how
        ),
    }
    del tokens
    for name, design in designs.items():
        table = design()
        yield f"keyness {name}", lambda t=table: t  # type: ignore[misc]
        yield f"keyness {name}: settings", lambda t=table: settings(t)  # type: ignore[misc]
        yield f"keyness {name}: pickle", lambda t=table: pickle.dumps(t, 5)  # type: ignore[misc]
        yield f"keyness {name}: html", lambda t=table: [repr(t), t._repr_html_()]  # type: ignore[misc]
        yield f"keyness {name}: audit", lambda t=table: t.audit(n=7, seed=1)  # type: ignore[misc]


def _comparison(
    corpus: ng.Corpus, how: dict[str, Any]
) -> Iterator[tuple[str, Callable[[], object]]]:
    comparison = ng.compare(corpus, permutations=199, **how)
    for name, section in comparison.sections.items():
        yield f"compare: {name}", lambda s=section: s  # type: ignore[misc]
    yield "compare: facts", lambda: comparison.facts
    yield "compare: summary", comparison.summary

    def written() -> list[str]:
        with tempfile.TemporaryDirectory(prefix="canary-") as folder:
            comparison.save(Path(folder) / "report.html")
            files = comparison.tables(Path(folder) / "tables")
            page = (Path(folder) / "report.html").read_text(encoding="utf-8")
            assert "canary-" not in page, "the report names the folder it was saved in"
            return [page] + [f"{file.name} {digest(file.read_bytes())}" for file in files]

    yield "compare: report and tables", written
    yield "compare: pickle", lambda: pickle.dumps(comparison, 5)


def everything(threads: int, chunks: int) -> dict[str, str]:
    """Return the digest of every result, for the sample and the generated corpus."""
    found: dict[str, str] = {}
    corpora = {"sample": ng.load_sample(), "generated": corpus_of(generated(), chunks)}
    for name, corpus in corpora.items():
        for result, compute in results(corpus, threads):
            try:
                found[f"{name}: {result}"] = digest(compute())
            except Exception as error:  # noqa: BLE001 - told beside the others
                found[f"{name}: {result}"] = f"error: {type(error).__name__}: {error}"
    return found


#: Texts of every length class of the hash.
SPELLED = {
    "empty": "",
    "one letter": "a",
    "three letters": "ngf",
    "eight letters": "nut graf",
    "sixteen letters": "nut graf nut gra",
    "a sentence": "Both sides agreed on Tuesday to halt the shelling of the river port.",
    "two hundred letters": "truce " * 33 + "no",
    "five hundred letters": "river port " * 45 + "truce",
    "other scripts": "Стороны договорились · 停戰 · هدنة · naïve Straße 🕊",
}


def golden() -> dict[str, Any]:
    """Return what hashes.json holds: hashes as Python sees them, and ids of the sample."""
    corpus = ng.load_sample()
    tokens = ng.tokenize(corpus, progress=False)
    plain = tokens.view(lower=True, fold_punctuation=True)
    counts = plain.counts(ngram_range=(1, 2), progress=False)
    word = ng.near_duplicates(plain, progress=False)
    char = ng.near_duplicates(plain, unit="char", shingle=12, progress=False)
    return {
        "fingerprints": {
            name: ng.Corpus([text])._texts.fingerprint() for name, text in SPELLED.items()
        },
        "fingerprint of all of them": ng.Corpus(list(SPELLED.values()))._texts.fingerprint(),
        "sample": {
            "fingerprint": corpus._texts.fingerprint(),
            "tokens": len(tokens.ids),
            "types": len(tokens.vocabulary),
            "first types": tokens.vocabulary[:12],
            "last types": tokens.vocabulary[-6:],
            "ids": digest(tokens.ids),
            "starts": digest(tokens.starts),
            "ends": digest(tokens.ends),
            "vocabulary": digest(tokens.vocabulary),
            "terms": len(plain.vocabulary),
            "ids of terms": digest(plain.ids),
            "cells of counts": len(counts.data),
            "columns of counts": digest(counts.indices.astype(np.int64)),
            "counts": digest(counts.data),
            "labels": word.labels.tolist(),
            "pairs by words": [
                [int(left), int(right)]
                for left, right in zip(word.pairs["left_row"], word.pairs["right_row"], strict=True)
            ],
            "labels by characters": char.labels.tolist(),
            "labels of noisy copies": ng.near_duplicates(
                plain, noisy=True, progress=False
            ).labels.tolist(),
            "passages": [
                [row[name] for name in ("left_row", "left_start", "left_end", "right_row")]
                for row in ng.passages(plain, across="source", progress=False).to_dicts()
            ],
            "signatures": digest(ng.signatures(plain, progress=False)),
            "signatures of 16 bits of characters": digest(
                ng.signatures(plain, unit="char", shingle=12, bits=16, progress=False)
            ),
            "drawn rows": [
                int(row) for row in Table({"row": np.arange(10_000)}).audit(n=6, seed=0)["row"]
            ],
        },
    }


if __name__ == "__main__":
    if sys.argv[1:] == ["golden"]:
        sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
        sys.stdout.write(json.dumps(golden(), indent=2, ensure_ascii=False) + "\n")
    else:
        given = [int(each) for each in sys.argv[1:]] + [1, 1]
        json.dump(everything(given[0], given[1]), sys.stdout)
