"""Tokens and views: words become integers, and nothing is lost on the way."""

from __future__ import annotations

from operator import index
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from nutgraf import _html, _nutgraf, _parameters
from nutgraf._once import once
from nutgraf._parameters import shown
from nutgraf._progress import Watched
from nutgraf.corpus import Corpus
from nutgraf.counts import Counts

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from numpy.typing import NDArray

    from nutgraf._progress import Progress

__all__ = ["Tokens", "tokenize"]

#: What a view keeps unless it is told otherwise.
_WORDS = ("word", "number", "handle", "hashtag")


#: Terms of a document that a notebook shows.
_TERMS_SHOWN = 12


class _Unchanged:
    """The default of a view's arguments: leave that switch as it is."""

    def __repr__(self) -> str:
        return "UNCHANGED"


UNCHANGED = _Unchanged()

_LONGEST_TERM = 2**32 - 1

#: How a view starts out on surface tokens.
_SURFACE: dict[str, Any] = {
    "lower": False,
    "fold_punctuation": False,
    "hyphens": "split",
    "stem": None,
    "stop_words": None,
    "min_length": 1,
    "kinds": None,
}


def tokenize(
    documents: object,
    *,
    language: str | None = None,
    pattern: str | None = None,
    threads: int | None = None,
    progress: Progress = None,
) -> Tokens:
    r"""Split every document into tokens, and remember where each one stood.

    Words are found by Unicode's rules (UAX #29) with these tailorings: web and e-mail addresses,
    @handles and #hashtags stay whole, ``U.S.`` keeps its last dot, ``said.The`` is split, and
    elided articles are split where `language` is French or Italian. Hyphens split. Words of
    Chinese, Japanese, Thai, Lao, Khmer and Burmese are those of ICU's dictionaries. Every token
    that is not white space is kept, in its surface form; choose what counts with `Tokens.view`.

    Parameters
    ----------
    documents : Corpus, sequence of str, or string column
        The texts.
    language : str, optional
        Code of the language of the texts, such as ``"fr"``. Switches on its rules only.
    pattern : str, optional
        A regular expression whose matches are the tokens instead. Rust's syntax; ``\w``, ``\d``
        and ``\s`` mean what they mean in Python's `re`. Every match counts as a word.
    threads : int, optional
        Number of threads; the result does not depend on it.
    progress : bool or callable, optional
        None shows one line in a live terminal or notebook after two seconds; a callable gets
        ``(done, total)``.

    Returns
    -------
    Tokens
        One row a document.

    Raises
    ------
    PatternError
        If `pattern` cannot be compiled or matches the empty string.

    Examples
    --------
    >>> import nutgraf as ng
    >>> tokens = ng.tokenize(["The U.S. envoy's plane landed."])
    >>> tokens[0]
    ['The', 'U.S.', "envoy's", 'plane', 'landed', '.']
    >>> tokens.spans(0)[1].tolist()
    [4, 8]
    """
    threads = _parameters.threads(threads)
    language = _parameters.text("language", language, remedy="pass a code such as 'fr'")
    pattern = _parameters.text("pattern", pattern, remedy=r"pass a pattern such as r'\w+'")
    with Watched(progress, "tokenizing") as report:
        corpus = Corpus.of(documents)
        inner = _nutgraf.tokenize(
            corpus._texts, language=language, pattern=pattern, threads=threads, progress=report
        )
    return Tokens(corpus, inner, _SURFACE, {"language": language, "pattern": pattern})


