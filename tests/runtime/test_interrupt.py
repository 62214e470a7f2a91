"""Ctrl-C: every call that can take long stops within half a second, and nothing is left changed.

`long_calls.py` is the table of calls, `interrupted.py` the child in which one of them runs. SIGINT
comes from here, another process: a thread inside the child would wait for the lock of the call.
"""

from __future__ import annotations

import json
import os
import random
import runpy
import selectors
import signal
import subprocess
import sys
import time
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, cast

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = [
    pytest.mark.skipif(sys.platform == "win32", reason="no other process can send SIGINT here"),
    # Two of them run side by side, and each may wait for the others.
    pytest.mark.timeout(600),
]

SCRIPT = Path(__file__).with_name("interrupted.py")
CALLS = runpy.run_path(str(SCRIPT.with_name("long_calls.py")))["CALLS"]
NAMES: list[str] = list(CALLS)

#: Children at once.
LANES = 2
#: Random moments, one in each twentieth of a run, and how many of them must hit the call.
MOMENTS = 20
HITS = 12
#: A moment that came too late for its run is tried again, measured against that run; so many times
#: in all.
RETRIES = 60
BOUND = 0.5
#: A late answer is asked for again so many times.
AGAIN = 2
#: A call that ends so long after the signal had time to answer it.
STARVING = 0.1

#: Environment in which no thread can be started: each would ask for a stack of 64 TiB.
NO_THREADS = {"RUST_MIN_STACK": str(1 << 46)}
#: What must still listen when the calling thread does all the work itself.
SERIAL = ("tokenize", "counts(1, 3)", "near_duplicates(word)", "keyness(Monte Carlo)")


@dataclass
class Outcome:
    """What twenty interruptions of one call came to."""

    seconds: float = 0.0
    size: int = 0
    latencies: list[float] = field(default_factory=list)
    finished: int = 0
    wrong: list[str] = field(default_factory=list)
    late: list[str] = field(default_factory=list)


class Ended(NamedTuple):
    """How a run ended: its seconds, and how long after the signal, if there was time for one."""

    how: str
    seconds: float
    latency: float | None

    @property
    def late(self) -> bool:
        """Whether the signal was not answered in time."""
        return self.latency is not None and self.latency > BOUND


