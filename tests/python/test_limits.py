"""Limits: one table, read where it holds, changed for the process, and told when passed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

import nutgraf as ng
from nutgraf import _nutgraf

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

TEXTS = ["one two three four five six seven"] * 3
api: Any = ng


@pytest.fixture(autouse=True)
def _defaults() -> Iterator[None]:
    """Go back to the defaults, whatever a test set."""
    yield
    ng.set_limits(**dict.fromkeys(ng.limits()["name"]))


def value(name: str) -> int:
    """Return the value of a limit that holds now."""
    table = ng.limits()
    found: int = table["value"][table["name"].index(name)]
    return found


def test_the_page_says_what_the_code_does(root: Path) -> None:
    """docs/limits.md holds every limit with its numbers and its words."""
    page = (root / "docs/limits.md").read_text(encoding="utf-8")
    rows = [
        [cell.strip() for cell in line.strip("|").split(" | ")]
        for line in page.splitlines()
        if re.match(r"\| `\w+` \| (?:the machine's|[\d,]+) \|", line)
    ]
    expected = [
        [
            f"`{name}`",
            "the machine's" if name == "memory_bytes" else f"{default:,}",
            f"{highest:,}",
            unit,
            bounds,
            one_call,
        ]
        for name, _, default, highest, unit, bounds, one_call in _nutgraf.limit_table()
    ]
    assert rows == expected


def test_limits_are_set_and_reset() -> None:
    """A value holds until None puts the default back."""
    ng.set_limits(shingle=5, pairs=2)
    assert (value("shingle"), value("pairs")) == (5, 2)
    ng.set_limits(shingle=None)
    assert (value("shingle"), value("pairs")) == (64, 2)


@pytest.mark.parametrize(
    ("limits", "words"),
    [
        ({"shingle": 5, "shingel": 5}, ("shingel is 5", "choose from", "shingle")),
        ({"shingle": 5, "pairs": 0}, ("pairs is 0", "from 1")),
        ({"shingle": 5, "pairs": True}, ("pairs is True",)),
        ({"shingle": 5, "pairs": 2**70}, ("pairs is", "1,000,000,000")),
        ({"shingle": 5, "pairs": "9"}, ("pairs is '9'",)),
        ({"shingle": 5, "document_bytes": 2**40}, ("document_bytes is", "4,294,967,295")),
    ],
)
def test_a_wrong_limit_changes_none(limits: dict[str, Any], words: tuple[str, ...]) -> None:
    """All of them or none."""
    with pytest.raises(ng.ParameterError) as caught:
        ng.set_limits(**limits)

    assert all(word in str(caught.value) for word in words), caught.value
    assert value("shingle") == 64


PASSED: dict[str, tuple[int, Callable[[], object], type[Exception]]] = {
    "document_bytes": (10, lambda: ng.tokenize(["short", "longer than ten"]), ng.LimitError),
    "documents": (2, lambda: ng.tokenize(TEXTS), ng.LimitError),
    "pattern_bytes": (3, lambda: ng.tokenize(TEXTS, pattern=r"\w+x"), ng.PatternError),
    "pattern_program_bytes": (
        100,
        lambda: ng.tokenize(TEXTS, pattern=r"\w+"),
        ng.PatternError,
    ),
    "pattern_nesting": (2, lambda: ng.tokenize(TEXTS, pattern="((((a))))"), ng.PatternError),
    "ngram": (2, lambda: ng.tokenize(TEXTS).counts(ngram_range=(1, 3)), ng.ParameterError),
    "skip": (
        1,
        lambda: ng.tokenize(TEXTS).counts(ngram_range=(2, 2), skip=range(3)),
        ng.ParameterError,
    ),
    "shingle": (4, lambda: ng.near_duplicates(TEXTS), ng.ParameterError),
    "pairs": (2, lambda: ng.near_duplicates(TEXTS).pairs, ng.LimitError),
    "passages": (2, lambda: ng.passages(TEXTS, min_tokens=5), ng.LimitError),
    "permutations": (
        9,
        lambda: ng.keyness(ng.tokenize(TEXTS).counts(), target=[0]),
        ng.ParameterError,
    ),
    "threads": (1, lambda: ng.tokenize(TEXTS, threads=2), ng.ParameterError),
    "memory_bytes": (100, lambda: ng.tokenize(TEXTS), ng.MemoryLimitError),
}


def test_every_limit_has_a_row_here() -> None:
    """A new limit is tested too."""
    assert set(PASSED) == set(ng.limits()["name"])


@pytest.mark.parametrize("name", PASSED)
def test_a_limit_that_is_passed_is_told(name: str) -> None:
    """Lowered, it stops what passed before; reset, it does not."""
    lowered, call, error = PASSED[name]
    call()
    ng.set_limits(**{name: lowered})
    with pytest.raises(error) as caught:
        call()
    assert str(lowered) in str(caught.value).replace(",", "")
    ng.set_limits(**{name: None})
    call()


def test_a_memory_limit_tells_what_was_needed_and_allowed() -> None:
    """Both numbers are there for programs; a subclass of MemoryError."""
    ng.set_limits(memory_bytes=1000)
    with pytest.raises(MemoryError) as caught:
        ng.tokenize(["a truce holds "] * 100)

    error = caught.value
    assert isinstance(error, ng.MemoryLimitError)
    assert error.allowed == 1000
    assert error.needed == ng.estimate_memory(["a truce holds "] * 100, job="tokenize") > 1000
    assert "set_limits(memory_bytes=" in str(error)


def test_estimates_grow_with_what_they_are_of() -> None:
    """More text needs more, and what exists already is not counted again."""
    small, large = ["a truce holds here"] * 100, ["a truce holds here"] * 1000
    jobs = ("tokenize", "counts", "near_duplicates", "passages", "signatures", "concordance")
    for job in jobs:
        few, many = (ng.estimate_memory(texts, job=job) for texts in (small, large))
        assert 8 * few < many < 12 * few, job
    tokens = ng.tokenize(large)
    assert ng.estimate_memory(tokens) < ng.estimate_memory(large)
    pairs = ng.estimate_memory(tokens, job="counts", ngram_range=(1, 2))
    assert ng.estimate_memory(tokens, job="counts") < pairs
    letters = ng.estimate_memory(tokens, job="passages", unit="char")
    assert letters > ng.estimate_memory(tokens, noisy=True) > 1.5 * len("".join(large))
    narrow = ng.estimate_memory(tokens, job="signatures", slots=256, bits=16)
    assert 2 * narrow > ng.estimate_memory(tokens, job="signatures") > 1000 * 128 * 8
    counts = tokens.counts()
    assert ng.estimate_memory(counts, job="keyness") >= 24 * len(counts.data)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"job": "dance"}, ("job is 'dance'",)),
        ({"job": "tokenize", "unit": "char"}, ("unit is 'char'", "leave it out")),
        ({"job": "keyness"}, ("Counts",)),
        ({"job": "signatures", "bits": 7}, ("bits is 7",)),
        ({"job": "passages", "noisy": True}, ("noisy is True", "leave it out")),
        ({"unit": "line"}, ("unit is 'line'",)),
        ({"job": "counts", "ngram_range": (0, 1)}, ("ngram_range is 0",)),
    ],
)
def test_a_wrong_estimate_is_told(arguments: dict[str, Any], words: tuple[str, ...]) -> None:
    """Job and options are checked."""
    with pytest.raises(ng.ParameterError) as caught:
        api.estimate_memory(TEXTS, **arguments)

    assert all(word in str(caught.value) for word in words), caught.value
