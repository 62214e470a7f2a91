"""Compare how sources cover one event: copies first, then the words that set them apart.

This file gathers the numbers and their evidence; `nutgraf.report` puts them into words.
"""

from __future__ import annotations

import csv
import math
import re
from collections import Counter
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

import numpy as np

from nutgraf import _parameters
from nutgraf._copies import CONTAINMENT, are_listed, contains_rows, copy_rows
from nutgraf._keywords import answered
from nutgraf._languages import known, language_of, main_language
from nutgraf._masking import STEPS, Masking
from nutgraf._progress import Steps, Watched
from nutgraf._sections import Sections
from nutgraf._sentences import Places
from nutgraf._settings import made
from nutgraf._terms import distinctive_terms, only_here, terms_of
from nutgraf._text import clean
from nutgraf.corpus import Corpus
from nutgraf.exceptions import InputError, ParameterError
from nutgraf.report import page, render
from nutgraf.results import Table
from nutgraf.reuse import near_duplicates
from nutgraf.stats import keyness
from nutgraf.tokens import tokenize
from nutgraf.wording import summarize

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from nutgraf._progress import Progress
    from nutgraf.document import Document
    from nutgraf.reuse import NearDuplicates

    Rows = list[dict[str, Any]]

__all__ = ["Comparison", "compare"]

#: Below this number of distinct texts a source gets no test: its p could hardly be small.
FEWEST_UNITS = 5
SOURCES_SHOWN = 12


