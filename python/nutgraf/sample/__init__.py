"""The sample corpus: one invented summit, six invented outlets, and what was planted in it."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any

from nutgraf.corpus import Corpus

__all__ = ["load_sample", "load_truth"]


def load_sample() -> Corpus:
    """Load the sample corpus: 44 articles by six invented outlets about one invented summit.

    Returns
    -------
    Corpus
        With the columns id, source, date, title and language.

    Examples
    --------
    >>> import nutgraf as ng
    >>> corpus = ng.load_sample()
    >>> len(corpus), len(corpus.sources)
    (44, 6)
    """
    text = files(__name__).joinpath("articles.jsonl").read_text(encoding="utf-8")
    return Corpus([json.loads(line) for line in text.splitlines() if line])


def load_truth() -> dict[str, Any]:
    """Load what was planted in the sample corpus, by document and code point.

    Returns
    -------
    dict
        One list for each sort of planted thing; see the README beside the sample.
    """
    text = files(__name__).joinpath("truth.json").read_text(encoding="utf-8")
    truth: dict[str, Any] = json.loads(text)
    return truth
