"""The benchmarks run: every one, on a tiny corpus, with the installed package."""

from __future__ import annotations

import json
import platform
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
RECORD = {"schema", "bench", "made", "machine", "versions", "method"} | {
    "runs",
    "at_once",
    "sections",
}
ROW = {"name", "library", "version", "how", "threads", "seconds", "median", "low", "high"}
PEERS = {"CountVectorizer", "rensa", "rensa, 1 process", "rensa, headline", "datasketch"}
EDITS = (
    *("one word prepended", "byline", "last 5 % cut", "five words replaced", "embedded"),
    *("OCR 1 %", "OCR 5 %", "OCR 10 %"),
)


def benches(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command line of the benches from the top folder."""
    command = [sys.executable, "-m", "benches", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def smoke(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Run every bench once; return the folder of its JSON."""
    out = tmp_path_factory.mktemp("bench")
    done = benches("run", "--smoke", "--out", str(out))
    assert done.returncode == 0, done.stdout + done.stderr
    assert "WRONG" not in done.stdout
    return out


def record(folder: Path, name: str) -> dict[str, Any]:
    """Return one JSON file."""
    read: dict[str, Any] = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
    return read


@pytest.mark.parametrize("name", ["tokens", "doubling", "duplicates", "robustness", "growth"])
def test_every_bench_leaves_a_record(smoke: Path, name: str) -> None:
    """The JSON names schema, machine, versions and method, and holds every contender's figures."""
    told = record(smoke, name)
    assert told.keys() == RECORD
    assert told["schema"] == 1
    assert {"cpu", "cores", "kernel", "python", "environment"} <= told["machine"].keys()
    assert told["versions"]["nutgraf"]
    for section in told["sections"]:
        assert section["corpus"]["documents"] == 160
        assert section["failures"] == []
        for row in section["contenders"]:
            assert row.keys() >= ROW
            assert len(row["seconds"]) == 1
            assert row["low"] == row["median"] == row["high"] > 0
            assert row["facts"]
        baseline = [r for r in section["contenders"] if r["name"] == section["baseline"]]
        assert [row["ratio"]["median"] for row in baseline] == [1.0]


def test_every_peer_takes_part(smoke: Path) -> None:
    """No peer has dropped out; gaoya has wheels for x86-64 alone."""
    sections = [s for name in ("tokens", "duplicates") for s in record(smoke, name)["sections"]]
    there = {row["name"] for section in sections for row in section["contenders"]}
    assert there >= PEERS | ({"gaoya"} if platform.machine() == "x86_64" else set())


def test_the_answers_are_checked(smoke: Path) -> None:
    """Equal matrices stand beside the times of tokens, recall and precision beside duplicates."""
    *counted, tokens = record(smoke, "tokens")["sections"]
    assert [section["job"] for section in counted] == ["list", "arrow"]
    for section in counted:
        by_name = {row["name"]: row["facts"] for row in section["contenders"]}
        assert by_name["nutgraf"] == by_name["CountVectorizer"]
        assert by_name["nutgraf"]["tokens"] > 10_000
        assert by_name["nutgraf, own words"]["tokens"] > 10_000
    first, *others = [row["facts"] for row in tokens["contenders"]]
    assert len(others) == 3
    assert all(facts == first for facts in others)
    (section,) = record(smoke, "duplicates")["sections"]
    by_name = {row["name"]: row["facts"] for row in section["contenders"]}
    ours = by_name["nutgraf"]
    assert ours["recall"] == ours["precision"] == 1.0
    assert ours["pairs"] == ours["true"] > 5
    assert by_name["nutgraf, minhash"]["recall"] >= 0.99
    assert by_name["nutgraf, minhash"]["precision"] == 1.0
    (section,) = record(smoke, "robustness")["sections"]
    for row in section["contenders"]:
        assert [0.0 <= row["facts"][name] <= 1.0 for name in EDITS] == [True] * len(EDITS)
        assert row["facts"]["articles"] > 50


def test_figures_are_told_by_token_and_by_core(smoke: Path) -> None:
    """Speed a token, memory a token and speed against the peer follow from what was measured."""
    for section in record(smoke, "tokens")["sections"]:
        rows = {row["name"]: row for row in section["contenders"]}
        for row in rows.values():
            cores = 1 if row["threads"] == "one" else record(smoke, "tokens")["machine"]["cores"]
            # Both are rounded to three places.
            assert row["mb_per_second_a_core"] * cores == pytest.approx(
                row["mb_per_second"], abs=0.01
            )
            speed = row["facts"]["tokens"] / row["median"]
            assert row["tokens_per_second"] == pytest.approx(speed, rel=1e-3)
            assert ("bytes_per_token" in row) == (row["memory_mb"] is not None)
        if section["job"] != "tokens":
            ours, peer = rows["nutgraf, own words"], rows["CountVectorizer"]
            faster = peer["median"] / ours["median"]
            assert ours["times_as_fast"]["median"] == pytest.approx(faster, rel=1e-2)
            assert "times_as_fast" not in peer


def test_doubling_loses_no_token(smoke: Path) -> None:
    """A share of the corpus, of one document and of one token: 1, 2 and 4 of 4."""
    documents, document, token = record(smoke, "doubling")["sections"]
    sizes = [[row["facts"]["documents"] for row in documents["contenders"]]]
    sizes += [[row["facts"]["documents"] for row in document["contenders"]]]
    assert sizes == [[40, 80, 160], [1, 1, 1]]
    for section in (documents, document, token):
        for row in section["contenders"]:
            assert row["facts"]["tokens"] == row["facts"]["counted"] > 1_000
    assert [row["facts"]["terms"] for row in token["contenders"]] == [1, 1, 1]


def test_mixtures_are_the_same_every_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Cut, joined and repeated texts keep their words in order, and have the size they promise."""
    monkeypatch.syspath_prepend(str(ROOT))
    from benches import mixtures, synthetic

    texts = synthetic.make(20)
    words = " ".join(texts).split()
    cut = mixtures.cut(texts, 3 * len(words), 6)
    assert cut == mixtures.cut(texts, 3 * len(words), 6)
    assert len(cut) == 3 * len(words)
    assert {len(text.split()) for text in cut} == {1, 2, 3, 4, 5, 6}
    assert " ".join(cut).split()[: 2 * len(words)] == 2 * words

    joined = mixtures.joined(texts, 3)
    assert len(joined) == 3
    assert "\n\n".join(joined) == "\n\n".join(texts)
    assert min(map(len, joined)) > sum(map(len, texts)) / 3 - max(map(len, texts))

    size = sum(len(text.encode()) for text in texts)
    numbered = mixtures.numbered(texts, 2 * size + 1)
    assert len(numbered) == 60
    assert numbered[0] == f"{texts[0]}\n1"
    assert numbered[59] == f"{texts[19]}\n60"


@pytest.mark.corpora
def test_mixtures_are_what_they_say(monkeypatch: pytest.MonkeyPatch) -> None:
    """The union has every document of its parts; what is repeated has its size."""
    monkeypatch.syspath_prepend(str(ROOT))
    from benches.corpora import Corpus, at_hand
    from benches.mixtures import MIXTURES

    assert at_hand(MIXTURES) == list(MIXTURES)
    english = Corpus("english").column()
    assert (len(english), english.null_count) == (100_734, 0)
    for name in ("russian", "chinese"):
        facts = Corpus(name).facts()
        assert 10_000_000 <= int(str(facts["bytes"])) < 11_000_000
        assert "repeated" in str(facts["how"])


def test_a_wrong_answer_fails_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    """A matrix that differs, a lost pair and a false pair are each named, and exit with 1."""
    monkeypatch.syspath_prepend(str(ROOT))
    from benches import doubling, duplicates, growth, robustness, tokens

    same = {"tokens": 3, "terms": 2, "matrix": "a"}
    assert tokens._verdict({"nutgraf": same, "CountVectorizer": same}) == []
    other = same | {"matrix": "b"}
    wrong = tokens._verdict({"nutgraf": same, "CountVectorizer": other})
    assert wrong == ["CountVectorizer and nutgraf differ in matrix: b and a"]
    assert tokens._same({"Arrow": same, "list": same}) == []
    (differ,) = tokens._same({"Arrow": same, "list": other})
    assert differ == f"list and Arrow differ: {other} and {same}"

    counted = {"tokens": 3, "counted": 3, "terms": 2}
    assert doubling._verdict({"n": counted, "2n": counted}) == []
    (lost,) = doubling._verdict({"n": counted | {"counted": 2}})
    assert lost == "n: 3 tokens, but the matrix holds 2"
    assert doubling._verdict({"n": counted, "2n": {"tokens": 2, "counted": 2}})
    assert doubling._verdict_token({"n": counted})

    whole = {"recall": 1.0, "precision": 1.0}
    assert duplicates._verdict({"nutgraf": whole, "rensa": whole | {"recall": 0.9}}) == []
    (lost,) = duplicates._verdict({"nutgraf": whole | {"recall": 0.999}})
    assert lost == "nutgraf found 0.9990 of the true pairs"
    (false,) = duplicates._verdict({"rensa": whole | {"precision": 0.99}})
    assert false == "rensa: 0.9900 of its verified pairs are true"

    few = {"nutgraf, minhash": whole | {"recall": 0.98}, "rensa, headline": whole | {"recall": 0.1}}
    assert duplicates._verdict(few) == [
        "nutgraf, minhash found 0.9800 of the true pairs, stated 0.99"
    ]

    found = dict.fromkeys(EDITS, 1.0)
    assert robustness._verdict({"nutgraf": found | {"OCR 10 %": 0.0}}) == []
    (missed,) = robustness._verdict({"nutgraf": found | {"byline": 0.5}})
    assert missed == "nutgraf found 0.5000 of byline"

    equal = {"documents": 4, "pairs": 6, "clusters": 1}
    assert growth._verdict_equal({"n": equal}) == []
    assert growth._verdict_equal({"n": equal | {"pairs": 5}})


def test_the_truth_of_the_made_corpus_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is the same texts every time, and its true pairs are those of a plain double loop."""
    monkeypatch.syspath_prepend(str(ROOT))
    from benches import corpora, synthetic

    texts = synthetic.make(40)
    assert texts == synthetic.make(40)
    assert texts[:20] == synthetic.make(20)
    sets = [corpora.shingles(text) for text in texts]
    plain = {
        (left, right)
        for left in range(40)
        for right in range(left + 1, 40)
        if corpora.jaccard(sets[left], sets[right]) >= 0.5
    }
    assert plain == corpora.Corpus("synthetic-40").true_pairs
    assert len(plain) >= 3


def test_a_truth_that_is_counted_is_that_of_a_double_loop(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The product of matrices gives the plain pairs, also from the file it leaves."""
    monkeypatch.syspath_prepend(str(ROOT))
    from benches import corpora, synthetic, truth

    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    texts = [*synthetic.make(60), "", "one two three four", "a b c d e", "a b c d e"]
    plain = corpora.true_pairs(texts)
    assert len(plain) >= 4
    assert truth.counted("test", texts, 0.5) == plain
    (kept,) = tmp_path.iterdir()
    assert truth.counted("test", texts, 0.5) == plain
    assert list(tmp_path.iterdir()) == [kept]
    assert truth.counted("test", [], 0.5) == set()


def test_edited_copies_are_what_they_say(monkeypatch: pytest.MonkeyPatch) -> None:
    """Copies stand at the place of their article, the same every time, and are edited as named."""
    monkeypatch.syspath_prepend(str(ROOT))
    from benches import edits, synthetic

    texts = synthetic.make(80)
    given = edits.edited(texts, 20)
    assert given == edits.edited(texts, 20)
    assert tuple(edits.EDITS) == EDITS
    assert len(given.texts) == 20 * (1 + len(EDITS))
    for row in range(20):
        words = given.texts[row].split()
        copies = {name: given.texts[row + 20 * place] for place, name in enumerate(EDITS, 1)}
        assert copies["one word prepended"].split()[1:] == words
        assert " ".join(words) in copies["byline"]
        assert copies["last 5 % cut"].split() == words[: -(len(words) // 20)]
        replaced = copies["five words replaced"].split()
        assert sum(a != b for a, b in zip(words, replaced, strict=True)) <= 5
        assert " ".join(words) in copies["embedded"]
        assert len(copies["embedded"].split()) == 3 * len(words)
        assert copies["OCR 1 %"] != copies["OCR 10 %"]
    pairs = {(row, row + 20) for row in range(5)} | {(0, 40), (1, 2)}
    assert list(given.shares(pairs).values()) == [0.25, 0.05, *[0.0] * 6]
    assert given.strangers(pairs) == 1


def test_two_records_are_compared(smoke: Path, tmp_path: Path) -> None:
    """Each contender has a line; a changed answer is said; another schema is refused."""
    before = smoke / "duplicates.json"
    done = benches("compare", str(before), str(before))
    assert done.returncode == 0, done.stderr
    assert "synthetic-160 / clusters / rensa" in done.stdout
    assert "the answer changed" not in done.stdout

    told = record(smoke, "duplicates")
    told["sections"][0]["contenders"][0]["facts"]["pairs"] += 1
    after = tmp_path / "after.json"
    after.write_text(json.dumps(told), encoding="utf-8")
    assert "the answer changed" in benches("compare", str(before), str(after)).stdout

    after.write_text(json.dumps(told | {"schema": 0}), encoding="utf-8")
    refused = benches("compare", str(before), str(after))
    assert refused.returncode == 2
    assert "has schema 0, but this reads 1" in refused.stdout


def test_a_record_becomes_tables(smoke: Path) -> None:
    """One table for each job, one line for each contender, every line as wide as its head."""
    done = benches("markdown", str(smoke / "tokens.json"))
    assert done.returncode == 0, done.stderr
    told = record(smoke, "tokens")
    for section, table in zip(told["sections"], done.stdout.split("### ")[1:], strict=True):
        title, _, *lines = table.strip().splitlines()
        assert title == section["title"]
        assert len(lines) == 2 + len(section["contenders"])
        assert len({line.count("|") for line in lines}) == 1
        assert f" {section['contenders'][0]['facts']['tokens']:,} |" in lines[2]
        assert ("x CountVectorizer" in lines[0]) == (section["job"] != "tokens")


def test_an_unknown_bench_is_named() -> None:
    """A wrong name is one sentence with those that there are."""
    done = benches("run", "speed")
    assert done.returncode == 2
    assert (
        "there is no bench 'speed'; there are tokens, doubling, duplicates, robustness, growth"
        in done.stderr
    )
