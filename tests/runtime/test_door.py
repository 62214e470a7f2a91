"""The one door into Rust: interruption, callbacks, panics, forks and thread counts."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
import textwrap
import time
from typing import TYPE_CHECKING

import numpy as np
import pytest

import nutgraf as ng
from nutgraf import _nutgraf

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

TEXTS = [f"document {i % 7} says truce number {i} at the river port" for i in range(2000)]


def ids() -> list[int]:
    """An answer that every later call must repeat."""
    found: list[int] = ng.tokenize(TEXTS, progress=False).ids.tolist()
    return found


def test_interrupt_from_another_process_stops_within_half_a_second() -> None:
    """SIGINT sent from outside ends the call in 0.5 s, and the next call is right."""
    script = textwrap.dedent(
        """
        import sys, time
        import nutgraf as ng
        from nutgraf import _nutgraf
        print("ready", flush=True)
        try:
            _nutgraf._rehearse(60.0)
        except KeyboardInterrupt:
            print("stopped", time.time(), flush=True)
        print(ng.tokenize(["a truce holds"])[0], flush=True)
        """
    )
    with subprocess.Popen(
        [sys.executable, "-c", script], stdout=subprocess.PIPE, text=True
    ) as child:
        assert child.stdout is not None
        assert child.stdout.readline().strip() == "ready"
        time.sleep(0.3)
        sent = time.time()
        child.send_signal(signal.SIGINT)
        word, when = child.stdout.readline().split()
        rest = child.stdout.read()

    assert word == "stopped"
    assert float(when) - sent <= 0.5
    assert rest.strip() == "['a', 'truce', 'holds']"


def test_interrupt_inside_one_long_document() -> None:
    """Workers look at the cancel flag inside a document too."""
    script = textwrap.dedent(
        """
        import time
        import nutgraf as ng
        corpus = ng.Corpus(["Ένα μακρύ κείμενο — χωρίς τέλος. " * 4_000_000])
        print("ready", flush=True)
        try:
            ng.tokenize(corpus, progress=False)
            print("finished", time.time(), flush=True)
        except KeyboardInterrupt:
            print("stopped", time.time(), flush=True)
        """
    )
    with subprocess.Popen(
        [sys.executable, "-c", script], stdout=subprocess.PIPE, text=True
    ) as child:
        assert child.stdout is not None
        assert child.stdout.readline().strip() == "ready"
        time.sleep(0.5)
        sent = time.time()
        child.send_signal(signal.SIGINT)
        word, when = child.stdout.readline().split()
        child.stdout.read()

    assert word == "stopped"
    assert float(when) - sent <= 0.5


def test_a_callback_that_raises_stops_the_call_and_is_heard() -> None:
    """The exception of a progress callback reaches the caller unchanged."""

    def complain(done: int, total: int) -> None:
        message = f"{done} of {total} is enough"
        raise LookupError(message)

    with pytest.raises(LookupError, match="is enough"):
        _nutgraf._rehearse(30.0, progress=complain)

    assert ids() == ids()


def test_a_callback_hears_of_progress() -> None:
    """A callback gets rising (done, total) and at the end (total, total)."""
    heard: list[tuple[int, int]] = []

    _nutgraf._rehearse(0.3, progress=lambda done, total: heard.append((done, total)))

    assert heard == sorted(heard)
    assert heard[-1] == (300, 300)


def test_a_panic_becomes_an_internal_error() -> None:
    """A panic on a worker is an InternalError, and the next call is right."""
    with pytest.raises(ng.InternalError, match="rehearsed panic"):
        _nutgraf._rehearse(0.0, panics=True)

    assert ng.tokenize(["a truce"])[0] == ["a", "truce"]


def _answer(pipe: Connection) -> None:
    pipe.send(ids())
    pipe.close()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_forked_child_computes_after_the_parent_did() -> None:
    """The pool of the parent is not waited for in the child."""
    expected = ids()
    context = multiprocessing.get_context("fork")
    here, there = context.Pipe()
    child = context.Process(target=_answer, args=(there,))
    child.start()

    assert here.poll(30), "the child hangs"
    assert here.recv() == expected
    child.join(10)
    assert child.exitcode == 0


@pytest.mark.parametrize("threads", [1, 2, 3, 8])
def test_ids_do_not_depend_on_threads(threads: int) -> None:
    """Ids, offsets and counts are the same bytes for any number of threads."""
    one = ng.tokenize(TEXTS, threads=1)
    many = ng.tokenize(TEXTS, threads=threads)

    assert np.array_equal(one.ids, many.ids)
    assert np.array_equal(one.starts, many.starts)
    assert one.vocabulary == many.vocabulary


def test_set_threads() -> None:
    """set_threads changes the default, and refuses what is no thread count."""
    try:
        ng.set_threads(1)
        assert _nutgraf.default_threads() == 1
        with pytest.raises(ng.ParameterError, match="threads is 0"):
            ng.set_threads(0)
    finally:
        ng.set_threads(None)


@pytest.mark.parametrize("value", ["0", "-1", "abc"])
def test_the_thread_variable_is_checked(value: str) -> None:
    """NUTGRAF_NUM_THREADS with a wrong value is an error that names it."""
    environment = {**os.environ, "NUTGRAF_NUM_THREADS": value}
    script = textwrap.dedent(
        """
        import nutgraf as ng
        try:
            ng.tokenize(["a"])
        except ng.ParameterError as error:
            print(error)
        """
    )
    done = subprocess.run(
        [sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True
    )

    assert value in done.stdout
    assert "threads" in done.stdout
