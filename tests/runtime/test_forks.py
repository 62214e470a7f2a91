"""Forks: a child computes and answers right, whatever the parent was doing, and the parent goes on.

Each case runs in a process of its own, because a fork copies everything the test runner holds.
A child that hangs is killed by its watchdog, which the case reports as a failure.
"""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")

PATIENCE = 100

#: What every case starts with: an answer, and a child that repeats it under a watchdog.
COMMON = """
import os, signal, sys, threading, time, warnings
warnings.simplefilter("error")
# Python 3.12 warns of a fork beside threads, which is what these cases are about.
warnings.filterwarnings("ignore", category=DeprecationWarning, message=".*fork.*")
import numpy as np
import nutgraf as ng
from nutgraf import _nutgraf

TEXTS = [f"document {i // 3} says truce number {i // 3} at the river port {i}" for i in range(900)]

def answer(threads=2):
    tokens = ng.tokenize(TEXTS, threads=threads, progress=False)
    counts = tokens.counts(threads=threads, progress=False)
    found = ng.near_duplicates(TEXTS, shingle=3, threads=threads, progress=False)
    table = ng.keyness(counts, target=list(range(0, 900, 9)), permutations=20, threads=threads,
                       progress=False)
    return hash((tokens.ids.tobytes(), counts.data.tobytes(), found.labels.tobytes(),
                 len(found), tuple(table["term"]), table["p"].tobytes()))

def fork(work, seconds=20):
    pid = os.fork()
    if pid == 0:
        signal.alarm(seconds)
        code = 70
        try:
            code = work()
        finally:
            os._exit(code)
    return pid

def ended(pid):
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])

def right():
    return 0 if answer() == expected else 71

expected = answer()
assert len(ng.near_duplicates(TEXTS, shingle=3, progress=False)) == 900
"""

#: Each prints "done" once everything held.
CASES = {
    "idle after use": """
        for _ in range(5):
            assert ended(fork(right)) == 0
        assert answer() == expected
        """,
    "before any use": """
        # The pool is one of another size, which this process has not built yet.
        assert ended(fork(lambda: 0 if answer(threads=5) == expected else 71)) == 0
        assert answer(threads=5) == expected
        """,
    "another thread inside a call": """
        stop, wrong = threading.Event(), []
        def work():
            while not stop.is_set():
                if answer() != expected:
                    wrong.append("the call beside a fork went wrong")
        inside = threading.Thread(target=work)
        inside.start()
        for turn in range(20):
            time.sleep(0.003 * turn)
            assert ended(fork(right)) == 0, turn
        stop.set()
        inside.join()
        assert not wrong
        """,
    "another thread inside one long call": """
        heard = []
        inside = threading.Thread(
            target=lambda: _nutgraf._rehearse(3.0, progress=lambda d, t: heard.append((d, t)))
        )
        inside.start()
        time.sleep(0.1)
        pids = [fork(right) for _ in range(4)]
        assert [ended(pid) for pid in pids] == [0] * 4
        assert inside.is_alive()
        inside.join()
        assert heard[-1] == (3000, 3000)
        """,
    "threads with pools of other sizes": """
        stop, wrong = threading.Event(), []
        def work(threads):
            while not stop.is_set():
                if answer(threads) != expected:
                    wrong.append(threads)
        inside = [threading.Thread(target=work, args=(threads,)) for threads in (1, 2, 3, 4)]
        for thread in inside:
            thread.start()
        for turn in range(20):
            assert ended(fork(right)) == 0, turn
        stop.set()
        for thread in inside:
            thread.join()
        assert not wrong
        """,
    "inside a progress callback": """
        codes, parent = [], os.getpid()
        def callback(done, total):
            if len(codes) < 3:
                codes.append(ended(fork(right)))
        _nutgraf._rehearse(0.5, progress=callback)
        assert os.getpid() == parent
        assert codes == [0, 0, 0], codes
        assert answer() == expected
        """,
    "a child that returns from the callback": """
        # It came back from a fork into a call whose workers do not exist here, so there is no
        # answer to give: an error or the end of the child, but no waiting for ever.
        pids = []
        def callback(done, total):
            if not pids:
                pids.append(os.fork())
                if pids[0] == 0:
                    signal.alarm(10)
        try:
            _nutgraf._rehearse(0.5, progress=callback)
            told = "finished"
        except RuntimeError:
            told = "refused"
        if pids[0] == 0:
            os._exit(0 if told == "refused" and answer() == expected else 71)
        assert told == "finished"
        code = ended(pids[0])
        assert code not in (71, -signal.SIGALRM), f"the child ended with {code}"
        """,
    "the child of a child": """
        def child():
            if answer() != expected:
                return 71
            grandchild = ended(fork(right))
            return grandchild or right()
        assert ended(fork(child, 40)) == 0
        assert answer() == expected
        """,
    "a fork before the first call of the child's child": """
        assert ended(fork(lambda: ended(fork(right)), 40)) == 0
        """,
    "_exit in the child with objects alive": """
        tokens, found = ng.tokenize(TEXTS), ng.near_duplicates(TEXTS, shingle=3)
        def child():
            own = ng.tokenize(TEXTS[:100])
            os._exit(0 if own.ids.tolist() == tokens.ids[: len(own.ids)].tolist() else 71)
        assert ended(fork(child)) == 0
        assert answer() == expected
        """,
    "a child that ends in the usual way": """
        # sys.exit runs Python's own end: objects and the pool of the parent are dropped there.
        kept = ng.tokenize(TEXTS)
        for use in (False, True):
            pid = os.fork()
            if pid == 0:
                signal.alarm(20)
                if use:
                    kept.view(lower=True).counts()
                sys.exit(7)
            assert ended(pid) == 7
        assert answer() == expected
        """,
    "an interrupt in the child": """
        def child():
            # The alarm of the watchdog stays; this one comes from another process.
            if (killer := os.fork()) == 0:
                time.sleep(0.3)
                os.kill(os.getppid(), signal.SIGINT)
                os._exit(0)
            try:
                _nutgraf._rehearse(15.0)
            except KeyboardInterrupt:
                os.waitpid(killer, 0)
                return right()
            return 72
        assert ended(fork(child)) == 0
        """,
    "objects of the parent in the child": """
        tokens = ng.tokenize(TEXTS, progress=False)
        counts = tokens.counts(progress=False)
        found = ng.near_duplicates(TEXTS, shingle=3, progress=False)
        pairs, ids = found.pairs.to_dicts(), tokens.ids.tolist()
        def child():
            same = tokens.ids.tolist() == ids and found.pairs.to_dicts() == pairs
            same = same and len(found.clusters) > 0 and len(counts.group([0] * 900).data) > 0
            return 0 if same else 71
        assert ended(fork(child)) == 0
        """,
}

