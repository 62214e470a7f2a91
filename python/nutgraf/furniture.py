"""What stands around articles: page furniture, with the evidence for it."""

from __future__ import annotations

from functools import cache, partial
from typing import TYPE_CHECKING, Any

import numpy as np

from nutgraf import _lexicons, _nutgraf, _parameters
from nutgraf._evidence import line
from nutgraf._groups import given, numbered
from nutgraf._keywords import answered
from nutgraf._masks import documents_of
from nutgraf._progress import Steps, Watched
from nutgraf._settings import made
from nutgraf.corpus import Corpus
from nutgraf.results import Table
from nutgraf.reuse import near_duplicates
from nutgraf.tokens import Tokens

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from nutgraf._progress import Progress

__all__ = ["Furniture", "copies", "furniture"]

#: Similarity from which texts count once.
COPY = 0.8


@answered("furniture")
def furniture(
    documents: object,
    *,
    by: object = "source",
    min_documents: int = 3,
    suspected: bool = True,
    clusters: ArrayLike | None = None,
    threads: int | None = None,
    progress: Progress = None,
) -> Furniture:
    """Find page furniture: what a source prints around its articles, and what looks like that.

    Two sorts of evidence are told apart. *Recurs*: a line stands word for word in at least
    `min_documents` texts of one source, and in one of two hundred. Copies of one text (similarity
    from 0.8 on) count once, and texts that share more than three in ten of their words as whole
    sentences do not count, so that an article in three versions is no furniture. Neighbors that
    recur together are one block. A line that reads like a sentence or has a figure may be what an
    outlet says again and again in its articles. It is furniture only if a rule knows it; if it
    stands in half of the source's texts, five at least; or where it frames articles: begins a
    fiftieth of them, or ends a tenth. In a line of more than 60 words, which is what a text without
    line breaks looks like, sentences and what wide white space parts are taken for lines. Inside an
    article, more than three lines from both ends, a line must stand in a fiftieth of the texts, and
    a line over rows of figures is the heading of a table.
    *Suspected*: what one article alone can show, by rules that are written down: share bars,
    newsletters, copyright, lists of links and tags, photo credits, the title inside the text, a
    caption that stands twice, comments and the text of a theme. What is in doubt is not listed: a
    wrong mask deletes evidence.

    Parameters
    ----------
    documents : Corpus, sequence of str, string column, or Tokens
        The texts; of a `Tokens` view, those of its corpus.
    by : str or iterable
        The column that names the source of a document, or one label a document. Where it is missing
        nothing recurs. None takes all documents for one source.
    min_documents : int
        In how many texts of a source something stands that recurs, at least 2.
    suspected : bool
        Whether what one article alone can show is listed too.
    clusters : array of int, shape (n_documents,), optional
        Texts that count once; ``near_duplicates(corpus, threshold=0.8).labels`` unless given. At
        lower thresholds articles may be alike because of their furniture.
    threads, progress
        As in `tokenize`.

    Returns
    -------
    Furniture
        A table with one row a place: ``document`` (id), ``row``, ``start`` and ``end`` (code
        points), ``source``, ``evidence`` (``"recurs"`` or ``"suspected"``), ``kind`` (copyright,
        newsletter, follow, share, links, tags, comments, theme, caption, title, advertisement,
        interface; else line, block or sentence), ``rule`` (what it follows), ``times`` (in how many
        texts of the source all of it stands; 1 if suspected), ``words`` and ``text``. Rows of one
        document do not overlap. `Furniture.summary` has one row a text.

    Raises
    ------
    ParameterError
        If a parameter is outside its rule.
    InputError
        If `by` names no column, or labels or clusters are not one a document.

    Notes
    -----
    Not found are links and captions that no rule knows and that stand in one article alone, and
    furniture inside articles that a source changes often. A line whose sentence goes on in the next
    line, as in text set in columns, is never suspected. A heading that recurs where articles begin,
    such as the name of a section, counts as furniture.

    The rules are phrases in English, Spanish, French, German, Italian, Portuguese, Russian,
    Arabic, Chinese and Japanese, in ``nutgraf/lexicons/furniture.toml``.

    Examples
    --------
    >>> import nutgraf as ng
    >>> corpus = ng.load_sample()
    >>> found = ng.furniture(corpus)
    >>> [(row["source"], row["places"]) for row in found.summary().head(2).to_dicts()]
    [('Daily Whistle', 6), ('The Orme Chronicle', 7)]
    >>> len(ng.tokenize(corpus).ids) - len(ng.tokenize(corpus.without(found)).ids)
    1309
    """
    remedy = "pass 3, or more for a large corpus"
    least = _parameters.whole("min_documents", min_documents, low=2, high=2**31, remedy=remedy)
    suspected = _parameters.flag("suspected", suspected)
    threads = _parameters.threads(threads)
    with Watched(progress, "looking for page furniture") as report:
        steps = Steps(report, 1 if clusters is not None else 2)
        tokens = documents if isinstance(documents, Tokens) else None
        corpus = Corpus.of(documents) if tokens is None else tokens.corpus
        names, sources = _sources(corpus, by)
        if clusters is None:
            labels = copies(tokens or corpus, threads, steps.step())
        else:
            labels = _labels(clusters, len(corpus))
        kinds, rules = lexicon()
        columns: dict[str, Any] = _nutgraf.furniture(
            corpus._texts,
            _titles(corpus),
            sources,
            labels,
            least,
            kinds,
            rules,
            threads=threads,
            progress=steps.step() or None,
        )
    rows = columns["row"]
    named: dict[str, Any] = {
        "document": documents_of(corpus.ids, rows),
        **{name: columns[name] for name in ("row", "start", "end")},
        "source": [names[number] for number in sources[rows].tolist()],
        **{name: columns[name] for name in columns if name not in ("row", "start", "end")},
    }
    settings = {"by": by, "min_documents": least, "suspected": suspected, "clusters": clusters}
    table = Furniture(
        named,
        settings=made(settings, corpus=corpus),
        evidence=partial(line, corpus, rows, columns["start"], columns["end"]),
        shown=("document", "source", "evidence", "kind", "times", "words", "text"),
        native=corpus._native,
        name="furniture",
    )
    if suspected:
        return table
    return table.filter(np.array([own == "recurs" for own in table["evidence"]], dtype=bool))


