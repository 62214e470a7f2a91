"""Memory: what the largest inputs need, and what happens where it cannot be had.

Each test has a process of its own, whose peak is its own and whose limits hurt nobody else.
"""

from __future__ import annotations

import json
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

import pytest

MIB = 1 << 20

COMMON = """
import ctypes, json, resource, sys
import numpy as np
import pyarrow as pa
import nutgraf as ng

MIB = 1 << 20

def status(name):
    with open("/proc/self/status") as file:
        return next(int(line.split()[1]) * 1024 for line in file if line.startswith(name + ":"))

def peak_of(work):
    '''Run and say by how many MiB the resident memory grew at its peak.'''
    # What was freed but kept by the allocator would hide growth.
    if hasattr(libc := ctypes.CDLL(None), "malloc_trim"):
        libc.malloc_trim(0)
    with open("/proc/self/clear_refs", "w") as file:
        file.write("5")
    before = status("VmRSS")
    answer = work()
    return answer, (status("VmHWM") - before) / MIB

def words(count, seed=7):
    '''Words of a language with few common and many rare ones.'''
    generator = np.random.default_rng(seed)
    numbers = np.minimum(generator.zipf(1.15, count), 300_000)
    return [f"w{number:x}" for number in numbers.tolist()]
"""

pytestmark = pytest.mark.skipif(
    not Path("/proc/self/clear_refs").exists(), reason="peaks are read where Linux keeps them"
)


def run(script: str, *arguments: str) -> Any:
    """Run a script; return what its last line says in JSON."""
    done = subprocess.run(
        [sys.executable, "-c", COMMON + textwrap.dedent(script), *arguments],
        capture_output=True,
        text=True,
        check=False,
        timeout=280,
    )
    assert done.returncode == 0, f"{done.returncode}: {done.stderr[-2000:]}"
    return json.loads(done.stdout.splitlines()[-1])