#: How what a case writes to stderr begins; the others write nothing.
SAID = {"a child that returns from the callback": "nutgraf: this process was forked in a progress"}

POOL = """
import multiprocessing, sys
import numpy as np
import nutgraf as ng

TEXTS = [f"document {i // 9} says truce number {i // 9} at the river port {i}" for i in range(300)]

def work(share):
    tokens = ng.tokenize(TEXTS[share::4], threads=2, progress=False)
    found = ng.near_duplicates(TEXTS[share::4], shingle=3, progress=False)
    return tokens.ids.tolist(), tokens.vocabulary, found.labels.tolist(), tokens

if __name__ == "__main__":
    expected = [work(share)[:3] for share in range(4)]
    context = multiprocessing.get_context(sys.argv[1])
    with context.Pool(2) as pool:
        for turn in range(2):
            answers = pool.map_async(work, range(4)).get(60)
            assert [answer[:3] for answer in answers] == expected
            # The tokens themselves came through the pipe.
            assert [answer[3].ids.tolist() for answer in answers] == [e[0] for e in expected]
    assert [work(share)[:3] for share in range(4)] == expected
    print("done")
"""


@pytest.mark.parametrize("case", CASES)
def test_a_fork(case: str) -> None:
    """The child answers right and ends, and so does its parent."""
    script = COMMON + textwrap.dedent(CASES[case]) + "\nprint('done')\n"
    done = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )

    said = SAID.get(case, "")
    assert (done.returncode, done.stdout, done.stderr[: len(said) or None]) == (0, "done\n", said)


@pytest.mark.parametrize("method", ["fork", "spawn", "forkserver"])
def test_a_pool_of_processes(method: str, tmp_path: Path) -> None:
    """Pools of each kind compute in their processes what this one does; results come back."""
    # spawn and forkserver import the script again, so it is a file.
    script = tmp_path / "pool.py"
    script.write_text(POOL, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-W", "ignore::DeprecationWarning", str(script), method],
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )

    assert (done.returncode, done.stdout, done.stderr) == (0, "done\n", "")
