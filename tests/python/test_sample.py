"""The sample corpus: the derived files are current, and the truth is where it says."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections import Counter, defaultdict
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

SAMPLE = Path(__file__).parents[2] / "python/nutgraf/sample"
OUTLETS = {
    "Pellworth",
    "The Sormund Rampart",
    "The Orme Chronicle",
    "Daily Whistle",
    "Bourse & Harbour",
    "Littoral Radio",
}
KINDS = [
    "reuse",
    "passages",
    "furniture",
    "repeats",
    "figures",
    "credits",
    "names",
    "quotations",
    "reporting_verbs",
    "terms",
    "bursty",
    "omissions",
    "before",
]

Row = dict[str, Any]


@pytest.fixture(scope="module")
def articles() -> dict[str, Row]:
    """Return the articles by id."""
    lines = (SAMPLE / "articles.jsonl").read_text(encoding="utf-8").splitlines()
    return {row["id"]: row for row in map(json.loads, lines)}


@pytest.fixture(scope="module")
def truth() -> dict[str, list[Row]]:
    """Return the planted truth."""
    content: dict[str, list[Row]] = json.loads((SAMPLE / "truth.json").read_text(encoding="utf-8"))
    return content


def evidence(value: object) -> Iterator[Row]:
    """Every object in the truth that claims to be a piece of some document."""
    if isinstance(value, dict):
        if {"document", "start", "end", "text"} <= value.keys():
            yield value
        for inner in value.values():
            yield from evidence(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from evidence(inner)


def words(text: str) -> list[str]:
    """Return the words of a text, in lower case."""
    return re.findall(r"\w+", text.lower())


def shingles(text: str) -> set[tuple[str, ...]]:
    """Return the word 5-grams of a text."""
    found = words(text)
    return {tuple(found[i : i + 5]) for i in range(len(found) - 4)}


def jaccard(left: str, right: str) -> float:
    """Return the similarity of two texts as sets of word 5-grams."""
    a, b = shingles(left), shingles(right)
    return len(a & b) / len(a | b)


def test_derived_files_are_current() -> None:
    """Running derive.py again would write the committed files, byte for byte."""
    command = [sys.executable, str(SAMPLE / "derive.py"), "--check"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_offset_slices(articles: dict[str, Row], truth: dict[str, list[Row]]) -> None:
    """Every piece of evidence is the text at its offsets, counted in code points."""
    pieces = list(evidence(truth))
    assert len(pieces) > 800
    for piece in pieces:
        text = articles[piece["document"]]["text"]
        assert piece["text"] == text[piece["start"] : piece["end"]] != ""


def test_corpus_has_the_promised_shape(articles: dict[str, Row]) -> None:
    """Six outlets, six languages, 38 or more articles of 200 to 700 words, over six days."""
    rows = list(articles.values())
    assert len(rows) >= 38
    assert {row["source"] for row in rows} == OUTLETS
    assert {row["date"][:10] for row in rows} == {f"2031-03-0{day}" for day in range(3, 9)}
    for row in rows:
        assert list(row) == ["id", "source", "date", "title", "language", "text"]
        if row["language"] == "zh":
            assert 300 <= len(row["text"]) <= 1500
        else:
            assert 200 <= len(words(row["text"])) <= 700, row["id"]
    assert rows == sorted(rows, key=lambda row: (row["date"], row["id"]))
    english = Counter(row["source"] for row in rows if row["language"] == "en")
    assert english.pop("Littoral Radio") >= 3
    assert all(6 <= count <= 8 for count in english.values())
    others = {row["language"] for row in rows if row["source"] == "Littoral Radio"}
    assert others == {"en", "es", "fr", "ru", "ar", "zh"}


def test_no_mark_is_left(articles: dict[str, Row]) -> None:
    """The shipped articles are plain text."""
    assert not any(set("⟦⟧") & set(row["text"] + row["title"]) for row in articles.values())


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_truth_is_planted(truth: dict[str, list[Row]], kind: str) -> None:
    """The truth has a list with at least one row for each kind."""
    assert list(truth) == KINDS
    assert truth[kind]


def test_reuse_is_as_similar_as_its_kind_says(
    articles: dict[str, Row], truth: dict[str, list[Row]]
) -> None:
    """Unchanged copies are near identical, new leads and cuts half so, embedded ones contained."""
    assert {row["kind"] for row in truth["reuse"]} == {"unchanged", "new_lead", "cut", "embedded"}
    for row in truth["reuse"]:
        original, copy = articles[row["original"]], articles[row["copy"]]
        similarity = jaccard(original["text"], copy["text"])
        a, b = shingles(original["text"]), shingles(copy["text"])
        assert similarity == pytest.approx(row["jaccard"], abs=1e-4)
        assert len(a & b) / len(a) == pytest.approx(row["containment"], abs=1e-4)
        assert original["source"] != copy["source"]
        assert all(span["original"]["text"] == span["copy"]["text"] for span in row["spans"])
        if row["kind"] == "unchanged":
            assert similarity >= 0.9
        elif row["kind"] == "embedded":
            assert similarity < 0.5
            assert row["containment"] >= 0.8
        else:
            assert 0.5 <= similarity <= 0.95


def test_nothing_else_is_a_copy(articles: dict[str, Row], truth: dict[str, list[Row]]) -> None:
    """Beside the planted reuse no two articles share more than furniture and one passage."""
    planted = {frozenset((row["original"], row["copy"])) for row in truth["reuse"]}
    originals = defaultdict(set)
    for row in truth["reuse"]:
        originals[row["original"]].add(row["copy"])
    for copies in originals.values():
        planted |= {frozenset(pair) for pair in combinations(copies, 2)}
    for left, right in combinations(articles, 2):
        if frozenset((left, right)) not in planted:
            assert jaccard(articles[left]["text"], articles[right]["text"]) < 0.12, (left, right)


def test_every_english_outlet_has_six_own_articles(
    articles: dict[str, Row], truth: dict[str, list[Row]]
) -> None:
    """Without the copies, six or more articles of each English outlet remain."""
    copies = {row["copy"] for row in truth["reuse"]}
    own = Counter(row["source"] for row in articles.values() if row["id"] not in copies)
    assert all(own[source] >= 6 for source in OUTLETS)


def test_passage_has_no_original(articles: dict[str, Row], truth: dict[str, list[Row]]) -> None:
    """A passage of 40 to 90 words stands in two outlets, and in no article of the agency."""
    for row in truth["passages"]:
        text = row["left"]["text"]
        carriers = [article for article in articles.values() if text in article["text"]]
        assert 40 <= len(words(text)) <= 90
        assert row["right"]["text"] == text
        assert {article["id"] for article in carriers} == {
            row["left"]["document"],
            row["right"]["document"],
        }
        assert len({article["source"] for article in carriers}) == 2
        assert "Pellworth" not in {article["source"] for article in carriers}


def test_furniture_recurs(truth: dict[str, list[Row]]) -> None:
    """At least four outlets have furniture in three or more articles, each its own."""
    recurring = {(row["source"], row["text"]) for row in truth["furniture"] if row["articles"] >= 3}
    assert len({source for source, _ in recurring}) >= 4
    assert len({text for _, text in recurring}) == len(recurring)


def test_repeat_covers_most_of_its_article(
    articles: dict[str, Row], truth: dict[str, list[Row]]
) -> None:
    """One article says nearly everything twice."""
    for row in truth["repeats"]:
        first, second = row["first"], row["second"]
        assert first["text"] == second["text"]
        assert first["end"] <= second["start"]
        assert 2 * len(first["text"]) > 0.7 * len(articles[row["document"]]["text"])


def test_figures_have_every_verdict(truth: dict[str, list[Row]]) -> None:
    """All verdicts occur; a conflict is between outlets; an update is over several days."""
    assert {row["verdict"] for row in truth["figures"]} == {
        "agree",
        "compatible",
        "conflict",
        "updated",
        "same_figure_different_label",
        "same_label_different_measure",
        "related",
    }
    for row in truth["figures"]:
        assert len(row["figures"]) >= 2, row["set"]
        values = {figure["value"] for figure in row["figures"] if "value" in figure}
        if row["verdict"] in {"agree", "same_figure_different_label"}:
            assert len(values) == 1, row["set"]
        if row["verdict"] == "conflict":
            assert len(values) == 2
            assert len({figure["source"] for figure in row["figures"]}) >= 2
        if row["verdict"] == "updated":
            by_day = [(f["date"][:10], f["value"]) for f in row["figures"]]
            assert by_day == sorted(by_day)
            assert len(values) == 3


def test_credits_are_present_and_missing(truth: dict[str, list[Row]]) -> None:
    """Every place of a credit occurs, and one reprint has no credit."""
    places = {row["place"] for row in truth["credits"] if row["present"]}
    assert places == {"byline", "dateline", "caption", "tail", "inline"}
    missing = {row["document"] for row in truth["credits"] if not row["present"]}
    assert missing == {row["copy"] for row in truth["reuse"] if not row["credited"]}
    assert missing


def test_names_vary(truth: dict[str, list[Row]]) -> None:
    """One person is spelled in three ways in English, another has several titles."""
    general, envoy = truth["names"]
    surnames = {mention["text"].split()[-1] for mention in general["mentions"]}
    assert {"Zhevelin", "Jevelin", "Zhevelyn"} <= surnames
    titles = {mention["text"] for mention in envoy["mentions"]}
    assert {"Ambassador Henrike Aldous", "Dr. Aldous", "Envoy Aldous", "Mrs Aldous"} <= titles


def test_quotations_are_rich(articles: dict[str, Row], truth: dict[str, list[Row]]) -> None:
    """There are many quotations, of every form, with speaker and cue where they are named."""
    rows = [row for row in truth["quotations"] if not row["copied"]]
    assert len(rows) >= 60
    assert {row["language"] for row in rows} == {"en", "es", "fr", "ru", "ar", "zh"}
    assert {"interrupted", "continued", "multi_paragraph"} <= {row["form"] for row in rows}
    assert any(row["nested"] for row in rows)
    assert any(row["pronoun"] for row in rows)
    assert any(not row["direct"] for row in rows)
    for row in rows:
        text = articles[row["document"]]["text"]
        for part in ("speaker", "cue"):
            start, end = row[f"{part}_start"], row[f"{part}_end"]
            assert row[part] == (None if start is None else text[start:end])


def test_quotations_stand_between_quotation_marks(
    articles: dict[str, Row], truth: dict[str, list[Row]]
) -> None:
    """A direct quotation fills its quotation marks, but for French and Russian incises."""
    opening, closing = set('"“„‘«'), set('"”“’»')
    for row in truth["quotations"]:
        if row["direct"]:
            text = articles[row["document"]]["text"]
            before, after = text[: row["start"]].rstrip(), text[row["end"] :].lstrip()
            opened, closed = before[-1] in opening, after[0] in closing
            incise = row["language"] in {"fr", "ru"} and (opened or closed)
            assert (opened and closed) or incise, row["text"]


def test_quotation_marks_of_each_tradition_occur(articles: dict[str, Row]) -> None:
    """Each language uses its own marks: guillemets in French, «» and „“ in Russian."""
    text: defaultdict[str, str] = defaultdict(str)
    for row in articles.values():
        text[row["language"]] += row["text"]
    expected = {"en": '"“”‘’', "fr": "«»", "ru": "«»„“", "zh": "“”‘’", "es": "«»", "ar": "«»"}
    for language, marks in expected.items():
        assert set(marks) <= set(text[language])


def test_reporting_verbs_have_a_stance(truth: dict[str, list[Row]]) -> None:
    """Neutral, endorsing and distancing verbs occur, each in at least two outlets."""
    sources = defaultdict(set)
    for row in truth["reporting_verbs"]:
        sources[row["stance"]].add(row["source"])
        assert row["uses"]
    assert set(sources) == {"neutral", "endorsing", "distancing"}
    assert all(len(users) >= 2 for users in sources.values())


def test_terms_set_outlets_apart(truth: dict[str, list[Row]]) -> None:
    """For each of six pairs an outlet uses one term in six articles, and its rival in none."""
    assert len(truth["terms"]) >= 6
    for row in truth["terms"]:
        preferring = [outlet for outlet in row["outlets"] if outlet["prefers"]]
        assert preferring, row["pair"]
        for outlet in preferring:
            uses = Counter(use["document"] for use in outlet["uses"][outlet["prefers"]])
            (rival,) = set(row["pair"]) - {outlet["prefers"]}
            assert len(uses) >= 6
            assert max(uses.values()) <= 5
            assert not outlet["uses"][rival]


def test_bursty_term_is_in_one_article(
    articles: dict[str, Row], truth: dict[str, list[Row]]
) -> None:
    """A bursty term stands 12 or more times in one article and in no other."""
    for row in truth["bursty"]:
        assert len(row["uses"]) >= 12
        users = {a["id"] for a in articles.values() if row["term"] in words(a["text"])}
        assert users == {row["document"]}


def test_blanks_have_a_reason(articles: dict[str, Row], truth: dict[str, list[Row]]) -> None:
    """An omission is by an outlet that published later, a fact that most others report."""
    for row in truth["omissions"]:
        assert len(row["reported"]) >= 4
        assert row["source"] not in row["reported"]
        assert all(articles[document]["date"] >= row["known"][:10] for document in row["documents"])
    for row in truth["before"]:
        assert all(articles[document]["date"] < row["known"] for document in row["documents"])
    assert any(row["all_before"] for row in truth["before"])
