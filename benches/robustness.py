"""Edited copies: the share that each contender finds, at the setting that its guide shows.

Real articles are copied in eight ways (`edits`), and every contender is given all articles and
copies at once. A copy counts as found when it is in a pair with its article. Peers are not made to
verify: what their index proposes counts as found, and `strangers` tells how many proposed pairs
are of two articles that have nothing to do with each other; pairs that the corpus has by itself
are among them, for everybody. The time is that of the whole search, and says little about large
corpora.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from benches.corpora import RUN
from benches.edits import Edited, edited
from benches.frame import Contender, Facts, Job
from benches.peers import (
    datasketch_candidates,
    datasketch_sketches,
    gaoya_candidates,
    rensa_candidates,
    rensa_flags,
    rensa_sketches,
    sketched,
)

if TYPE_CHECKING:
    from benches.corpora import Corpus

__all__ = ["CORPORA", "JOBS"]

CORPORA = ("reuters21578", "saudi_ar")
#: Articles that are edited.
MOST = 400

Pairs = set[tuple[int, int]]


def _prepared(corpus: Corpus) -> Edited:
    return edited(corpus.texts(), MOST)


def _part(given: Edited) -> Edited:
    return Edited(given.texts[:200], 200)


def _facts(pairs: Pairs, corpus: Corpus) -> Facts:
    given = _prepared(corpus)
    size = sum(len(text.encode()) for text in given.texts)
    more = {"strangers": given.strangers(pairs), "articles": given.articles, "bytes": size}
    return given.shares(pairs) | more


# ---- nutgraf -----------------------------------------------------------------------------------


def _nutgraf(given: Edited, **how: Any) -> Pairs:
    import nutgraf as ng

    table = ng.near_duplicates(given.texts, progress=False, **how).pairs
    return set(zip(table["left_row"].tolist(), table["right_row"].tolist(), strict=True))


def _passages(given: Edited) -> Pairs:
    """Articles that share a passage, however short: quotations are among them."""
    import nutgraf as ng

    table = ng.passages(given.texts, progress=False)
    return set(zip(table["left_row"].tolist(), table["right_row"].tolist(), strict=True))


# ---- Peers -------------------------------------------------------------------------------------


def _rensa(given: Edited, threshold: float, bands: int) -> Pairs:
    rows, sketches = sketched(rensa_sketches, given.texts)
    return rensa_candidates(rows, sketches, threshold, bands)


def _rensa_headline(given: Edited) -> Pairs:
    """Flags only: a copy counts as found when it is flagged, whatever it was flagged for."""
    flags = rensa_flags(given.texts)
    articles = given.articles
    return {(row % articles, row) for row in range(articles, len(flags)) if flags[row]}


def _datasketch(given: Edited, threshold: float) -> Pairs:
    rows, sketches = sketched(datasketch_sketches, given.texts)
    return datasketch_candidates(rows, sketches, threshold)


def _gaoya(given: Edited) -> Pairs:
    return gaoya_candidates(given.texts, 0.5)


# ---- The job -----------------------------------------------------------------------------------


def _verdict(facts: dict[str, Facts]) -> list[str]:
    """Check what no search may miss: a word before a text of a hundred changes one 5-gram."""
    told = facts["nutgraf"]
    easy = ("one word prepended", "byline", "last 5 % cut")
    return [f"nutgraf found {told[name]:.4f} of {name}" for name in easy if told[name] < 1.0]


def _contender(name: str, library: str, how: str, work: Any) -> Contender:
    return Contender(name, library, how, "all", _prepared, work, _facts, _part)


JOBS = [
    Job(
        "edits",
        f"Edited copies found, each at its usual setting, word {RUN}-grams",
        (
            _contender("nutgraf", "nutgraf", "near_duplicates(list): its defaults", _nutgraf),
            _contender(
                "nutgraf, minhash",
                "nutgraf",
                'near_duplicates(list, method="minhash")',
                partial(_nutgraf, method="minhash"),
            ),
            _contender(
                "nutgraf, containment",
                "nutgraf",
                "near_duplicates(list, containment=0.8)",
                partial(_nutgraf, containment=0.8),
            ),
            _contender(
                "nutgraf, noisy",
                "nutgraf",
                "near_duplicates(list, noisy=True)",
                partial(_nutgraf, noisy=True),
            ),
            _contender("nutgraf, passages", "nutgraf", "passages(list): its defaults", _passages),
            _contender(
                "rensa",
                "rensa",
                "full set, threshold 0.8, 16 bands of 8",
                partial(_rensa, threshold=0.8, bands=16),
            ),
            _contender(
                "rensa, headline",
                "rensa",
                "rho sketches, threshold 0.8, 8 bands of 16, flags: as its speed is published",
                _rensa_headline,
            ),
            _contender(
                "gaoya", "gaoya", "threshold 0.5 as in its guide, bands of its choice", _gaoya
            ),
            _contender(
                "datasketch",
                "datasketch",
                "MinHashLSH(threshold=0.5, num_perm=128) as in its guide",
                partial(_datasketch, threshold=0.5),
            ),
            _contender(
                "datasketch, 0.9",
                "datasketch",
                "MinHashLSH(num_perm=128): its default threshold of 0.9",
                partial(_datasketch, threshold=0.9),
            ),
        ),
        "nutgraf",
        _verdict,
    )
]
