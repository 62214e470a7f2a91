"""Limits: what one call may ask for, and what it will need."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nutgraf import _nutgraf, _parameters, _selection
from nutgraf.corpus import Corpus
from nutgraf.counts import Counts
from nutgraf.exceptions import ParameterError
from nutgraf.results import Table
from nutgraf.tokens import Tokens, tokenize

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["estimate_memory", "limits", "set_limits"]

_COLUMNS = ("name", "value", "default", "highest", "unit", "bounds")

#: Documents that are tokenized to learn how many tokens there are.
_SAMPLE = 1_000

#: The options of each job that its need depends on.
_JOBS: Mapping[str, tuple[str, ...]] = {
    "near_duplicates": ("unit", "containment", "noisy"),
    "passages": ("unit",),
    "signatures": ("slots", "bits"),
    "tokenize": (),
    "counts": ("ngram_range", "skip"),
    "concordance": (),
    "keyness": (),
}


def limits() -> Table:
    """Show every limit of this process.

    Returns
    -------
    Table
        ``name``, ``value`` (what holds now), ``default``, ``highest`` (the largest value that
        `set_limits` takes), ``unit`` and ``bounds`` (what is limited, and what passing it raises).
        None is no limit: the machine does not say how much memory it has.

    Examples
    --------
    >>> import nutgraf as ng
    >>> table = ng.limits()
    >>> int(dict(zip(table["name"], table["value"]))["pattern_bytes"])
    10000
    """
    rows = _nutgraf.limit_table()
    columns = zip(*(row[: len(_COLUMNS)] for row in rows), strict=True)
    return Table({name: list(column) for name, column in zip(_COLUMNS, columns, strict=True)})


def set_limits(**limits: int | None) -> None:
    """Change limits for this process.

    Parameters
    ----------
    **limits : int or None
        Values by the names that `limits` shows; None goes back to the default. When one is wrong,
        none is changed.

    Raises
    ------
    ParameterError
        If there is no limit of a name, or a value is outside its range.

    Examples
    --------
    >>> import nutgraf as ng
    >>> ng.set_limits(memory_bytes=8 * 2**30, ngram=5)
    >>> ng.set_limits(memory_bytes=None, ngram=None)
    """
    highest = {row[0]: row[3] for row in _nutgraf.limit_table()}
    for name, value in limits.items():
        if name not in highest:
            message = (
                f"{name} is {_parameters.shown(value)}, but there is no limit of that name; "
                f"choose from {', '.join(highest)}."
            )
            raise ParameterError(message, parameter=name)
        if value is not None:
            remedy = "pass None to go back to the default"
            _parameters.whole(name, value, low=1, high=highest[name], remedy=remedy)
    _nutgraf.set_limits([(n, None if v is None else int(v)) for n, v in limits.items()])


def estimate_memory(
    documents: object,
    *,
    job: str = "near_duplicates",
    **options: object,
) -> int:
    """Estimate the memory that a call will need beside your strings.

    Parameters
    ----------
    documents : Corpus, sequence of str, string column, Tokens, or Counts
        What the call would get. Texts that are not tokenized yet are estimated with tokenizing
        included; a `Tokens` or `Counts` exists already and is not counted again.
    job : {"near_duplicates", "passages", "signatures", "tokenize", "counts", "concordance", \
            "keyness"}
        The call: `near_duplicates`, `passages` (without its table, which is 44 bytes a row),
        `signatures`, `tokenize`, `Tokens.counts`, `concordance` (the index that the first one
        makes) or `keyness`.
    **options
        Those that matter: ``unit``, ``containment`` and ``noisy`` of `near_duplicates`, ``unit`` of
        `passages`, ``slots`` and ``bits`` of `signatures`, ``ngram_range`` and ``skip`` of
        `Tokens.counts`.

    Returns
    -------
    int
        Bytes at the peak of the call, in about: on news, measured growth lies between 0.4 and 1.7
        times the estimate; texts that share nothing need less to be compared. The formulas are in
        the documentation of the limits. Where a limit ``memory_bytes`` is smaller, the call raises
        `MemoryLimitError` before any work.

    Raises
    ------
    ParameterError
        If there is no such job or option, or the job needs other data.

    Examples
    --------
    >>> import nutgraf as ng
    >>> ng.estimate_memory(["both sides agreed on a truce"] * 1000) > 28_000
    True
    """
    _parameters.choice("job", job, tuple(_JOBS))
    for name in options.keys() - set(_JOBS[job]):
        listed = " and ".join(_JOBS[job]) or "nothing"
        rule = f'job="{job}" depends on {listed} alone'
        raise _parameters.refuse(name, options[name], rule, "leave it out")
    if job == "keyness":
        if not isinstance(documents, Counts):
            rule = 'job="keyness" needs Counts'
            raise _parameters.refuse("documents", documents, rule, "pass Tokens.counts()")
        return _nutgraf.estimate_keyness(documents._inner)
    unit = options.get("unit", "word")
    _parameters.choice("unit", unit, ("word", "char"))
    if isinstance(documents, Tokens):
        return _of_tokens(documents, job, unit, options)
    return _of_texts(documents, job, unit, options)


def _of_texts(documents: object, job: str, unit: object, options: Mapping[str, object]) -> int:
    """From texts: tokenizing comes first, and its tokens stay beside what the job needs."""
    corpus = Corpus.of(documents)
    alone = _nutgraf.estimate_tokenize(corpus._texts)
    if job == "tokenize":
        return alone
    # Tokens are counted on a sample of the documents: about as many as in the rest.
    sample = corpus[:: max(1, len(corpus) // _SAMPLE)]
    share = corpus._texts.bytes / max(1, sample._texts.bytes)
    tokens = tokenize(sample, progress=False)
    return alone + round(share * _of_tokens(tokens, job, unit, options))


def _of_tokens(tokens: Tokens, job: str, unit: object, options: Mapping[str, object]) -> int:
    tokens._refuse_categories("estimate_memory")
    if job == "passages":
        return _nutgraf.estimate_passages(tokens._inner, unit == "char")
    if job == "signatures":
        slots = _parameters.whole("slots", options.get("slots", 128), low=1, remedy="pass 128")
        bits: Any = options.get("bits", 64)
        _parameters.choice("bits", bits, (64, 32, 16))
        return _nutgraf.estimate_signatures(tokens._inner, slots, bits)
    if job == "near_duplicates":
        if _parameters.flag("noisy", options.get("noisy", False)):
            return _nutgraf.estimate_noisy(tokens._inner)
        both = options.get("containment") is not None
        return _nutgraf.estimate_near_duplicates(tokens._inner, unit == "char", both)
    if job == "counts":
        shortest, longest = _selection.ngrams(options.get("ngram_range", (1, 1)))
        skips = _selection.skips(options.get("skip", 0))
        return _nutgraf.estimate_counts(tokens._inner, shortest, longest, skips)
    if job == "concordance":
        return _nutgraf.estimate_concordance(tokens._inner)
    rule = 'job="tokenize" needs texts'
    raise _parameters.refuse("documents", tokens, rule, "pass the documents themselves")
