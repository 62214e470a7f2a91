"""Compare how sources cover one event: copies first, then the words that set them apart.

This file gathers the numbers and their evidence; `nutgraf.report` puts them into words.
"""

from __future__ import annotations

import csv
import math
import re
from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any
from unicodedata import name

import numpy as np

from nutgraf.corpus import Corpus
from nutgraf.exceptions import InputError, ParameterError
from nutgraf.report import page, render, summarize
from nutgraf.results import Table
from nutgraf.reuse import near_duplicates
from nutgraf.stats import keyness
from nutgraf.tokens import Tokens, tokenize

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray

    from nutgraf.corpus import Document
    from nutgraf.reuse import NearDuplicates

    Progress = bool | Callable[[int, int], object] | None
    Rows = list[dict[str, Any]]

__all__ = ["Comparison", "compare"]

#: Below this number of distinct texts a source gets no test: its p could hardly be small.
FEWEST_UNITS = 5
#: Only terms at or below this family-wise p are called distinctive.
ALPHA = 0.05
SOURCES_SHOWN = 12
TERMS_SHOWN = 20
CHANCE_SHOWN = 8
#: A term stands in one article "only" if it is used at least this often there.
USES = 3
#: A sentence or line in this many texts of one source is page furniture.
FURNITURE = 3

#: First word of a letter's Unicode name, and the language it stands for here.
_SCRIPTS = {
    "ARABIC": "ar",
    "CJK": "zh",
    "CYRILLIC": "ru",
    "DEVANAGARI": "hi",
    "GREEK": "el",
    "HANGUL": "ko",
    "HEBREW": "he",
    "HIRAGANA": "ja",
    "KATAKANA": "ja",
    "THAI": "th",
}
_FUNCTION_WORDS = {
    "en": "the of and to in a is that for on was with it as he by at from his had",
    "fr": "le la les de des du et un une dans que qui pour sur est pas au par avec",
    "es": "el la los las de y en que un una por con para del se no es al su",
    "de": "der die das und in den von zu mit ist im des auf für dem ein eine nicht sich",
    "it": "il la di e che in un una per con del della non si è le i gli da al",
    "pt": "o a os as de e que em um uma para com do da não se no na por dos",
    "nl": "de het een van en in is dat op te voor met zijn niet aan er om door",
}
_LATIN = {code: frozenset(words.split()) for code, words in _FUNCTION_WORDS.items()}

_SENTENCE_END = re.compile(
    r"\s*\n+\s*|[.!?…]+[\"'”’»)\]]*\s+(?=[\"'“‘«(\[¿¡]?[^\W_a-zа-яё])|[。！？]+[」』”’]*\s*"
)
_ABBREVIATION = re.compile(
    r"(?:\b[A-Z]|\b(?:Mr|Mrs|Ms|Dr|Gen|Col|Maj|Capt|Lt|Sgt|Cpl|Sen|Rep|Gov|Prof|St|No|vs))\.\s+\Z"
)


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