class Furniture(Table):
    """Places of page furniture; made by `furniture`.

    Sorting, filtering and everything else is that of `Table`.
    """

    def summary(self) -> Table:
        """Return one row a text of a source, those with the most words in all first.

        Returns
        -------
        Table
            ``source``, ``evidence``, ``kind``, ``rule``, ``text`` (white space as single spaces),
            ``places`` and ``words`` in all of them. `Table.evidence` shows the first place.
        """
        parts = ("source", "evidence", "kind", "rule")
        groups: dict[tuple[Any, ...], list[int]] = {}
        columns = [self._columns[name] for name in parts]
        texts = [" ".join(text.split()) for text in self._columns["text"]]
        for row, key in enumerate(zip(*columns, texts, strict=True)):
            groups.setdefault(key, []).append(row)
        words = np.asarray(self._columns["words"])
        total = {key: int(words[rows].sum()) for key, rows in groups.items()}
        ordered = sorted(groups, key=lambda key: (-total[key], str(key[0]), key[-1]))
        made_of: dict[str, Any] = {
            name: [key[place] for key in ordered] for place, name in enumerate((*parts, "text"))
        }
        made_of["places"] = np.array([len(groups[key]) for key in ordered], dtype=np.int64)
        made_of["words"] = np.array([total[key] for key in ordered], dtype=np.int64)
        firsts = [int(self._origin[groups[key][0]]) for key in ordered]
        return Table(
            made_of,
            settings=self._settings,
            evidence=partial(_first, self._evidence, firsts),
            shown=("source", "evidence", "kind", "places", "words", "text"),
            native=self._native,
            name="furniture by text",
        )


def copies(
    documents: Corpus | Tokens, threads: int | None, progress: Progress
) -> NDArray[np.int64]:
    """Return what counts once: texts that are alike for other reasons than their furniture."""
    found = near_duplicates(documents, threshold=COPY, threads=threads, progress=progress)
    return found.labels


def _first(evidence: Any, rows: list[int], row: int) -> Any:
    """Show the first place of a text."""
    return evidence(rows[row])


def _sources(corpus: Corpus, by: object) -> tuple[list[object], NDArray[np.int64]]:
    """Return the names of the sources and the number of each document's; -1 where it is missing."""
    if by is None:
        return [None], np.zeros(len(corpus), dtype=np.int64)
    # The default is no column that somebody named: without sources nothing recurs in one.
    labels = given(corpus, "source") if isinstance(by, str) and by == "source" else by
    names, numbers = numbered(labels, corpus, len(corpus))
    if None in names:
        numbers = np.where(numbers == names.index(None), -1, numbers)
    # The last name stands for -1.
    return [*(None if name is None else str(name) for name in names), None], numbers


def _labels(clusters: ArrayLike, rows: int) -> NDArray[np.int64]:
    labels = np.asarray(clusters)
    if labels.shape != (rows,) or labels.dtype.kind not in "iu":
        rule = f"it must hold one whole number for each of {rows} documents"
        remedy = "pass near_duplicates(documents).labels"
        raise _parameters.refuse("clusters", clusters, rule, remedy)
    return labels.astype(np.int64)


def _titles(corpus: Corpus) -> _nutgraf.Texts | None:
    titles = corpus._columns["title"]
    if titles is None:
        return None
    return _nutgraf.texts_from_list([title or "" for title in titles])[0]


@cache
def lexicon() -> tuple[list[tuple[str, int, str]], list[tuple[int, str, str, str]]]:
    """Return the kinds of furniture, and the rules: number of the kind, name, place, phrase."""
    kinds: list[tuple[str, int, str]] = []
    rules: list[tuple[int, str, str, str]] = []
    for number, rule in enumerate(_lexicons.lexicon("furniture")["rule"]):
        kinds.append((rule["kind"], rule["words"], rule.get("then", "")))
        for language, places in rule.items():
            if isinstance(places, dict):
                for place, phrases in places.items():
                    name = f"{rule['kind']}.{language}.{place}"
                    rules += [(number, f"{name}: {each}", place, each) for each in phrases]
    return kinds, rules
