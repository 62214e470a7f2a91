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
from typing import TYPE_CHECKING, Any

from benches import machine
from benches.corpora import Corpus

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["BENCHES", "SCHEMA", "Contender", "Job", "bench", "job_named", "run_bench"]

#: Number of the form of the JSON files; `compare` refuses another.
SCHEMA = 1
#: The benches there are, each a module of this package with a list `JOBS`.
BENCHES = ("tokens", "duplicates", "growth")
ROOT = Path(__file__).resolve().parents[1]

Facts = dict[str, Any]


@dataclass(frozen=True)
class Contender:
    """One way to do a job.

    Parameters
    ----------
    name : str
        What the table calls it.
    library : str
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
    """

    name: str
    library: str
    how: str
    threads: str
    prepare: Callable[[Corpus], Any]
    work: Callable[[Any], Any]
    facts: Callable[[Any, Corpus], Facts]
    part: Callable[[Any], Any] = field(default=lambda given: given[:200])


@dataclass(frozen=True)
class Job:
    """A job that contenders share, the one they are compared with, and what must be true."""

    name: str
    title: str
    contenders: tuple[Contender, ...]
    baseline: str
    #: Given the facts by contender, the sentences that say what is wrong; none when all is well.
    verdict: Callable[[dict[str, Facts]], list[str]]


def bench(name: str) -> list[Job]:
    """Return the jobs of a bench."""
    jobs: list[Job] = import_module(f"benches.{name}").JOBS
    return jobs


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
        c.library for job in bench(name) for c in job.contenders
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
    print(f"\n{job.title}\n{corpus}: {facts['documents']:,} documents, {size:,.1f} MB")
    here = [c for c in job.contenders if machine.version_of(c.library)]
    results: dict[str, list[dict[str, Any]]] = {contender.name: [] for contender in here}
    turns = [contender for _ in range(runs) for contender in here]
    with ThreadPoolExecutor(at_once) as pool:
        made = pool.map(lambda contender: _measure(bench_name, job, contender, corpus), turns)
        for contender, result in zip(turns, made, strict=True):
            results[contender.name].append(result)
    rows = [_row(contender, results, job.baseline, size) for contender in here]
    missing = [c.name for c in job.contenders if c not in here]
    failures = job.verdict({name: each[0]["facts"] for name, each in results.items()})
    failures += [
        f"{name}: the answer differs from run to run"
        for name, each in results.items()
        if any(run["facts"] != each[0]["facts"] for run in each)
    ]
    _print_rows(rows, job.baseline)
    for name in missing:
        print(f"  left out, not installed: {name}")
    for failure in failures:
        print(f"  WRONG: {failure}")
    return {
        "job": job.name,
        "title": job.title,
        "corpus": facts,
        "baseline": job.baseline,
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
    contender: Contender, results: dict[str, list[dict[str, Any]]], baseline: str, size: float
) -> dict[str, Any]:
    """Put the runs of one contender together."""
    made = results[contender.name]
    seconds = [run["seconds"] for run in made]
    beside = [run["seconds"] for run in results[baseline]]
    ratios = [own / other for own, other in zip(seconds, beside, strict=True)]
    peaks = [run["memory_mb"] for run in made if run["memory_mb"] is not None]
    # A contender that takes a part of the corpus says how much that was.
    size = made[0]["facts"].get("bytes", size * 1e6) / 1e6
    return {
        "name": contender.name,
        "library": contender.library,
        "version": machine.version_of(contender.library),
        "how": contender.how,
        "threads": contender.threads,
        "seconds": [round(value, 6) for value in seconds],
        "median": round(median(seconds), 6),
        "low": round(min(seconds), 6),
        "high": round(max(seconds), 6),
        "mb_per_second": round(size / median(seconds), 3),
        "ratio": {
            "median": round(median(ratios), 3),
            "low": round(min(ratios), 3),
            "high": round(max(ratios), 3),
        },
        "memory_mb": median(peaks) if peaks else None,
        "facts": made[0]["facts"],
    }


def _print_machine(facts: dict[str, Any]) -> None:
    print(
        f"{facts['cpu']}; {facts['cores']} cores, {facts['memory_gib']} GiB; load before: "
        f"{facts['load_before']}; {facts['kernel']} {facts['machine']}; {facts['python']}"
    )
    seen = ", ".join(f"{k}={v}" for k, v in facts["environment"].items() if v is not None)
    print(f"environment: {seen or 'none of the variables that matter is set'}")


def _print_rows(rows: list[dict[str, Any]], baseline: str) -> None:
    width = max(len(row["name"]) for row in rows)
    print(
        f"  {'':<{width}}  {'median s':>9} {'min-max':>15}  {'MB/s':>7}  "
        f"{'ratio (min-max)':>20}  {'+MB':>7}  facts"
    )
    for row in rows:
        ratio = row["ratio"]
        told = f"{ratio['median']:.2f} ({ratio['low']:.2f}-{ratio['high']:.2f})"
        told = "1" if row["name"] == baseline else told
        peak = "?" if row["memory_mb"] is None else f"{row['memory_mb']:.0f}"
        facts = ", ".join(f"{name} {_short(value)}" for name, value in row["facts"].items())
        print(
            f"  {row['name']:<{width}}  {row['median']:>9.3f} "
            f"{row['low']:>7.3f}-{row['high']:<7.3f}  {row['mb_per_second']:>7.1f}  "
            f"{told:>20}  {peak:>7}  {facts}"
        )


def _short(value: object) -> str:
    if isinstance(value, int):
        return f"{value:,}"
    return f"{value:.4f}" if isinstance(value, float) else str(value)[:12]