def compare(
    corpus: object,
    by: str = "source",
    *,
    threshold: float = 0.5,
    permutations: int = 9999,
    seed: int = 0,
    threads: int | None = None,
    progress: Progress = None,
) -> Comparison:
    """Compare sources: who printed the same text, and which words set each one apart.

    Copies are found first and then counted once. What stands word for word in three texts of a
    source, or twice in one article, is left out of the word counts. Terms are compared within the
    language of most articles. A source with at least five distinct texts in that language is
    tested against all the others by relabeling texts at random; below that, only counts are shown.

    Parameters
    ----------
    corpus : Corpus, or what `Corpus` takes
        The articles.
    by : str
        Column that names the source of an article.
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
    corpus = corpus if isinstance(corpus, Corpus) else Corpus(corpus)
    documents = list(corpus)
    if not documents:
        message = "The corpus is empty, but compare needs at least one article; check the path."
        raise InputError(message, parameter="corpus")
    groups = _groups(documents, by)
    languages = [_language(document) for document in documents]
    main, stated = _main_language(languages)
    inside = np.array([code == main for code, _ in languages])

    every = tokenize(corpus, threads=threads, progress=progress)
    plain = every.view(lower=True, fold_punctuation=True)
    lengths = [int(n) for n in np.diff(plain.indptr)]
    found = near_duplicates(plain, threshold=threshold, threads=threads, progress=progress)
    rows = np.flatnonzero(inside)
    names = np.array(groups, dtype=object)[rows]
    # Names of clusters are rows of the whole corpus; the test wants them dense.
    labels = np.unique(found.labels[rows], return_inverse=True)[1].astype(np.int64)
    units = {own: len(set(labels[names == own].tolist())) for own in dict.fromkeys(names)}
    tested = [own for own in units if units[own] >= FEWEST_UNITS and len(units) > 1]
    tested = sorted(tested, key=lambda own: (-units[own], own))[:SOURCES_SHOWN]

    spoken = [documents[row] for row in rows]
    texts, left_out = _without_furniture(spoken, names, labels)
    words = tokenize(Corpus(texts), language=main, threads=threads, progress=progress)
    view, stopped = _terms(words, main)
    counts = view.counts(min_df=2 if tested else 1)
    places = _Places(view, spoken, labels)
    results: dict[str, Table] = {}
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
            progress=progress,
        )
    sections: dict[str, Table | dict[str, Table]] = {
        "sources": _table(_source_rows(documents, groups, lengths, inside, found.labels, results)),
        "articles": _table(_article_rows(documents, groups, lengths, languages, found.labels)),
        "copies": _table(_copy_rows(documents, groups, lengths, found), _COPY_COLUMNS),
        "pairs": found.pairs if len(found) <= 100_000 else Table({"note": ["too many pairs"]}),
    }
    if tested:
        chosen = _tested_terms(results, counts, names, places, permutations)
        sections["terms"] = _table(chosen, _TERM_COLUMNS)
        sections["keyness"] = dict(results)
    else:
        only = _only_here(counts, names, places)
        sections["used_only_here"] = _table(only, _ONLY_COLUMNS)
    sections["left_out"] = _table(left_out, _LEFT_OUT_COLUMNS)
    facts = {
        "language": main,
        "language_stated": stated,
        "set_aside": dict(Counter(code for code, _ in languages if code != main)),
        "stop_words": stopped,
        "tested": tested,
        "units": units,
        "permutations": permutations,
        "threshold": threshold,
        "seed": seed,
    }
    return Comparison(corpus, by, found, results, sections, facts)


# Columns of tables that may be empty, so that they exist even then.
_COPY_COLUMNS = (
    "cluster",
    "id",
    "source",
    "date",
    "title",
    "words",
    "similarity",
    "order",
    "row",
    "first_row",
    "relation",
)
_EXAMPLE = ("id", "start", "end", "sentence", "sentence_start")
_TERM_COLUMNS = (
    "source",
    "term",
    "distinctive",
    "articles_with",
    "articles",
    "others_with",
    "others",
    "log_ratio",
    "p_max_t",
    "times",
    "out_of",
    "top_share",
    "survives_dropping_one",
    *_EXAMPLE,
)
_ONLY_COLUMNS = ("source", "term", "uses", *_EXAMPLE)
_LEFT_OUT_COLUMNS = ("source", "kind", "text", "places", "words")


def _table(rows: Rows, columns: Sequence[str] | None = None) -> Table:
    return Table({own: [row[own] for row in rows] for own in columns or rows[0]})


def _groups(documents: list[Document], by: str) -> list[str]:
    """Name of the source of each article, as text."""
    values: list[object] = []
    for document in documents:
        own = getattr(document, by) if by in ("source", "date", "title") else None
        values.append(document.metadata.get(by) if own is None else own)
    if all(value is None for value in values):
        known = ", ".join(["source", *documents[0].metadata])
        message = f"by is {by!r}, but no article has that column; there are: {known}."
        raise ParameterError(message, parameter="by")
    return ["(not named)" if value is None else str(value) for value in values]


def _language(document: Document) -> tuple[str, bool]:
    """Language of one article, and whether the corpus states it."""
    given = document.metadata.get("language")
    if isinstance(given, str) and given.strip():
        return re.split(r"[-_]", given.strip().lower())[0], True
    return guess_language(document.text), False


def guess_language(text: str) -> str:
    """Guess a language by the script of the letters, then by the share of function words.

    Good enough to keep languages apart; the corpus's own ``language`` column is better.

    Examples
    --------
    >>> guess_language("The talks opened on Monday in the lakeside town.")
    'en'
    >>> guess_language("Переговоры открылись в понедельник.")
    'ru'
    """
    letters = [char for char in text[:3000] if char.isalpha()]
    if not letters:
        return "unknown"
    scripts = Counter(_SCRIPTS.get(name(char, "").split(" ")[0], "") for char in letters)
    if scripts["ja"] > 0.1 * len(letters):
        # Japanese mixes kana with Chinese characters.
        return "ja"
    script, most = scripts.most_common(1)[0]
    if script and most > 0.5 * len(letters):
        return script
    words = re.findall(r"[^\W\d_]+", text[:3000].lower())
    latin = {code: sum(w in known for w in words) / len(words) for code, known in _LATIN.items()}
    best = max(latin, key=lambda code: latin[code])
    return best if latin[best] >= 0.1 else "unknown"


def _main_language(languages: list[tuple[str, bool]]) -> tuple[str, bool]:
    main = Counter(code for code, _ in languages).most_common(1)[0][0]
    return main, all(stated for _, stated in languages)


def _terms(tokens: Tokens, language: str) -> tuple[Tokens, bool]:
    """The view whose terms are compared, and whether stop words could be left out."""
    shortest = 1 if language in ("zh", "ja", "th") else 2
    view = tokens.view(lower=True, fold_punctuation=True, min_length=shortest)
    try:
        return view.view(stop_words=language), True
    except (ParameterError, InputError):
        return view, False


def instant(date: object) -> datetime | None:
    """Return the moment a date stands for: a bare day counts to its end, no zone means UTC."""
    try:
        moment = datetime.fromisoformat(str(date).strip())
    except ValueError:
        return None
    if len(str(date).strip()) <= 10:
        moment += timedelta(days=1)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _source_rows(
    documents: list[Document],
    groups: list[str],
    lengths: list[int],
    inside: NDArray[np.bool_],
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
                "compared": int(sum(inside[row] for row in own)),
                "texts": len({int(labels[row]) for row in own if inside[row]}),
                "tested": source in results,
                "smallest_p": float(settings.get("p_floor", math.nan)),
            }
        )
    return rows


def _article_rows(
    documents: list[Document],
    groups: list[str],
    lengths: list[int],
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
            "same_text_in": sizes[int(labels[row])] - 1,
        }
        for row, document in enumerate(documents)
    ]


def _copy_rows(
    documents: list[Document], groups: list[str], lengths: list[int], found: NearDuplicates
) -> Rows:
    """Members of every cluster, earliest first; the first one is what the others are held against.

    Clusters across sources come before versions within one source, large before small.
    """
    clusters: dict[int, list[int]] = {}
    for row, label in enumerate(found.labels.tolist()):
        clusters.setdefault(label, []).append(row)
    late = datetime.max.replace(tzinfo=UTC)
    rows: Rows = []
    many = [members for members in clusters.values() if len(members) > 1]
    many.sort(key=lambda m: (len({groups[row] for row in m}) == 1, -len(m), m[0]))
    for number, members in enumerate(many, 1):
        moments = {row: instant(documents[row].date) for row in members}
        ordered = sorted(members, key=lambda r: (moments[r] or late, -lengths[r], r))
        first = ordered[0]
        similarity = dict(_similarities(found, first, members))
        relation = "shared" if len({groups[row] for row in members}) > 1 else "version"
        for row in ordered:
            moment, start = moments[row], moments[first]
            if moment is None or start is None:
                order = "date unknown"
            elif row == first:
                rest = [moments[r] for r in ordered[1:]]
                order = "earliest" if all(m is None or m > moment for m in rest) else "same time"
            else:
                order = "later" if moment > start else "same time"
            document = documents[row]
            rows.append(
                {
                    "cluster": number,
                    "id": document.id,
                    "source": groups[row],
                    "date": str(document.date or ""),
                    "title": str(document.title or ""),
                    "words": lengths[row],
                    "similarity": similarity.get(row, math.nan),
                    "order": order,
                    "row": row,
                    "first_row": first,
                    "relation": relation,
                }
            )
    return rows


def _similarities(found: NearDuplicates, first: int, members: list[int]) -> list[tuple[int, float]]:
    """Similarity of each member to the first, where the pair reaches the threshold itself."""
    if len(found) > 100_000:
        return []
    pairs = found.pairs
    left, right = np.asarray(pairs["left_row"]), np.asarray(pairs["right_row"])
    mine = np.flatnonzero((left == first) | (right == first))
    values = np.asarray(pairs["similarity"])
    other = np.where(left == first, right, left)
    return [(int(other[i]), float(values[i])) for i in mine if int(other[i]) in members]


def _holders(counts: Any, terms: set[str]) -> dict[str, NDArray[np.int64]]:
    """Rows in which each of some terms stands."""
    columns = [column for column, term in enumerate(counts.terms) if term in terms]
    owner = np.repeat(np.arange(len(counts.indptr) - 1), np.diff(counts.indptr))
    return {counts.terms[column]: owner[counts.indices == column] for column in columns}


def _tested_terms(
    results: Mapping[str, Table],
    counts: Any,
    names: NDArray[np.object_],
    places: _Places,
    permutations: int,
) -> Rows:
    """The terms that the cards show, with one sentence each."""
    rows: Rows = []
    for source, table in results.items():
        p = np.asarray(table["p_max_t"], dtype=float)
        ratio = np.asarray(table["log_ratio"], dtype=float)
        # A term outside the family (its p could never be small) has no p_max_t.
        p = np.where(np.isnan(p), 1.0, p)
        order = np.lexsort((-ratio, p))
        up = [int(i) for i in order if ratio[i] > 0]
        strong = [i for i in up if p[i] <= ALPHA][:TERMS_SHOWN]
        weak = [i for i in up if p[i] > ALPHA][:CHANCE_SHOWN]
        holders = _holders(counts, {table["term"][i] for i in strong + weak})
        exact = bool(table.settings.get("exact", False))
        out_of = int(table.settings["labelings"]) if exact else permutations + 1
        own = names == source
        for i in strong + weak:
            term = str(table["term"][i])
            where = holders.get(term, np.array([], dtype=np.int64))
            here = [int(row) for row in where if own[row]]
            shown = min(10_000, out_of)
            rows.append(
                {
                    "source": source,
                    "term": term,
                    "distinctive": bool(p[i] <= ALPHA),
                    "articles_with": len(here),
                    "articles": int(own.sum()),
                    "others_with": len(where) - len(here),
                    "others": int((~own).sum()),
                    "log_ratio": float(ratio[i]),
                    "p_max_t": float(p[i]),
                    "times": max(1, round(p[i] * shown)),
                    "out_of": shown,
                    "top_share": float(table["top_share"][i]),
                    "survives_dropping_one": bool(table["survives_dropping_one"][i]),
                    **places.example(term, here),
                }
            )
    return rows


def _only_here(counts: Any, names: NDArray[np.object_], places: _Places) -> Rows:
    """Terms that one article uses at least three times and no other article uses at all."""
    articles = np.bincount(counts.indices, minlength=len(counts.terms))
    rows: Rows = []
    for row in range(len(counts.indptr) - 1):
        cells = range(int(counts.indptr[row]), int(counts.indptr[row + 1]))
        own = [
            (int(counts.data[cell]), counts.terms[counts.indices[cell]])
            for cell in cells
            if counts.data[cell] >= USES and articles[counts.indices[cell]] == 1
        ]
        for uses, term in sorted(own, key=lambda pair: (-pair[0], pair[1])):
            rows.append(
                {
                    "source": str(names[row]),
                    "term": term,
                    "uses": uses,
                    **places.example(term, [row]),
                }
            )
    return rows


class _Places:
    """Where terms stand, so that every term can show a sentence."""

    def __init__(self, view: Tokens, documents: list[Document], labels: NDArray[np.int64]) -> None:
        self._view = view
        self._documents = documents
        self._number = {term: number for number, term in enumerate(view.vocabulary)}
        self._sizes = Counter(labels.tolist())
        self._labels = labels
        self._bounds: dict[int, list[int]] = {}

    def _spans(self, term: str, row: int) -> list[tuple[int, int, int, int]]:
        """Start and end of a term's uses, each with those of its sentence."""
        begin, end = int(self._view.indptr[row]), int(self._view.indptr[row + 1])
        uses = np.flatnonzero(self._view.ids[begin:end] == self._number[term]) + begin
        if row not in self._bounds:
            self._bounds[row] = _sentence_starts(self._documents[row].text)
        bounds = self._bounds[row]
        spans = []
        for use in uses.tolist():
            start = int(self._view.starts[use])
            k = int(np.searchsorted(bounds, start, side="right"))
            spans.append((start, int(self._view.ends[use]), bounds[k - 1], bounds[k]))
        return spans

    def example(self, term: str, rows: list[int]) -> dict[str, Any]:
        """Return the most readable sentence with a term, preferring articles without copies."""
        best: tuple[tuple[Any, ...], dict[str, Any]] | None = None
        ordered = sorted(rows, key=lambda r: (self._sizes[int(self._labels[r])] > 1, r))
        for row in ordered[:12]:
            document = self._documents[row]
            for start, end, low, high in self._spans(term, row):
                sentence = document.text[low:high].rstrip()
                whole = sentence[-1:] in ".!?…。！？\"'”’»"
                rank = (not whole, not 40 <= len(sentence) <= 240, row, start)
                if best is None or rank < best[0]:
                    found = {
                        "id": document.id,
                        "start": start,
                        "end": end,
                        "sentence": sentence,
                        "sentence_start": low,
                    }
                    best = (rank, found)
        if best is None:
            return {"id": "", "start": 0, "end": 0, "sentence": "", "sentence_start": 0}
        return best[1]


