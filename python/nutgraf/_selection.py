"""Which terms are counted, as users say it, and as the core wants it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from nutgraf import _parameters

__all__ = ["documents", "ngrams", "skips", "switches"]

_LONGEST_TERM = 2**32 - 1


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


def documents(name: str, value: float, count: int) -> int:
    """Return a document frequency as a count: shares are rounded as scikit-learn does."""
    if isinstance(value, int | np.integer):
        remedy = "pass a count (int) or a share (float) of the documents"
        return _parameters.whole(name, value, low=0, high=2**62, remedy=remedy)
    remedy = "pass an int to mean a count of documents"
    share = _parameters.number(name, value, low=0, high=1, remedy=remedy) * count
    return int(np.floor(share + 1e-9)) if name == "max_df" else int(np.ceil(share - 1e-9))


def skips(skip: Any) -> list[int]:
    """Check how many tokens may lie between two neighbours of an n-gram; sorted, each once."""
    remedy = "pass 0 for plain n-grams, or range(3) for up to two tokens"
    given = list(skip) if isinstance(skip, Iterable) and not isinstance(skip, str) else [skip]
    if not given:
        raise _parameters.refuse("skip", skip, "it must name at least one number", remedy)
    most = _parameters.most("skip")
    return sorted(
        {_parameters.whole("skip", one, low=0, high=most, remedy=remedy) for one in given}
    )


def switches(view: dict[str, Any]) -> dict[str, Any]:
    """Return a view with its values checked, each with a sentence of its own."""
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
