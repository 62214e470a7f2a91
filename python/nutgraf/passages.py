"""Shared passages: where two documents say the same, with what was edited."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from nutgraf import _nutgraf, _parameters, _scope
from nutgraf._keywords import answered
from nutgraf._passages import SHORTEST, Passages
from nutgraf._progress import Steps, Watched
from nutgraf.tokens import Tokens

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    from nutgraf._progress import Progress
    from nutgraf.results import Table

__all__ = ["Passages", "passages", "reuse_share"]


@answered("passages")
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
        listed if it holds a run of eight words, and its matched words, less half of the edited
        ones between them, are as many.
    unit : {"word", "char"}
        ``"char"`` compares letters and digits alone, without case, accents, white space,
        punctuation and hyphens, for text that was scanned from print.
    against : as `documents`, optional
        Look for passages between a document of `documents` (left) and one of these (right) only.
        A document that is on both sides is held against itself, too.
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
    What a mask or a view removes lies inside a passage when both sides go on behind it.

    Seeds are all runs of eight words; of those of sixteen letters winnowing (Schleimer, Wilkerson
    and Aiken 2003) picks some. The longest matches through them are chained as in local alignment,
    where a matched word is worth 1 and a word in a gap of at most 24 costs ½; gaps and ends are
    aligned word by word.
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
        min_tokens = SHORTEST[unit]
    min_tokens = _parameters.whole(
        "min_tokens", min_tokens, low=1, high=2**31, remedy="pass 12 for words, 60 for letters"
    )
    if max_documents is not None:
        remedy = "leave it out to keep everything"
        max_documents = _parameters.whole(
            "max_documents", max_documents, low=2, high=2**32 - 1, remedy=remedy
        )
    documents, corpora, scope, said, more = _scope.asked(documents, against, across, within)
    asked = {"min_tokens": min_tokens, "unit": unit, **said, "max_documents": max_documents, **more}
    with Watched(progress, "looking for passages") as report:
        steps = Steps(report, 1 if isinstance(documents, Tokens) and against is None else 2)
        tokens = _scope.words_of(documents, corpora[1:], "passages", threads, steps)
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


@answered("reuse_share")
def reuse_share(
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
) -> Table:
    """Tell how much of each document stands in other documents, with whom, and what is its own.

    Parameters
    ----------
    documents : as in `passages`, or Passages
        Documents to search, or what was found in them.
    min_tokens, unit, against, across, within, max_documents, threads, progress
        As in `passages`, where documents are to be searched; refused where passages are found.

    Returns
    -------
    Table
        One row a document: ``document``, ``row``, ``source``, ``date``, ``words``, ``shared``
        (words inside passages), ``share``, ``original`` (the other words), ``earlier`` (shared
        words that also stand in a document that is surely earlier in this corpus), ``documents``
        (others that it shares with), ``partner`` (the one that it shares most with) and
        ``partner_words``. Its evidence is the document with its passages marked.

    Raises
    ------
    ParameterError
        An argument of the search comes with passages that are found already.

    Examples
    --------
    >>> import nutgraf as ng
    >>> wire = "Both sides agreed on Tuesday to halt the shelling of the river port by nightfall."
    >>> table = ng.reuse_share([wire, wire + " Few in the port believe it."], min_tokens=8)
    >>> table["share"].round(2).tolist(), table["original"].tolist()
    ([1.0, 0.71], [0, 6])
    """
    if isinstance(documents, Passages):
        _refuse_found(
            min_tokens=min_tokens,
            unit=None if unit == "word" else unit,
            against=against,
            across=across,
            within=within,
            max_documents=max_documents,
            threads=threads,
            progress=progress,
        )
        return documents.reuse_share()
    return passages(
        documents,
        min_tokens=min_tokens,
        unit=unit,
        against=against,
        across=across,
        within=within,
        max_documents=max_documents,
        threads=threads,
        progress=progress,
    ).reuse_share()


def _refuse_found(**asked: object) -> None:
    """Refuse what says how passages are found, where they are."""
    for name, value in asked.items():
        if value is not None:
            rule = "it cannot be changed once passages are found"
            raise _parameters.refuse(name, value, rule, "pass the documents to search again")
