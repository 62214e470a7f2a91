"""Shared passages: where two documents say the same, with what was edited."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from nutgraf import _groups, _nutgraf, _parameters, _scope
from nutgraf._evidence import facing, within_document
from nutgraf._progress import Steps, Watched
from nutgraf._settings import made
from nutgraf._shares import Spans, covered, earlier, inside, most, of_pairs, turned, words_in
from nutgraf.corpus import Corpus
from nutgraf.exceptions import ParameterError
from nutgraf.results import Table
from nutgraf.tokens import Tokens

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping

    from numpy.typing import NDArray

    from nutgraf._progress import Progress

__all__ = ["Passages", "passages", "reuse_share"]

#: The shortest run that is found without exception, unless told otherwise.
_SHORTEST = {"word": 12, "char": 60}

#: Words of a run that may point to a common source: from here to below `min_tokens`.
_SHORT = 5

#: Columns of a passage that a run without edits does not need.
_EDITS = ("changed", "added", "removed", "identity")

_SHOWN = ("left", "right", "tokens", "changed", "added", "removed", "identity", "earlier")


def passages(
    documents: object,
    *,
    min_tokens: int | None = None,
    unit: Literal["word", "char"] = "word",
    against: object = None,
    across: str | Iterable[object] | None = None,
    within: str | dt.timedelta | None = None,
    max_documents: int | None = None,
    threads: int | None = None,
    progress: Progress = None,
) -> Passages:
    """Find the passages that documents share, with offsets on both sides and the edits in between.

    A run of `min_tokens` words that two documents share is found without exception. Runs with
    few edits between them are one passage, and what is the same before and after belongs to it.

    Parameters
    ----------
    documents : Corpus, sequence of str, string column, or Tokens
        A `Tokens` view decides what a word is; otherwise words are in lower case, with
        punctuation folded. Tokens that a view removes do not end a run.
    min_tokens : int, optional
        The length that is promised: 12 words, or 60 letters. A passage without such a run is
        listed when its matched words, less half of the edited ones between them, are as many.
    unit : {"word", "char"}
        ``"char"`` compares letters and digits alone, without case, accents, white space,
        punctuation and hyphens, for text that was scanned from print.
    against : as `documents`, optional
        Look for passages between a document of `documents` (left) and one of these (right) only.
    across : str or iterable, optional
        A column (``"source"``), or one label a document: only pairs of documents whose labels
        differ.
    within : str or datetime.timedelta, optional
        ``"36h"``, ``"7d"``, ``"2w"``: only pairs that are dated so near to each other.
    max_documents : int, optional
        Leave out runs of words that stand in more documents than this. None, the default, leaves
        out nothing; the settings count what was left out.
    threads, progress
        As in `tokenize`.

    Returns
    -------
    Passages
        A `Table`, one row a passage: ``left``, ``right`` (ids), ``left_row``, ``left_start``,
        ``left_end``, ``right_row``, ``right_start``, ``right_end`` (code points), ``tokens``
        (words that are the same, letters with ``unit="char"``), ``changed``, ``added``,
        ``removed`` (words, as they turn left into right), ``identity`` (matched over all columns
        of the alignment), ``relation`` (as in `near_duplicates`) and ``earlier``: the id of the
        document that is earlier in this corpus, None where a date is missing or both may be of
        the same time. That does not say who took from whom: both may have a source that
        is not here.

    Raises
    ------
    LimitError
        There are more passages than the limit ``passages`` allows.

    Notes
    -----
    Winnowing (Schleimer, Wilkerson and Aiken 2003) picks seeds of eight words, or sixteen letters;
    the longest matches through them are chained as in local alignment, where a matched word is
    worth 1 and a word in a gap of at most 24 costs ½; gaps and ends are aligned word by word.
    Where one document has a seed more than 64 times, the first 64 places are followed, and
    ``settings["capped"]`` counts the others.

    Examples
    --------
    >>> import nutgraf as ng
    >>> wire = "Both sides agreed on Tuesday to halt the shelling of the river port by nightfall."
    >>> texts = [wire, "MIRVANE — " + wire.replace("Tuesday", "Monday") + " Few believe it."]
    >>> found = ng.passages(texts, min_tokens=8)
    >>> int(found["tokens"][0]), int(found["changed"][0])
    (14, 1)
    >>> start, end = int(found["right_start"][0]), int(found["right_end"][0])
    >>> texts[1][start:end]
    'Both sides agreed on Monday to halt the shelling of the river port by nightfall'
    """
    _parameters.choice("unit", unit, ("word", "char"))
    threads = _parameters.threads(threads)
    if min_tokens is None:
        min_tokens = _SHORTEST[unit]
    min_tokens = _parameters.whole(
        "min_tokens", min_tokens, low=1, high=2**31, remedy="pass 12 for words, 60 for letters"
    )
    if max_documents is not None:
        remedy = "leave it out to keep everything"
        max_documents = _parameters.whole(
            "max_documents", max_documents, low=2, high=2**32 - 1, remedy=remedy
        )
    window = _scope.window_of(within)
    asked: dict[str, Any] = {
        "min_tokens": min_tokens,
        "unit": unit,
        "across": across,
        "within": within,
        "max_documents": max_documents,
    }
    corpora = [documents.corpus if isinstance(documents, Tokens) else Corpus.of(documents)]
    if against is not None:
        corpora.append(_scope.against_of(documents, against))
    scope = _scope.scope_of(corpora, across, window, within)
    given = documents if isinstance(documents, Tokens) else corpora[0]
    with Watched(progress, "looking for passages") as report:
        steps = Steps(report, 1 if isinstance(documents, Tokens) and against is None else 2)
        tokens = _scope.words_of(given, corpora[1:], "passages", threads, steps)
        found = _nutgraf.passages(
            tokens._inner,
            min_tokens=min_tokens,
            characters=unit == "char",
            max_documents=max_documents,
            scope=scope,
            threads=threads,
            progress=steps.step() or None,
        )
    return Passages._found(found, tokens, corpora, asked, scope)


def reuse_share(documents: object, **options: Any) -> Table:
    """Tell how much of each document stands in other documents, with whom, and what is its own.

    Parameters
    ----------
    documents : as in `passages`, or Passages
        Documents to search, or what was found in them.
    **options
        As in `passages`, where documents are to be searched.

    Returns
    -------
    Table
        One row a document: ``document``, ``row``, ``source``, ``date``, ``words``, ``shared``
        (words inside passages), ``share``, ``original`` (the other words), ``earlier`` (shared
        words that also stand in a document that is surely earlier in this corpus), ``documents``
        (others that it shares with), ``partner`` (the one that it shares most with) and
        ``partner_words``. Its evidence is the document with its passages marked.

    Examples
    --------
    >>> import nutgraf as ng
    >>> wire = "Both sides agreed on Tuesday to halt the shelling of the river port by nightfall."
    >>> table = ng.reuse_share([wire, wire + " Few in the port believe it."], min_tokens=8)
    >>> table["share"].round(2).tolist(), table["original"].tolist()
    ([1.0, 0.71], [0, 6])
    """
    if isinstance(documents, Passages):
        if options:
            message = (
                f"{', '.join(options)} cannot be changed once passages are found; "
                "pass the documents to search again."
            )
            raise ParameterError(message, parameter=next(iter(options)))
        return documents.reuse_share()
    return passages(documents, **options).reuse_share()


class Passages(Table):
    """Passages that documents share: a `Table`, and what follows from it.

    `head`, `sort` and `filter` make smaller tables of the same kind, and what follows from them
    follows from what is left.
    """

    _tokens: Tokens
    _corpora: list[Corpus]
    _scope: Mapping[str, Any]

    @classmethod
    def _found(
        cls,
        found: dict[str, Any],
        tokens: Tokens,
        corpora: list[Corpus],
        asked: Mapping[str, Any],
        scope: Mapping[str, Any],
    ) -> Passages:
        extent = {name: found.pop(name) for name in ("candidates", "left_out", "capped")}
        here, there = corpora[0], corpora[-1]
        left = found["left_row"]
        right = found["right_row"] - (scope["second"] or 0)
        dates = [*here.dates, *(there.dates if len(corpora) > 1 else [])]
        first, second = earlier(dates, left, found["right_row"])
        lefts, rights = (
            [corpus.ids[row] for row in rows] for corpus, rows in ((here, left), (there, right))
        )
        settings = made(
            {**asked, **extent}, corpus=here, tokens=tokens if len(corpora) < 2 else None
        )
        columns: dict[str, Any] = {
            "left": lefts,
            "left_row": left,
            "left_start": found["left_start"],
            "left_end": found["left_end"],
            "right": rights,
            "right_row": right,
            "right_start": found["right_start"],
            "right_end": found["right_end"],
            **{name: found[name] for name in ("tokens", "changed", "added", "removed", "identity")},
            "relation": _scope.relations(here, there, left.tolist(), right.tolist()),
            "earlier": [
                one if is_first else other if is_second else None
                for one, other, is_first, is_second in zip(
                    lefts, rights, first, second, strict=True
                )
            ],
        }
        table = cls(columns, settings=settings, shown=_SHOWN, native=here._native, name="passages")
        spans = [
            [columns[f"{side}_{name}"] for name in ("row", "start", "end")]
            for side in ("left", "right")
        ]
        table._evidence = partial(facing, here, there, spans)
        table._tokens, table._corpora, table._scope = tokens, corpora, scope
        return table

    def html(self, row: int) -> str:
        """Return the two documents of a row side by side, what they share marked and numbered."""
        return self.evidence(row).html

    def _sides(self) -> tuple[Spans, Spans]:
        """Both sides, in rows of the corpora behind each other."""
        second = self._scope["second"] or 0
        left, right = (
            Spans(*(np.asarray(self[f"{side}_{name}"]) for name in ("row", "start", "end")))
            for side in ("left", "right")
        )
        return left, right._replace(rows=right.rows + second)

    def reuse_share(self) -> Table:
        """Tell how much of each document is shared, with whom, and what is its own.

        Returns
        -------
        Table
            As `nutgraf.reuse_share`; with ``against``, the documents on the left.
        """
        corpus, tokens = self._corpora[0], self._tokens
        documents = len(corpus)
        both, others = turned(*self._sides())
        words = np.diff(tokens.indptr)[:documents]
        shared = _by_document(tokens, both, documents)
        first, second = (np.asarray(flags) for flags in self._earlier())
        # A side whose other side is earlier.
        later = np.concatenate([second, first])
        before = _by_document(tokens, both.where(later), documents)
        count, partner, partner_words = most(*of_pairs(tokens, both, others), len(tokens))
        ids = [id for corpus in self._corpora for id in corpus.ids]
        chosen = partner[:documents].tolist()
        columns: dict[str, Any] = {
            "document": list(corpus.ids),
            "row": np.arange(documents, dtype=np.int64),
            "source": _groups.given(corpus, "source"),
            "date": list(corpus.dates),
            "words": words,
            "shared": shared,
            "share": shared / np.maximum(words, 1),
            "original": words - shared,
            "earlier": before,
            "documents": count[:documents],
            "partner": [None if row < 0 else ids[row] for row in chosen],
            "partner_words": partner_words[:documents],
        }
        own = both.rows < documents
        return Table(
            columns,
            settings=self.settings,
            evidence=partial(within_document, corpus, *both.where(own), others[own]),
            shown=[name for name in columns if name not in {"row", "original"}],
            native=corpus._native,
            name="how much is shared",
        )

    def pairs(self) -> Table:
        """Add up the passages of each pair of documents.

        Returns
        -------
        Table
            ``left``, ``right``, ``left_row``, ``right_row``, ``passages``, ``tokens``,
            ``left_share`` and ``right_share`` (words inside passages over all words of the
            document), ``relation`` and ``earlier``; the most shared words first.
        """
        left, right = self._sides()
        rows = np.stack([left.rows, right.rows], axis=1)
        pairs, first, number = np.unique(rows, axis=0, return_index=True, return_inverse=True)
        number = number.reshape(-1)
        words = np.diff(self._tokens.indptr)
        shares = []
        for side, own, other in ((left, 0, right), (right, 1, left)):
            documents, _, inside = of_pairs(self._tokens, side, other.rows)
            # Both are sorted by their documents; the right side comes back in its own order.
            place = np.lexsort((pairs[:, 1 - own], pairs[:, own]))
            share = np.empty(len(pairs))
            share[place] = inside / np.maximum(words[documents], 1)
            shares.append(share)
        chosen = self._take(first.astype(np.int64))
        sums = np.bincount(number, weights=self["tokens"], minlength=len(pairs)).astype(np.int64)
        columns = {
            **{name: chosen[name] for name in ("left", "right", "left_row", "right_row")},
            "passages": np.bincount(number, minlength=len(pairs)).astype(np.int64),
            "tokens": sums,
            "left_share": shares[0],
            "right_share": shares[1],
            **{name: chosen[name] for name in ("relation", "earlier")},
        }
        table = Table(
            columns,
            settings=self.settings,
            evidence=partial(_first_of, self._evidence, first),
            shown=[name for name in columns if not name.endswith("_row")],
            native=self._native,
            name="pairs with passages",
        )
        return table.sort("tokens", descending=True)

    def by_source(self, credits: Table | None = None) -> Table:  # noqa: A002 - the word of the field
        """Tell for each source how much of its text other sources have too, and whether it says so.

        Parameters
        ----------
        credits : Table, optional
            What `nutgraf.credits` found in the same documents.

        Returns
        -------
        Table
            ``source``, ``documents``, ``words``, ``shared`` (words inside passages that a document
            of another source has), ``share`` and, with `credits`, ``credited`` (shared words of
            documents that name an agency for their text) and ``uncredited`` (the others, except
            those of an agency itself, which credits nobody); the largest share first. Documents
            without a source are left out. Words are shared whoever had them first.
        """
        corpus, documents = self._corpora[0], len(self._corpora[0])
        groups, numbers = _groups.numbered("source", corpus, documents)
        left, right = self._sides()
        other = np.array([kind == "shared" for kind in self["relation"]], dtype=np.bool_)
        both, _ = turned(left.where(other), right.where(other))
        shared = _by_document(self._tokens, both, documents)
        words = np.diff(self._tokens.indptr)[:documents]

        def added(values: NDArray[Any]) -> NDArray[np.int64]:
            sums = np.bincount(numbers, weights=values, minlength=len(groups))
            return sums.astype(np.int64)[kept]

        kept = np.array(
            [group for group, name in enumerate(groups) if name is not None], dtype=np.int64
        )
        columns: dict[str, Any] = {
            "source": [groups[group] for group in kept.tolist()],
            "documents": added(np.ones(documents)),
            "words": added(words),
            "shared": added(shared),
        }
        columns["share"] = columns["shared"] / np.maximum(columns["words"], 1)
        if credits is not None:
            rows = np.asarray(credits["row"], dtype=np.int64)
            named = np.zeros(documents, dtype=np.bool_)
            named[rows[np.asarray(credits["credits_text"], dtype=bool)]] = True
            columns["credited"] = added(shared * named)
            agencies = np.isin(numbers, numbers[rows[np.asarray(credits["own"], dtype=bool)]])
            columns["uncredited"] = added(shared * ~(named | agencies))
        table = Table(
            columns, settings=self.settings, native=corpus._native, name="shared with other sources"
        )
        return table.sort("share", descending=True)

    def possible_common_source(
        self, *, threads: int | None = None, progress: Progress = None
    ) -> Table:
        """List short runs of words that two documents alone share, perhaps from a common source.

        Returns
        -------
        Table
            ``left``, ``right``, ``tokens``, ``text`` (as the left document has it), offsets as in
            `passages`, and ``rare`` (words of the run that at most two documents, or one in a
            hundred, have). From 5 words to below `min_tokens`, outside the passages of the pair,
            with at least one rare word; those with most rare words first. Such a run is a hint and
            no more: both may quote what a third one said.
        """
        threads = _parameters.threads(threads)
        with Watched(progress, "looking for short runs") as report:
            found = _nutgraf.passages(
                self._tokens._inner,
                min_tokens=_SHORT,
                characters=False,
                scope=dict(self._scope),
                max_documents=2,
                threads=threads,
                progress=report,
            )
        table = Passages._found(
            found, self._tokens, self._corpora, {"min_tokens": _SHORT}, self._scope
        )
        least = (
            self.settings["min_tokens"] if self.settings["unit"] == "word" else _SHORTEST["word"]
        )
        left, right = table._sides()
        known, other = self._sides()
        apart = ~inside(left, right.rows, known, other.rows)
        counts = self._tokens.counts()
        few = max(2, len(self._tokens) // 100)
        rare_types = counts.document_frequency <= few
        rare = _rare_words(self._tokens, left, rare_types)
        table = table.filter((table["tokens"] < least) & apart & (rare > 0))
        corpus, kept = self._corpora[0], rare[table._origin]
        rows = zip(
            *(table[f"left_{name}"].tolist() for name in ("row", "start", "end")), strict=True
        )
        columns = {name: table[name] for name in table.columns if name not in _EDITS}
        columns["text"] = [corpus[row].text[start:end] for row, start, end in rows]
        columns["rare"] = kept
        listed = Table(
            columns,
            settings={**table.settings, "below": least},
            evidence=partial(_first_of, table._evidence, table._origin),
            shown=("left", "right", "tokens", "rare", "text"),
            native=corpus._native,
            name="possible common source",
        )
        return listed.sort("rare", descending=True)

    def _earlier(self) -> tuple[NDArray[Any], NDArray[Any]]:
        dates = [date for corpus in self._corpora for date in corpus.dates]
        left, right = self._sides()
        return earlier(dates, left.rows, right.rows)


def _first_of(evidence: Any, first: NDArray[np.int64], row: int) -> Any:
    """Return the evidence of the first passage of a pair."""
    return evidence(int(first[row]))


def _rare_words(tokens: Tokens, spans: Spans, rare: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Count the different rare words in each span."""
    found = np.zeros(len(spans.rows), dtype=np.int64)
    for at, (row, start, end) in enumerate(zip(*(part.tolist() for part in spans), strict=True)):
        begin, stop = int(tokens.indptr[row]), int(tokens.indptr[row + 1])
        low, high = np.searchsorted(tokens.starts[begin:stop], [start, end])
        words = np.unique(tokens.ids[begin + low : begin + high])
        found[at] = rare[words].sum()
    return found


def _by_document(tokens: Tokens, spans: Spans, documents: int) -> NDArray[np.int64]:
    """Count the words of each document inside spans, each once."""
    merged = covered(spans)
    words = words_in(tokens, merged)
    return np.bincount(merged.rows, weights=words, minlength=documents)[:documents].astype(np.int64)
