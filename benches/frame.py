"""The frame of every benchmark: contenders, alternating runs, a check beside each time.

How it measures. Each run of each contender is a fresh process, so that no cache, thread pool or
grown heap of one helps or hurts another, and the peak of memory is its own. Contenders take turns
(A B C, A B C, …), so that a machine that slows down slows all of them. In its process a contender
first prepares (imports, its form of the input, helper processes), then works once on a small part
of the corpus to warm up, and only then is timed, once, on all of it. Reported are the median, the
fastest and the slowest run, and the ratio to the baseline, taken run by run between neighbours.

After the clock has stopped each answer is reduced to facts (counts, hashes, recall), which are
printed beside the time; a bench fails when the facts are wrong, never because of a time.
"""

from __future__ import annotations

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any, Literal

from benches import machine, table
from benches.corpora import Corpus

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

__all__ = ["BENCHES", "SCHEMA", "Contender", "Job", "bench", "corpora_of", "job_named", "run_bench"]

#: Number of the form of the JSON files; `compare` refuses another.
SCHEMA = 1
#: The benches there are, each a module of this package with `JOBS` and the `CORPORA` they are for.
BENCHES = ("tokens", "doubling", "duplicates", "robustness", "growth")
ROOT = Path(__file__).resolve().parents[1]

Facts = dict[str, Any]


@dataclass(frozen=True)
class Contender:
    """One way to do a job.

    Parameters
    ----------
    name : str
        What the table calls it.
    distribution : str
        The distribution it comes from, for its version; where it is missing it is left out.
    how : str
        Which of its paths this is, and why it is the fast one.
    threads : str
        What it runs on.
    prepare : callable
        Makes its input of a corpus; not timed.
    work : callable
        Makes its answer of the input; timed.
    facts : callable
        Reduces the answer, given the corpus; not timed.
    part : callable, optional
        Cuts the small input for warming up; the first 200 documents by default.
    copies : str
        Whether it makes a copy of the text, which is not charged to the tokens: ``"no"``,
        ``"passing"`` (gone with the call) or ``"kept"`` (in its answer).
    """

    name: str
    distribution: str
    how: str
    threads: str
    prepare: Callable[[Corpus], Any]
    work: Callable[[Any], Any]
    facts: Callable[[Any, Corpus], Facts]
    part: Callable[[Any], Any] = field(default=lambda given: given[:200])
    copies: Literal["no", "passing", "kept"] = "no"


@dataclass(frozen=True)
class Job:
    """A job that contenders share, the one they are compared with, and what must be true."""

    name: str
    title: str
    contenders: tuple[Contender, ...]
    baseline: str
    #: Given the facts by contender, the sentences that say what is wrong; none when all is well.
    verdict: Callable[[dict[str, Facts]], list[str]]
    #: The contender that the others are told to be so many times as fast as, if there is one.
    peer: str | None = None


def bench(name: str) -> list[Job]:
    """Return the jobs of a bench."""
    jobs: list[Job] = import_module(f"benches.{name}").JOBS
    return jobs


def corpora_of(name: str) -> tuple[str, ...]:
    """Return the corpora that a bench is for, small before large."""
    corpora: tuple[str, ...] = import_module(f"benches.{name}").CORPORA
    return corpora


def job_named(bench_name: str, name: str) -> Job:
    """Return one job of a bench."""
    return next(job for job in bench(bench_name) if job.name == name)