class Comparison:
    """What `compare` found; shows itself in a notebook, and saves itself as one HTML file.

    Attributes
    ----------
    corpus : Corpus
        The articles.
    by : str
        The column that says what is compared.
    duplicates : NearDuplicates
        The copies.
    keyness : dict of str to Table
        Every term of each tested source. Empty if all sources have too few texts for a test.
    sections : dict of str to Table or dict of Table
        Everything the report is made of.
    facts : dict
        Languages, stop words and the size of the design, as the report states them.

    Examples
    --------
    >>> import nutgraf as ng
    >>> result = ng.compare(ng.load_sample(), permutations=99)
    >>> len(result.sections["articles"])
    44
    """

    def __init__(
        self,
        corpus: Corpus,
        by: str,
        duplicates: NearDuplicates,
        keyness: dict[str, Table],
        sections: dict[str, Table | dict[str, Table]],
        facts: dict[str, Any],
    ) -> None:
        self.corpus = corpus
        self.by = by
        self.duplicates = duplicates
        self.keyness = keyness
        self.sections = sections
        self.facts = facts

    def __repr__(self) -> str:
        return self.summary()

    def _repr_html_(self) -> str:
        return render(self)

    def summary(self) -> str:
        """Return the findings as plain text."""
        return summarize(self)

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the report as one HTML file that needs no network and runs no script.

        Parameters
        ----------
        path : path
            The file; its folder must exist.

        Raises
        ------
        OSError
            If the file cannot be written.
        """
        Path(path).write_text(page(self), encoding="utf-8")

    def tables(self, folder: str | os.PathLike[str]) -> list[Path]:
        """Write every table as CSV.

        A cell that begins with ``=``, ``+``, ``-``, ``@`` or a tab gets an apostrophe in front,
        because spreadsheets would run it as a formula.

        Parameters
        ----------
        folder : path
            Where to; made if missing.

        Returns
        -------
        list of Path
            The files.
        """
        target = Path(folder)
        target.mkdir(parents=True, exist_ok=True)
        written: list[Path] = []
        for section, content in self.sections.items():
            if isinstance(content, Table):
                written.append(_write_csv(target / f"{section}.csv", content))
                continue
            for number, (source, table) in enumerate(content.items(), 1):
                slug = re.sub(r"[^\w]+", "-", source).strip("-_").lower()[:60]
                written.append(_write_csv(target / f"{section}-{number:02d}-{slug}.csv", table))
        return written


@answered("compare")
def compare(
    corpus: object,
    by: str = "source",
    *,
    mask: bool = True,
    threshold: float = 0.5,
    permutations: int = 9999,
    seed: int = 0,
    threads: int | None = None,
    progress: Progress = None,
) -> Comparison:
    """Compare sources: who printed the same text, and which words set each one apart.

    What an article says twice (`repeats`) and what stands around articles (`furniture`) is masked
    first. Then copies are found, and counted once, and articles that contain four fifths of a
    shorter one, which are listed and no copies. Terms are compared within the
    language of most articles. A source with at least five distinct texts in that language is
    tested against all the others by relabeling texts at random; below that, only counts are shown.

    Parameters
    ----------
    corpus : Corpus, or what `Corpus` takes
        The articles.
    by : str
        Column that names the source of an article.
    mask : bool
        Whether repeats and page furniture are masked; the report lists them.
    threshold : float
        Least similarity (Jaccard, word 5-grams) of a copy.
    permutations : int
        Random relabelings, where there are too many to try them all.
    seed : int
        Seed of the relabelings.
    threads : int, optional
        Number of threads; the result does not depend on it.
    progress : bool or callable, optional
        As in `tokenize`.

    Returns
    -------
    Comparison
        The findings with their evidence.

    Raises
    ------
    InputError
        If there are no articles.
    ParameterError
        If `by` names no column.

    Examples
    --------
    >>> import nutgraf as ng
    >>> result = ng.compare(ng.load_sample(), permutations=99)
    >>> sorted(result.keyness)[:2]
    ['Bourse & Harbour', 'Daily Whistle']
    """
    if not isinstance(by, str):
        raise _parameters.refuse("by", by, "it must name a column", "pass 'source'")
    mask = _parameters.flag("mask", mask)
    threshold = _parameters.threshold(threshold)
    permutations = _parameters.permutations(permutations)
    seed = _parameters.seed(seed)
    threads = _parameters.threads(threads)
    with Watched(progress, "comparing") as report:
        steps = Steps(report, 4 + (STEPS + 1 if mask else 0))
        return _compare(corpus, by, mask, threshold, permutations, seed, threads, steps)


def _compare(
    corpus: object,
    by: str,
    mask: bool,
    threshold: float,
    permutations: int,
    seed: int,
    threads: int | None,
    steps: Steps,
) -> Comparison:
    corpus = corpus if isinstance(corpus, Corpus) else Corpus(corpus)
    documents = list(corpus)
    if not documents:
        message = "The corpus is empty, but compare needs at least one article; check the path."
        raise InputError(message, parameter="corpus")
    groups = _groups(corpus, by)
    languages = [language_of(document) for document in documents]
    main, stated = main_language(languages)
    inside = np.array([code == main for code, _ in languages])

    every = tokenize(corpus, threads=threads, progress=steps.step())
    plain = every._counted()
    lengths = [int(n) for n in np.diff(plain.indptr)]
    masking, left = None, plain
    if mask:
        masking = Masking.of(plain, groups, threads, steps)
        cleaned = tokenize(masking.corpus, threads=threads, progress=steps.step())
        left = cleaned.view(lower=True, fold_punctuation=True)
    remaining = [int(n) for n in np.diff(left.indptr)]
    found = near_duplicates(
        left,
        threshold=threshold,
        containment=CONTAINMENT,
        threads=threads,
        progress=steps.step(),
    )
    rows = np.flatnonzero(inside)
    names = np.array(groups, dtype=object)[rows]
    # Names of clusters are rows of the whole corpus; the test wants them dense.
    labels = np.unique(found.labels[rows], return_inverse=True)[1].astype(np.int64)
    spoken = [documents[row] for row in rows]
    words = tokenize(
        left.corpus[rows], language=known(main), threads=threads, progress=steps.step()
    )
    view, stopped = terms_of(words, main)
    # A text without a single term can neither be tested nor stand against one.
    filled = np.diff(view.indptr) > 0
    units = {
        own: len(set(labels[(names == own) & filled].tolist())) for own in dict.fromkeys(names)
    }
    tested = [own for own in units if FEWEST_UNITS <= units[own] < sum(units.values())]
    tested = sorted(tested, key=lambda own: (-units[own], own))[:SOURCES_SHOWN]
    counts = view.counts(min_df=2 if tested else 1, threads=threads, progress=False)
    places = Places(view, spoken, labels)
    results: dict[str, Table] = {}
    tests = Steps(steps.step() or None, len(tested))
    for own in tested:
        results[own] = keyness(
            counts,
            target=names == own,
            test="permutation",
            permutations=permutations,
            clusters=labels,
            copies="once",
            seed=seed,
            threads=threads,
            progress=tests.step(),
        )
    facts = {
        "language": main,
        "language_stated": stated,
        "set_aside": dict(Counter(code for code, _ in languages if code != main)),
        "stop_words": stopped,
        "tested": tested,
        "units": units,
        "permutations": permutations,
        "threshold": threshold,
        "containment": CONTAINMENT if are_listed(found) else None,
        "seed": seed,
        "mask": mask,
        "masked_words": sum(lengths) - sum(remaining),
    }
    make = Sections(corpus, found, made({"by": by, **facts}, corpus=corpus, tokens=plain))
    sources = _source_rows(documents, groups, lengths, units, found.labels, results)
    articles = _article_rows(documents, groups, lengths, remaining, languages, found.labels)
    sections: dict[str, Table | dict[str, Table]] = {
        "sources": make.table("sources", sources),
        "articles": make.table("articles", articles),
        "copies": make.table("copies", copy_rows(documents, groups, lengths, found)),
        "contains": make.table("contains", contains_rows(documents, groups, lengths, found)),
        "pairs": found.pairs
        if are_listed(found) and len(found) <= 100_000
        else make.table("pairs", [{"note": "too many pairs"}]),
    }
    if tested:
        chosen = distinctive_terms(results, counts, names, places, permutations)
        sections["terms"] = make.table("terms", chosen)
        sections["keyness"] = dict(results)
    else:
        only = only_here(counts, names, places)
        sections["used_only_here"] = make.table("used_only_here", only)
    if masking is not None:
        sections["left_out"] = make.table("left_out", masking.rows(groups))
        sections["repeats"] = masking.repeats
        sections["furniture"] = masking.furniture
    return Comparison(corpus, by, found, results, sections, facts)


def _groups(corpus: Corpus, by: str) -> list[str]:
    """Name of the source of each article, as text."""
    try:
        values = corpus.column(by)
    except ParameterError as error:
        message = f"by is {_parameters.shown(by)}: {clean(str(error))}"
        raise ParameterError(message, parameter="by") from error
    if all(value is None for value in values):
        message = f"by is {by!r}, but no article has a value in that column; name another column."
        raise ParameterError(message, parameter="by")
    return ["(not named)" if value is None else str(value) for value in values]


def _source_rows(
    documents: list[Document],
    groups: list[str],
    lengths: list[int],
    units: Mapping[str, int],
    labels: NDArray[np.int64],
    results: Mapping[str, Table],
) -> Rows:
    sizes = Counter(labels.tolist())
    rows: Rows = []
    for source in sorted(set(groups)):
        own = [row for row, group in enumerate(groups) if group == source]
        days = sorted(str(documents[row].date)[:10] for row in own if documents[row].date)
        settings = results[source].settings if source in results else {}
        rows.append(
            {
                "source": source,
                "articles": len(own),
                "median_words": round(median(lengths[row] for row in own)),
                "first": days[0] if days else "",
                "last": days[-1] if days else "",
                "with_a_copy": sum(sizes[int(labels[row])] > 1 for row in own),
                "texts": units.get(source, 0),
                "tested": source in results,
                "smallest_p": float(settings.get("p_floor", math.nan)),
            }
        )
    return rows


def _article_rows(
    documents: list[Document],
    groups: list[str],
    lengths: list[int],
    remaining: list[int],
    languages: list[tuple[str, bool]],
    labels: NDArray[np.int64],
) -> Rows:
    sizes = Counter(labels.tolist())
    return [
        {
            "id": document.id,
            "source": groups[row],
            "date": str(document.date or ""),
            "title": str(document.title or ""),
            "language": languages[row][0],
            "words": lengths[row],
            "after_masking": remaining[row],
            "same_text_in": sizes[int(labels[row])] - 1,
        }
        for row, document in enumerate(documents)
    ]


def _write_csv(path: Path, table: Table) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(table.columns)
        writer.writerows([_cell(row[own]) for own in table.columns] for row in table.to_dicts())
    return path


def _cell(value: object) -> object:
    if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r"):
        return "'" + value
    return value
