"""Concordance: every use of a word or phrase, with the text around it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from nutgraf import _html, _nutgraf, _parameters, _switches, _text
from nutgraf._evidence import line
from nutgraf._keywords import answered
from nutgraf._progress import Steps, Watched
from nutgraf._settings import made
from nutgraf._warnings import warn
from nutgraf.results import Table
from nutgraf.tokens import Tokens, tokenize

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from nutgraf._progress import Progress
    from nutgraf.corpus import Corpus

__all__ = ["Concordance", "concordance"]

#: The widest window, in tokens.
_WIDEST = 1_000
#: More lines than memory holds; `limit` may not be larger.
_MOST = 2**32 - 1
_SORTS = (None, "left", "right", "node", "source", "date")
#: Columns of a terminal for the document, for the text on each side, and for the match.
_FACT, _SIDE, _NODE = 16, 36, 24
_LINES = 10


@answered("concordance")
def concordance(
    tokens: object,
    pattern: str,
    *,
    window: int = 8,
    regex: bool = False,
    sort: Literal["left", "right", "node", "source", "date"] | None = None,
    limit: int | None = 100_000,
    threads: int | None = None,
    progress: Progress = None,
) -> Concordance:
    r"""Show every use of a word or phrase in its context (keyword in context, KWIC).

    What is written is cut as the texts were and spelled as the view spells. Besides, it is read as
    it stands: from the left, the longest stretch between white space that is a term of the view is
    one word. Words that follow each other must do so in the text. All of them, literal or with
    wildcards, also meet words that the view drops, so that ``oil and gas`` and ``oil * gas`` are
    found without the stop word; punctuation, symbols and emoji that it drops separate, unless they
    are asked for literally. A match counts where the view keeps at least one of its tokens.

    Under ``view(lower=True)`` case does not matter, on surface tokens it does. What stands around
    a match is the text as it came in.

    Parameters
    ----------
    tokens : Tokens, Corpus, sequence of str, or string column
        Tokens keep the index that the first search makes, so that the next ones take
        milliseconds. Anything else is tokenized first, in lower case and with punctuation folded.
    pattern : str
        A word, or several that follow each other. ``*`` stands for any characters and ``?`` for
        one; a ``*`` on its own is any word. ``\*`` and ``\?`` are the signs themselves. With
        `regex`, one regular expression a token, with spaces between them; each must match the whole
        token (syntax as in `tokenize`), and it is no literal.
    window : int
        Tokens on each side, 1 to 1,000; those that the view drops are shown and not counted. A
        side has at most 400 bytes a token.
    regex : bool
        Whether `pattern` holds regular expressions.
    sort : {None, "left", "right", "node", "source", "date"}
        As in the corpus; by the words before the match, the nearest first; by those after it; by
        the matched words; or by a column of the documents, gaps last. Words are compared in lower
        case by code point, up to 32 of the window; equal lines stand as in the corpus.
    limit : int, optional
        Most lines, after sorting; a warning says when there are more matches, whose number is in
        ``settings["matches"]``. None keeps all of them.
    threads, progress
        As in `tokenize`.

    Returns
    -------
    Concordance
        A table with one row a match: ``document`` (id), ``row``, ``source`` and ``date`` where the
        documents have them, ``start`` and ``end`` (code points of the match), ``left``, ``node``
        and ``right``, which follow each other in the text. Matches may overlap.

    Raises
    ------
    ParameterError
        If `pattern` holds no word, `window`, `sort` or `limit` is outside its rule, or the
        documents lack the column to sort by.
    PatternError
        If a regular expression cannot be used, or the pattern is too long.

    Notes
    -----
    The same rule holds for `Tokens.dictionary`. (Text that the ``pattern`` of `tokenize` left out
    is no token, and keeps nothing apart.)

    Examples
    --------
    >>> import nutgraf as ng
    >>> tokens = ng.tokenize(["No limits, they said. A limit is a limit."]).view(lower=True)
    >>> ng.concordance(tokens, "limit*", window=2)
    document        left    node    right
           0          No  [limits]  , they said
           0     said. A   [limit]  is a
           0        is a   [limit]  .
    """
    pattern = _spelled(pattern)
    window = _parameters.whole(
        "window", window, low=1, high=_WIDEST, remedy="pass 8 for eight tokens on each side"
    )
    regex = _parameters.flag("regex", regex)
    _parameters.choice("sort", sort, _SORTS)
    if limit is not None:
        limit = _parameters.whole("limit", limit, low=1, high=_MOST, remedy="pass None for all")
    threads = _parameters.threads(threads)
    with Watched(progress, "looking for a pattern") as report:
        steps = Steps(report, 2 if isinstance(tokens, Tokens) else 3)
        view = _words(tokens, threads, steps)
        view._refuse_categories("concordance", "search the view that it was looked up in")
        numbers = _numbers(view.corpus, sort)
        columns, matches = _postings(view, threads, steps).concordance(
            pattern,
            regex=regex,
            window=window,
            order=sort or "corpus",
            most=_MOST if limit is None else limit,
            switches=_switches.switches(view._view, view._how),
            numbers=numbers,
            threads=threads,
            progress=steps.step() or None,
        )
    if limit is not None and matches > limit:
        warn(
            f"The pattern has {matches:,} matches; the table holds the first {limit:,} of them, so "
            "pass limit=None for all, or look for something rarer."
        )
    settings = {"pattern": pattern, "window": window, "regex": regex, "sort": sort}
    settings |= {"limit": limit, "matches": matches}
    return _table(view, columns, made(settings, corpus=view.corpus, tokens=view))


class Concordance(Table):
    """A table of matches in their context; made by `concordance`.

    Sorting, filtering and everything else is that of `Table`; it is shown with the matches under
    each other.
    """

    def __repr__(self) -> str:
        names = ("document", "left", "node", "right")
        listed = [self._columns[name][:_LINES] for name in names]
        cells = [[*names]]
        for document, left, node, right in zip(*listed, strict=True):
            middle = f"[{_text.cut(node, _NODE - 2)}]"
            sides = _text.cut_before(left, _SIDE), middle, _text.cut(right, _SIDE)
            cells.append([_text.cut(str(document), _FACT), *sides])
        lines = _text.aligned(cells, [_numeric(self._columns["document"]), True, True, False])
        more = len(self) - _LINES
        if more > 0:
            lines.append(f"… {more:,} more row{'s' if more > 1 else ''}")
        if len(self) == 0:
            lines.append("(no rows)")
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        facts = [name for name in ("document", "source", "date") if name in self._columns]
        rows = self.head(_html.ROWS).to_dicts()
        return _html.concordance(
            facts,
            [
                ([row[name] for name in facts], row["left"], row["node"], row["right"])
                for row in rows
            ],
            caption=self._name,
            total=len(self),
        )


def _spelled(pattern: object) -> str:
    remedy = "pass a word, several, or a part of one such as 'limit*'"
    if not isinstance(pattern, str):
        raise _parameters.refuse("pattern", pattern, "it must be a str", remedy)
    if not pattern.strip():
        raise _parameters.refuse("pattern", pattern, "it must hold a word", remedy)
    return _parameters.text("pattern", pattern, remedy=remedy) or ""


def _words(documents: object, threads: int | None, steps: Steps) -> Tokens:
    """The tokens to search: a view as it is, anything else in lower case and folded."""
    if isinstance(documents, Tokens):
        return documents
    return tokenize(documents, threads=threads, progress=steps.step())._counted()


def _postings(view: Tokens, threads: int | None, steps: Steps) -> _nutgraf.Postings:
    """Where the terms of a view stand: made once and kept beside its tokens."""
    report = steps.step() or None
    kept: _nutgraf.Postings | None = view.__dict__.get("_postings")
    if kept is None:
        kept = _nutgraf.postings(view._inner, threads=threads, progress=report)
        kept = view.__dict__.setdefault("_postings", kept)
    return kept


def _numbers(corpus: Corpus, sort: str | None) -> NDArray[np.int64] | None:
    """The rank of each document by a column; gaps come last."""
    if sort not in ("source", "date"):
        return None
    values = corpus._columns[sort]
    if values is None:
        rule = f"the documents have no {sort}"
        remedy = f"pass a Corpus with {sort}=…, or sort by 'left' or 'right'"
        raise _parameters.refuse("sort", sort, rule, remedy)
    named = sorted({value for value in values if value is not None})
    ranks = {value: rank for rank, value in enumerate(named)}
    return np.array([ranks.get(value, len(ranks)) for value in values], dtype=np.int64)


def _table(view: Tokens, columns: dict[str, Any], settings: dict[str, Any]) -> Concordance:
    corpus, rows = view.corpus, columns["row"]
    listed: list[int] = rows.tolist()
    named: dict[str, Any] = {"document": [corpus.ids[row] for row in listed], "row": rows}
    for name in ("source", "date"):
        values: Sequence[Any] | None = corpus._columns[name]
        if values is not None:
            named[name] = [values[row] for row in listed]
    named |= {name: columns[name] for name in ("start", "end", "left", "node", "right")}
    matches = settings["matches"]
    some = f"the first {len(listed):,} of " if matches > len(listed) else ""
    plural = "" if matches == 1 else "es"
    return Concordance(
        named,
        settings=settings,
        evidence=partial(line, corpus, rows, columns["start"], columns["end"]),
        shown=[name for name in named if name not in ("row", "start", "end")],
        native=corpus._native,
        name=f"{some}{matches:,} match{plural} of {_text.clean(settings['pattern'])}",
    )


def _numeric(values: object) -> bool:
    return isinstance(values, np.ndarray)
