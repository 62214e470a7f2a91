"""Progress: who is told, when, and what is left to read afterwards."""

from __future__ import annotations

import os
import pty
import select
import subprocess
import sys
import textwrap
import time
from typing import TYPE_CHECKING, Any

import pytest
from jupyter_client.manager import start_new_kernel

import nutgraf as ng
from nutgraf._progress import Line, Plain, Steps, Watched

if TYPE_CHECKING:
    from collections.abc import Iterator

WORK = "from nutgraf import _nutgraf\nfrom nutgraf._progress import Watched\n"


def work(seconds: float, progress: str = "None") -> str:
    """Return a script that does watched work for some seconds."""
    return WORK + textwrap.dedent(
        f"""
        with Watched({progress}, "rehearsing") as report:
            _nutgraf._rehearse({seconds}, progress=report)
        """
    )


def on_a_terminal(script: str, **environment: str) -> str:
    """Run a script with a terminal as stderr; return what the terminal got."""
    theirs, ours = pty.openpty()
    clean = {name: value for name, value in os.environ.items() if name != "CI"}
    with subprocess.Popen(
        [sys.executable, "-c", script],
        stderr=ours,
        stdout=subprocess.DEVNULL,
        env={**clean, "TERM": "xterm", **environment},
    ) as child:
        os.close(ours)
        said = b""
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            if not select.select([theirs], [], [], 1.0)[0]:
                if child.poll() is not None:
                    break
                continue
            try:
                part = os.read(theirs, 4096)
            except OSError:  # the other end is closed
                break
            if not part:
                break
            said += part
        assert child.wait(10) == 0
    os.close(theirs)
    return said.decode("utf-8")


def test_a_terminal_shows_one_line_after_two_seconds() -> None:
    """The line is written over, and the last word stands alone."""
    said = on_a_terminal(work(3.0))

    assert said.count("\n") == 1
    assert said.endswith("\r\n")
    assert said.split("\r")[-2].strip() == said.strip().split("\r")[-1].strip()
    assert "rehearsing: done in " in said
    assert " % (2 s)" in said
    assert " % (1 s)" not in said


@pytest.mark.parametrize(
    ("seconds", "environment"), [(0.5, {}), (2.6, {"CI": "1"}), (2.6, {"TERM": "dumb"})]
)
def test_short_work_ci_and_dumb_terminals_are_silent(
    seconds: float, environment: dict[str, str]
) -> None:
    """Nothing at all is written."""
    assert on_a_terminal(work(seconds), **environment) == ""


def test_what_nobody_watches_is_silent_unless_asked() -> None:
    """Into a file: nothing by default; with True the last line only."""
    for progress, expected in (("None", ""), ("False", ""), ("True", "rehearsing: done in ")):
        script = work(2.5 if progress == "None" else 0.3, progress)
        done = subprocess.run(
            [sys.executable, "-c", script], capture_output=True, text=True, check=True
        )
        assert done.stdout == ""
        assert done.stderr.startswith(expected)
        assert done.stderr.count("\n") == (1 if expected else 0)


def test_an_error_ends_the_line() -> None:
    """The traceback does not begin in the middle of the line."""
    script = work(0.0, "True").replace(
        "_nutgraf._rehearse(0.0, progress=report)", "report(3, 10); 1 / 0"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False
    )

    first, second = done.stderr.splitlines()[:2]
    assert first.startswith("rehearsing: stopped at 30 % after 0.")
    assert second.startswith("Traceback")


def test_a_callable_hears_done_and_total() -> None:
    """Rising numbers, and (total, total) at the end; in `compare` over all its steps."""
    heard: list[tuple[int, int]] = []
    corpus = ng.load_sample()

    def tell(done: int, total: int) -> None:
        heard.append((done, total))

    for call in (
        lambda: ng.tokenize(corpus, progress=tell),
        lambda: ng.tokenize(corpus).counts(progress=tell),
        lambda: ng.near_duplicates(corpus, progress=tell),
        lambda: ng.compare(corpus, permutations=99, progress=tell),
    ):
        heard.clear()
        call()
        assert heard == sorted(heard)
        assert heard[-1][0] == heard[-1][1]
        assert len({total for _, total in heard}) == 1


def test_what_is_no_progress_is_refused() -> None:
    """The sentence names the value and what may stand there."""
    with pytest.raises(ng.ParameterError, match="progress is 3, but it must be None, True, False"):
        Watched(3, "x")  # type: ignore[arg-type]


def test_steps_add_up() -> None:
    """Steps of unequal work rise to the same total."""
    heard: list[tuple[int, int]] = []
    steps = Steps(lambda done, total: heard.append((done, total)), 2)
    for amount in (5, 1000):
        told = steps.step()
        assert told
        told(0, amount)
        told(amount, amount)

    assert heard == [(0, 200), (100, 200), (100, 200), (200, 200)]
    assert Steps(None, 2).step() is False


def test_a_line_waits() -> None:
    """Nothing before the patience is over; then at most one line a pause."""
    now = [0.0]
    written: list[str] = []

    class Screen(Plain):
        def write(self, line: str) -> None:
            written.append(line)

        def end(self, line: str) -> None:
            written.append(line)

    line = Line("counting", Screen(), 2.0, clock=lambda: now[0])
    for moment in (0.5, 1.9, 2.0, 2.1, 2.3):
        now[0] = moment
        line(int(moment * 10), 40)
    line.close(stopped=False)

    assert written == ["counting: 50 % (2 s)", "counting: 57 % (2 s)", "counting: done in 2.3 s"]


@pytest.fixture(scope="module")
def kernel() -> Iterator[Any]:
    """Return the client of a live kernel, as JupyterLab has one."""
    clean = {name: value for name, value in os.environ.items() if name != "CI"}
    manager, client = start_new_kernel(kernel_name="python3", env=clean)
    yield client
    client.stop_channels()
    manager.shutdown_kernel(now=True)


def shown(client: Any, code: str, *, allow_stdin: bool) -> list[dict[str, Any]]:
    """Run a cell; return what it displayed, streamed or updated, in order."""
    message = client.execute(code, allow_stdin=allow_stdin)
    found: list[dict[str, Any]] = []
    while True:
        told = client.get_iopub_msg(timeout=60)
        if told["parent_header"].get("msg_id") != message:
            continue
        kind, content = told["msg_type"], told["content"]
        assert kind != "error", content
        if kind == "status" and content["execution_state"] == "idle":
            return found
        if kind in {"display_data", "update_display_data", "stream"}:
            found.append({"kind": kind, **content})


def test_a_live_notebook_keeps_one_display(kernel: Any) -> None:
    """One display, updated; what a saved notebook keeps is its last line, as text and HTML."""
    told = shown(kernel, work(2.8), allow_stdin=True)

    assert told[0]["kind"] == "display_data"
    assert {entry["kind"] for entry in told[1:]} == {"update_display_data"}
    assert len({entry["transient"]["display_id"] for entry in told}) == 1
    assert told[-1]["data"]["text/plain"].startswith("rehearsing: done in ")
    assert told[-1]["data"]["text/html"].startswith("<div>rehearsing: done in ")


def test_a_notebook_without_a_reader_is_silent(kernel: Any) -> None:
    """As nbclient and nbconvert run it: no display and no stream; short work is silent anyway."""
    assert shown(kernel, work(2.5), allow_stdin=False) == []
    assert shown(kernel, work(0.3), allow_stdin=True) == []
