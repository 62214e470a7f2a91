"""Agency credits on hostile texts: time that is linear, and memory that is asked for."""

from __future__ import annotations

import time

import pytest

import nutgraf as ng


def seconds(text: str) -> float:
    """Return the processor time of a search on one thread, the best of three."""
    taken = []
    for _ in range(3):
        begun = time.process_time()
        ng.credits([text], threads=1, progress=False)
        taken.append(time.process_time() - begun)
    return min(taken)


HOSTILE = {
    "brackets": "(AP)",
    "open brackets": "(AP/",
    "names": "AP ",
    "citations": "told Reuters, ",
    "bylines": "By AP\n",
    "dashes": "—AP-",
    "no spaces": "新华社北京",
    "brackets of reporters": "（新华社记者",
    "lists": "Contributing: A; B; AP; ",
    "what follows": "AP, who reported as ",
    "one line": "a line that goes on with AP in it, ",
    "wide": " " * 60 + "AP",
    "blank lines": "\n" * 500 + "AP",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_texts_take_linear_time(name: str) -> None:
    """Eight times the text takes eight times as long, and not sixty-four times."""
    unit = HOSTILE[name]
    assert seconds(unit * 16_000) < 24 * seconds(unit * 2_000) + 0.05


def test_long_texts_with_few_names() -> None:
    """One line of ten megabytes, and a million blank lines, are searched at once."""
    line = "word " * 2_000_000
    for before in (line, "\n" * 1_000_000):
        found = ng.credits([f"{before}told Reuters."])
        assert list(found["rule"]) == ["inline-cited"]
        assert list(found["text"]) == ["told Reuters"]


def test_memory_that_is_not_allowed_is_not_taken() -> None:
    """A table of credits is refused before it is made."""
    text = "told Reuters, " * 100
    ng.set_limits(memory_bytes=1_000)
    try:
        with pytest.raises(ng.MemoryLimitError, match="looking for credits"):
            ng.credits([text])
    finally:
        ng.set_limits(memory_bytes=None)
    assert len(ng.credits([text])) == 100
