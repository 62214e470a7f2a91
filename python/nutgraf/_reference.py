"""A reference that was counted elsewhere: another corpus, or a published frequency list."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from nutgraf._parameters import refuse
from nutgraf.counts import Counts

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

__all__ = ["NO_P", "beside", "blanked"]

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
