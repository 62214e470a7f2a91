"""Tokens and views: words become integers, and nothing is lost on the way."""

from __future__ import annotations

from operator import index
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from nutgraf import _html, _nutgraf, _parameters
from nutgraf._once import once
from nutgraf._parameters import shown
from nutgraf._progress import Watched
from nutgraf._switches import SURFACE
from nutgraf._views import Views
from nutgraf.corpus import Corpus
from nutgraf.counts import Counts

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from numpy.typing import NDArray

    from nutgraf._progress import Progress

__all__ = ["Tokens", "tokenize"]

#: More terms than there can be.
_EVERY_TERM = 2**32 - 1

#: Terms of a document that a notebook shows.
_TERMS_SHOWN = 12


def tokenize(
    documents: object,
    *,
    language: str | None = None,
    tailorings: bool | Iterable[str] = True,
    pattern: str | None = None,
    threads: int | None = None,
    progress: Progress = None,
) -> Tokens:
    r"""Split every document into tokens, and remember where each one stood.

    Words are found by Unicode's rules (UAX #29, https://www.unicode.org/reports/tr29/), in every
    script, with tailorings that news needs. Hyphens split; a view can join them again. Every token
    that is not white space is kept, in its surface form; choose what counts with `Tokens.view`.

    Parameters
    ----------
    documents : Corpus, sequence of str, or string column
        The texts.
    language : str, optional
        The language of the texts: an ISO 639 code (``"fr"``, ``"fra"``), a locale (``"fr-CA"``) or
        an English name (``"French"``). Switches on its rules: French and Italian elision here, the
        two letters i of Turkish and Azeri where a view lowers case. Nothing is guessed, and most
        languages need no rules; a name that is none is refused.
    tailorings : bool or iterable of str
        What is done beyond Unicode's rules: all of it (True), nothing (False), or some of

        - ``"addresses"``: web and e-mail addresses, @handles and #hashtags stay whole;
        - ``"initials"``: single letters with dots keep the last one (``U.S.``);
        - ``"run_on"``: a full stop that scraping left without a space splits (``said.The``);
        - ``"spaces"``: white space ends every token but for a narrow no-break space between digits
          (French ``1 200``), and format characters belong to the token they touch;
        - ``"scripts"``: Chinese, Japanese, Thai, Lao, Khmer and Burmese, written without spaces,
          are cut into words by dictionaries (those of ICU) instead of into characters;
        - ``"elision"``: elided articles are tokens where `language` is French or Italian (``l’``).
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
    ParameterError
        If `language` is no language, or a tailoring does not exist.

    Examples
    --------
    >>> import nutgraf as ng
    >>> tokens = ng.tokenize(["The U.S. envoy's plane landed."])
    >>> tokens[0]
    ['The', 'U.S.', "envoy's", 'plane', 'landed', '.']
    >>> tokens.spans(0)[1].tolist()
    [4, 8]
    >>> ng.tokenize(["The U.S. envoy's plane landed."], tailorings=False)[0][:3]
    ['The', 'U.S', '.']
    """
    threads = _parameters.threads(threads)
    language = _parameters.text("language", language, remedy="pass a code such as 'fr'")
    if language is not None:
        _nutgraf.language_code("language", language)
    chosen: list[str] | None = None if tailorings is True else []
    if not isinstance(tailorings, bool):
        remedy = "pass True, False, or names such as ['addresses']"
        chosen = list(_parameters.texts("tailorings", tailorings, remedy=remedy))
    pattern = _parameters.text("pattern", pattern, remedy=r"pass a pattern such as r'\w+'")
    with Watched(progress, "tokenizing") as report:
        corpus = Corpus.of(documents)
        inner = _nutgraf.tokenize(
            corpus._texts,
            language=language,
            tailorings=chosen,
            pattern=pattern,
            threads=threads,
            progress=report,
        )
    how = {"language": language, "tailorings": chosen, "pattern": pattern}
    return Tokens(corpus, inner, SURFACE, how)


class Tokens(Views):
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
        inner: _nutgraf.Tokens | _nutgraf.Categories,
        view: Mapping[str, Any],
        how: Mapping[str, Any],
        surface: Tokens | None = None,
    ) -> None:
        self.corpus = corpus
        # Categories of a dictionary have the same face, and are refused where words are needed.
        self._inner = cast("_nutgraf.Tokens", inner)
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
            f"{k}={shown(v)}" for k, v in self._view.items() if v != SURFACE.get(k) and k != "kinds"
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
        if "dictionary" in self._view:
            return _looked_up, (self._surface, self._view["dictionary"])
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

    def counts(
        self,
        *,
        ngram_range: tuple[int, int] = (1, 1),
        min_df: float = 1,
        max_df: float = 1.0,
        max_terms: int | None = None,
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
            Documents that a term must, or may, stand in: a count (int) or a share (float), as in
            scikit-learn: ``max_df=1`` is one document, ``max_df=1.0`` all of them. A share of 0.07
            of 100 documents is 7 documents, which scikit-learn's arithmetic makes 8.
        max_terms : int, optional
            Keep so many terms: those with most occurrences among the ones inside `min_df` and
            `max_df`, of equal ones those that occur first. Terms keep their order. scikit-learn's
            ``max_features``, which leaves ties open.
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
        if self._surface is None:
            return self.view(lower=True).counts(
                ngram_range=ngram_range,
                min_df=min_df,
                max_df=max_df,
                max_terms=max_terms,
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
        if max_terms is not None:
            remedy = "leave it out to keep every term"
            max_terms = _parameters.whole("max_terms", max_terms, low=1, remedy=remedy)
        gaps = _parameters.flag("across_gaps", across_gaps)
        with Watched(progress, "counting") as report:
            inner = self._inner.counts(
                shortest=shortest,
                longest=longest,
                min_documents=fewest,
                max_documents=most,
                max_terms=_EVERY_TERM if max_terms is None else min(max_terms, _EVERY_TERM),
                across_gaps=gaps,
                threads=threads,
                progress=report,
            )
        how = {
            "ngram_range": (shortest, longest),
            "min_df": min_df,
            "max_df": max_df,
            "max_terms": max_terms,
            "across_gaps": gaps,
        }
        return Counts(inner, self.corpus, tokens=self, how=how)


def _tokenized(corpus: Corpus, how: Mapping[str, Any]) -> Tokens:
    """Surface tokens from a pickle."""
    tailorings = True if how["tailorings"] is None else how["tailorings"]
    return tokenize(corpus, progress=False, **{**how, "tailorings": tailorings})


def _viewed(surface: Tokens, view: Mapping[str, Any]) -> Tokens:
    """A view from a pickle."""
    return surface.view(**view)


def _looked_up(view: Tokens, lookup: Mapping[str, Any]) -> Tokens:
    """Categories from a pickle."""
    return view._looked_up(lookup, None, False)


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
