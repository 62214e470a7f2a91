"""The interpreter ends while a call runs: in time, with the right code, and without a word."""

from __future__ import annotations

import signal
import subprocess
import sys
import textwrap
import time

import pytest

#: A call in a daemon thread must not hold the interpreter back for longer than this.
BOUND = 5.0

#: A thread inside a call of 30 seconds, or inside its callback, when the main thread ends.
BEGIN = """
import atexit, os, signal, sys, threading, time
import nutgraf as ng
from nutgraf import _nutgraf

heard = threading.Event()

def hear(done, total):
    heard.set()

def slow(done, total):
    heard.set()
    time.sleep(20)

def nested(done, total):
    heard.set()
    _nutgraf._rehearse(20.0)

def quiet():
    heard.set()
    _nutgraf._rehearse(30.0)

def real():
    corpus = ng.Corpus(["one truce after another at the river port. " * 2_000_000])
    heard.set()
    while True:
        ng.tokenize(corpus, progress=False)

def pending():
    heard.set()
    while True:
        ng.tokenize(["a truce"] * 2000, progress=False)

def start(work):
    threading.Thread(target=work, daemon=True).start()
    assert heard.wait(20)
    time.sleep(0.15)
    print("inside", flush=True)
"""

#: What runs in the daemon thread.
WORK = {
    "a call": "quiet",
    "a call with a callback": "lambda: _nutgraf._rehearse(30.0, progress=hear)",
    "a callback that sleeps": "lambda: _nutgraf._rehearse(30.0, progress=slow)",
    "a call inside a callback": "lambda: _nutgraf._rehearse(30.0, progress=nested)",
    "one long document": "real",
    "many short calls": "pending",
}

#: How the main thread ends, and the exit code.
ENDS = {
    "normal end": ("", 0),
    "sys.exit": ("sys.exit(3)", 3),
    "an exception": ("raise SystemExit('over')", 1),
    "SIGTERM": ("os.kill(os.getpid(), signal.SIGTERM); time.sleep(30)", -signal.SIGTERM),
}


def run(script: str) -> tuple[int, str, str, float]:
    """Run a script: exit code, what it wrote, and the seconds from its last word to its end."""
    with subprocess.Popen(
        [sys.executable, "-c", script],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        # Without a buffer, so that `communicate` finds what the first line left.
        bufsize=0,
    ) as child:
        assert child.stdout is not None
        first = child.stdout.readline()
        start = time.monotonic()
        try:
            rest, errors = child.communicate(timeout=60)
        except subprocess.TimeoutExpired:
            child.kill()
            rest, errors = child.communicate()
        seconds = time.monotonic() - start
    return child.returncode, (first + rest).decode(), errors.decode(), seconds


@pytest.mark.skipif(sys.platform == "win32", reason="exit codes of signals are those of POSIX")
@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize("work", WORK)
def test_the_end_with_a_call_in_a_daemon_thread(work: str, end: str) -> None:
    """The exit code is the main thread's, in five seconds, and nothing is said."""
    how, code = ENDS[end]
    script = f"{BEGIN}\nstart({WORK[work]})\n{how}\n"

    returned, written, errors, seconds = run(script)

    assert (returned, written) == (code, "inside\n"), errors
    assert errors == ("over\n" if end == "an exception" else "")
    assert seconds <= BOUND


def test_a_thread_that_is_no_daemon_finishes_first() -> None:
    """The interpreter waits for such a thread; its call ends with its answer."""
    script = BEGIN + textwrap.dedent(
        """
        def work():
            heard.set()
            _nutgraf._rehearse(1.0)
            print(ng.tokenize(["a truce"])[0], flush=True)
        threading.Thread(target=work).start()
        print("inside", flush=True)
        """
    )

    returned, written, errors, _ = run(script)

    assert (returned, written, errors) == (0, "inside\n['a', 'truce']\n", "")


def test_calls_at_exit_still_work() -> None:
    """A function that runs at exit may compute, and may use threads."""
    script = BEGIN + textwrap.dedent(
        """
        found = ng.near_duplicates(["the same words here and there"] * 3, progress=False)
        atexit.register(lambda: print(ng.tokenize(["a truce"], threads=3)[0], len(found.pairs)))
        print("inside", flush=True)
        """
    )

    returned, written, errors, _ = run(script)

    assert (returned, written, errors) == (0, "inside\n['a', 'truce'] 3\n", "")


def test_objects_that_live_to_the_end() -> None:
    """Results in module globals, in cycles and in a generator are dropped without a word."""
    script = BEGIN + textwrap.dedent(
        """
        class Holder:
            def __init__(self):
                self.me = self
                self.tokens = ng.tokenize(["a truce holds"] * 1000, progress=False)
                self.found = ng.near_duplicates(self.tokens, progress=False)
                self.table = self.found.clusters
            def __del__(self):
                len(self.tokens.ids)
        holder = Holder()
        pairs = ng.near_duplicates(["the same words here and there"] * 9).iter_pairs(batch=2)
        next(pairs)
        stream = holder.table.__arrow_c_stream__()
        print("inside", flush=True)
        """
    )

    returned, written, errors, _ = run(script)

    assert (returned, written, errors) == (0, "inside\n", "")
