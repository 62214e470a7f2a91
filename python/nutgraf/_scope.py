"""Which documents may pair: of two corpora, across labels, or within some time."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from nutgraf import _dates
from nutgraf._groups import given
from nutgraf._labels import is_missing, plain
from nutgraf._parameters import refuse
from nutgraf._switches import COUNTED
from nutgraf._warnings import warn
from nutgraf.corpus import Corpus
from nutgraf.tokens import Tokens, tokenize

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from nutgraf._progress import Reporter, Steps

__all__ = ["Asked", "asked", "joined", "relations", "words_of"]

_HOURS = {"h": 1, "d": 24, "w": 7 * 24}
_TIME = re.compile(r"(\d{1,6})\s*([hdw])", re.ASCII)
#: Longer than all of history, in microseconds.
_LONGEST = 2**62
#: Stands for a document without a date.
_UNDATED = np.iinfo(np.int64).min


class Asked(NamedTuple):
    """What a search holds against what."""

    #: The documents: as tokens, if they came so.
    documents: Tokens | Corpus
    #: The documents, and those they are held against.
    corpora: list[Corpus]
    #: What the core asks of a pair.
    scope: dict[str, Any]
    #: The same as settings tell it.
    said: dict[str, Any]
    #: How settings name the other corpus.
    more: dict[str, Any]


def asked(documents: object, against: object, across: object, within: object) -> Asked:
    """Return what a search holds against what; warn of documents that cannot pair at all."""
    window = _window_of(within)
    corpora = [documents.corpus if isinstance(documents, Tokens) else Corpus.of(documents)]
    more = {}
    if against is not None:
        other = _against_of(documents, against)
        corpora.append(other)
        if len(other) and other.fingerprint == corpora[0].fingerprint:
            warn(
                f"against has the same {len(other):,} texts as documents, so each pairs with "
                "itself; leave against out to search inside one corpus."
            )
        more["against"] = {"documents": len(other), "fingerprint": other.fingerprint}
    said = {"across": across, "within": str(within) if isinstance(within, dt.timedelta) else within}
    asking = documents if isinstance(documents, Tokens) else corpora[0]
    return Asked(asking, corpora, _scope_of(corpora, across, window, within), said, more)


def _window_of(within: object) -> dt.timedelta | None:
    """Return how far apart two dates may lie."""
    if within is None:
        return None
    time = within
    if isinstance(within, str) and (found := _TIME.fullmatch(within.strip())):
        time = dt.timedelta(hours=int(found[1]) * _HOURS[found[2]])
    if not isinstance(time, dt.timedelta) or time < dt.timedelta():
        rule = "it must be hours, days or weeks, or a timedelta that is not negative"
        raise refuse("within", within, rule, "pass '36h', '7d' or '2w'")
    return time


def _scope_of(
    corpora: list[Corpus], across: object, within: dt.timedelta | None, said: object
) -> dict[str, Any]:
    """Return what the core asks of a pair.

    Parameters
    ----------
    corpora : list of Corpus
        The documents, and those they are held against.
    across : str, iterable or None
        A column, or a label a document.
    within : timedelta or None
        How far apart dates may lie.
    said : object
        `within` as the caller wrote it.
    """
    labels = None if across is None else _labels(corpora, across)
    moments = None if within is None else _moments(corpora, said)
    return {
        "second": len(corpora[0]) if len(corpora) > 1 else None,
        "labels": labels,
        "moments": moments,
        "window": 0 if within is None else min(within // dt.timedelta(microseconds=1), _LONGEST),
    }


def _labels(corpora: list[Corpus], across: object) -> NDArray[np.int64]:
    """Number the labels; -1 where one is missing."""
    documents = sum(map(len, corpora))
    if isinstance(across, str):
        name = across
        values = [value for corpus in corpora for value in _column(corpus, across)]
    elif len(corpora) > 1:
        rule = "with against it must be the name of a column that both corpora have"
        raise refuse("across", across, rule, "pass 'source'")
    elif not isinstance(across, Iterable):
        rule = "it must be the name of a column, or one label a document"
        raise refuse("across", across, rule, "pass 'source'")
    else:
        name, values = "label", list(across)
    if len(values) != documents:
        rule = f"there are {documents} documents and {len(values)} labels"
        raise refuse("across", across, rule, "pass one label a document")
    numbers: dict[object, int] = {}
    try:
        found = [
            -1 if is_missing(value) else numbers.setdefault(plain(value), len(numbers))
            for value in values
        ]
    except TypeError as error:
        rule = "labels must be str or numbers"
        raise refuse("across", across, rule, "convert them with str") from error
    if documents and not numbers:
        rule = f"no document has a {name}"
        raise refuse("across", across, rule, "give one a document, or leave across out")
    _tell(found.count(-1), documents, f"no {name}")
    return np.array(found, dtype=np.int64)


def _column(corpus: Corpus, name: str) -> list[Any]:
    return given(corpus, name) if name in corpus._columns else corpus.column(name)


def _moments(corpora: list[Corpus], within: object) -> NDArray[np.int64]:
    """Return the moments of dates in microseconds."""
    dates = [date for corpus in corpora for date in corpus.dates]
    found = [_UNDATED if date is None else _dates.moment(date) for date in dates]
    undated = dates.count(None)
    if dates and undated == len(dates):
        rule = "no document has a date"
        raise refuse("within", within, rule, "give the corpus a date column, or leave within out")
    _tell(undated, len(dates), "no date")
    return np.array(found, dtype=np.int64)


def _tell(without: int, documents: int, what: str) -> None:
    if without:
        warn(f"{without:,} of {documents:,} documents have {what}, so they pair with none.")


def _against_of(documents: object, against: object) -> Corpus:
    """Return the other corpus; its words are those of the first one."""
    if not isinstance(against, Tokens):
        return Corpus.of(against)
    if (
        isinstance(documents, Tokens)
        and documents._how == against._how
        and documents._view == against._view
    ):
        return against.corpus
    rule = "its words are found as those of documents are, whatever its own view says"
    raise refuse("against", against, rule, "pass its corpus")


def words_of(
    documents: object,
    others: list[Corpus],
    what: str,
    threads: int | None,
    steps: Steps,
) -> Tokens:
    """Return the words to compare, of two corpora as one if there is another.

    A view says what a word is; surface tokens and plain documents have the default view.
    """
    if isinstance(documents, Tokens):
        documents._refuse_categories(what)
        viewed = documents._counted()
        if not others:
            return viewed
        corpora = documents.corpus, others[0]
        return joined(*corpora, viewed._how, viewed._view, threads, steps.step())
    corpus = Corpus.of(documents)
    if others:
        return joined(corpus, others[0], {}, COUNTED, threads, steps.step())
    return tokenize(corpus, threads=threads, progress=steps.step())._counted()


def joined(
    corpus: Corpus,
    against: Corpus,
    how: Mapping[str, Any],
    view: Mapping[str, Any],
    threads: int | None,
    report: Reporter | bool | None,
) -> Tokens:
    """Tokenize two corpora as one, under one view."""
    both = Corpus._of_parts(
        [*corpus.texts, *against.texts],
        {"id": [*corpus.ids, *against.ids], "source": None, "date": None, "title": None},
        {},
        None,
    )
    tailorings = True if how.get("tailorings") is None else how["tailorings"]
    asked: dict[str, Any] = {**how, "tailorings": tailorings}
    return tokenize(both, **asked, threads=threads, progress=report).view(**view)


def relations(
    here: Corpus, there: Corpus, left: Iterable[int], right: Iterable[int]
) -> list[str | None]:
    """``version`` inside one source, ``shared`` across sources, None where a source is missing."""
    one, other = given(here, "source"), given(there, "source")
    return [_relation(one[i], other[j]) for i, j in zip(left, right, strict=True)]


def _relation(left: object, right: object) -> str | None:
    if left is None or right is None:
        return None
    return "version" if left == right else "shared"
