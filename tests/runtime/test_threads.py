"""How many threads there are: none to be had, one processor, and a variable that says so."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

#: Prints a digest of the answers, the threads, and the warnings of the first call and of the rest.
SCRIPT = """
import hashlib, json, os, sys, warnings
import numpy as np
import nutgraf as ng
from nutgraf import _nutgraf

TEXTS = [f"document {i // 3} says truce number {i // 3} at the river port {i}" for i in range(900)]

def answers():
    hasher = hashlib.sha256()
    tokens = ng.tokenize(TEXTS, progress=False)
    yield "tokenize"
    view = tokens.view(lower=True, stem="en")
    counts = view.counts(ngram_range=(1, 2), progress=False)
    found = ng.near_duplicates(TEXTS, shingle=3, progress=False)
    table = ng.keyness(counts, target=list(range(0, 900, 7)), permutations=30, progress=False)
    for array in (tokens.ids, tokens.starts, view.ids, counts.data, counts.indices, found.labels,
                  found.pairs["similarity"], table["p"], table["p_max_t"]):
        hasher.update(array.tobytes())
    hasher.update(repr([view.vocabulary, table["term"], found.clusters.to_dicts()]).encode())
    heard = []
    _nutgraf._rehearse(0.1, progress=lambda done, total: heard.append((done, total)))
    assert heard[-1] == (100, 100) and heard == sorted(heard)
    try:
        _nutgraf._rehearse(5.0, progress=lambda done, total: 1 / 0)
        raise SystemExit("a callback that raises must stop the call")
    except ZeroDivisionError:
        pass
    try:
        _nutgraf._rehearse(0.0, panics=True)
        raise SystemExit("a panic must be heard of")
    except ng.InternalError:
        pass
    yield hasher.hexdigest()

BEFORE
with warnings.catch_warnings(record=True) as heard:
    warnings.simplefilter("always")
    run = answers()
    next(run)
    first = [f"{w.category.__name__}: {w.message}" for w in heard]
    bases = [[c.__name__ for c in w.category.__mro__] for w in heard]
    answer = next(run)
    rest = len(heard) - len(first)
print(json.dumps({"answer": answer, "first": first, "bases": bases, "rest": rest}))
"""

#: No thread can be started: each would ask for a stack of 64 TiB.
NO_STACK = {"RUST_MIN_STACK": str(1 << 46)}
#: No thread can be started: this user may have no more of them. Root has no such limit.
NO_MORE = """
import importlib.metadata, resource
# What is imported late must be there before: another user may not read the library of this one.
if os.geteuid() == 0:
    os.setgid(65534)
    os.setuid(65534)
resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))
"""
BIND = "os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})"
ONE_PROCESSOR = f"""
{BIND}
assert _nutgraf.default_threads() == 1
"""

linux = pytest.mark.skipif(sys.platform != "linux", reason="uses what only Linux has")


def run(before: str = "", **environment: str) -> dict[str, object]:
    """Run the script in a process of its own."""
    clean = {name: value for name, value in os.environ.items() if name != "NUTGRAF_NUM_THREADS"}
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT.replace("BEFORE", before)],
        env={**clean, **environment},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    found: dict[str, object] = json.loads(done.stdout.splitlines()[-1])
    return found


@pytest.fixture(scope="module")
def expected() -> object:
    """The answer with threads, which comes without a warning."""
    found = run(NUTGRAF_NUM_THREADS="2")
    assert (found["first"], found["rest"]) == ([], 0)
    return found["answer"]


@linux
@pytest.mark.parametrize(
    ("before", "environment"),
    [("", NO_STACK), (NO_MORE, {}), ("", {**NO_STACK, "NUTGRAF_NUM_THREADS": "8"})],
    ids=["no memory for a stack", "no more processes for this user", "eight asked for"],
)
def test_no_thread_can_be_started(
    before: str, environment: dict[str, str], expected: object
) -> None:
    """Calls answer all the same, one after the other, and one warning says so."""
    found = run(before, **environment)

    assert found["answer"] == expected
    first, bases = found["first"], found["bases"]
    assert isinstance(first, list)
    assert isinstance(bases, list)
    assert len(first) == 1, first
    assert "thread" in first[0]
    assert {"NutgrafWarning", "RuntimeWarning"} & set(bases[0])


@linux
def test_threads_given_to_a_call_that_cannot_have_them(expected: object) -> None:
    """threads=4 is a wish: without any thread the answer is the same."""
    before = "ng.set_threads(4)\n" + NO_MORE

    assert run(before)["answer"] == expected


@linux
def test_one_processor(expected: object) -> None:
    """A process that is bound to one processor uses one thread, and finds the same."""
    assert run(ONE_PROCESSOR)["answer"] == expected
    assert run(BIND, NUTGRAF_NUM_THREADS="4")["answer"] == expected


RULE = "it must be a whole number from 1 to 1024"
WRONG = ["0", "-1", "abc", "1.5", "1000000000", "1025", "9" * 30, "2 3", "٣"]
RIGHT = {" 2 ": 2, "1": 1, "1024": 1024, "007": 7, "+3": 3}
CALLS = """
import nutgraf as ng
from nutgraf import _nutgraf
tokens = ng.tokenize(["a truce holds", "no truce"], threads=1, progress=False)
counts = tokens.counts(threads=1, progress=False)
for call in (
    lambda: ng.tokenize(["a"]), lambda: tokens.counts(), lambda: ng.near_duplicates(["a"]),
    lambda: ng.keyness(counts, target=[0]), lambda: ng.compare({"text": ["a"], "source": ["A"]}),
):
    try:
        call()
        print("no error")
    except ng.ParameterError as error:
        print(error.parameter, error)
"""


def _variable(value: str, script: str) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-c", script],
        env={**os.environ, "NUTGRAF_NUM_THREADS": value, "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout.splitlines()


@pytest.mark.parametrize("value", WRONG)
def test_a_wrong_variable(value: str) -> None:
    """Every call refuses it with a sentence that names variable, value, rule and remedy."""
    lines = _variable(value, CALLS)

    assert len(lines) == 5
    for line in lines:
        assert line.startswith("threads ")
        assert value in line
        assert RULE in line
        assert "NUTGRAF_NUM_THREADS" in line


@pytest.mark.parametrize("value", RIGHT)
def test_a_right_variable(value: str) -> None:
    """Spaces around the number do not matter."""
    lines = _variable(value, "from nutgraf import _nutgraf; print(_nutgraf.default_threads())")

    assert lines == [str(RIGHT[value])]


@pytest.mark.parametrize("value", ["", "  "])
def test_an_empty_variable(value: str) -> None:
    """An empty variable says nothing: the processors of this process count."""
    script = "from nutgraf import _nutgraf; print(_nutgraf.default_threads())"
    clean = {name: each for name, each in os.environ.items() if name != "NUTGRAF_NUM_THREADS"}
    done = subprocess.run(
        [sys.executable, "-c", script], env=clean, capture_output=True, text=True, check=True
    )

    assert _variable(value, script) == done.stdout.splitlines()
    assert all(line == "no error" for line in _variable(value, CALLS)[:3])


def test_the_largest_number_of_threads() -> None:
    """1,024 threads for two words: a wish that costs time, and changes nothing."""
    script = "import nutgraf as ng; print(ng.tokenize(['a truce'], threads=1024).ids.tolist())"

    assert _variable("1", script) == ["[0, 1]"]
