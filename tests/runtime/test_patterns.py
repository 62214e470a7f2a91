"""Hostile patterns and hostile texts: refused in a sentence, or stopped within half a second."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import textwrap
import time

import pytest

import nutgraf as ng

REFUSED = {
    "bounded repeats of repeats": "a{50}{50}{50}{50}{50}",
    "a repeated class": r"(\w{500}){500}",
    "repeats to a thousand, twice": "(?:x{0,1000}y){0,1000}z",
    "a long list": "|".join(f"word{number}" for number in range(100_000)),
    "ten thousand groups": "(" * 10_000 + "a" + ")" * 10_000,
    "classes under (?i)": r"(?i)" + r"[\p{L}\p{N}]" * 900,
    "nothing": "",
    "perhaps nothing": "a*",
    "nothing at a bound": r"\b",
    "nothing after a choice": "a|",
    "only an anchor": "^",
    "look-ahead": "(?=a)a",
    "a back-reference": r"(a)\1",
    "an open class": "[a-",
    "an unknown escape": r"\q",
    "a broken repeat": "*a",
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_hostile_pattern_is_refused_in_a_sentence(name: str) -> None:
    """Before any work, with the value cut short."""
    with pytest.raises(ng.PatternError) as caught:
        ng.tokenize(["a text"], pattern=REFUSED[name])

    sentence = str(caught.value)
    assert caught.value.parameter == "pattern"
    assert sentence.startswith("pattern is ")
    assert sentence.endswith(".")
    assert len(sentence) < 420
    assert "\n" not in sentence


#: What to tokenize: prepared once; each must take longer than the moments below.
HOSTILE = {
    "a pattern that is quadratic": (
        r'pattern=r"(?s).*[^A-Z]|[A-Z]"',
        '"A" * 10_000_000',
    ),
    "a pattern of too many states": (
        r'pattern=r"[01]*1[01]{4000}2"',
        '"".join(random.Random(3).choices("01", k=10_000_000))',
    ),
    "a pattern that never matches": (
        r'pattern=r"\b[A-Z]{7}\d\b"',
        '"é ABCDEFG " * 20_000_000',
    ),
    "one piece of signs": ("language=None", '"^" * 100_000_000'),
    "one piece of a letter": ("language=None", '"a" * 400_000_000'),
    "one piece beyond ASCII": ("language=None", '"é中" * 60_000_000'),
    "one piece of dots": ("language=None", '"a.b" * 80_000_000'),
}

SCRIPT = """
import random, sys, time
import nutgraf as ng
corpus = ng.Corpus([{text}])
print("ready", flush=True)
for _ in range(4):
    sys.stdin.readline()
    print("go", flush=True)
    try:
        ng.tokenize(corpus, {arguments}, progress=False)
        print("finished", time.time(), flush=True)
    except KeyboardInterrupt:
        print("stopped", time.time(), flush=True)
print(ng.tokenize(["a truce holds"])[0], flush=True)
"""


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_work_stops_within_half_a_second(name: str) -> None:
    """SIGINT from another process at four moments, and the next call is right."""
    arguments, text = HOSTILE[name]
    script = textwrap.dedent(SCRIPT.format(text=text, arguments=arguments))
    moments = random.Random(name)
    with subprocess.Popen(
        [sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        assert child.stdout.readline() == "ready\n"
        for _ in range(4):
            child.stdin.write("\n")
            child.stdin.flush()
            assert child.stdout.readline() == "go\n"
            time.sleep(moments.uniform(0.05, 0.4))
            sent = time.time()
            os.kill(child.pid, signal.SIGINT)
            word, when = child.stdout.readline().split()
            assert word == "stopped"
            assert float(when) - sent <= 0.5
        assert child.stdout.readline() == "['a', 'truce', 'holds']\n"
        assert child.wait(10) == 0