class Tokens:
    """The tokens of a corpus, as one view sees them; made by `tokenize`.

    Attributes
    ----------
    corpus : Corpus
        The documents.
    ids : numpy.ndarray of uint32, shape (n_tokens,)
        Term of each token: the rank of the term's first occurrence.
    indptr : numpy.ndarray of int64, shape (n_documents + 1,)
        Document ``d`` holds the tokens ``indptr[d]`` to ``indptr[d + 1]``.
    starts, ends : numpy.ndarray of uint32, shape (n_tokens,)
        Code points inside the document, so that ``text[start:end]`` is the token as it stood.
    vocabulary : list of str
        Every term, in the order of the ids.
    """

    def __init__(
        self,
        corpus: Corpus,
        inner: _nutgraf.Tokens,
        view: Mapping[str, Any],
        how: Mapping[str, Any],
        surface: Tokens | None = None,
    ) -> None:
        self.corpus = corpus
        self._inner = inner
        self._view = dict(view)
        self._how = dict(how)
        # What a view is a view of; None where these are the surface tokens themselves.
        self._surface = surface

    def __len__(self) -> int:
        return len(self._inner)

    def __getitem__(self, row: int) -> list[str]:
        return self._inner.terms(self._row(row))

    def __repr__(self) -> str:
        changed = [
            f"{k}={shown(v)}" for k, v in self._view.items() if v != _SURFACE[k] and k != "kinds"
        ]
        told = f" ({', '.join(changed)})" if changed else ""
        return (
            f"Tokens: {self._inner.size:,} tokens of {self._inner.term_count:,} terms "
            f"in {len(self):,} documents{told}"
        )

    def _repr_html_(self) -> str:
        rows = range(min(len(self), _html.ROWS))
        shown_rows = [
            [self.corpus.ids[row], " · ".join(self._inner.terms(row, _TERMS_SHOWN))] for row in rows
        ]
        return _html.table(["id", "tokens"], shown_rows, caption=repr(self), total=len(self))

    def __reduce__(self) -> tuple[Any, ...]:
        # Tokenizing again gives the same ids, and takes less room than they do. Views that leave
        # together share their surface, which is made once.
        if self._surface is None:
            return _tokenized, (self.corpus, self._how)
        return _viewed, (self._surface, self._view)

    def __copy__(self) -> Tokens:
        return Tokens(self.corpus, self._inner, self._view, self._how, self._surface)

    def __deepcopy__(self, memo: object) -> Tokens:
        # What is compiled does not change, so only what Python could change is copied.
        return self.__copy__()

    def _row(self, row: int) -> int:
        number = index(row)
        if not -len(self) <= number < len(self):
            message = f"row is {number}, but there are {len(self)} documents; rows count from 0."
            raise IndexError(message)
        return number % len(self)

    @once
    def ids(self) -> NDArray[np.uint32]:
        """Term of each token."""
        return self._inner.ids

    @once
    def indptr(self) -> NDArray[np.int64]:
        """Where each document's tokens begin and end."""
        return self._inner.indptr

    @once
    def starts(self) -> NDArray[np.uint32]:
        """First code point of each token inside its document."""
        return self._inner.starts

    @once
    def ends(self) -> NDArray[np.uint32]:
        """Code point after each token inside its document."""
        return self._inner.ends

    @once
    def vocabulary(self) -> list[str]:
        """Every term, in the order of the ids."""
        return self._inner.vocabulary

    def spans(self, row: int) -> NDArray[np.int64]:
        """Where the tokens of one document stood.

        Parameters
        ----------
        row : int
            The document.

        Returns
        -------
        numpy.ndarray of int64, shape (n, 2)
            Code points: ``text[start:end]`` is the token in its surface form.
        """
        return self._inner.spans(self._row(row))

    def view(
        self,
        *,
        lower: bool | _Unchanged = UNCHANGED,
        fold_punctuation: bool | _Unchanged = UNCHANGED,
        hyphens: Literal["split", "join"] | _Unchanged = UNCHANGED,
        stem: str | _Unchanged | None = UNCHANGED,
        stop_words: str | Iterable[str] | _Unchanged | None = UNCHANGED,
        min_length: int | _Unchanged = UNCHANGED,
        kinds: Iterable[str] | _Unchanged | None = UNCHANGED,
    ) -> Tokens:
        """Say what counts as a term, without tokenizing again.

        A view changes what it names and nothing else, and views compose. A view of surface tokens
        keeps words, numbers, handles and hashtags unless `kinds` says otherwise. A removed token
        leaves a gap that n-grams do not cross unless asked.

        Parameters
        ----------
        lower : bool
            Full Unicode lower case.
        fold_punctuation : bool
            Typographic apostrophes and dashes become plain ones.
        hyphens : {"split", "join"}
            Whether ``e-mail`` is three tokens or one.
        stem : str or None
            Language of a Snowball stemmer, such as ``"en"``.
        stop_words : str, iterable of str, or None
            A language code for its list of stop words, or your own words; case does not matter.
        min_length : int
            Terms with fewer code points are dropped.
        kinds : iterable of str, or None
            Kinds to keep: word, number, punctuation, symbol, emoji, url, email, handle, hashtag;
            None keeps every token.

        Returns
        -------
        Tokens
            The same documents under this view.

        Examples
        --------
        >>> import nutgraf as ng
        >>> tokens = ng.tokenize(["The Truce, the truce’s end"])
        >>> tokens.view(lower=True, fold_punctuation=True, stop_words=["the"])[0]
        ['truce', "truce's", 'end']
        """
        named = {
            "lower": lower,
            "fold_punctuation": fold_punctuation,
            "hyphens": hyphens,
            "stem": stem,
            "stop_words": stop_words,
            "min_length": min_length,
            "kinds": kinds,
        }
        view = dict(self._view)
        view.update({k: v for k, v in named.items() if not isinstance(v, _Unchanged)})
        if view["kinds"] is None and isinstance(kinds, _Unchanged):
            view["kinds"] = _WORDS
        view = _checked(view)
        words = view["stop_words"]
        if isinstance(words, str):
            words = _nutgraf.stop_words(words)
        surface = self._surface or self
        inner = surface._inner.view(
            lower=view["lower"],
            fold_punctuation=view["fold_punctuation"],
            hyphens_join=view["hyphens"] == "join",
            stem=view["stem"],
            stop_words=None if words is None else list(words),
            min_length=view["min_length"],
            kinds=None if view["kinds"] is None else list(view["kinds"]),
        )
        return Tokens(self.corpus, inner, view, self._how, surface)

    def counts(
        self,
        *,
        ngram_range: tuple[int, int] = (1, 1),
        min_df: float = 1,
        max_df: float = 1.0,
        across_gaps: bool = False,
        threads: int | None = None,
        progress: Progress = None,
    ) -> Counts:
        """Count the terms of each document.

        Surface tokens are counted under ``view(lower=True)``.

        Parameters
        ----------
        ngram_range : tuple of int
            Fewest and most words of a term; the words are joined by a space.
        min_df, max_df : int or float
            Documents that a term must, or may, stand in: a count (int) or a share (float).
        across_gaps : bool
            Whether n-grams may reach across a removed token.
        threads, progress
            As in `tokenize`.

        Returns
        -------
        Counts
            One row a document.

        Examples
        --------
        >>> import nutgraf as ng
        >>> counts = ng.tokenize(["a truce, a truce", "No truce"]).counts()
        >>> counts.terms
        ['a', 'truce', 'no']
        >>> counts.data.tolist()
        [2, 2, 1, 1]
        """
        if self._view["kinds"] is None and self._view == _SURFACE:
            return self.view(lower=True).counts(
                ngram_range=ngram_range,
                min_df=min_df,
                max_df=max_df,
                across_gaps=across_gaps,
                threads=threads,
                progress=progress,
            )
        threads = _parameters.threads(threads)
        shortest, longest = ngrams(ngram_range)
        fewest, most = (
            _documents(name, value, len(self))
            for name, value in (("min_df", min_df), ("max_df", max_df))
        )
        if fewest > most and len(self):
            raise _parameters.refuse(
                "max_df",
                max_df,
                f"min_df={min_df!r} asks for {fewest:,} documents and max_df allows {most:,}",
                "lower min_df or raise max_df",
            )
        gaps = _parameters.flag("across_gaps", across_gaps)
        with Watched(progress, "counting") as report:
            inner = self._inner.counts(
                shortest=shortest,
                longest=longest,
                min_documents=fewest,
                max_documents=most,
                across_gaps=gaps,
                threads=threads,
                progress=report,
            )
        how = {
            "ngram_range": (shortest, longest),
            "min_df": min_df,
            "max_df": max_df,
            "across_gaps": gaps,
        }
        return Counts(inner, self.corpus, tokens=self, how=how)


