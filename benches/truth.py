"""True pairs of a corpus for which no list of them exists: counted once, then kept in a file.

Every two documents that share a word 5-gram are compared, through the product of the matrix of
documents and 5-grams with itself. No filter, no sketch and no code of nutgraf has a part in it.
"""

from __future__ import annotations

import hashlib
import re
import tempfile
from array import array
from pathlib import Path
from typing import Any

__all__ = ["counted"]

RUN = 5
WORD = re.compile(r"\w+")
#: Documents in one step of the product.
STEP = 256


def counted(name: str, texts: list[str], threshold: float) -> set[tuple[int, int]]:
    """Return every pair of rows at or above the threshold."""
    import numpy as np

    digest = hashlib.blake2b(digest_size=12)
    for text in texts:
        digest.update(text.encode() + b"\0")
    kept = Path(tempfile.gettempdir()) / f"nutgraf-{name}-{threshold}-{digest.hexdigest()}.npy"
    if kept.is_file():
        pairs = np.load(kept, allow_pickle=False)
    else:
        pairs = np.array(sorted(_pairs(texts, threshold)), dtype=np.int64).reshape(-1, 2)
        half = kept.with_suffix(f".{id(pairs)}.npy")
        np.save(half, pairs, allow_pickle=False)
        half.replace(kept)
    return set(map(tuple, pairs.tolist()))


def _pairs(texts: list[str], threshold: float) -> set[tuple[int, int]]:
    import numpy as np
    from scipy import sparse

    rows, grams, sizes = _cells(texts)
    ones = np.ones(len(rows), dtype=np.int32)
    shape = (len(texts), int(grams.max(initial=0)) + 1)
    matrix = sparse.coo_array((ones, (rows, grams)), shape=shape).tocsr()
    turned = matrix.T.tocsr()
    found: set[tuple[int, int]] = set()
    for start in range(0, len(texts), STEP):
        shared = (matrix[start : start + STEP] @ turned).tocoo()
        left, right = shared.row.astype(np.int64) + start, shared.col.astype(np.int64)
        # The same division as in `jaccard`, so that ties fall on the same side.
        near = shared.data / (sizes[left] + sizes[right] - shared.data) >= threshold
        above = near & (left < right)
        found |= set(zip(left[above].tolist(), right[above].tolist(), strict=True))
    return found


def _cells(texts: list[str]) -> tuple[Any, Any, Any]:
    """Return rows and 5-grams of the cells whose 5-gram two documents have, and sizes of sets."""
    import numpy as np

    known: dict[str, int] = {}
    words = array("q")
    lengths = []
    for text in texts:
        own = WORD.findall(text.lower())
        lengths.append(len(own))
        words.extend(known.setdefault(word, len(known)) for word in own)
    ids = np.frombuffer(words, dtype=np.int64) if words else np.zeros(0, dtype=np.int64)
    rows = np.repeat(np.arange(len(texts)), lengths)
    # Word by word, so that every 5-gram has a number of its own and no hash is needed.
    grams = ids
    for more in range(1, RUN):
        longer = grams[:-1] * len(known) + ids[more:]
        grams = np.unique(longer, return_inverse=True)[1] if len(longer) else longer
    inside = rows[: len(grams)] == rows[RUN - 1 :] if len(ids) >= RUN else np.zeros(0, dtype=bool)
    cells = np.unique(grams[inside] * len(texts) + rows[: len(grams)][inside])
    grams, rows = cells // len(texts), cells % len(texts)
    sizes = np.bincount(rows, minlength=len(texts))
    shared = np.bincount(grams)[grams] > 1 if len(grams) else np.zeros(0, dtype=bool)
    return rows[shared], grams[shared], sizes
