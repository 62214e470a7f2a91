"""A real Jupyter kernel: interrupt it, hear of progress, and go on in the next cell."""

from __future__ import annotations

import os
import sys
import time
from typing import TYPE_CHECKING, Any

import pytest
from jupyter_client.manager import KernelManager

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jupyter_client.blocking.client import BlockingKernelClient

#: What a message from the kernel and back may take on top of the half second of the call.
MESSAGES_SECONDS = 0.5
PATIENCE = 120

PREPARE = """
import random
import nutgraf as ng
from nutgraf import _nutgraf
draw = random.Random(0)
words = [f"word{number}" for number in range(5000)]
base = [" ".join(draw.choices(words, k=150)) for _ in range(60)]
corpus = ng.Corpus([" ".join(draw.choices(words, k=200)) for _ in range(400)])
counts = ng.tokenize(corpus, progress=False).counts(progress=False)
"""
#: Ten million relabelings take minutes; nothing but the interrupt ends this cell in time.
LONG = "ng.keyness(counts, target=list(range(200)), permutations=10_000_000{})"
RIGHT = "print(ng.tokenize(['a truce holds'])[0])"


class Kernel:
    """A running kernel and what is said to it."""

    def __init__(self, manager: KernelManager, client: BlockingKernelClient) -> None:
        self.manager = manager
        self.client = client

    def start(self, code: str, allow_stdin: bool = False) -> str:
        """Send a cell, and return once it runs."""
        cell = str(self.client.execute(code, allow_stdin=allow_stdin))
        while True:
            message = self.client.get_iopub_msg(timeout=PATIENCE)
            if message["parent_header"].get("msg_id") != cell:
                continue
            if message["msg_type"] == "execute_input":
                return cell

    def reply(self, cell: str) -> dict[str, Any]:
        """Return the reply to a cell."""
        while True:
            message = self.client.get_shell_msg(timeout=PATIENCE)
            if message["parent_header"].get("msg_id") == cell:
                content: dict[str, Any] = message["content"]
                return content

    def shown(self, cell: str) -> list[dict[str, Any]]:
        """Return everything that a cell wrote or displayed, once it is done."""
        found: list[dict[str, Any]] = []
        while True:
            message = self.client.get_iopub_msg(timeout=PATIENCE)
            if message["parent_header"].get("msg_id") != cell:
                continue
            if message["msg_type"] == "status":
                if message["content"]["execution_state"] == "idle":
                    return found
            elif message["msg_type"] != "execute_input":
                found.append({"kind": message["msg_type"], **message["content"]})

    def run(self, code: str) -> list[dict[str, Any]]:
        """Run a cell that must succeed, and return what it showed."""
        cell = self.start(code)
        reply = self.reply(cell)
        assert reply["status"] == "ok", reply.get("traceback")
        return self.shown(cell)

    def interrupt(self, cell: str) -> tuple[dict[str, Any], float]:
        """Interrupt a running cell: its reply, and the seconds until it came."""
        sent = time.monotonic()
        self.manager.interrupt_kernel()
        reply = self.reply(cell)
        return reply, time.monotonic() - sent


@pytest.fixture(scope="module")
def kernel() -> Iterator[Kernel]:
    """A kernel with a corpus in it, under the interpreter of these tests."""
    manager = KernelManager(kernel_name="python3")
    assert manager.kernel_spec is not None
    manager.kernel_spec.argv = [sys.executable, *manager.kernel_spec.argv[1:]]
    environment = {name: value for name, value in os.environ.items() if name != "CI"}
    manager.start_kernel(env={**environment, "NUTGRAF_NUM_THREADS": "2"})
    client = manager.client()
    client.start_channels()
    try:
        client.wait_for_ready(timeout=PATIENCE)
        running = Kernel(manager, client)
        running.run(PREPARE)
        yield running
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
        manager.cleanup_resources()


def text_of(shown: list[dict[str, Any]]) -> str:
    """Return what a cell wrote to stdout."""
    return "".join(part["text"] for part in shown if part.get("name") == "stdout")


@pytest.mark.parametrize("after", [0.1, 0.5, 1.3])
@pytest.mark.parametrize("progress", ["", ", progress=lambda done, total: None"])
def test_the_kernel_can_be_interrupted(kernel: Kernel, after: float, progress: str) -> None:
    """Interrupt: KeyboardInterrupt in half a second, the kernel lives, the next cell is right."""
    cell = kernel.start(LONG.format(progress))
    time.sleep(after)
    reply, seconds = kernel.interrupt(cell)
    kernel.shown(cell)

    assert reply["status"] == "error"
    assert reply["ename"] == "KeyboardInterrupt"
    assert seconds <= 0.5 + MESSAGES_SECONDS
    assert kernel.manager.is_alive()
    assert text_of(kernel.run(RIGHT)) == "['a', 'truce', 'holds']\n"


def test_the_call_itself_stops_in_half_a_second(kernel: Kernel) -> None:
    """Inside the kernel, the call ends at most half a second after the signal was sent."""
    cell = kernel.start(
        "import time\ntry:\n    "
        + LONG.format("")
        + "\nexcept KeyboardInterrupt:\n    print(time.monotonic())"
    )
    time.sleep(0.5)
    sent = time.monotonic()
    kernel.manager.interrupt_kernel()

    assert kernel.reply(cell)["status"] == "ok"
    assert float(text_of(kernel.shown(cell))) - sent <= 0.5


def test_results_made_before_an_interrupt_stay(kernel: Kernel) -> None:
    """What an interrupted cell worked on gives the same answer as before."""
    code = (
        "table = ng.keyness(counts, target=list(range(200)), permutations=99, progress=False)\n"
        "print(table['term'][:20], table['p'][:20].tolist(), counts.data.sum())"
    )
    before = text_of(kernel.run(code))
    cell = kernel.start(LONG.format(""))
    time.sleep(0.3)
    kernel.interrupt(cell)
    kernel.shown(cell)

    assert text_of(kernel.run(code)) == before


def test_a_callback_hears_of_progress_in_a_kernel(kernel: Kernel) -> None:
    """A callable gets rising (done, total), and at the end (total, total)."""
    shown = kernel.run(
        "heard = []\n"
        "_nutgraf._rehearse(0.5, progress=lambda done, total: heard.append((done, total)))\n"
        "print(heard == sorted(heard), heard[-1], len(heard) > 3)"
    )

    assert text_of(shown) == "True (500, 500) True\n"


def test_nobody_who_cannot_answer_sees_progress(kernel: Kernel) -> None:
    """With allow_stdin=False (nbclient, papermill) a call of three seconds shows nothing."""
    shown = kernel.run(
        "import time\n"
        "def run(permutations):\n"
        "    start = time.monotonic()\n"
        "    ng.keyness(counts, target=list(range(200)), permutations=permutations)\n"
        "    return time.monotonic() - start\n"
        "number, seconds = 100, run(100)\n"
        "while seconds < 3.0:\n"
        "    number = int(number * max(1.2, 3.3 / seconds))\n"
        "    seconds = run(number)"
    )

    assert shown == []
