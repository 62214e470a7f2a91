"""Who copied whom: near duplicates, verified, with clusters from verified pairs only."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from nutgraf import _nutgraf, _parameters, _scope
from nutgraf._duplicates import NearDuplicates
from nutgraf._keywords import answered
from nutgraf._progress import Steps, Watched
from nutgraf._settings import made
from nutgraf._warnings import warn
from nutgraf.tokens import Tokens

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import timedelta

    from nutgraf._progress import Progress

__all__ = ["NearDuplicates", "near_duplicates"]

#: Units in a shingle.
_SHINGLES = {"word": 5, "char": 12}


@answered("near_duplicates")
def near_duplicates(
    documents: object,
    *,
    threshold: float = 0.5,
    shingle: int | None = None,
    unit: Literal["word", "char"] = "word",
    containment: float | None = None,
    against: object = None,
    across: str | Iterable[Any] | None = None,
    within: str | timedelta | None = None,
    noisy: bool = False,
    linkage: Literal["single", "star"] = "single",
    method: Literal["exact", "minhash"] = "exact",
    recall: float | None = None,
    slots: int | None = None,
    across_gaps: bool = True,
    max_pairs: int | None = None,
    threads: int | None = None,
    progress: Progress = None,
) -> NearDuplicates:
    """Find every pair of documents that share most of their text, without exception.

    Two documents are near duplicates when the Jaccard similarity of their sets of shingles (runs
    of `shingle` words) reaches `threshold`. The search is exact unless you ask for another
    `method`: a prefix-filter join over rare shingles proposes candidate pairs, and every reported
    pair is verified on its words.

    Parameters
    ----------
    documents : Corpus, sequence of str, string column, or Tokens
        A `Tokens` view decides what a word is; otherwise, and for surface tokens, it is
        ``view(lower=True, fold_punctuation=True)``.
    threshold : float
        Smallest similarity of a pair, in (0, 1].
    shingle : int, optional
        Words (or characters) in a shingle: 5 words or 12 characters unless told otherwise.
    unit : {"word", "char"}
        What a shingle is made of.
    containment : float, optional
        Smallest containment, in (0, 1], of pairs that are listed although their similarity is below
        the threshold, since one text is a part of the other: `kind` *contained*, and `part` says
        which one. The part needs 50 shingles or more. Also exact. Such pairs form no clusters.
    against : Corpus, sequence of str, or string column, optional
        Other documents: every pair has one of `documents` on the left and one of these on the
        right. Their words are found as those of `documents` are. There are no clusters then.
        A document that is on both sides pairs with itself: leave `against` out to search inside
        one corpus, and leave out of an archive what you hold against it.
    across : str or iterable, optional
        A column of the corpus, such as ``"source"``, or a label a document: only documents with two
        labels pair. A document without a label pairs with none.
    within : str or timedelta, optional
        How far apart the dates of a pair may lie: ``"36h"``, ``"7d"``, ``"2w"``. A day counts from
        its beginning, so do months and years; without a zone it is universal time. A document
        without a date pairs with none.
    noisy : bool
        For reprints: text with cuts, hyphenated lines and letters that a scanner misread. Documents
        are compared by the passages that they share, letter by letter, as `passages` with
        ``unit="char"`` finds them; `shingle` and `unit` are refused. Similarity then is the share
        of the shorter text's letters and digits in such passages, and `threshold` bounds it.
        A pair shares 100 letters or more, and a fifth of the longer text: where less of that is
        shared, one quotes or embeds the other, which is listed as *contained* (from `containment`
        on, or `threshold`) and forms no clusters.
    linkage : {"single", "star"}
        Documents belong to one cluster when a chain of pairs connects them (*single*), or when each
        is a pair with the centre (*star*): the document with most pairs, of those the longest. A
        document goes to the first centre that it is near. Stars do not chain, but need all pairs.
    method : {"exact", "minhash"}
        With ``"exact"`` every pair is found. With ``"minhash"`` signatures propose the candidate
        pairs: a pair may be missed, with the probability that `recall` leaves; it pays where the
        exact search is slow, at low thresholds and with shingles of one or two words. Every pair
        is verified all the same.
    recall : float, optional
        With ``method="minhash"``: the smallest probability with which a pair at `threshold` is
        found, in (0, 1); 0.99 by default. Pairs above the threshold are found more often.
        `containment` and `noisy` need an exact search.
    slots : int, optional
        With ``method="minhash"``: the most numbers of a signature, from 1 to 4,096; 288 by
        default. More of them leave fewer false candidates to verify.
    across_gaps : bool
        Whether shingles reach across tokens that the view removed. True by default, unlike in
        `Tokens.counts`: punctuation is the first thing that changes in a copy.
    max_pairs : int, optional
        `NearDuplicates.pairs` refuses to expand more pairs than this; the limit ``pairs`` by
        default, which is 5,000,000 unless `set_limits` changed it.
    threads, progress
        As in `tokenize`.

    Returns
    -------
    NearDuplicates
        ``pairs``, ``clusters`` and ``labels``. Documents too short for one shingle are never
        duplicates of anything, and never dropped.

    Raises
    ------
    ParameterError
        If a parameter is outside its range, `slots` are too few for `recall`, or `across` or
        `within` asks for labels or dates that no document has.

    Warns
    -----
    NutgrafWarning
        If documents have no label or no date, and so pair with none; if `against` has the same
        texts as `documents`; or if candidates of `method="minhash"` were too many to verify.

    Notes
    -----
    Jaccard similarity of the shingle sets A and B is ``|A ∩ B| / |A ∪ B|``; containment is
    ``|A ∩ B| / |A|``. The join follows Xiao et al., *Efficient similarity joins for near-duplicate
    detection* (2011); for containment the smaller set looks for larger ones. Where pairs are too
    many to be verified in time that grows with the corpus, such as articles that all share most of
    a page, clusters are found without them, exactly, and pairs when they are first asked for:
    ``settings["pairs"]`` then is ``"on request"``. Stars, `across` and `within` need all pairs.

    With ``noisy=True`` a shared run of 40 letters is found without exception; between such runs
    up to 96 letters may differ. A letter in ten may be wrong: most lines still hold a run of 16.
    Every two texts that share one are laid side by side, unless that takes more than a million
    comparisons and 128 a document: then texts that share what many others have, too, meet at most
    16 of them, those before them by length and the shortest. ``settings["whole"]`` is False in
    that case, ``settings["crowds"]`` counts the places of the text that so many share, clusters
    are linked through the comparisons made, and `pairs` may miss some. Mask furniture first where
    thousands share most of a page (`furniture`, `Corpus.without`).

    With ``method="minhash"`` signatures (see `signatures`) are cut into ``bands`` of ``rows``
    numbers, and a pair is a candidate when a band agrees: with probability
    ``1 - (1 - J**rows)**bands`` at similarity J. The most rows are taken for which enough bands fit
    into `slots` to reach `recall`. ``settings`` holds ``bands``, ``rows``, what can be expected at
    the threshold (``recall_at_threshold``) and at other similarities (``recall_at``). Where
    thousands of documents would all be candidates of each other, ``whole`` is False: each of them
    is held against a few leaders only, so that the time stays linear, and `pairs` holds those
    that link clusters.

    Examples
    --------
    >>> import nutgraf as ng
    >>> story = "Both sides agreed on Tuesday to halt the shelling of the river port."
    >>> found = ng.near_duplicates(["An unrelated text.", story, "Update: " + story])
    >>> found.pairs.to_dicts()[0]["similarity"]
    0.9
    >>> found.labels.tolist()
    [0, 1, 1]

    What of one day's articles stands in an archive, and a text inside a longer one:

    >>> ng.near_duplicates([story], against=["Old news.", story]).pairs["right_row"].tolist()
    [1]
    >>> facts = " ".join(f"fact {number}" for number in range(40))
    >>> report = facts + " " + " ".join(f"remark {number}" for number in range(99))
    >>> table = ng.near_duplicates([report, facts], containment=0.8).pairs
    >>> table["kind"], table["part"]
    (['contained'], ['right'])
    """
    _parameters.choice("unit", unit, ("word", "char"))
    _parameters.choice("linkage", linkage, ("single", "star"))
    _parameters.choice("method", method, ("exact", "minhash"))
    sketch = _sketch(method, recall, slots)
    if sketch:
        _refuse_exact(containment=containment, noisy=noisy)
    threads = _parameters.threads(threads)
    noisy = _parameters.flag("noisy", noisy)
    if noisy:
        _refuse_sets(shingle, unit)
    if shingle is None:
        shingle = _SHINGLES[unit]
    how = {
        "threshold": _parameters.threshold(threshold),
        "shingle": _parameters.limited("shingle", shingle, remedy="pass 5 for words, 12 for char"),
        "unit": unit,
        "across_gaps": _parameters.flag("across_gaps", across_gaps),
        "containment": None if containment is None else _parameters.containment(containment),
        "linkage": linkage,
        "noisy": noisy,
    }
    if max_pairs is None:
        max_pairs = _parameters.most("pairs")
    max_pairs = _parameters.whole(
        "max_pairs", max_pairs, low=0, remedy="pass 5_000_000, or use iter_pairs()"
    )
    documents, corpora, scope, said, more = _scope.asked(documents, against, across, within)
    with Watched(progress, "looking for near duplicates") as report:
        ready = isinstance(documents, Tokens) and against is None
        steps = Steps(report, 1 if ready else 2)
        tokens = _scope.words_of(documents, corpora[1:], "near_duplicates", threads, steps)
        inner, covered = _found(
            tokens, sketch, how, scope, threads=threads, progress=steps.step() or None
        )
    settings: dict[str, object] = {
        **how,
        **said,
        "method": method,
        "max_pairs": max_pairs,
        "candidates": inner.candidates,
        "pairs": "found" if inner.pair_count is not None else "on request",
        **sketch,
        **covered,
    }
    told = made(settings, corpus=corpora[0], tokens=tokens, **more)
    return NearDuplicates(inner, tokens, told, corpora, scope)


def _refuse_sets(shingle: object, unit: object) -> None:
    """Refuse what says how sets of shingles are made, where there are none."""
    rule = "noisy=True compares passages of letters, not sets of shingles"
    if shingle is not None:
        raise _parameters.refuse("shingle", shingle, rule, "leave shingle out")
    if unit != "word":
        raise _parameters.refuse("unit", unit, rule, "leave unit out")


def _sketch(method: str, recall: object, slots: object) -> dict[str, Any]:
    """Return what signatures are asked for; nothing for an exact search."""
    if method == "exact":
        for name, value in (("recall", recall), ("slots", slots)):
            if value is not None:
                rule = (
                    'it belongs to method="minhash", and method is "exact", which finds every pair'
                )
                raise _parameters.refuse(name, value, rule, "leave it out")
        return {}
    return {
        "recall": _parameters.share("recall", 0.99 if recall is None else recall),
        "slots": _parameters.slots(288 if slots is None else slots),
    }


def _refuse_exact(**asked: object) -> None:
    """Refuse what only the exact search knows."""
    for name, value in asked.items():
        if value is not None and value is not False:
            rule = 'signatures (method="minhash") tell how similar sets of shingles are, no more'
            remedy = f"leave method out for an exact search, or leave {name} out"
            raise _parameters.refuse(name, value, rule, remedy)


def _found(
    tokens: Tokens,
    sketch: dict[str, Any],
    how: dict[str, Any],
    scope: dict[str, Any],
    **run: Any,
) -> tuple[_nutgraf.NearDuplicates, dict[str, Any]]:
    """Search, and tell what the search covered."""
    if not sketch:
        inner = _nutgraf.near_duplicates(tokens._inner, how, scope, **run)
        if inner.crowds:
            warn(
                "So many documents share passages that not every two of them were compared: for "
                f"{inner.crowds:,} runs of letters each document met a few others. Clusters are "
                "linked through those, and pairs may miss some; mask what a source repeats with "
                "Corpus.without(furniture(corpus)), or look across sources or within days."
            )
        noisy = {"whole": not inner.crowds, "crowds": inner.crowds}
        return inner, noisy if how["noisy"] else {}
    inner, covered = _nutgraf.near_duplicates_sketched(tokens._inner, how, scope, **sketch, **run)
    if not covered["whole"]:
        warn(
            "Too many documents are candidates of each other to verify every pair, so clusters "
            "are linked through a few leaders, and pairs holds those links alone; raise threshold "
            "or shingle for fewer candidates."
        )
    return inner, covered