def run_bench(name: str, corpora: list[str], runs: int, out: Path, at_once: int = 1) -> bool:
    """Measure every job of a bench on every corpus, print tables and write JSON.

    Times mean something while `at_once` is 1; more is for trying whether everything runs.

    Returns
    -------
    bool
        Whether every answer was right.
    """
    before = machine.facts()
    _print_machine(before)
    sections = []
    for corpus in corpora:
        sections += [_section(name, job, corpus, runs, at_once) for job in bench(name)]
    used: set[str] = {"nutgraf", "numpy"} | {
        c.distribution for job in bench(name) for c in job.contenders
    }
    record: dict[str, Any] = {
        "schema": SCHEMA,
        "bench": name,
        "made": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": before,
        "versions": {package: machine.version_of(package) for package in sorted(used)},
        "method": " ".join((__doc__ or "").split()),
        "runs": runs,
        "at_once": at_once,
        "sections": sections,
    }
    out.mkdir(parents=True, exist_ok=True)
    file = out / f"{name}.json"
    file.write_text(json.dumps(record, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    listed = ", ".join(f"{k} {v or 'not installed'}" for k, v in record["versions"].items())
    print(f"\nVersions: {listed}\nWritten: {file}")
    return not any(section["failures"] for section in sections)


def _section(bench_name: str, job: Job, corpus: str, runs: int, at_once: int) -> dict[str, Any]:
    facts = Corpus(corpus).facts()
    size = int(str(facts["bytes"])) / 1e6
    told = f" ({facts['how']})" if "how" in facts else ""
    print(f"\n{job.title}\n{corpus}{told}: {facts['documents']:,} documents, {size:,.1f} MB")
    here = [c for c in job.contenders if machine.version_of(c.distribution)]
    results: dict[str, list[dict[str, Any]]] = {contender.name: [] for contender in here}
    turns = [contender for _ in range(runs) for contender in here]
    with ThreadPoolExecutor(at_once) as pool:
        made = pool.map(lambda contender: _measure(bench_name, job, contender, corpus), turns)
        for contender, result in zip(turns, made, strict=True):
            results[contender.name].append(result)
    rows = [_row(contender, results, job, size) for contender in here]
    missing = [c.name for c in job.contenders if c not in here]
    failures = job.verdict({name: each[0]["facts"] for name, each in results.items()})
    failures += [
        f"{name}: the answer differs from run to run"
        for name, each in results.items()
        if any(run["facts"] != each[0]["facts"] for run in each)
    ]
    table.show(rows, job.baseline, job.peer)
    for name in missing:
        print(f"  left out, not installed: {name}")
    for failure in failures:
        print(f"  WRONG: {failure}")
    return {
        "job": job.name,
        "title": job.title,
        "corpus": facts,
        "baseline": job.baseline,
        "peer": job.peer,
        "contenders": rows,
        "left_out": missing,
        "failures": failures,
    }


def _measure(bench_name: str, job: Job, contender: Contender, corpus: str) -> dict[str, Any]:
    """Run one contender once, in a process of its own."""
    command = [sys.executable, "-m", "benches.worker", bench_name, job.name, contender.name, corpus]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{contender.name} failed on {corpus}:\n{done.stderr}")
    result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return result


def _row(
    contender: Contender, results: dict[str, list[dict[str, Any]]], job: Job, size: float
) -> dict[str, Any]:
    """Put the runs of one contender together."""
    made = results[contender.name]
    seconds = [run["seconds"] for run in made]
    memory, held = (_median(run[kind] for run in made) for kind in ("memory_mb", "held_mb"))
    facts = made[0]["facts"]
    # A contender that takes a part of the corpus says how much that was.
    size = facts.get("bytes", size * 1e6) / 1e6
    speed = size / median(seconds)
    row = {
        "name": contender.name,
        "library": contender.distribution,
        "version": machine.version_of(contender.distribution),
        "how": contender.how,
        "threads": contender.threads,
        "seconds": [round(value, 6) for value in seconds],
        "median": round(median(seconds), 6),
        "low": round(min(seconds), 6),
        "high": round(max(seconds), 6),
        "mb_per_second": round(speed, 3),
        "mb_per_second_a_core": round(speed / _cores(contender), 3),
        "ratio": _spread(seconds, results[job.baseline]),
        "memory_mb": memory,
        "held_mb": held,
        "facts": facts,
    }
    if job.peer in results and job.peer != contender.name:
        beside = [run["seconds"] for run in results[job.peer]]
        row["times_as_fast"] = _spread(beside, made)
    if tokens := facts.get("tokens"):
        row["tokens_per_second"] = round(tokens / median(seconds))
        if memory is not None:
            text = 0 if contender.copies == "no" else size
            row["bytes_per_token"] = round(max(0.0, memory - text) * 1e6 / tokens, 2)
        if held is not None:
            text = size if contender.copies == "kept" else 0
            row["bytes_per_token_held"] = round(max(0.0, held - text) * 1e6 / tokens, 2)
    return row


def _median(values: Iterable[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return median(known) if known else None


def _cores(contender: Contender) -> int:
    """Return how many cores a contender keeps busy at most."""
    return 1 if contender.threads == "one" else machine.cores()


def _spread(seconds: list[float], beside: list[dict[str, Any]]) -> dict[str, float]:
    """Divide by the runs of another, turn by turn."""
    ratios = [own / run["seconds"] for own, run in zip(seconds, beside, strict=True)]
    return {
        "median": round(median(ratios), 3),
        "low": round(min(ratios), 3),
        "high": round(max(ratios), 3),
    }


def _print_machine(facts: dict[str, Any]) -> None:
    print(
        f"{facts['cpu']}; {facts['cores']} cores, {facts['memory_gib']} GiB; load before: "
        f"{facts['load_before']}; {facts['kernel']} {facts['machine']}; {facts['python']}"
    )
    seen = ", ".join(f"{k}={v}" for k, v in facts["environment"].items() if v is not None)
    print(f"environment: {seen or 'none of the variables that matter is set'}")