def _tokenized(corpus: Corpus, how: Mapping[str, Any]) -> Tokens:
    """Surface tokens from a pickle."""
    return tokenize(corpus, progress=False, **how)


def _viewed(surface: Tokens, view: Mapping[str, Any]) -> Tokens:
    """A view from a pickle."""
    return surface.view(**view)


def _checked(view: dict[str, Any]) -> dict[str, Any]:
    """The view with its values checked, each with a sentence of its own."""
    for name in ("lower", "fold_punctuation"):
        view[name] = _parameters.flag(name, view[name])
    _parameters.choice("hyphens", view["hyphens"], ("split", "join"))
    view["stem"] = _parameters.text("stem", view["stem"], remedy="pass a code such as 'en'")
    view["min_length"] = _parameters.whole(
        "min_length", view["min_length"], low=0, high=_LONGEST_TERM, remedy="pass 1 to keep all"
    )
    if view["kinds"] is not None:
        kinds = (view["kinds"],) if isinstance(view["kinds"], str) else view["kinds"]
        view["kinds"] = _parameters.texts("kinds", kinds, remedy="pass ['word', 'number']")
    if view["stop_words"] is not None and not isinstance(view["stop_words"], str):
        remedy = "pass a code such as 'en', or your own list"
        view["stop_words"] = _parameters.texts("stop_words", view["stop_words"], remedy=remedy)
    return view


def ngrams(ngram_range: Any) -> tuple[int, int]:
    """Check the fewest and the most words of an n-gram."""
    remedy = "pass (1, 2) for words and pairs"
    try:
        fewest, most = ngram_range
    except (TypeError, ValueError) as error:
        rule = "it must be two whole numbers, the fewest and the most words"
        raise _parameters.refuse("ngram_range", ngram_range, rule, remedy) from error
    shortest = _parameters.limited("ngram_range", fewest, limit="ngram", remedy=remedy)
    longest = _parameters.limited("ngram_range", most, limit="ngram", remedy=remedy)
    if shortest > longest:
        raise _parameters.refuse("ngram_range", ngram_range, "it must rise", remedy)
    return shortest, longest


def _documents(name: str, value: float, documents: int) -> int:
    """A document frequency as a count: shares are rounded as scikit-learn does."""
    if isinstance(value, int | np.integer):
        remedy = "pass a count (int) or a share (float) of the documents"
        return _parameters.whole(name, value, low=0, high=2**62, remedy=remedy)
    remedy = "pass an int to mean a count of documents"
    share = _parameters.number(name, value, low=0, high=1, remedy=remedy) * documents
    return int(np.floor(share + 1e-9)) if name == "max_df" else int(np.ceil(share - 1e-9))
