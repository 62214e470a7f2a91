"""The words that a comparison shows: what sets a source apart, and what one article alone uses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from nutgraf.exceptions import InputError, ParameterError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from nutgraf._sentences import Places
    from nutgraf.results import Table
    from nutgraf.tokens import Tokens

    Rows = list[dict[str, Any]]

__all__ = ["distinctive_terms", "only_here", "terms_of"]

#: Only terms at or below this family-wise p are called distinctive.
ALPHA = 0.05
TERMS_SHOWN = 20
CHANCE_SHOWN = 8
#: A term stands in one article "only" if it is used at least this often there.
USES = 3


def terms_of(tokens: Tokens, language: str) -> tuple[Tokens, bool]:
    """The view whose terms are compared, and whether stop words could be left out."""
    shortest = 1 if language in ("zh", "ja", "th") else 2
    view = tokens._counted().view(min_length=shortest)
    try:
        return view.view(stop_words=language), True
    except (ParameterError, InputError):
        return view, False


def _holders(counts: Any, terms: set[str]) -> dict[str, NDArray[np.int64]]:
    """Rows in which each of some terms stands."""
    columns = [column for column, term in enumerate(counts.terms) if term in terms]
    owner = np.repeat(np.arange(len(counts.indptr) - 1), np.diff(counts.indptr))
    return {counts.terms[column]: owner[counts.indices == column] for column in columns}


def distinctive_terms(
    results: Mapping[str, Table],
    counts: Any,
    names: NDArray[np.object_],
    places: Places,
    permutations: int,
) -> Rows:
    """The terms that the cards show, with one sentence each."""
    rows: Rows = []
    for source, table in results.items():
        p = np.asarray(table["p_max_t"], dtype=float)
        ratio = np.asarray(table["log_ratio"], dtype=float)
        order = np.lexsort((-ratio, np.asarray(table["p"], dtype=float), p))
        # Half an occurrence stands in for none, so a ratio can rise above 0 without any use.
        used = np.asarray(table["target_docs"]) > 0
        up = [int(i) for i in order if ratio[i] > 0 and used[i]]
        strong = [i for i in up if p[i] <= ALPHA][:TERMS_SHOWN]
        weak = [i for i in up if p[i] > ALPHA][:CHANCE_SHOWN]
        # A term that the test keeps out of its family has no p_max_t; that is no verdict.
        weak += [i for i in up if np.isnan(p[i])][:CHANCE_SHOWN]
        terms = table["term"]
        holders = _holders(counts, {terms[i] for i in strong + weak})
        exact = bool(table.settings.get("exact", False))
        out_of = int(table.settings["labelings"]) if exact else permutations + 1
        own = names == source
        for i in strong + weak:
            term = terms[i]
            where = holders.get(term, np.array([], dtype=np.int64))
            here = [int(row) for row in where if own[row]]
            shown = min(10_000, out_of)
            rows.append(
                {
                    "source": source,
                    "term": term,
                    "distinctive": bool(p[i] <= ALPHA),
                    "judged": not np.isnan(p[i]),
                    "articles_with": len(here),
                    "articles": int(own.sum()),
                    "others_with": len(where) - len(here),
                    "others": int((~own).sum()),
                    "log_ratio": float(ratio[i]),
                    "p_max_t": float(p[i]),
                    "times": 0 if np.isnan(p[i]) else max(1, round(p[i] * shown)),
                    "out_of": shown,
                    "top_share": float(table["top_share"][i]),
                    "survives_dropping_one": bool(table["survives_dropping_one"][i]),
                    **places.example(term, here),
                }
            )
    return rows


def only_here(counts: Any, names: NDArray[np.object_], places: Places) -> Rows:
    """Terms that one article uses at least three times and no other article uses at all.

    ``war's`` is a use of ``war``: the genitive of a word that others have is no word of its own.
    """
    terms = counts.terms
    number = {term: column for column, term in enumerate(terms)}
    word = np.array(
        [number.get(term.removesuffix("'s"), column) for term, column in number.items()],
        dtype=np.int64,
    )
    owner = np.repeat(np.arange(len(counts.indptr) - 1), np.diff(counts.indptr))
    cells, at = np.unique(owner * len(terms) + word[counts.indices], return_inverse=True)
    uses = np.bincount(at.reshape(-1), weights=counts.data, minlength=len(cells)).astype(np.int64)
    rows, words = np.divmod(cells, max(len(terms), 1))
    alone = (np.bincount(words, minlength=len(terms)) == 1)[words] & (uses >= USES)
    found = [
        (int(row), -int(count), terms[column])
        for row, count, column in zip(rows[alone], uses[alone], words[alone], strict=True)
    ]
    return [
        {
            "source": str(names[row]),
            "term": term,
            "uses": -count,
            **places.example(term, [row]),
        }
        for row, count, term in sorted(found)
    ]
