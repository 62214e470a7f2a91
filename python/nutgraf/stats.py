"""What sets sources apart, and whether it is more than chance."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from nutgraf import _nutgraf, _parameters, _reference
from nutgraf._evidence import uses
from nutgraf._keywords import answered
from nutgraf._progress import Watched
from nutgraf._settings import counted, made
from nutgraf._text import clean
from nutgraf.counts import Counts
from nutgraf.exceptions import InputError, ParameterError
from nutgraf.results import Table
from nutgraf.weighted import Weighted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

    from nutgraf._progress import Progress

__all__ = ["keyness"]

#: Columns that a notebook shows first; the rest are a `table[column]` away.
_SHOWN = (
    "term",
    "target_docs",
    "reference_docs",
    "target_rate",
    "reference_rate",
    "log_ratio",
    "p_max_t",
)

#: What stands for a term that one side never uses.
_ZERO_RULE = (
    "half an occurrence stands for none in log_ratio (Hardie 2014); where the other side's rate "
    "lets expect less than that, log_ratio is 0"
)

_NEITHER, _TARGET, _REFERENCE = 0, 1, 2


@answered("keyness")
def keyness(
    counts: Counts,
    *,
    target: Mapping[str, object] | ArrayLike,
    reference: Mapping[str, object] | ArrayLike | Counts | None = None,
    measures: Sequence[str] = ("g2", "log_ratio"),
    test: Literal["permutation"] | None = "permutation",
    statistic: Literal["studentized"] = "studentized",
    permutations: int = 9999,
    clusters: ArrayLike | None = None,
    copies: Literal["once", "all"] = "once",
    strata: str | ArrayLike | None = None,
    seed: int = 0,
    threads: int | None = None,
    progress: Progress = None,
) -> Table:
    """Compare how often two sets of documents use each term, with whole documents as units.

    Words of one article are not independent: a term that one article repeats is no habit of its
    source. Significance therefore comes from moving whole *units* between the sides, not from
    counting words. A unit is a document, or the members of one cluster of copies on one side; a
    cluster present on both sides stays on both sides.

    Parameters
    ----------
    counts : Counts
        Document rows; grouped counts are refused.
    target, reference : mapping or array
        The documents of each side: a mapping of columns such as ``{"source": "A"}``, a boolean
        mask, or rows. Without `reference`, every other document. A reference with `Counts` of its
        own is set beside the target term by term: another corpus, or a frequency list
        (`Counts.from_matrix`). A list is one unit, so that nothing can be relabeled: every p stays
        blank, ``reference_docs`` is left out, and ``settings["no_p"]`` says why. Where a list has
        fewer words than its `totals` or no n-grams, or one side was counted with `min_df`, `max_df`
        or `max_terms`, a term that it lacks is not counted, which is no zero: such terms come last,
        with that side's columns and all measures blank, outside the test, and with a warning;
        ``settings["not_counted"]`` has their number.
    measures : sequence of {"g2", "log_ratio"}
        Effect columns to show.
    test : {"permutation", None}
        None leaves the p columns empty.
    statistic : {"studentized"}
        Difference of pooled rates ÷ its linearized between-unit standard error.
    permutations : int
        Random labelings, where the exact enumeration would need more than 200,000.
    clusters : array of int, optional
        Cluster of each document, such as `NearDuplicates.labels`.
    copies : {"once", "all"}
        ``"once"`` asks for the rate over the distinct texts that a side published, ``"all"`` for
        the rate over everything it published.
    strata : str or array, optional
        A column (``"date"``) or one value a document; units move only inside a stratum.
    seed : int
        Seed of the random labelings.
    threads, progress
        As in `tokenize`.

    Returns
    -------
    Table
        One row a term, the surest first: ``term, target, reference`` (occurrences),
        ``target_rate, reference_rate`` (per word, also those of n-grams), ``target_docs,
        reference_docs``, ``g2`` (signed), ``log_ratio``, ``p`` (two-sided), ``p_adjusted``
        (Benjamini–Hochberg), ``p_max_t`` (family-wise, Westfall–Young), ``p_floor`` (the smallest
        p that the term can reach), ``top_share``, ``survives_dropping_one``. ``settings`` holds the
        units, the number of labelings and the smallest p of the design.

    Raises
    ------
    ParameterError
        If a side is empty, the sides overlap, or the counts are grouped.

    Notes
    -----
    G² is the log-likelihood ratio of Dunning (1993) over the four cells of the 2×2 table, negative
    where the target uses the term less; its totals are words. (Skip-grams of a repeated word can be
    more than there are words; then the words of both sides are multiplied until they hold them.)
    The log ratio is ``log2(target_rate / reference_rate)``, with half an occurrence in place of
    none (Hardie 2014). Where the other side's rate lets expect less than that half, none there
    tells nothing, and the log ratio is 0 instead of having the wrong sign.

    Examples
    --------
    >>> import nutgraf as ng
    >>> texts = ["truce now"] * 3 + ["peace now"] * 3
    >>> table = ng.keyness(ng.tokenize(texts).counts(), target=[0, 1, 2])
    >>> table["term"][0], float(table["p"][0]), float(table["p_floor"][0])
    ('truce', 0.1, 0.1)
    """
    sides: dict[str, object] = {"counts": counts, "reference": reference}
    for name, value in sides.items():
        if isinstance(value, Weighted):
            rule, remedy = "keyness compares occurrences, not weights", "pass weighted.counts"
            raise _parameters.refuse(name, value, rule, remedy)
    if not isinstance(counts, Counts):
        raise _parameters.refuse(
            "counts", counts, "it must be Counts", "pass nutgraf.tokenize(documents).counts()"
        )
    if counts.groups is not None:
        message = "counts has groups as rows, but units are documents; pass Tokens.counts() itself."
        raise ParameterError(message, parameter="counts")
    measures = _parameters.texts("measures", measures, remedy="pass ('g2', 'log_ratio')")
    for measure in measures:
        _parameters.choice("measures", measure, ("g2", "log_ratio"))
    _parameters.choice("test", test, ("permutation", None))
    _parameters.choice("statistic", statistic, ("studentized",))
    _parameters.choice("copies", copies, ("once", "all"))
    permutations = _parameters.permutations(permutations)
    seed = _parameters.seed(seed)
    threads = _parameters.threads(threads)
    numbered, all_rows, is_list = _clusters(clusters, len(counts)), counts, False
    unknown = np.zeros((2, 0), dtype=np.bool_)
    _reference.refuse_mapping(counts, reference)
    if isinstance(reference, Counts):
        chosen = _nonempty("target", _mask("target", counts, target))
        all_rows, side, numbered = _reference.beside(
            counts, chosen, reference, clusters=numbered, strata=strata
        )
        unknown = _reference.uncounted(counts, reference, all_rows.terms)
        is_list = reference.groups is not None
        test = None if is_list else test
    else:
        side = _sides(counts, target, reference)
    with Watched(progress, "relabeling") as report:
        compare = partial(
            _nutgraf.keyness,
            side=side,
            clusters=numbered,
            strata=_strata(counts, strata),
            permutations=permutations,
            once=copies == "once",
            seed=seed,
            threads=threads,
            progress=report,
        )
        columns, design = _reference.compared(compare, all_rows, unknown, test=test is not None)
    design["zero_rule"] = _ZERO_RULE
    vocabulary = all_rows.terms
    if is_list:
        columns = _reference.blanked(columns)
        design["no_p"] = _reference.NO_P
    table: dict[str, Any] = {
        "term": [vocabulary[term] for term in columns.pop("term").tolist()],
        **columns,
    }
    for measure in {"g2", "log_ratio"} - set(measures):
        table.pop(measure)
    order = _surest_first(columns, test is not None)
    ordered: dict[str, Any] = {name: _take(values, order) for name, values in table.items()}
    parameters = {
        "target": target,
        "reference": reference,
        "measures": measures,
        "test": test,
        "statistic": statistic,
        "permutations": permutations,
        "clusters": clusters,
        "copies": copies,
        "strata": strata,
        "seed": seed,
        **design,
    }
    return Table(
        ordered,
        settings=made(
            parameters, corpus=counts.corpus, tokens=counts._tokens, counts=counted(counts)
        ),
        evidence=partial(uses, counts, side[: len(counts)], ordered["term"]),
        shown=[name for name in _SHOWN if name in ordered],
        native=None if counts.corpus is None else counts.corpus._native,
        name="keyness",
    )


def _sides(
    counts: Counts,
    target: Mapping[str, object] | ArrayLike,
    reference: Mapping[str, object] | ArrayLike | None,
) -> NDArray[np.uint8]:
    """0 for neither side, 1 for target, 2 for reference."""
    chosen = _mask("target", counts, target)
    others = ~chosen if reference is None else _mask("reference", counts, reference)
    both = np.flatnonzero(chosen & others)
    if both.size:
        message = (
            f"target and reference share {both.size} documents (first row {both[0]}), but a "
            "document stands on one side; make the two disjoint."
        )
        raise ParameterError(message, parameter="reference")
    for name, mask in (("target", chosen), ("reference", others)):
        _nonempty(name, mask)
    return np.where(chosen, _TARGET, np.where(others, _REFERENCE, _NEITHER)).astype(np.uint8)


def _nonempty(name: str, mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    if mask.any():
        return mask
    message = f"{name} holds no document, but each side needs at least one; check its values."
    raise ParameterError(message, parameter=name)


def _mask(name: str, counts: Counts, given: Mapping[str, object] | ArrayLike) -> NDArray[np.bool_]:
    if isinstance(given, Mapping):
        return _matching(name, counts, given)
    array = np.asarray(given)
    if array.dtype == np.bool_:
        if array.shape != (len(counts),):
            message = (
                f"{name} has shape {array.shape}, but there are {len(counts)} documents; "
                "pass one value a document."
            )
            raise InputError(message, parameter=name)
        return array
    mask = np.zeros(len(counts), dtype=np.bool_)
    if array.size and not np.issubdtype(array.dtype, np.integer):
        message = (
            f"{name} holds {array.dtype} values; "
            "pass a mapping, a boolean mask or whole row numbers."
        )
        raise ParameterError(message, parameter=name)
    outside = array[(array < 0) | (array >= len(counts))] if array.size else array
    if outside.size:
        message = (
            f"{name} holds the row {outside[0]}, but rows lie between 0 and {len(counts) - 1}."
        )
        raise ParameterError(message, parameter=name)
    mask[array.astype(np.int64)] = True
    return mask


def _matching(name: str, counts: Counts, given: Mapping[str, object]) -> NDArray[np.bool_]:
    """Documents whose columns have the wanted values; a list allows several."""
    corpus = counts.corpus
    if corpus is None:
        rule = "these counts have no corpus with columns"
        raise _parameters.refuse(name, given, rule, "pass a boolean mask, or rows")
    if not given:
        message = f"{name} is an empty mapping; name a column, such as {{'source': 'A'}}."
        raise ParameterError(message, parameter=name)
    mask = np.ones(len(counts), dtype=np.bool_)
    for column, wanted in given.items():
        values = corpus.column(column)
        allowed = wanted if isinstance(wanted, list | tuple | set | frozenset) else [wanted]
        found = np.array([value in allowed for value in values], dtype=np.bool_)
        if not found.any():
            known = clean(", ".join(sorted({str(value)[:60] for value in values})[:8]))
            message = (
                f"{name} asks for {column}={wanted!r}, but no document has it; there are: {known}."
            )
            raise ParameterError(message, parameter=name)
        mask &= found
    return mask


def _clusters(clusters: ArrayLike | None, documents: int) -> NDArray[np.uint32] | None:
    if clusters is None:
        return None
    labels = np.asarray(clusters)
    if labels.shape != (documents,):
        message = (
            f"clusters has shape {labels.shape}, but there are {documents} documents; "
            "pass one label a document."
        )
        raise InputError(message, parameter="clusters")
    _, numbered = np.unique(labels, return_inverse=True)
    return numbered.astype(np.uint32)


def _strata(counts: Counts, strata: str | ArrayLike | None) -> NDArray[np.int64] | None:
    """Strata as numbers in the order of their values, so that the smallest is the earliest date."""
    if strata is None:
        return None
    if isinstance(strata, str) and counts.corpus is None:
        rule = "these counts have no corpus whose column it could be"
        raise _parameters.refuse("strata", strata, rule, "pass one value a document")
    corpus: Any = counts.corpus
    values = corpus.column(strata) if isinstance(strata, str) else list(np.asarray(strata))
    if len(values) != len(counts):
        message = (
            f"strata has {len(values)} values, but there are {len(counts)} documents; "
            "pass one a document."
        )
        raise InputError(message, parameter="strata")
    # A date with a time of day belongs to its day; a missing date is a stratum of its own.
    days = [
        str(value)[:10] if strata == "date" and value is not None else value for value in values
    ]
    _, numbered = np.unique(np.array([str(day) for day in days]), return_inverse=True)
    return numbered.astype(np.int64)


def _surest_first(columns: Mapping[str, NDArray[Any]], tested: bool) -> NDArray[np.int64]:
    """By family-wise p, then p, then strength of evidence; ties by term id."""
    strength = -np.abs(columns["g2"])
    if not tested:
        return np.lexsort((strength,)).astype(np.int64)
    p_max_t = np.nan_to_num(columns["p_max_t"], nan=2.0)
    return np.lexsort((strength, columns["p"], p_max_t)).astype(np.int64)


def _take(values: NDArray[Any] | list[str], order: NDArray[np.int64]) -> NDArray[Any] | list[str]:
    if isinstance(values, list):
        return [values[row] for row in order.tolist()]
    return values[order]
