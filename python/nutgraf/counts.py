"""Counts: how often each term stands in each document."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from nutgraf import _external, _groups, _html, _nutgraf, _parameters
from nutgraf._keywords import answered
from nutgraf._matrix import Matrix
from nutgraf._once import once
from nutgraf._settings import counted, made
from nutgraf.exceptions import InputError, ParameterError
from nutgraf.results import Table
from nutgraf.weighted import Weighted

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from numpy.typing import ArrayLike, NDArray

    from nutgraf.corpus import Corpus
    from nutgraf.tokens import Tokens

__all__ = ["Counts"]

#: What the one row of a frequency list is called.
_LIST = "frequency list"


class Counts(Matrix):
    """How often each term stands in each document; made by `Tokens.counts` or `from_matrix`.

    ``counts[row]`` is one row as ``{term: count}``, ``counts.column(term)`` one column.

    Attributes
    ----------
    terms : list of str
        The columns.
    indptr, indices : numpy.ndarray of int32 (int64 beyond 2³¹ − 1)
        Compressed rows, as scipy has them.
    data : numpy.ndarray of int64
        Occurrences. All arrays are read-only; copy what is to be changed.
    totals : numpy.ndarray of int64, shape (n_documents,)
        Words of each document that the view keeps: those of dropped terms included, and the same
        whatever `ngram_range` and `skip`. Every rate is per word, also that of a bigram, so that
        rates of words, n-grams and published lists are comparable; rows of n-grams do not add up
        to their total.
    frequency, document_frequency : numpy.ndarray of int64, shape (n_terms,)
        Occurrences of each term in all rows, and rows that it stands in.
    matrix : scipy.sparse.csr_array
        The same arrays, not copied; ``matrix.copy()`` can be changed.
    corpus : Corpus or None
        The documents; None once rows are groups.
    groups : list or None
        What each row stands for once rows are groups.
    ids : list
        The id of each document, or the group.
    """

    def __init__(
        self,
        inner: _nutgraf.Counts,
        corpus: Corpus | None,
        groups: list[object] | None = None,
        *,
        tokens: Tokens | None = None,
        how: Mapping[str, Any] | None = None,
        ids: list[Any] | None = None,
    ) -> None:
        self._inner = inner
        self.corpus = corpus
        self.groups = groups
        # The view that was counted, for evidence; groups keep none.
        self._tokens = tokens
        self._how = dict(how or {})
        self._ids = ids

    @classmethod
    @answered("Counts.from_matrix")
    def from_matrix(
        cls,
        matrix: Any,
        terms: Iterable[str] | None = None,
        *,
        totals: ArrayLike | None = None,
        corpus: Corpus | None = None,
        ids: Iterable[Any] | None = None,
    ) -> Counts:
        """Take counts that were made elsewhere, or a published frequency list.

        Parameters
        ----------
        matrix : scipy sparse matrix, array of shape (n_rows, n_terms), or mapping
            Counts of any number type; floats must be whole. Cells that stand twice are added up,
            zeros are dropped. A ``{term: count}`` mapping is one frequency list: a row that is no
            document but stands for many.
        terms : list, array or Series of str
            One for each column, all different; a data frame has names of columns, and a mapping
            has its keys. A pandas Series is such a mapping.
        totals : array of int, optional
            Words of each row, where its counts do not add up to them: the size of the corpus
            behind a frequency list, or the words behind n-grams. Rates are per word, so give it
            where you know it.
        corpus : Corpus, optional
            The documents, one for each row, in this order.
        ids : list, array or Series of str or int, optional
            What the rows are called, where there is no corpus.

        Returns
        -------
        Counts
            Rows are documents; with a mapping, one group.

        Raises
        ------
        InputError
            A count is negative, fractional, NaN or above 2³² − 1 (the error names row and term), a
            word stands more often than its row has words, or sizes do not fit.
        ParameterError
            Two columns have one term.

        Notes
        -----
        Whoever made the counts decided what a word is. Before comparing, make sure that ours are
        cut alike: many lists split ``don't`` and drop numbers.

        Examples
        --------
        >>> import nutgraf as ng
        >>> ng.Counts.from_matrix([[2, 0], [1, 3]], ["truce", "port"])
        Counts: 2 documents by 2 terms, 3 cells
        >>> ng.Counts.from_matrix({"the": 6_187_267, "truce": 310}, totals=100_106_029)
        Counts: 1 group by 2 terms, 2 cells
        """
        matrix = _external.listed(matrix)
        is_list = _external.is_list(matrix)
        if is_list:
            if terms is not None or corpus is not None:
                name, value = ("terms", terms) if terms is not None else ("corpus", corpus)
                rule = "a {term: count} mapping holds its terms, and its row is no document"
                raise _parameters.refuse(name, value, rule, f"leave {name} out")
            named, rows = _external.rows_of_list(matrix)
        else:
            named = _external.names(terms, matrix)
            rows = _external.rows_of(matrix, named)
        count = len(rows.indptr) - 1
        called = _groups.names_of_rows(corpus, ids, count)
        inner = _nutgraf.counts_from_matrix(named, *rows, totals=_external.tokens(totals, count))
        how = {"source": _LIST if is_list else "matrix"}
        if is_list:
            return cls(inner, None, called if ids is not None else [_LIST], how=how)
        return cls(inner, corpus, how=how, ids=None if corpus is not None else called)

    def __repr__(self) -> str:
        return self._told("Counts")

    def _repr_html_(self) -> str:
        occurrences, rows = self.frequency, self.document_frequency
        first = np.argsort(-occurrences, kind="stable")[: _html.ROWS].tolist()
        shown = [[self.terms[term], int(occurrences[term]), int(rows[term])] for term in first]
        names = ["term", "occurrences", "documents" if self.groups is None else "groups"]
        return _html.table(names, shown, caption=repr(self), total=self.shape[1])

    def __reduce__(self) -> tuple[Any, ...]:
        parts = {
            "terms": self.terms,
            "indptr": self._inner.indptr(True),
            "indices": self._inner.indices(True),
            "data": self._inner.data,
            "totals": self._inner.totals,
        }
        return _restored, (parts, self.corpus, self.groups, self._tokens, self._how, self._ids)

    def __copy__(self) -> Counts:
        return Counts(
            self._inner,
            self.corpus,
            self.groups,
            tokens=self._tokens,
            how=self._how,
            ids=self._ids,
        )

    def __deepcopy__(self, memo: object) -> Counts:
        # What is compiled does not change, so only what Python could change is copied.
        copied = self.__copy__()
        copied.groups = None if self.groups is None else list(self.groups)
        return copied

    def __getitem__(self, row: int) -> dict[str, int]:
        return self._inner.row(self._row(row))

    @once
    def data(self) -> NDArray[np.int64]:
        """Occurrences."""
        return self._inner.data

    @once
    def matrix(self) -> Any:
        """A `scipy.sparse.csr_array` over the arrays here, read-only as they are.

        To change values in place, copy it first: ``counts.matrix.copy()``.
        """
        return self._sparse()

    @once
    def frequency(self) -> NDArray[np.int64]:
        """Occurrences of each term in all rows."""
        return self._inner.frequency

    @once
    def document_frequency(self) -> NDArray[np.int64]:
        """Rows that each term stands in."""
        return self._inner.document_frequency

    @property
    def settings(self) -> dict[str, Any]:
        """What led to these counts: how terms were chosen, the documents, the versions."""
        return made({}, corpus=self.corpus, tokens=self._tokens, counts=counted(self))

    @answered("Counts.group")
    def group(self, by: str | Iterable[object]) -> Counts:
        """Add up the documents of each group.

        Parameters
        ----------
        by : str, or one label a document
            A column of the corpus (``"source"``), or a list, array or Series of labels. Missing
            labels (None, NaN, NA) are one group, ``None``, so that no document is lost.

        Returns
        -------
        Counts
            One row a group, in the order of first occurrence (`groups`).

        Raises
        ------
        InputError
            There are not as many labels as documents.
        LimitError
            A term occurs more than 2³² − 1 times in one group.
        """
        if self.groups is not None:
            message = (
                "counts are grouped already, but only document rows can be grouped; "
                "group the counts of Tokens.counts()."
            )
            raise ParameterError(message, parameter="by")
        groups, rows = _groups.numbered(by, self.corpus, len(self))
        inner = self._inner.grouped(rows, len(groups))
        return Counts(inner, None, groups, how=self._how)

    @answered("Counts.top")
    def top(self, n: int = 10, *, by: str | Iterable[object] | None = None) -> Table:
        """List the most frequent terms, of all rows or of each group.

        Parameters
        ----------
        n : int
            Terms; with `by`, terms of each group.
        by : str, or one label a document, optional
            As in `group`.

        Returns
        -------
        Table
            ``term, frequency`` (occurrences), ``relative`` (per word) and, without `by`,
            ``document_frequency`` (``group_frequency`` where rows are groups); with `by`,
            ``group`` first. The most frequent first, of equal ones the term that occurred first.

        Examples
        --------
        >>> import nutgraf as ng
        >>> ng.tokenize(["a truce, a truce, a port"]).counts().top(2)
        term   frequency  relative  document_frequency
        a              3       0.5                   1
        truce          2    0.3333                   1
        """
        n = _parameters.whole("n", n, low=1, remedy="pass 10 to start")
        settings = made(
            {"n": n, "by": by}, corpus=self.corpus, tokens=self._tokens, counts=counted(self)
        )
        native = None if self.corpus is None else self.corpus._native
        if by is None:
            first = np.argsort(-self.frequency, kind="stable")[:n]
            columns: dict[str, Any] = {
                "term": [self.terms[term] for term in first.tolist()],
                "frequency": self.frequency[first],
                "relative": self.frequency[first] / max(1, self.totals.sum()),
            }
            rows_with = "document_frequency" if self.groups is None else "group_frequency"
            columns[rows_with] = self.document_frequency[first]
        else:
            grouped = self.group(by)
            chosen = [grouped._largest(row, n) for row in range(len(grouped))]
            cells = np.concatenate([*chosen, np.zeros(0, dtype=np.int64)])
            rows = np.repeat(np.arange(len(grouped)), [len(found) for found in chosen])
            columns = {
                "group": [(grouped.groups or [])[row] for row in rows.tolist()],
                "term": [self.terms[term] for term in grouped.indices[cells].tolist()],
                "frequency": grouped.data[cells],
                "relative": grouped.data[cells] / grouped.totals[rows],
            }
        return Table(columns, settings=settings, native=native, name="most frequent terms")

    @answered("Counts.tfidf")
    def tfidf(
        self,
        *,
        use_idf: bool = True,
        smooth_idf: bool = True,
        sublinear_tf: bool = False,
        norm: Literal["l1", "l2"] | None = "l2",
        proportion: bool = False,
        plus_one: bool = True,
        base: float = math.e,
    ) -> Weighted:
        """Weigh terms by how often they stand in a document and how few documents have them.

        The first four parameters are those of scikit-learn's `TfidfTransformer`, with its defaults
        and its results; the others reach the definition of textbooks and of quanteda.

        Parameters
        ----------
        use_idf : bool
            Whether rare terms gain at all.
        smooth_idf : bool
            Count one more document, in which every term stands.
        sublinear_tf : bool
            1 + log(count) in place of the count.
        norm : {"l2", "l1", None}
            What each row is divided by: its length, its sum, or nothing.
        proportion : bool
            The count's share of the document's words (`totals`, so dropped terms count) in place
            of the count.
        plus_one : bool
            Add 1 to the idf, so that terms of every document keep a weight.
        base : float
            Base of every logarithm, above 1.

        Returns
        -------
        Weighted
            One weight a cell.

        Notes
        -----
        weight = tf · idf, with idf = log((N + s) / (df + s)) + a; N documents, df of them with the
        term, s = 1 with `smooth_idf`, a = 1 with `plus_one`. Spärck Jones (1972); Salton and
        Buckley (1988). Rows are documents or groups, whichever these counts have.

        quanteda's ``dfm_tfidf(x)`` is ``tfidf(smooth_idf=False, plus_one=False, base=10,
        norm=None)``; its ``scheme_tf="prop"`` is ``proportion=True`` as long as every term is
        there. After trimming, and with n-grams, quanteda divides by the sum of the row that is
        left, where ours divides by the words of the document.

        Examples
        --------
        >>> import nutgraf as ng
        >>> counts = ng.tokenize(["a truce", "a port"]).counts()
        >>> counts.tfidf()[0]
        {'a': 0.5797386715376657, 'truce': 0.8148024746671689}
        >>> plain = counts.tfidf(smooth_idf=False, plus_one=False, base=10, norm=None)
        >>> plain[0]
        {'a': 0.0, 'truce': 0.3010299956639812}
        """
        options = {
            "use_idf": _parameters.flag("use_idf", use_idf),
            "smooth_idf": _parameters.flag("smooth_idf", smooth_idf),
            "sublinear_tf": _parameters.flag("sublinear_tf", sublinear_tf),
            "norm": norm,
            "proportion": _parameters.flag("proportion", proportion),
            "plus_one": _parameters.flag("plus_one", plus_one),
            "base": base,
        }
        remedy = "pass math.e, 2 or 10"
        base = _parameters.number("base", base, low=1, high=1e6, open_low=True, remedy=remedy)
        _parameters.choice("norm", norm, ("l2", "l1", None))
        if proportion and sublinear_tf:
            rule = "sublinear_tf=True replaces the count already"
            raise _parameters.refuse("proportion", proportion, rule, "choose one of the two")
        frequency = "share" if proportion else "logarithm" if sublinear_tf else "count"
        weights = self._inner.tfidf(
            frequency, bool(use_idf), bool(smooth_idf), bool(plus_one), base, norm
        )
        return Weighted(self, weights, {"weights": "tfidf", **options})

    @answered("Counts.bm25")
    def bm25(
        self,
        *,
        k1: float = 1.2,
        b: float = 0.75,
        method: Literal["lucene", "robertson"] = "lucene",
    ) -> Weighted:
        """Weigh terms by Okapi BM25: more occurrences matter less and less, long documents too.

        The score of a document for a query is the sum of its weights over the query's terms.

        Parameters
        ----------
        k1 : float
            How soon more occurrences stop to matter; 0 asks only whether a term is there.
        b : float
            How far the length of a document matters, from 0 to 1.
        method : {"lucene", "robertson"}
            Lucene's weights are never negative; Robertson's are, for terms of more than half the
            documents.

        Returns
        -------
        Weighted
            One weight a cell.

        Notes
        -----
        idf · c / (c + k1 · (1 − b + b · length / mean length)), where c is the count and lengths
        are `totals`. Lucene: idf = ln(1 + (N − df + 0.5) / (df + 0.5)). Robertson: idf without the
        1, and (k1 + 1) · c above. Robertson and Zaragoza (2009); Kamphuis et al. (2020) compare the
        variants. The defaults are Lucene's, but it stores lengths in one byte, which are exact
        here, and counts n-grams too, where lengths here are words.

        Examples
        --------
        >>> import nutgraf as ng
        >>> weights = ng.tokenize(["truce now", "truce, truce", "no news"]).counts().bm25()
        >>> weights.column("truce").round(3).tolist()
        [0.214, 0.294, 0.0]
        """
        most = 1000
        k1 = _parameters.number("k1", k1, low=0, high=most, remedy="pass 1.2, the usual value")
        b = _parameters.number("b", b, low=0, high=1, remedy="pass 0.75, the usual value")
        _parameters.choice("method", method, ("lucene", "robertson"))
        weights = self._inner.bm25(k1, b, method == "robertson")
        return Weighted(self, weights, {"weights": "bm25", "k1": k1, "b": b, "method": method})

    @answered("Counts.relative")
    def relative(self, *, per: float = 1) -> Weighted:
        """Divide each count by the words of its row: relative frequencies.

        Parameters
        ----------
        per : float
            Words that rates are given for: 1 for shares, 1,000,000 for rates per million words.

        Returns
        -------
        Weighted
            count · per / total. Totals hold every word that the view keeps, so that rates do not
            change when rare terms are dropped, and those of n-grams are per word too.

        Examples
        --------
        >>> import nutgraf as ng
        >>> ng.tokenize(["a truce, a truce, a port"]).counts().relative(per=1000)[0]
        {'a': 500.0, 'truce': 333.3333333333333, 'port': 166.66666666666666}
        """
        remedy = "pass 1 for shares, or 1_000_000 for rates per million"
        per = _parameters.number("per", per, low=0, high=1e12, open_low=True, remedy=remedy)
        return Weighted(
            self, self._inner.relative(per), {"weights": "relative", "per": per, "of": "words"}
        )


def _restored(
    parts: Mapping[str, Any],
    corpus: Corpus | None,
    groups: list[object] | None,
    tokens: Tokens | None,
    how: Mapping[str, Any],
    ids: list[Any] | None = None,
) -> Counts:
    """Counts from a pickle: every part is checked, as if it came from a stranger."""
    inner = _nutgraf.counts_from_parts(
        list(parts["terms"]),
        **{name: stored(parts, name) for name in ("indptr", "indices", "data", "totals")},
    )
    rows = next((each for each in (groups, corpus, ids) if each is not None), None)
    if rows is None or len(rows) != len(inner):
        raise InputError(
            f"The stored counts are damaged: they have {len(inner)} rows for "
            f"{'no' if rows is None else len(rows)} documents; compute them again."
        )
    return Counts(inner, corpus, groups, tokens=tokens, how=how, ids=ids)


def stored(parts: Mapping[str, Any], name: str) -> NDArray[np.int64]:
    """Return one array out of a pickle."""
    values = np.asarray(parts[name])
    if values.ndim != 1 or values.dtype != np.int64:
        raise InputError(
            f"The stored {name} are damaged: they must be one row of int64; compute them again."
        )
    return values
