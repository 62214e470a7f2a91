"""MinHash signatures: a row of numbers for each document, portable between corpora and machines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from nutgraf import _nutgraf, _parameters, _scope
from nutgraf._keywords import answered
from nutgraf._progress import Steps, Watched
from nutgraf.tokens import Tokens

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from nutgraf._progress import Progress

__all__ = ["signatures"]


@answered("signatures")
def signatures(
    documents: object,
    *,
    shingle: int = 5,
    unit: Literal["word", "char"] = "word",
    slots: int = 128,
    bits: Literal[16, 32, 64] = 64,
    across_gaps: bool = True,
    threads: int | None = None,
    progress: Progress = None,
) -> NDArray[np.uint16] | NDArray[np.uint32] | NDArray[np.uint64]:
    r"""Make a MinHash signature of every document: a few numbers that keep similarity.

    The share of slots in which two signatures agree estimates the Jaccard similarity of the two
    sets of shingles. A signature depends on the text and the arguments alone: it is the same in
    every corpus, process, platform and release that has version 1 of the form, so that signatures
    can be stored, compared with later ones, or handed to other tools. `near_duplicates` finds
    pairs for you, verified.

    Parameters
    ----------
    documents : Corpus, sequence of str, string column, or Tokens
        A `Tokens` view decides what a word is; otherwise words are in lower case, with
        punctuation folded.
    shingle : int
        Words (or characters) in a shingle.
    unit : {"word", "char"}
        What a shingle is made of.
    slots : int
        Numbers in a signature, from 1 to 4,096.
    bits : {64, 32, 16}
        Width of a slot. Narrow slots are the lowest bits of wide ones.
    across_gaps : bool
        Whether shingles reach across tokens that the view removed.
    threads, progress
        As in `tokenize`.

    Returns
    -------
    numpy.ndarray of uint64, uint32 or uint16, shape (n_documents, slots)
        One row a document. In a document too short for one shingle all bits are set: leave such
        rows out, since they agree with each other.

    Raises
    ------
    ParameterError
        If an argument is outside its range.
    MemoryLimitError
        If the array would not fit.

    Notes
    -----
    With m the share of equal slots, the estimate of J is ``(m - c) / (1 - c)``, where
    ``c = 2**-bits`` is the probability that slots of different shingles agree by chance (b-bit
    MinHash: Li and König, 2010). For 16 bits that moves an estimate by 0.000015 at most. Its
    standard error is at most about ``sqrt(J * (1 - J) / slots)``.

    Slots are filled by fast similarity sketching (Dahlgaard, Knudsen and Thorup, 2017). Version 1
    of the form, with k slots: the key of a shingle is the hash of its terms' 64-bit hashes, each
    little-endian (with ``unit="char"``, of its code points as 32 bits each); every hash is XXH3-64
    with the bytes ``nutgraf1`` as seed. In round i = 0, 1, … a key has h = SplitMix64 of
    ``key + (i + 1) * 0x9E3779B97F4A7C15``. In rounds below k it goes to slot ``h * k >> 64``; round
    k + j fills slot j alone. The first round that reaches a slot fills it, with the smallest
    ``i * 2**48 + h % 2**48``.

    Examples
    --------
    >>> import nutgraf as ng
    >>> story = "Both sides agreed on Tuesday to halt the shelling of the river port."
    >>> made = ng.signatures([story, "Update: " + story], bits=16)
    >>> made.shape, made.dtype.name
    ((2, 128), 'uint16')
    >>> float((made[0] == made[1]).mean())  # the Jaccard similarity is 0.9
    0.90625
    """
    _parameters.choice("unit", unit, ("word", "char"))
    _parameters.choice("bits", bits, (64, 32, 16))
    slots = _parameters.slots(slots)
    threads = _parameters.threads(threads)
    shingle = _parameters.limited("shingle", shingle, remedy="pass 5 for words, 12 for char")
    across_gaps = _parameters.flag("across_gaps", across_gaps)
    with Watched(progress, "making signatures") as report:
        steps = Steps(report, 1 if isinstance(documents, Tokens) else 2)
        tokens = _scope.words_of(documents, [], "signatures", threads, steps)
        return _nutgraf.signatures(
            tokens._inner,
            shingle=shingle,
            characters=unit == "char",
            across_gaps=across_gaps,
            slots=slots,
            bits=bits,
            threads=threads,
            progress=steps.step() or None,
        )
