"""Objects that travel between processes: multiprocessing by every start method, and joblib."""

from __future__ import annotations

import multiprocessing
import subprocess
import sys
import textwrap
from typing import TYPE_CHECKING

import pytest

import nutgraf as ng

if TYPE_CHECKING:
    from pathlib import Path

# Runs in a file of its own, because spawn and forkserver import the main module again. Everything
# travels twice: into the child as an argument, and back as an answer.
SCRIPT = textwrap.dedent(
    """
    import sys
    import nutgraf as ng

    STORY = "Both sides agreed on Tuesday to halt the shelling of the river port. Nobody signed."
    TEXTS = [STORY, "An e-mail of the mayor, no more.", "Update: " + STORY, "Дождь и ветер."]

    def answers(things):
        corpus, tokens, view, counts, grouped, found, pairs, table, audit = things
        return {
            "corpus": [document.text for document in corpus] + corpus.ids + [corpus.fingerprint],
            "tokens": [tokens.ids.tolist(), tokens.starts.tolist(), tokens.vocabulary],
            "view": [view.ids.tolist(), view.vocabulary, repr(view)],
            "counts": [counts.data.tolist(), counts.indices.tolist(), counts.terms],
            "grouped": [grouped.data.tolist(), grouped.groups],
            "found": [found.labels.tolist(), len(found), found.settings],
            "pairs": [repr(pairs.to_dicts()), pairs.evidence(0).html, pairs.settings],
            "table": [repr(table.to_dicts()), table.evidence(0).text, table.settings],
            "audit": [repr(audit.to_dicts()), audit.settings],
            # Work in the child, on the child's own threads.
            "again": ng.near_duplicates(view, threads=2).labels.tolist(),
            "shared": view.corpus is tokens.corpus is found.corpus,
        }

    def visit(things):
        return answers(things), things

    def made():
        data = {"text": TEXTS, "id": list("abcd"), "source": ["A", "B", "B", "A"]}
        corpus = ng.Corpus(data)
        tokens = ng.tokenize(corpus)
        view = tokens.view(lower=True, stop_words={"the", "of"})
        counts = view.counts(ngram_range=(1, 2))
        found = ng.near_duplicates(view, threshold=0.4)
        table = ng.keyness(counts, target={"source": "A"}, permutations=99)
        audit = found.pairs.audit(1)
        grouped = counts.group("source")
        return corpus, tokens, view, counts, grouped, found, found.pairs, table, audit

    def refused(row):
        raise ng.InputError("A sentence.", parameter="name", row=row)
    """
)

MULTIPROCESSING = """
    import multiprocessing

    if __name__ == "__main__":
        context = multiprocessing.get_context({method!r})
        things = made()
        expected = answers(things)
        with context.Pool(2) as pool:
            for answer, back in pool.map(visit, [things] * 2, chunksize=1):
                assert answer == expected
                assert answers(back) == expected
            try:
                pool.apply(refused, (7,))
            except ng.InputError as error:
                assert (str(error), error.parameter, error.row) == ("A sentence.", "name", 7)
                print("error came back")
        print("done")
"""

JOBLIB = """
    from joblib import Parallel, delayed

    if __name__ == "__main__":
        things = made()
        expected = answers(things)
        jobs = [delayed(visit)(things) for _ in range(4)]
        for answer, back in Parallel(n_jobs=2, backend={method!r})(jobs):
            assert answer == expected
            assert answers(back) == expected
        try:
            Parallel(n_jobs=2, backend={method!r})([delayed(refused)(7)])
        except ng.InputError as error:
            assert (str(error), error.parameter, error.row) == ("A sentence.", "name", 7)
            print("error came back")
        print("done")
"""


def run(folder: Path, body: str) -> list[str]:
    """Run the script with a main part, and return the lines it printed."""
    file = folder / "travels.py"
    file.write_text(SCRIPT + textwrap.dedent(body), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-W", "ignore::DeprecationWarning", str(file)],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


@pytest.mark.parametrize("method", ["fork", "spawn", "forkserver"])
def test_everything_travels_by_multiprocessing(method: str, tmp_path: Path) -> None:
    """Arguments and answers are the same on both sides, also after the parent used its threads."""
    if method not in multiprocessing.get_all_start_methods():
        pytest.skip(f"this system has no {method}")
    assert run(tmp_path, MULTIPROCESSING.format(method=method)) == ["error came back", "done"]


@pytest.mark.parametrize("method", ["loky", "threading"])
def test_everything_travels_by_joblib(method: str, tmp_path: Path) -> None:
    """Through cloudpickle into other processes, and as they are into other threads."""
    pytest.importorskip("joblib")
    assert run(tmp_path, JOBLIB.format(method=method)) == ["error came back", "done"]


def test_joblib_keeps_results_on_disk(tmp_path: Path) -> None:
    """`joblib.dump` and `Memory` keep what they are given."""
    joblib = pytest.importorskip("joblib")
    corpus = ng.Corpus(["a truce holds at the river port", "a truce holds at the river port", "x"])
    found = ng.near_duplicates(corpus)
    joblib.dump((corpus, found), tmp_path / "kept.joblib")
    back, again = joblib.load(tmp_path / "kept.joblib")
    assert back.texts == corpus.texts
    assert again.corpus is back
    assert repr(again.pairs) == repr(found.pairs)
    # A key of a cache is a hash of the pickle: equal objects must have one, again and again.
    assert joblib.hash(corpus) == joblib.hash(ng.Corpus(corpus.texts))
    assert joblib.hash(found) == joblib.hash(ng.near_duplicates(ng.Corpus(corpus.texts)))
