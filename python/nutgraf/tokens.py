"""Tokens and views: words become integers, and nothing is lost on the way."""

from __future__ import annotations

from operator import index
from typing import TYPE_CHECKING, Any, Literal, cast

from nutgraf import _html, _nutgraf, _parameters, _selection, _switches
from nutgraf._keywords import answered
from nutgraf._once import once
from nutgraf._progress import Watched
from nutgraf._views import Views
from nutgraf.corpus import Corpus
from nutgraf.counts import Counts

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    import numpy as np
    from numpy.typing import NDArray

    from nutgraf._progress import Progress

__all__ = ["Tokens", "tokenize"]

#: More terms than there can be.
_EVERY_TERM = 2**32 - 1

#: Why no match of a dictionary is the first of its sentence.
_OVERLAP = "matches overlap and may cross sentences, so ask the view that it was looked up in"

#: Terms of a document that a notebook shows.
_TERMS_SHOWN = 12


@answered("tokenize")
def tokenize(
    documents: object,
    *,
    language: str | None = None,
    tailorings: bool | str | Iterable[str] = True,
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
        two letters i of Turkish and Azeri where a view lowers case, and abbreviations in
        `Tokens.sentences`. Nothing is guessed; a name that is no language is refused.
    tailorings : bool, str, or iterable of str
        What is done beyond Unicode's rules: all of it (True), nothing (False), or one or some of

        - ``"addresses"``: web and e-mail addresses, @handles and #hashtags stay whole; without a
          scheme or ``www.`` a web address needs a known top-level domain and a path (``t.co/x``);
        - ``"initials"``: single letters with dots keep the last one (``U.S.``, ``Ph.D.``);
        - ``"possessives"``: ``'s`` stays with initials and numbers (``U.S.'s``, ``90's``), and
          behind a hashtag, handle or address it is a token, which is punctuation and no word;
        - ``"run_on"``: a full stop or colon that scraping left without a space splits
          (``said.The``, ``D.C.Utah``), and so does a row of two or more ``_``;
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
        names = (tailorings,) if isinstance(tailorings, str) else tailorings
        chosen = list(_parameters.texts("tailorings", names, remedy=remedy))
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
    return Tokens(corpus, inner, _switches.SURFACE, how)


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
        Code points inside the document, so that ``text[start:end]`` is the token as it stood. All
        arrays are read-only; copy what is to be changed.
    vocabulary : list of str
        Every term, in the order of the ids.
    sentence_starts, paragraph_starts : numpy.ndarray of bool, shape (n_tokens,)
        Whether a token is the first one that this view keeps of its sentence or paragraph.
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

    def __contains__(self, document: object) -> bool:
        if isinstance(document, str):
            rule = "tokens are lists of str, one a document"
            remedy = "look for a word in tokens.vocabulary, or with nutgraf.concordance"
            raise _parameters.refuse("document", document, rule, remedy)
        return any(row == document for row in self)

    def __iter__(self) -> Iterator[list[str]]:
        return map(self._inner.terms, range(len(self)))

    def __repr__(self) -> str:
        changed = _switches.told(self._view)
        return (
            f"Tokens: {self._inner.size:,} tokens of {self._inner.term_count:,} terms "
            f"in {len(self):,} documents{f' ({changed})' if changed else ''}"
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

    def _row(self, row: object) -> int:
        try:
            number = index(row)  # type: ignore[arg-type]
        except TypeError as error:
            rule, remedy = "it must be a whole number", "pass a row, as in tokens[0]"
            if isinstance(row, slice):
                remedy = "take rows one by one, as in [tokens[row] for row in range(3)]"
            elif isinstance(row, str):
                remedy = "for the row of an id ask tokens.corpus.ids.index(…)"
            raise _parameters.refuse("row", row, rule, remedy) from error
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

    def sentences(self, row: int) -> NDArray[np.int64]:
        r"""Where the sentences of one document stand.

        Rules, not a model: the signs of UAX #29, with abbreviations, initials and ordinals by the
        `language` of `tokenize` (lists for bg, de, en, es, fr, it, nl, pl, pt, ru, sv, tr, uk;
        without a language those for en, ru and uk). A headline, and an entry of a list, is a
        sentence of its own; a line that was broken to fit a width is not. Thai, Lao and Burmese
        write no full stop, so there little more than lines is found. No token is cut in two.

        Parameters
        ----------
        row : int
            The document.

        Returns
        -------
        numpy.ndarray of int64, shape (n, 2)
            Code points: ``text[start:end]`` is the sentence, without the white space around it.

        Examples
        --------
        >>> import nutgraf as ng
        >>> text = "Talks fail\n\nSen. J. R. Smith left the U.S. on Friday. “Why?” he was asked."
        >>> tokens = ng.tokenize([text], language="en")
        >>> for start, end in tokens.sentences(0):
        ...     print(text[start:end])
        Talks fail
        Sen. J. R. Smith left the U.S. on Friday.
        “Why?” he was asked.
        """
        return self._parts(row, paragraphs=False)

    def paragraphs(self, row: int) -> NDArray[np.int64]:
        """Where the paragraphs of one document stand.

        Blank lines part them, and deeper indents; in a text with neither, that is not hard-wrapped
        and most of whose lines end in a stop, each line is one.

        Parameters
        ----------
        row : int
            The document.

        Returns
        -------
        numpy.ndarray of int64, shape (n, 2)
            Code points: ``text[start:end]`` is the paragraph, without the white space around it.
        """
        return self._parts(row, paragraphs=True)

    def _parts(self, row: int, *, paragraphs: bool) -> NDArray[np.int64]:
        # Of the text, whatever a view keeps of it.
        surface = self._surface or self
        if "dictionary" in self._view:
            return surface._parts(row, paragraphs=paragraphs)
        language = self._how["language"]
        return _nutgraf.segment_spans(surface._inner, self._row(row), language, paragraphs)

    @once
    def sentence_starts(self) -> NDArray[np.bool_]:
        """Whether each token is the first of its sentence; ``cumsum`` numbers the sentences."""
        self._refuse_categories("sentence_starts", _OVERLAP)
        return self._segments().starts(self._inner, False)

    @once
    def paragraph_starts(self) -> NDArray[np.bool_]:
        """Whether each token is the first of its paragraph."""
        self._refuse_categories("paragraph_starts", _OVERLAP)
        return self._segments().starts(self._inner, True)

    def _segments(self, threads: int | None = None, report: Any = None) -> _nutgraf.Segments:
        """Sentences and paragraphs, found once for all views of the same tokens."""
        shared = self._surface is not None and self._view["hyphens"] == "split"
        owner = self._surface if self._surface is not None and shared else self
        kept: dict[str, _nutgraf.Segments] = owner.__dict__
        if "_found" not in kept:
            language = self._how["language"]
            kept["_found"] = _nutgraf.find_segments(owner._inner, language, threads, report)
        return kept["_found"]

    @answered("Tokens.counts")
    def counts(
        self,
        *,
        ngram_range: tuple[int, int] = (1, 1),
        skip: int | Iterable[int] = 0,
        within: Literal["document", "paragraph", "sentence"] = "document",
        across_gaps: bool = False,
        min_df: float = 1,
        max_df: float = 1.0,
        max_terms: int | None = None,
        threads: int | None = None,
        progress: Progress = None,
    ) -> Counts:
        """Count the terms of each document.

        Surface tokens are counted under ``view(lower=True, fold_punctuation=True)``.

        Parameters
        ----------
        ngram_range : tuple of int
            Fewest and most words of a term; the words are joined by a space. Rates stay rates per
            word: `Counts.totals` does not depend on it.
        skip : int or iterable of int
            Tokens between two neighbours of an n-gram: 0 for plain n-grams, 2 for skip-grams over
            exactly two, ``range(3)`` for up to two, as quanteda's ``skip = 0:2``.
        within : {"document", "paragraph", "sentence"}
            What no n-gram may leave.
        across_gaps : bool
            Whether n-grams may reach across a removed token, as if it had never been there. If not,
            a removed token keeps its place, as after quanteda's ``padding = TRUE``.
        min_df, max_df : int or float
            Documents that a term must, or may, stand in: a count (int) or a share (float), as in
            scikit-learn: ``max_df=1`` is one document, ``max_df=1.0`` all of them. A share of 0.07
            of 100 documents is 7 documents, which scikit-learn's arithmetic makes 8.
        max_terms : int, optional
            Keep so many terms: those with most occurrences among the ones inside `min_df` and
            `max_df`, of equal ones those that occur first. Terms keep their order. scikit-learn's
            ``max_features``, which leaves ties open.
        threads, progress
            As in `tokenize`.

        Returns
        -------
        Counts
            One row a document. Terms are in the order of their first occurrence: by document, first
            word, length, then by skips.

        Raises
        ------
        ParameterError
            If a parameter is outside its rule or passes the limit ``ngram`` or ``skip``.

        Examples
        --------
        >>> import nutgraf as ng
        >>> counts = ng.tokenize(["a truce, a truce", "No truce"]).counts()
        >>> counts.terms
        ['a', 'truce', 'no']
        >>> counts.data.tolist()
        [2, 2, 1, 1]
        >>> tokens = ng.tokenize(["He left. She stayed."])
        >>> tokens.counts(ngram_range=(2, 2), within="sentence").terms
        ['he left', 'she stayed']
        """
        if self._surface is None:
            return self._counted().counts(
                ngram_range=ngram_range,
                skip=skip,
                within=within,
                across_gaps=across_gaps,
                min_df=min_df,
                max_df=max_df,
                max_terms=max_terms,
                threads=threads,
                progress=progress,
            )
        threads = _parameters.threads(threads)
        shortest, longest = _selection.ngrams(ngram_range)
        skips = _selection.skips(skip)
        _parameters.choice("within", within, ("document", "paragraph", "sentence"))
        fewest, most = (
            _selection.documents(name, value, len(self))
            for name, value in (("min_df", min_df), ("max_df", max_df))
        )
        if fewest > most and len(self):
            if most >= len(self):
                rule, remedy = f"there are only {len(self):,} documents", "lower min_df"
                raise _parameters.refuse("min_df", min_df, rule, remedy)
            rule = f"min_df={min_df!r} asks for {fewest:,} documents and max_df allows {most:,}"
            raise _parameters.refuse("max_df", max_df, rule, "lower min_df or raise max_df")
        if max_terms is not None:
            remedy = "leave it out to keep every term"
            max_terms = _parameters.whole("max_terms", max_terms, low=1, remedy=remedy)
        gaps = _parameters.flag("across_gaps", across_gaps)
        with Watched(progress, "counting") as report:
            cut = within != "document" and longest > 1
            inner = self._inner.counts(
                shortest=shortest,
                longest=longest,
                min_documents=fewest,
                max_documents=most,
                max_terms=_EVERY_TERM if max_terms is None else min(max_terms, _EVERY_TERM),
                across_gaps=gaps,
                skips=skips,
                segments=self._segments(threads, report) if cut else None,
                paragraphs=within == "paragraph",
                threads=threads,
                progress=report,
            )
        how = {
            "ngram_range": (shortest, longest),
            "skip": skips,
            "within": within,
            "across_gaps": gaps,
            "min_df": min_df,
            "max_df": max_df,
            "max_terms": max_terms,
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
