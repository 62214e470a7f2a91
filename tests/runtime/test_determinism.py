"""The same input and seed give the same bytes: for any threads, hash seed, chunks, order, Python.

`tests/golden/everything.py` computes every result in a process of its own and prints a digest of
each; what has to agree is decided here.
"""

from __future__ import annotations

import json
import os
import random
import re
import runpy
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest

import nutgraf as ng

GOLDEN = Path(__file__).resolve().parents[1] / "golden"
SCRIPT = GOLDEN / "everything.py"
EVERYTHING = runpy.run_path(str(SCRIPT))

THREADS = (1, 2, 3, 8, 16)
HASH_SEEDS = (0, 1, 2)
#: Chunks of the Arrow input; 240 is one a row.
CHUNKS = (1, 7, 240)
PATIENCE = 120


def run(
    python: str,
    *arguments: object,
    threads: int = 1,
    hash_seed: int = 0,
    path: str | None = None,
) -> str:
    """Run the script and return what it printed."""
    environment = {
        **os.environ,
        "PYTHONHASHSEED": str(hash_seed),
        "NUTGRAF_NUM_THREADS": str(threads),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    if path is not None:
        environment["PYTHONPATH"] = path
    done = subprocess.run(
        [python, str(SCRIPT), *map(str, arguments)],
        env=environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=PATIENCE,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


def digests(threads: int, hash_seed: int, chunks: int) -> dict[str, str]:
    """Return the digests of one run under this Python."""
    printed = run(sys.executable, threads, chunks, threads=threads, hash_seed=hash_seed)
    return cast("dict[str, str]", json.loads(printed))


def different(one: dict[str, str], other: dict[str, str]) -> list[str]:
    """Return the results that differ."""
    return [name for name in one | other if one.get(name) != other.get(name)]


# Every hash seed meets every number of threads, and every chunking meets both.
ROWS = [
    (threads, seed, CHUNKS[(place + seed) % len(CHUNKS)])
    for place, threads in enumerate(THREADS)
    for seed in HASH_SEEDS
]


@pytest.fixture(scope="module")
def runs() -> dict[tuple[int, int, int], dict[str, str]]:
    """Every row, two at a time."""
    with ThreadPoolExecutor(2) as pool:
        found = pool.map(lambda row: digests(*row), ROWS)
        return dict(zip(ROWS, found, strict=True))


def test_everything_can_be_computed(runs: dict[tuple[int, int, int], dict[str, str]]) -> None:
    """No result of either corpus is an error, and there are as many as before."""
    first = runs[ROWS[0]]

    assert [f"{name}: {value}" for name, value in first.items() if value.startswith("error")] == []
    assert len(first) >= 132


@pytest.mark.parametrize(
    "row", ROWS[1:], ids=["{} threads, seed {}, {} chunks".format(*row) for row in ROWS[1:]]
)
def test_threads_hash_seeds_and_chunks(
    row: tuple[int, int, int], runs: dict[tuple[int, int, int], dict[str, str]]
) -> None:
    """Every result is the same bytes, settings, reports and pickles included."""
    assert different(runs[ROWS[0]], runs[row]) == []


# Order of the input


COLUMNS: dict[str, list[Any]] = EVERYTHING["generated"]()


def shuffled(seed: int) -> ng.Corpus:
    """Return the generated corpus in another order; seed 0 keeps it."""
    order = list(range(len(COLUMNS["id"])))
    if seed:
        random.Random(seed).shuffle(order)
    return ng.Corpus({name: [values[row] for row in order] for name, values in COLUMNS.items()})


def order_free(corpus: ng.Corpus) -> dict[str, object]:
    """Return what must not depend on the order of the documents, by their ids."""
    how: dict[str, Any] = {"progress": False}
    tokens = ng.tokenize(corpus, **how)
    counts = tokens.counts(ngram_range=(1, 2), **how)
    rows = {
        name: {
            (counts.terms[column], int(value))
            for column, value in zip(counts.indices[start:end], counts.data[start:end], strict=True)
        }
        for name, start, end in zip(corpus.ids, counts.indptr, counts.indptr[1:], strict=False)
    }
    found: dict[str, object] = {
        "words": {name: tokens[row] for row, name in enumerate(corpus.ids)},
        "counts": rows,
    }
    for unit, shingle in (("word", 5), ("char", 12)):
        near = ng.near_duplicates(corpus, unit=unit, shingle=shingle, **how)  # type: ignore[arg-type]
        found[f"pairs {unit}"] = {
            (
                frozenset((row["left"], row["right"])),
                row["similarity"],
                frozenset((row["containment_left"], row["containment_right"])),
                row["kind"],
                row["relation"],
            )
            for row in near.pairs.to_dicts()
        }
        members: dict[int, set[str]] = {}
        for name, label in zip(corpus.ids, near.labels.tolist(), strict=True):
            members.setdefault(label, set()).add(name)
        found[f"clusters {unit}"] = set(map(frozenset, members.values()))
    return found


@pytest.fixture(scope="module")
def in_order() -> dict[str, object]:
    """What the corpus gives in its own order."""
    return order_free(shuffled(0))


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_order_of_documents(seed: int, in_order: dict[str, object]) -> None:
    """Words, counts, pairs and clusters are those of the documents, wherever they stand."""
    found = order_free(shuffled(seed))

    assert len(cast("set[object]", found["pairs word"])) > 80
    for name, value in in_order.items():
        assert found[name] == value, name


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_order_of_documents_and_exact_keyness(seed: int) -> None:
    """An exact test enumerates the same labelings, in whatever order the documents stand."""

    def table(order: list[int]) -> dict[str, dict[str, Any]]:
        # Eleven texts with terms, of which four are the target, and two empty ones.
        chosen = ng.Corpus({name: [values[row] for row in order] for name, values in few.items()})
        counts = ng.tokenize(chosen, progress=False).counts(progress=False)
        done = ng.keyness(counts, target={"source": "T"}, progress=False)
        assert done.settings["exact"]
        return {row["term"]: row for row in done.to_dicts()}

    few = {"text": COLUMNS["text"][54:67], "id": COLUMNS["id"][54:67]}
    few["source"] = ["T" if number % 3 == 0 else "R" for number in range(13)]
    order = list(range(13))
    expected = table(order)
    random.Random(seed).shuffle(order)
    found = table(order)

    assert found.keys() == expected.keys()
    for term, row in expected.items():
        for name, value in row.items():
            if isinstance(value, float):
                # Sums of floats in another order may differ in their last digits.
                assert found[term][name] == pytest.approx(value, rel=1e-9, nan_ok=True), (
                    term,
                    name,
                )
            else:
                assert found[term][name] == value, (term, name)


# Saved files


def test_a_saved_report_holds_no_time_and_no_place(tmp_path: Path) -> None:
    """Two reports, saved at other times into other folders, are the same bytes."""
    pages = []
    for name in ("one", "another"):
        folder = tmp_path / name
        folder.mkdir()
        comparison = ng.compare(ng.load_sample(), permutations=99, progress=False)
        comparison.save(folder / f"{name}.html")
        written = comparison.tables(folder)
        pages.append(
            [(folder / f"{name}.html").read_bytes(), *(file.read_bytes() for file in written)]
        )
    html = pages[0][0].decode("utf-8")

    assert pages[0] == pages[1]
    assert str(tmp_path) not in html
    assert str(Path.home()) not in html
    # The sample plays in 2031; nothing in a report may tell when it was written.
    assert set(re.findall(r"\b20[0-9]{2}-[0-9]{2}-[0-9]{2}", html)) <= set(
        map(str, ng.load_sample().dates)
    )


# Other Pythons


def other_pythons() -> dict[str, str]:
    """Return the interpreters of other versions that are on this machine."""
    found: dict[str, str] = {}
    for minor in (11, 12, 13, 14):
        version = f"3.{minor}"
        if sys.version_info[:2] == (3, minor):
            continue
        root = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
        candidates = [str(path) for path in sorted(root.glob(f"{version}.*/bin/python"))]
        candidates += [path for path in [shutil.which(f"python{version}")] if path]
        for candidate in candidates:
            # A shim may stand on the path without an interpreter behind it.
            said = subprocess.run(
                [candidate, "-c", "import sys; print('%d.%d' % sys.version_info[:2])"],
                capture_output=True,
                text=True,
                check=False,
            )
            if said.stdout.strip() == version:
                found[version] = candidate
                break
    return found


def furnish(version: str, folder: Path) -> str | None:
    """Put numpy, narwhals and the package under test into a folder; or say what was missing."""
    done = subprocess.run(
        [
            *(sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"),
            *("--target", str(folder), "--python-version", version, "--only-binary", ":all:"),
            *("--retries", "1", "--timeout", "15", "numpy", "narwhals"),
        ],
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    if done.returncode != 0:
        return done.stderr.strip()[-300:]
    shutil.copytree(Path(ng.__file__).parent, folder / "nutgraf")
    return None


def test_other_pythons(
    tmp_path: Path,
    runs: dict[tuple[int, int, int], dict[str, str]],
    record_property: Any,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Each Python on this machine for which numpy can be had finds the same, pickles aside."""
    ran = {"{}.{}".format(*sys.version_info[:2]): sys.executable}
    missing: dict[str, str] = {}
    # Without pyarrow the generated corpus comes as a dict, and remembers that in its pickle.
    here = {name: value for name, value in runs[ROWS[0]].items() if "pickle" not in name}
    for version, python in other_pythons().items():
        folder = tmp_path / version
        trouble = furnish(version, folder)
        if trouble is not None:
            missing[version] = trouble
            continue
        ran[version] = python
        there = json.loads(run(python, 2, 1, threads=2, hash_seed=5, path=str(folder)))
        there = {name: value for name, value in there.items() if "pickle" not in name}
        assert different(here, there) == [], version
    record_property("pythons", ", ".join(ran))
    with capsys.disabled():
        sys.stdout.write(f"\nsame results under Python {', '.join(ran)}")
        sys.stdout.write(f"; could not furnish {missing}\n" if missing else "\n")

    assert ran


# Golden values


def test_hashes_and_ids_are_those_of_this_version() -> None:
    """Hashes, ids, labels and pairs of the sample equal those in tests/golden/hashes.json.

    A change here changes what users have stored. If it is wanted, say so in the changelog, and
    write the file anew: python tests/golden/everything.py golden > tests/golden/hashes.json
    """
    expected = json.loads((GOLDEN / "hashes.json").read_text(encoding="utf-8"))
    found = json.loads(json.dumps(EVERYTHING["golden"]()))

    for name, value in expected["sample"].items():
        assert found["sample"][name] == value, name
    assert found == expected


def test_a_fingerprint_is_of_the_texts_in_their_order() -> None:
    """Chunks and ids do not matter to it; order, and where one text ends, do."""
    rows = list(EVERYTHING["SPELLED"].values())
    own = ng.Corpus(rows)._texts.fingerprint()
    chosen = ng.Corpus([*rows, "more"])[np.arange(len(rows))]

    assert re.fullmatch("[0-9a-f]{32}", own)
    assert chosen._texts.fingerprint() == own
    assert ng.Corpus({"text": rows, "title": rows})._texts.fingerprint() == own
    assert ng.Corpus(rows[::-1])._texts.fingerprint() != own
    assert (
        ng.Corpus(["ab", "c"])._texts.fingerprint() != ng.Corpus(["a", "bc"])._texts.fingerprint()
    )