def test_ten_million_documents_of_one_word() -> None:
    """They are tokenized, counted and clustered; their pairs are told to be too many."""
    told = run(
        """
        count = 10_000_000
        offsets = np.arange(0, 5 * (count + 1), 5, dtype=np.int32)
        column = pa.StringArray.from_buffers(
            count, pa.py_buffer(offsets), pa.py_buffer(b"truce" * count)
        )
        corpus = ng.Corpus(column)
        tokens, growth = peak_of(lambda: ng.tokenize(corpus))
        counts = tokens.counts()
        found = ng.near_duplicates(tokens.view(lower=True), shingle=1)
        try:
            found.pairs
        except ng.LimitError as error:
            refused = str(error)
        none = ng.near_duplicates(tokens.view(lower=True), shingle=5)
        print(json.dumps({
            "tokens": len(tokens.ids), "terms": tokens.vocabulary, "growth": growth,
            "cells": int(counts.data.sum()), "pairs": len(found), "refused": refused,
            "label": int(found.labels.max()), "none": len(none),
        }))
        """
    )
    count = 10_000_000
    assert (told["tokens"], told["terms"], told["cells"]) == (count, ["truce"], count)
    assert (told["pairs"], told["label"], told["none"]) == (count * (count - 1) // 2, 0, 0)
    assert "iter_pairs" in told["refused"]
    # 47.7 MiB of text; 8 bytes a token and 8 a row, twice while blocks are put together.
    assert told["growth"] < 500


def test_one_document_of_300_mebibytes() -> None:
    """It is read, tokenized, counted and compared as a short one is; spans slice it."""
    told = run(
        """
        sentence = "Both sides’ envoys agreed — at last — to halt the shelling of the river port. "
        text = sentence * (300 * MIB // len(sentence.encode()))
        tokens = ng.tokenize([text, sentence])
        counts = tokens.counts()
        found = ng.near_duplicates(tokens)
        start, end = int(tokens.starts[-40]), int(tokens.ends[-40])
        last = tokens.spans(0)[-3:].tolist()
        print(json.dumps({
            "bytes": len(text.encode()),
            "equal": counts.data[: counts.indptr[1]].tolist()
            == [n * (len(text) // len(sentence)) for n in counts.data[counts.indptr[1]:].tolist()],
            "last": [text[a:b] for a, b in last],
            "pairs": len(found), "labels": found.labels.tolist(),
        }))
        """
    )
    assert told["bytes"] > 299 * MIB
    assert told["equal"]
    assert told["last"] == ["river", "port", "."]
    # The long text has 14 shingles, the sentence 10 of them.
    assert told["labels"] == [0, 0]
    assert told["pairs"] == 1


LITTLE = """
        step = int(sys.argv[1])
        texts = [" ".join(words(150_000, seed)) for seed in range(60)]
        # The threads and what they keep are there before the limit is.
        ng.near_duplicates(texts[:4])
        reference = ng.tokenize(texts[:4]).ids.tolist()
        calls = {
            "tokenize": lambda: ng.tokenize(texts),
            "counts": lambda: ng.tokenize(texts[:30]).counts(ngram_range=(1, 2)),
            "near_duplicates": lambda: ng.near_duplicates(texts[:40], unit="char", shingle=12),
            "Corpus": lambda: ng.Corpus(texts * 3),
        }
        told = {}
        for name, call in calls.items():
            outcomes = []
            for more in range(step, 6 * step, step):
                held = status("VmSize")
                resource.setrlimit(resource.RLIMIT_AS, (held + more * MIB, resource.RLIM_INFINITY))
                # So that the estimate does not refuse what the system should.
                ng.set_limits(memory_bytes=2**60)
                try:
                    call()
                    outcomes.append("done")
                except MemoryError as error:
                    outcomes.append(type(error).__name__)
                finally:
                    resource.setrlimit(
                        resource.RLIMIT_AS, (resource.RLIM_INFINITY, resource.RLIM_INFINITY)
                    )
                ng.set_limits(memory_bytes=None)
                assert ng.tokenize(texts[:4]).ids.tolist() == reference
            told[name] = outcomes
        print(json.dumps(told))
"""


def test_memory_that_the_system_refuses_is_an_error() -> None:
    """Under any address space the call is done or is a MemoryError, and the next one is right."""
    told = run(LITTLE, "60")

    for name, outcomes in told.items():
        assert set(outcomes) <= {"done", "MemoryError", "MemoryLimitError"}, name
        assert outcomes[0] != "done", f"{name} was not short of memory"


ESTIMATES = """
        def grown(job, documents, call, **options):
            estimate = ng.estimate_memory(documents, job=job, **options)
            return [estimate / MIB, peak_of(call)[1]]

        def figures(texts):
            ng.tokenize(texts[:10])
            told = {"tokenize": grown("tokenize", texts, lambda: ng.tokenize(texts))}
            tokens = ng.tokenize(texts).view(lower=True)
            told["counts"] = grown("counts", tokens, lambda: tokens.counts())
            told["near_duplicates"] = grown(
                "near_duplicates", tokens, lambda: ng.near_duplicates(tokens)
            )
            noisy = lambda: ng.near_duplicates(tokens, noisy=True)
            told["noisy"] = grown("near_duplicates", tokens, noisy, noisy=True)
            told["signatures"] = grown("signatures", tokens, lambda: ng.signatures(tokens))
            if len(texts) < 30_000:
                # Of the others passages are so many that the table is most of it.
                told["passages"] = grown("passages", tokens, lambda: ng.passages(tokens))
            return told
"""


def check(told: dict[str, list[float]], shares: bool = True) -> None:
    """Hold estimates against growth: from six tenths of it to two and a half times as much.

    Where texts share nothing, looking for what they share needs less than on news.
    """
    for job, (estimate, growth) in told.items():
        most = 2.5 if shares or job in ("tokenize", "counts", "signatures") else 25.0
        figures = f"{job}: {estimate:.0f} MiB for {growth:.0f} MiB"
        assert 0.6 <= estimate / growth <= most, figures


def test_estimates_hold_on_words_as_languages_have_them() -> None:
    """Forty mebibytes of Zipf's words."""
    told = run(
        ESTIMATES
        + """
        all_words = words(8_000_000)
        texts = [" ".join(all_words[at : at + 400]) for at in range(0, len(all_words), 400)]
        del all_words
        print(json.dumps(figures(ng.Corpus(texts))))
        """
    )
    check(told, shares=False)


@pytest.mark.corpora
@pytest.mark.parametrize("name", ["reuters21578", "saudi_ar", "senate_press"])
def test_estimates_hold_on_real_text(name: str, corpora_dir: Path) -> None:
    """News and press releases, in English and Arabic."""
    told = run(
        ESTIMATES
        + """
        print(json.dumps(figures(ng.read_corpus(sys.argv[1]))))
        """,
        str(corpora_dir / f"{name}.parquet"),
    )
    check(told)
