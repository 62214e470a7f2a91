"""Dictionaries: categories in the place of terms, as named rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

import nutgraf as ng

if TYPE_CHECKING:
    from pathlib import Path

TEXT = "Tariffs on oil and gas: the Army’s troops, and Oil, met police in the army town."

#: Name, dictionary, options, categories in order.
ROWS: list[tuple[str, dict[str, Any], dict[str, Any], list[str]]] = [
    ("a word", {"a": ["oil"]}, {}, ["a", "a"]),
    ("case", {"a": ["oil"]}, {"case_insensitive": False}, ["a"]),
    ("a single str", {"a": "OIL"}, {}, ["a", "a"]),
    ("a star", {"a": ["tariff*"], "b": ["*ops", "t*o*s"]}, {}, ["a", "b"]),
    ("a question mark", {"a": ["o?l", "ga?", "g?"]}, {}, ["a", "a", "a"]),
    ("a phrase", {"a": ["oil and gas"]}, {}, ["a"]),
    ("punctuation separates", {"a": ["gas the", "troops and"]}, {}, []),
    ("and may be looked for", {"a": ["gas: the", "troops, and"]}, {}, ["a", "a"]),
    ("white space is one", {"a": ["  oil \n and\tgas "]}, {}, ["a"]),
    ("a star is a word", {"a": ["oil * gas"]}, {}, ["a"]),
    ("and never punctuation", {"a": ["gas * the", "troops*and"]}, {}, []),
    ("apostrophes", {"a": ["army's"], "b": ["army*"]}, {}, ["a", "b", "b"]),
    ("longest in a category", {"a": ["oil", "oil and gas", "gas"]}, {}, ["a", "a"]),
    ("in every category", {"a": ["oil", "gas"], "b": ["oil and gas"]}, {}, ["a", "b", "a", "a"]),
    (
        "longest in the dictionary",
        {"a": ["oil", "gas"], "b": ["oil and gas"]},
        {"nested_scope": "dictionary"},
        ["b", "a"],
    ),
    ("overlaps both count", {"a": ["oil and", "and gas"]}, {}, ["a", "a"]),
    ("equal ones", {"a": ["gas"], "b": ["g*"]}, {"nested_scope": "dictionary"}, ["a", "b"]),
    ("twice in one category", {"a": ["gas", "gas", "g*"]}, {}, ["a"]),
    (
        "nested",
        {"security": {"army": ["army", "troops"], "police": ["police"]}, "oil": ["oil"]},
        {},
        ["oil", "security/army", "oil", "security/police", "security/army"],
    ),
    (
        "the first level",
        {"security": {"army": ["army", "troops"], "police": ["police"]}},
        {"levels": 1},
        ["security"] * 3,
    ),
    (
        "the second level",
        {"security": {"army": ["troops"], "police": ["police"]}, "oil": ["oil"]},
        {"levels": [2]},
        ["army", "police"],
    ),
]  # fmt: skip


@pytest.mark.parametrize(
    ("dictionary", "options", "found"), [row[1:] for row in ROWS], ids=[row[0] for row in ROWS]
)
def test_named_rows(dictionary: dict[str, Any], options: dict[str, Any], found: list[str]) -> None:
    """Each row is what the documentation promises."""
    assert ng.tokenize([TEXT]).dictionary(dictionary, **options)[0] == found


def test_every_category_has_a_column() -> None:
    """Columns in the order of the dictionary, zeros too; totals are those of the view."""
    texts = ["oil and gas", "", "rain"]
    tokens = ng.tokenize(texts).view(lower=True, stop_words=["and"])
    found = tokens.dictionary({"war": ["war"], "gas": ["gas"], "oil": ["oil", "oil and gas"]})
    counts = found.counts()

    assert counts.terms == ["war", "gas", "oil"]
    assert counts.matrix.toarray().tolist() == [[0, 1, 1], [0, 0, 0], [0, 0, 0]]
    assert counts.totals.tolist() == [2, 0, 1]
    assert found.vocabulary == counts.terms
    assert found.ids.tolist() == [2, 1]
    assert found.indptr.tolist() == [0, 2, 2, 2]
    assert found.counts(min_df=1, max_df=0.5).terms == ["gas", "oil"]


def test_spans_reach_from_the_first_to_the_last_token() -> None:
    """Arrays and rows agree, and a span cuts the match out of the text."""
    text = "Öl: the “Oil and gas” of the U.S. army"
    found = ng.tokenize([text, text[4:]]).dictionary({"a": ["oil and gas", "U.S. *"], "b": ["gas"]})

    for row, whole in enumerate([text, text[4:]]):
        cut = [whole[start:end] for start, end in found.spans(row)]
        assert cut == ["Oil and gas", "gas", "U.S. army"]
        here = slice(found.indptr[row], found.indptr[row + 1])
        assert np.array_equal(np.c_[found.starts[here], found.ends[here]], found.spans(row))


@pytest.mark.parametrize(
    ("text", "how", "view", "values", "times"),
    [
        ("e-mail me by e-mail", {}, {}, ["e-mail"], 2),
        ("e-mail me", {}, {"hyphens": "join"}, ["e-mail", "e-m*"], 1),
        ("l’accord des accords", {"language": "fr"}, {}, ["accord*"], 2),
        ("l’accord", {"language": "fr"}, {}, ["l'accord"], 1),
        ("the U.S. army, the us", {}, {}, ["U.S. arm*", "u.s."], 1),
        ("trading traded", {}, {"stem": "en", "lower": True}, ["trades"], 2),
        ("économie ECONOMIE", {}, {"strip_accents": True}, ["écono*"], 2),
        ("e\u0301tat", {}, {}, ["état"], 1),
        ("e\u0301tat", {}, {"normalize": None}, ["état"], 1),
        ("IŞIK ışık", {"language": "tr"}, {}, ["IŞIK", "ışı?"], 2),
        ("ΟΔΟΣ οδοστρωμα", {}, {}, ["ΟΔΟΣ*"], 2),
        ("a * b ? c", {}, {"kinds": None}, [r"\*", r"\?"], 2),
        ("a * b ? c", {}, {}, [r"\*", r"\?"], 0),
        ("#now @me", {}, {}, ["#n*", "@m?"], 2),
        ("2024 1999 20", {}, {}, ["20??"], 1),
        ("see https://a.b/c", {}, {"kinds": None}, ["https://*"], 1),
        ("no-one x_y", {"pattern": r"\w+"}, {}, ["no-one", "x_*"], 2),
        ("of the people", {}, {"stop_words": ["of", "the"]}, ["of the", "the people"], 1),
    ],
)
def test_values_are_cut_and_spelled_as_texts_are(
    text: str, how: dict[str, Any], view: dict[str, Any], values: list[str], times: int
) -> None:
    """A value matches what it would have become in a text."""
    found = ng.tokenize([text], **how).view(**view).dictionary({"a": values})

    assert found[0] == ["a"] * times


def test_keyness_of_categories() -> None:
    """Categories are compared as terms are, and a row shows its sentences."""
    texts = ["Troops of the army met.", "The army left.", "Rain fell.", "Sun and rain."] * 3
    counts = ng.tokenize(texts).dictionary({"war": ["army", "troops"], "sky": ["rain"]}).counts()
    table = ng.keyness(counts, target=[row for row in range(12) if row % 4 < 2], permutations=99)

    rows = {
        term: (t, r)
        for term, t, r in zip(*map(table.__getitem__, ("term", "target", "reference")), strict=True)
    }
    assert {term: tuple(map(int, pair)) for term, pair in rows.items()} == {
        "war": (9, 0),
        "sky": (0, 6),
    }
    place = list(table["term"]).index("war")
    assert "Troops" in str(table.evidence(place))


def test_categories_are_no_words() -> None:
    """What needs words refuses categories, with a sentence."""
    found = ng.tokenize(["oil and gas"]).dictionary({"a": ["oil"]})
    calls = (
        lambda: found.view(lower=True),
        lambda: found.dictionary({"a": ["oil"]}),
        lambda: found.counts(ngram_range=(1, 2)),
        lambda: ng.near_duplicates(found),
        lambda: ng.estimate_memory(found),
        lambda: ng.concordance(found, "oil"),
        lambda: found.sentence_starts,
    )
    for call in calls:
        with pytest.raises(ng.ParameterError, match="categories"):
            call()


DEEP: dict[str, Any] = {}
DEEP["a"] = DEEP

#: Name, dictionary, options, words of the sentence.
WRONG: list[tuple[str, Any, dict[str, Any], tuple[str, ...]]] = [
    ("a list", ["oil"], {}, ("['oil']", "dict of categories")),
    ("empty", {}, {}, ("no categories",)),
    ("a category that is no str", {1: ["oil"]}, {}, ("1", "must be a str")),
    ("an empty name", {"": ["oil"]}, {}, ("not empty",)),
    ("no values", {"a": []}, {}, ("'a'", "without values")),
    ("no categories inside", {"a": {}}, {}, ("'a'", "without values")),
    ("a value that is no str", {"a": ["oil", 3]}, {}, ("3", "'a'", "list of str")),
    ("a number", {"a": 3}, {}, ("3", "'a'", "list of str")),
    ("bytes", {"a": b"oil"}, {}, ("'a'", "list of str")),
    ("an empty value", {"a": ["oil", " "]}, {}, ("'a'", "empty")),
    ("half a character", {"a": ["\ud800"]}, {}, ("surrogate",)),
    ("everything", {"a": ["*"]}, {}, ("'*'", "every token", "tariff*")),
    ("every phrase", {"a": ["* **"]}, {}, ("'* **'", "every token")),
    ("one name twice", {"a/b": ["oil"], "a": {"b": ["gas"]}}, {}, ("'a/b'", "two categories")),
    ("a dictionary of itself", DEEP, {}, ("20 levels",)),
    ("a level too many", {"a": ["oil"]}, {"levels": 2}, ("levels is 2", "so deep")),
    ("no level", {"a": ["oil"]}, {"levels": 0}, ("levels is 0", "1 to 20")),
    ("a name for a level", {"a": ["oil"]}, {"levels": "a"}, ("levels is 'a'",)),
    ("a truth for a level", {"a": ["oil"]}, {"levels": True}, ("levels is True",)),
    ("a scope", {"a": ["oil"]}, {"nested_scope": "keys"}, ("nested_scope", "'dictionary'")),
    ("a case", {"a": ["oil"]}, {"case_insensitive": 1}, ("case_insensitive is 1",)),
    ("an endless phrase", {"a": ["oil " * 101]}, {}, ("more than 100 tokens",)),
]


@pytest.mark.parametrize(
    ("dictionary", "options", "words"), [row[1:] for row in WRONG], ids=[row[0] for row in WRONG]
)
def test_wrong_dictionaries(
    dictionary: Any, options: dict[str, Any], words: tuple[str, ...]
) -> None:
    """A dictionary that cannot be meant is refused in one sentence, before any work."""
    with pytest.raises(ng.ParameterError) as caught:
        ng.tokenize(["oil"]).dictionary(dictionary, **options)

    message = str(caught.value)
    assert all(word in message for word in words), message
    assert message.endswith(".")
    assert len(message) < 400


def test_a_value_that_no_text_can_hold_is_found_nowhere() -> None:
    """A word counts alike in a corpus that has it and in one that has not."""
    found = ng.tokenize(["oil 99"], pattern=r"[a-z]+").dictionary({"a": ["99"], "b": ["oil"]})
    assert found.counts().matrix.toarray().tolist() == [[0, 1]]
    with pytest.raises(ng.ParameterError, match="every token"):
        ng.tokenize(["oil"], pattern=r"[a-z]+").dictionary({"a": ["*"]})


def test_a_hundred_thousand_values() -> None:
    """A large dictionary counts what a small one would."""
    words = [f"w{number}x" for number in range(100_000)]
    dictionary = {"literal": words, "prefix": [word[:-1] + "x*" for word in words]}
    tokens = ng.tokenize([" ".join(words[::1000]), "w1xy w5"])
    counts = tokens.dictionary(dictionary).counts()

    assert counts.matrix.toarray().tolist() == [[100, 100], [0, 1]]


@pytest.mark.corpora
@pytest.mark.parametrize("name", ["agnews_test.jsonl.gz", "saudi_ar.parquet", "moscow_2025.jsonl"])
def test_real_words_as_categories_are_counts(corpora_dir: Path, name: str) -> None:
    """Frequent words and pairs of real news are counted alike by both."""
    view = ng.tokenize(ng.read_corpus(corpora_dir / name)).view(lower=True, fold_punctuation=True)
    grams = view.counts(ngram_range=(1, 2), min_df=min(20, 2 + len(view) // 50))
    columns = list(range(0, len(grams.terms), 1 + len(grams.terms) // 500))
    terms = [grams.terms[column] for column in columns]
    found = view.dictionary({term: [term] for term in terms}).counts()

    assert len(terms) > 50
    assert found.terms == terms
    assert (found.matrix != grams.matrix[:, columns]).nnz == 0