def _sentence_starts(text: str) -> list[int]:
    """Where sentences begin, and the end of the text; a plain rule, for showing examples only."""
    ends = [
        match.end()
        for match in _SENTENCE_END.finditer(text)
        if not _ABBREVIATION.search(text[max(0, match.start() - 8) : match.end()])
    ]
    starts = [0, *ends]
    return [*dict.fromkeys(start for start in starts if start < len(text)), len(text)]


def _without_furniture(
    documents: list[Document], names: NDArray[np.object_], labels: NDArray[np.int64]
) -> tuple[list[str], Rows]:
    """Blank what stands word for word in three texts of a source, or twice in one article.

    Blanks are as long as what they replace, so that offsets still fit the original text.
    """
    parts = [_stretches(document.text) for document in documents]
    texts: dict[tuple[str, str], set[int]] = {}
    for source, label, stretches in zip(names, labels.tolist(), parts, strict=True):
        for _, _, stretch in stretches:
            # Copies of one text count once here too: a reprint is no furniture.
            texts.setdefault((source, stretch), set()).add(label)
    blanked: list[str] = []
    found: Counter[tuple[str, str, str]] = Counter()
    for document, source, stretches in zip(documents, names, parts, strict=True):
        kept: list[str] = []
        seen: set[str] = set()
        at = 0
        for start, end, stretch in stretches:
            if start < at:
                # Inside a line that is blank already.
                continue
            standing = len(texts[source, stretch]) >= FURNITURE
            if standing or stretch in seen:
                found[source, "recurs" if standing else "repeat", stretch] += 1
                kept += [document.text[at:start], re.sub(r"\S", " ", document.text[start:end])]
                at = end
            seen.add(stretch)
        blanked.append("".join([*kept, document.text[at:]]))
    rows = [
        {
            "source": source,
            "kind": kind,
            "text": stretch,
            "places": places,
            "words": places * len(stretch.split()),
        }
        for (source, kind, stretch), places in found.items()
    ]
    return blanked, sorted(rows, key=lambda row: (row["source"], -row["words"], row["text"]))


def _stretches(text: str) -> list[tuple[int, int, str]]:
    """Lines of any length, each followed by its sentences of at least five words."""
    lines = [line.span() for line in re.finditer(r"[^\n]*\S", text)]
    sentences = pairwise(_sentence_starts(text))
    found = {
        (start, start + len(text[start:after].rstrip()))
        for start, after in [*lines, *sentences]
        if text[start:after].strip()
    }
    ordered = sorted(found, key=lambda span: (span[0], -span[1]))
    whole = set(lines)
    return [
        (start, end, text[start:end].strip())
        for start, end in ordered
        if (start, end) in whole or len(text[start:end].split()) >= 5
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
