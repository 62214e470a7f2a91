"""A reference that was counted elsewhere: another corpus, or a published frequency list."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from nutgraf import _selection
from nutgraf._parameters import refuse
from nutgraf._warnings import warn
from nutgraf.counts import Counts
from nutgraf.tokens import tokenize

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

__all__ = ["NO_P", "beside", "blanked", "compared", "refuse_mapping", "uncounted"]

#: Why p is blank where the reference is a list.
NO_P = (
    "the reference is a frequency list, which is one unit: significance comes from relabeling "
    "documents, and needs several of them on each side"
)


def beside(
    counts: Counts,
    chosen: NDArray[np.bool_],
    reference: Counts,
    *,
    clusters: NDArray[np.uint32] | None,
    strata: object,
) -> tuple[Counts, NDArray[np.uint8], NDArray[np.uint32] | None]:
    """Return counts with the rows of the reference below, the side of each row, its cluster.

    Documents of `counts` outside the target stand on neither side.
    """
    if strata is not None:
        rule = "the documents of a reference with counts of its own have no strata"
        raise refuse("strata", strata, rule, "leave strata out")
    inner = counts._inner.stacked(reference._inner)
    both = Counts(inner, None, [*counts.ids, *reference.ids], how=counts._how)
    side = np.concatenate([chosen.astype(np.uint8), np.full(len(reference), 2, dtype=np.uint8)])
    if clusters is not None:
        own = np.arange(len(reference), dtype=np.uint32) + clusters.max(initial=0) + 1
        clusters = np.concatenate([clusters, own.astype(np.uint32)])
    return both, side, clusters


def blanked(columns: Mapping[str, Any]) -> dict[str, Any]:
    """Return columns without what a list cannot tell: its documents, and the spread over them."""
    kept = {name: values for name, values in columns.items() if name != "reference_docs"}
    in_list = columns["target_rate"] < columns["reference_rate"]
    kept["top_share"] = np.where(in_list, np.nan, columns["top_share"])
    return kept


def refuse_mapping(counts: Counts, reference: object) -> None:
    """Refuse a frequency list that was not made into counts; columns have other values."""
    if not isinstance(reference, Mapping) or not reference:
        return
    corpus = counts.corpus
    columns = set() if corpus is None else {*corpus._columns, *corpus._metadata}
    numbers = all(
        isinstance(value, int | float | np.number) and not isinstance(value, bool)
        for value in reference.values()
    )
    if numbers and not columns & set(reference):
        rule = "a mapping names columns of the documents, and a frequency list must be Counts"
        remedy = "pass nutgraf.Counts.from_matrix({term: count}, totals=…)"
        raise refuse("reference", dict(reference), rule, remedy)


def uncounted(counts: Counts, reference: Counts, terms: list[str]) -> NDArray[np.bool_]:
    """Return for target and reference which of all terms they may hold without saying so.

    Counts whose rows leave words out, as most lists do, and counts after `min_df` and its like, say
    nothing about a term that they have no column for; nor do counts of words about n-grams, or
    counts under a view about the stop words that it removes.
    Elsewhere no column means no occurrence.
    """
    listed = set(reference.terms)
    lacking = np.zeros((2, len(terms)), dtype=np.bool_)
    lacking[0, counts.shape[1] :] = True
    lacking[1] = [term not in listed for term in terms]
    several = np.array([" " in term for term in terms], dtype=np.bool_)
    for row, side in enumerate((counts, reference)):
        if not _leaves_out(side):
            words, ngrams = _lengths(side)
            gone = _removed(side, terms, lacking[row])
            lacking[row] &= several & (not ngrams) | ~several & (not words) | gone
    return lacking


def _removed(counts: Counts, terms: list[str], lacking: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return which of the lacking terms the view behind counts removes, such as stop words."""
    gone = np.zeros(len(terms), dtype=np.bool_)
    tokens = counts._tokens
    if tokens is None or tokens._surface is None or "dictionary" in tokens._view:
        return gone
    rows = np.flatnonzero(lacking)
    how = {**tokens._how, "tailorings": True}
    if tokens._how["tailorings"] is not None:
        how["tailorings"] = tokens._how["tailorings"]
    words = tokenize([terms[row] for row in rows.tolist()], progress=False, **how)
    gone[rows] = np.diff(words.view(**tokens._view).indptr) == 0
    return gone


def _lengths(counts: Counts) -> tuple[bool, bool]:
    """Say whether words were counted, and whether n-grams; of a list, whether it has any."""
    if "ngram_range" in counts._how:
        shortest, longest = counts._how["ngram_range"]
        return shortest == 1, longest > 1
    several = [" " in term for term in counts.terms]
    return not all(several), any(several)


def _leaves_out(counts: Counts) -> bool:
    how = counts._how
    if "source" in how:
        single = np.array([" " not in term for term in counts.terms], dtype=np.bool_)
        total, words = counts.totals.sum(), counts.frequency[single].sum()
        # Without totals of their own, what stands in the rows is all there is.
        return bool(words < total != counts.frequency.sum())
    if not how:
        return False
    # How many documents groups had is not known; what a share of them is does not matter then.
    documents = len(counts) if counts.groups is None else 2**31
    fewest = _selection.documents("min_df", how["min_df"], documents)
    most = _selection.documents("max_df", how["max_df"], documents)
    return how["max_terms"] is not None or fewest > 1 or most < documents


def compared(
    compare: Callable[..., tuple[dict[str, Any], dict[str, Any]]],
    rows: Counts,
    unknown: NDArray[np.bool_],
    **test: Any,
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Compare the terms that both sides counted; those of one side follow, their measures blank.

    Only the former enter the test, because a missing count is no zero.
    """
    apart = unknown.any(axis=0)
    if not apart.any():
        return compare(rows._inner, **test)
    kept, rest = (np.flatnonzero(each).astype(np.uint32) for each in (~apart, apart))
    columns, design = compare(rows._inner.columns(kept), **test)
    more, _ = compare(rows._inner.columns(rest), **{**test, "test": False})
    columns["term"], more["term"] = kept[columns["term"]], rest[more["term"]]
    for number, side in enumerate(("target", "reference")):
        blank = unknown[number, more["term"]]
        docs = more[f"{side}_docs"].astype(object)
        docs[blank] = None
        more[f"{side}_docs"] = docs
        for name in (side, f"{side}_rate"):
            more[name] = np.where(blank, np.nan, more[name])
    for name in ("g2", "log_ratio", "top_share"):
        more[name] = np.full(len(more["term"]), np.nan)
    more["survives_dropping_one"][:] = False
    design["not_counted"] = {
        side: int(unknown[number, more["term"]].sum())
        for number, side in enumerate(("target", "reference"))
    }
    _tell(design["not_counted"])
    return {name: np.concatenate([columns[name], more[name]]) for name in columns}, design


def _tell(missing: Mapping[str, int]) -> None:
    told = " and ".join(
        f"{number:,} {'term' if number == 1 else 'terms'} in the {side}"
        for side, number in missing.items()
        if number
    )
    if told:
        warn(
            f"Not counted: {told}, whose counts leave terms out; a missing count is no zero, so "
            "measures of these terms stay blank; take a complete list, or count without stop "
            "words, min_df, max_df and max_terms."
        )
