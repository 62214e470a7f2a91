"""What `passages` found: the passages of documents, and what follows from them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from nutgraf import _groups, _nutgraf, _parameters, _scope
from nutgraf._evidence import Facing, facing, within_document
from nutgraf._keywords import answered
from nutgraf._progress import Watched
from nutgraf._settings import made
from nutgraf._shares import Spans, covered, earlier, inside, most, of_pairs, turned, words_in
from nutgraf.exceptions import InputError
from nutgraf.results import Table

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from nutgraf._progress import Progress
    from nutgraf.corpus import Corpus
    from nutgraf.tokens import Tokens

__all__ = ["SHORTEST", "Passages"]

#: The shortest run that is found without exception, unless told otherwise.
SHORTEST = {"word": 12, "char": 60}

#: Words of a run that may point to a common source: from here to below `min_tokens`.
_SHORT = 5

#: Columns of a passage that a run without edits does not need.
_EDITS = ("changed", "added", "removed", "identity")

_SHOWN = ("left", "right", "tokens", "changed", "added", "removed", "identity", "earlier")


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
        offset, characters = scope["second"] or 0, asked.get("unit") == "char"
        shown = Facing(here, there, spans, tokens, offset, asked["min_tokens"], characters)
        table._evidence = partial(facing, shown)
        table._tokens, table._corpora, table._scope = tokens, corpora, scope
        return table

    def html(self, row: int) -> str:
        """Return the two documents of a row side by side.

        Passages that both have are marked and numbered. Words inside them that differ, that one
        side alone has, or that are masked carry a sign; a line below explains those in use. No
        place of an edit is stored: the documents of the row are aligned when they are asked for.
        """
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
            ``left``, ``right``, ``left_row``, ``right_row``, ``passages``, ``words`` (inside
            passages, on the side that has fewer), ``left_share`` and ``right_share`` (words inside
            passages over all words of the document), ``relation`` and ``earlier``; the most shared
            words first.
        """
        left, right = self._sides()
        rows = np.stack([left.rows, right.rows], axis=1)
        pairs, first, number = np.unique(rows, axis=0, return_index=True, return_inverse=True)
        number = number.reshape(-1)
        words = np.diff(self._tokens.indptr)
        shared, shares = [], []
        for side, own, other in ((left, 0, right), (right, 1, left)):
            documents, _, inside = of_pairs(self._tokens, side, other.rows)
            # Both are sorted by their documents; the right side comes back in its own order.
            place = np.lexsort((pairs[:, 1 - own], pairs[:, own]))
            held, share = np.zeros(len(pairs), dtype=np.int64), np.empty(len(pairs))
            held[place], share[place] = inside, inside / np.maximum(words[documents], 1)
            shared.append(held)
            shares.append(share)
        chosen = self._take(first.astype(np.int64))
        columns = {
            **{name: chosen[name] for name in ("left", "right", "left_row", "right_row")},
            "passages": np.bincount(number, minlength=len(pairs)).astype(np.int64),
            "words": np.minimum(*shared),
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
        return table.sort("words", descending=True)

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
            of another source has), ``share``, ``later`` (shared words that a document of another
            source has that is surely earlier in this corpus) and, with `credits`, ``credited``
            (shared words of documents that name an agency for their text) and ``uncredited`` (the
            others, except those of an agency itself, which credits nobody); the largest share
            first. Documents without a source are left out. Words are shared whoever had them
            first: only ``later`` says something about order.
        """
        corpus, documents = self._corpora[0], len(self._corpora[0])
        groups, numbers = _groups.numbered("source", corpus, documents)
        left, right = self._sides()
        other = np.array([kind == "shared" for kind in self["relation"]], dtype=np.bool_)
        both, _ = turned(left.where(other), right.where(other))
        shared = _by_document(self._tokens, both, documents)
        first, second = (flags[other] for flags in self._earlier())
        after = both.where(np.concatenate([second, first]))
        later = _by_document(self._tokens, after, documents)
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
        columns["later"] = added(later)
        if credits is not None:
            rows = _rows_of(credits, corpus)
            named = np.zeros(documents, dtype=np.bool_)
            named[rows[np.asarray(credits["credits_text"], dtype=bool)]] = True
            columns["credited"] = added(shared * named)
            agencies = np.isin(numbers, numbers[rows[np.asarray(credits["own"], dtype=bool)]])
            columns["uncredited"] = added(shared * ~(named | agencies))
        table = Table(
            columns, settings=self.settings, native=corpus._native, name="shared with other sources"
        )
        return table.sort("share", descending=True)

    @answered("Passages.possible_common_source")
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
        least = self.settings["min_tokens"] if self.settings["unit"] == "word" else SHORTEST["word"]
        left, right = table._sides()
        known, other = self._sides()
        apart = ~inside(left, right.rows, known, other.rows)
        counts = self._tokens.counts()
        few = max(2, len(self._tokens) // 100)
        rare_types = counts.document_frequency <= few
        rare = _rare_words(self._tokens, left, rare_types)
        whole = table["identity"] == 1
        table = table.filter((table["tokens"] < least) & whole & apart & (rare > 0))
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


def _rows_of(named: object, corpus: Corpus) -> NDArray[np.int64]:
    """Return the rows of the documents that credits name; they may come from another selection."""
    columns = {"document", "credits_text", "own"}
    if not isinstance(named, Table) or not columns <= set(named.columns):
        rule = "it must be the table that nutgraf.credits makes"
        raise _parameters.refuse("credits", named, rule, "pass nutgraf.credits(corpus)")
    rows = {id: row for row, id in enumerate(corpus.ids)}
    strange = [id for id in named["document"] if id not in rows]
    if strange:
        raise InputError(
            f"credits names the document {strange[0]!r}, which has no passages here; pass credits "
            "of the same corpus.",
            parameter="credits",
        )
    return np.array([rows[id] for id in named["document"]], dtype=np.int64)


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
