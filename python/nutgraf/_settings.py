"""What led to a result, in words and numbers that can be written down.

Settings hold nothing that depends on the machine: the same call on the same texts gives the same
settings, whatever the number of threads. They go through ``json.dumps`` as they are.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from nutgraf._parameters import shown
from nutgraf.versions import versions_behind

if TYPE_CHECKING:
    from nutgraf.corpus import Corpus
    from nutgraf.tokens import Tokens

__all__ = ["counted", "made", "plain"]

#: Values of an array that are written out; a longer one is named by its hash.
_LONGEST = 16


def made(
    parameters: Mapping[str, Any],
    *,
    corpus: Corpus | None,
    tokens: Tokens | None = None,
    **more: Any,
) -> dict[str, Any]:
    """Return the settings of a result.

    Parameters
    ----------
    parameters : mapping
        What the caller asked for, and facts about the design.
    corpus : Corpus or None
        The documents that were read; None where rows are groups, or came without texts.
    tokens : Tokens, optional
        The view that says what a word is.
    **more
        Other facts about the input, such as how terms were counted.
    """
    source: dict[str, Any] = {}
    if corpus is not None:
        source = {"documents": len(corpus), "fingerprint": corpus.fingerprint}
    if tokens is not None:
        source |= {**tokens._how, "view": tokens._view}
    return {
        **{name: plain(value) for name, value in parameters.items()},
        "input": plain({**source, **more}),
        "versions": versions_behind(),
    }


def plain(value: object) -> Any:
    """Return a value as JSON can hold it; sets are sorted, long arrays named by their hash."""
    if isinstance(value, np.generic):
        value = value.item()
    elif hasattr(value, "__array__"):
        return _array(np.asarray(value))
    if isinstance(value, float) and not np.isfinite(value):
        # NaN is no JSON.
        return repr(value)
    if value is None or isinstance(value, bool | int | float | str):
        return value
    return _of_many(value)


def _of_many(value: object) -> Any:
    if isinstance(value, Mapping):
        return {str(key): plain(each) for key, each in value.items()}
    if isinstance(value, set | frozenset):
        return sorted((plain(each) for each in value), key=str)
    if isinstance(value, list | tuple):
        return _array(np.asarray(value)) if _is_long(value) else [plain(each) for each in value]
    return shown(value)


def counted(counts: Any) -> dict[str, Any]:
    """Return how the terms behind some counts were chosen."""
    return dict(counts._how)


def _is_long(values: list[Any] | tuple[Any, ...]) -> bool:
    return len(values) > _LONGEST and all(isinstance(each, bool | int | float) for each in values)


def _array(values: np.ndarray[Any, Any]) -> Any:
    if values.dtype.kind not in "fiub" or values.size <= _LONGEST:
        return [plain(each) for each in values.tolist()] if values.ndim else plain(values.tolist())
    width = {"f": "<f8", "b": "|b1"}.get(values.dtype.kind, "<i8")
    digest = hashlib.blake2b(np.ascontiguousarray(values, dtype=width).tobytes(), digest_size=16)
    return {"values": int(values.size), "hash": digest.hexdigest()}