class Child:
    """The process that runs the call."""

    def __init__(self, name: str, folder: Path, environment: dict[str, str]) -> None:
        self.errors = folder / "stderr"
        with self.errors.open("wb") as stderr:
            self.process = subprocess.Popen(
                [sys.executable, str(SCRIPT), name, str(folder)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=stderr,
                env={**os.environ, "NUTGRAF_NUM_THREADS": "2", **environment},
                bufsize=0,
            )
        assert self.process.stdout is not None
        self.selector = selectors.DefaultSelector()
        self.selector.register(self.process.stdout, selectors.EVENT_READ)

    def hear(self) -> dict[str, Any]:
        """Return the next answer."""
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            self.process.wait()
            raise AssertionError(
                f"the child ended with {self.process.returncode}: "
                f"{self.errors.read_text(errors='replace')[-2000:]}"
            )
        return cast("dict[str, Any]", json.loads(line))

    def say(self, command: str) -> None:
        """Send a command."""
        assert self.process.stdin is not None
        self.process.stdin.write(command.encode() + b"\n")

    def interrupt(self, command: str, after: float) -> Ended:
        """Interrupt a run after so many seconds."""
        self.say(command)
        started = float(self.hear()["started"])
        pause = started + after - time.monotonic()
        if self.selector.select(max(0.0, pause)):
            heard = self.hear()
            return Ended(str(heard["ended"]), float(heard["at"]) - started, None)
        sent = time.monotonic()
        self.process.send_signal(signal.SIGINT)
        heard = self.hear()
        at = float(heard["at"])
        return Ended(str(heard["ended"]), at - started, at - sent)

    def end(self) -> None:
        """End the process, whatever it does."""
        self.selector.close()
        self.process.kill()
        self.process.communicate()


def run(name: str, folder: Path, environment: dict[str, str]) -> Outcome:
    """Interrupt one call at twenty moments."""
    outcome = Outcome()
    child = Child(name, folder, environment)
    try:
        about = child.hear()
        outcome.seconds, outcome.size = about["seconds"], about["size"]
        draw = random.Random(name)
        shares = [(number + draw.random()) / MOMENTS for number in range(MOMENTS)]
        draw.shuffle(shares)
        seconds = outcome.seconds
        tries = 0
        while shares and tries < MOMENTS + RETRIES:
            tries += 1
            share = shares.pop()
            run = _trial(child, share * seconds, outcome)
            if run.how == "finished":
                outcome.finished += 1
                if run.latency is not None and run.latency > STARVING:
                    outcome.wrong.append(f"at {share:.2f} of the run: nothing was raised")
                # A busy machine gave the first measure, and is idle now: this run is the better.
                seconds = min(seconds, run.seconds)
                shares.insert(0, share * draw.uniform(0.3, 0.9))
                continue
            if run.how != "KeyboardInterrupt":
                outcome.wrong.append(f"at {share:.2f} of the run: {run.how}")
                continue
            assert run.latency is not None
            outcome.latencies.append(run.latency)
            if len(outcome.latencies) == 1:
                _check(child, outcome)
        _check(child, outcome)
    finally:
        child.end()
    return outcome


def _trial(child: Child, after: float, outcome: Outcome) -> Ended:
    """One interruption; a late answer counts only if it is late every time."""
    run = child.interrupt("try", after)
    # A call that holds back interruptions is late each time; a machine with other work is not.
    for _ in range(AGAIN):
        if not run.late:
            return run
        again = child.interrupt("try", after)
        run = min(run, again, key=lambda ended: ended.latency or 0.0)
    if run.late:
        outcome.late.append(
            f"{run.latency:.2f} s after the signal (sent at {after:.2f} s, {run.how})"
        )
    return run


def _check(child: Child, outcome: Outcome) -> None:
    """Objects as before, and an untouched run equal to the first one."""
    child.say("check")
    heard = child.hear()
    for what in ("intact", "equal"):
        if not heard[what]:
            after = len(outcome.latencies)
            outcome.wrong.append(f"not {what} after {after} interruptions: {heard['state'][:200]}")


@pytest.fixture(scope="module")
def outcomes(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[tuple[str, str], Future[Outcome]]]:
    """Start every chosen row, two at a time, in the order of the tests."""
    chosen: list[tuple[str, str]] = []
    for item in request.session.items:
        call = getattr(item, "callspec", None)
        if item.path == request.path and call is not None:
            chosen.append((call.params["name"], getattr(item, "originalname", "")))
    pool = ThreadPoolExecutor(LANES)
    futures = {}
    for name, test in chosen:
        environment = NO_THREADS if "thread" in test else {}
        folder = tmp_path_factory.mktemp("interrupt")
        futures[name, test] = pool.submit(run, name, folder, environment)
    yield futures
    pool.shutdown(cancel_futures=True)


def verdict(outcome: Outcome) -> None:
    """Assert what an interruption promises."""
    told = (
        f"one run takes {outcome.seconds:.2f} s at size {outcome.size:,}; "
        f"{len(outcome.latencies)} interrupted, {outcome.finished} finished first"
    )
    assert not outcome.wrong, f"{outcome.wrong}; {told}"
    assert not outcome.late, f"{len(outcome.late)} late: {outcome.late[:3]}; {told}"
    assert len(outcome.latencies) >= HITS, f"too few interruptions: {told}"


@pytest.mark.parametrize("name", NAMES)
def test_an_interrupt_at_any_moment(
    name: str, outcomes: dict[tuple[str, str], Future[Outcome]]
) -> None:
    """KeyboardInterrupt within 0.5 s; objects are as before, the next run as an untouched one."""
    verdict(outcomes[name, "test_an_interrupt_at_any_moment"].result())


@pytest.mark.parametrize("name", SERIAL)
def test_an_interrupt_without_a_single_thread(
    name: str, outcomes: dict[tuple[str, str], Future[Outcome]]
) -> None:
    """The same where no thread can be started and the calling one does the work."""
    verdict(outcomes[name, "test_an_interrupt_without_a_single_thread"].result())
