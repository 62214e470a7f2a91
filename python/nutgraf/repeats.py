"""What a document says again."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from nutgraf import _nutgraf, _parameters, _scope
from nutgraf._evidence import twice
from nutgraf._keywords import answered
from nutgraf._masks import documents_of
from nutgraf._progress import Steps, Watched
from nutgraf._settings import made
from nutgraf.results import Table
from nutgraf.tokens import Tokens

if TYPE_CHECKING:
    from nutgraf._progress import Progress

__all__ = ["repeats"]

_LONGEST = 1000


@answered("repeats")
def repeats(
    documents: object,
    *,
    min_tokens: int = 12,
    threads: int | None = None,
    progress: Progress = None,
) -> Table:
    """Find what stands twice inside one document, as where scraping took a page in two times.

    Every run of `min_tokens` words that stood before in its document is found, without exception.
    Runs grow over up to eight words that differ, and neighbors that go on together are one repeat.
    A row names the later place, which is what ``corpus.without(found)`` masks, and the earlier one.
    One phrase again and again is one repeat, from its second time on.

    Parameters
    ----------
    documents : Corpus, sequence of str, string column, or Tokens
        A `Tokens` view decides what a word is; otherwise words are in lower case, with punctuation
        folded. Removed tokens end no run.
    min_tokens : int
        Words of the shortest run, 3 to 1,000.
    threads, progress
        As in `tokenize`.

    Returns
    -------
    Table
        One row a repeat: ``document`` (id), ``row``, ``start`` and ``end`` of the later place,
        ``first_start`` and ``first_end`` of the earlier one (code points), ``tokens`` (words of the
        later place) and ``identity``, the share of the words of the longer place that stand in
        both. Rows are in the order of the corpus; neighbors may overlap by less than `min_tokens`
        words. `Table.evidence` shows both places.

    Raises
    ------
    ParameterError
        If `min_tokens` is outside its range.

    Notes
    -----
    Each document is parsed as in the compression of Ziv and Lempel, *A universal algorithm for
    sequential data compression* (1977), in time linear in its length. Where a text is so repetitive
    that this ends the work set for it, ``settings["capped"]`` counts the document: all its repeats
    are found, but one may be told in several rows.

    Examples
    --------
    >>> import nutgraf as ng
    >>> story = "Both sides agreed on Tuesday to halt the shelling of the river port."
    >>> found = ng.repeats([f"{story} Nobody was hurt. {story}"])
    >>> found.to_dicts()[0]["start"], found["tokens"].tolist(), found["identity"].tolist()
    (86, [13], [1.0])
    """
    remedy = "pass 12 to start"
    min_tokens = _parameters.whole("min_tokens", min_tokens, low=3, high=_LONGEST, remedy=remedy)
    threads = _parameters.threads(threads)
    with Watched(progress, "looking for repeats") as report:
        steps = Steps(report, 1 if isinstance(documents, Tokens) else 2)
        tokens = _scope.words_of(documents, [], "repeats", threads, steps)
        columns, capped = _nutgraf.repeats(
            tokens._inner, min_tokens, threads=threads, progress=steps.step() or None
        )
    corpus = tokens.corpus
    named: dict[str, Any] = {"document": documents_of(corpus.ids, columns["row"]), **columns}
    places = (columns[name] for name in ("row", "first_start", "first_end", "start", "end"))
    return Table(
        named,
        settings=made(
            {"min_tokens": min_tokens, "capped": capped}, corpus=tokens.corpus, tokens=tokens
        ),
        evidence=partial(twice, corpus, *places),
        shown=[name for name in named if name != "row"],
        native=corpus._native,
        name="repeats",
    )
