"""Lists of stop words: which language has which, and what they hold."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

import nutgraf as ng

if TYPE_CHECKING:
    from pathlib import Path


def sources(root: Path) -> dict[str, list[str]]:
    """The table of docs/tokens.md: source of a list, and the codes of its languages."""
    text = (root / "docs/tokens.md").read_text(encoding="utf-8")
    rows = re.findall(
        r"^\| (Snowball|Apache Lucene|Stopwords ISO) \| ([a-z, ]+) \|$", text, re.MULTILINE
    )
    return {source: codes.split(", ") for source, codes in rows}


def test_the_table_says_which_list_a_language_has(root: Path) -> None:
    """Short lists differ from the long ones; the others are those."""
    table = sources(root)

    for code in table["Snowball"] + table["Apache Lucene"]:
        words = ng.stop_words(code)
        assert words == sorted(set(words))
        assert 40 < len(words) < 500
    for code in table["Stopwords ISO"]:
        assert ng.stop_words(code) == ng.stop_words(f"iso:{code}")
    with pytest.raises(ng.ParameterError) as caught:
        ng.stop_words("klingon")
    listed = str(caught.value).rpartition("one of ")[2].rstrip(".").split(", ")
    assert sorted(code for codes in table.values() for code in codes) == listed


def test_a_short_list_leaves_what_makes_news() -> None:
    """The long one drops it."""
    news = {"state", "us", "uk", "million", "world"}

    assert news.isdisjoint(ng.stop_words("English"))
    assert news < set(ng.stop_words("iso:en"))
    assert len(ng.stop_words("en")) == 174


def test_a_list_can_be_changed() -> None:
    """What is shown is what a view takes."""
    tokens = ng.tokenize(["The senator said that it is over"])
    own = [word for word in ng.stop_words("en") if word != "over"] + ["said"]

    assert tokens.view(stop_words="en")[0] == ["senator", "said"]
    assert tokens.view(stop_words=own)[0] == ["senator", "over"]


@pytest.mark.corpora
def test_points_and_stretches_make_no_terms_in_real_arabic(corpora_dir: Path) -> None:
    """Stretched and pointed spellings fall on plain ones."""
    tokens = ng.tokenize(ng.read_corpus(corpora_dir / "saudi_ar.parquet"), language="ar")
    marks = re.compile("[\u0640\u064b-\u0652\u0670]")
    folded = tokens.view(fold_punctuation=True, strip_accents=True)

    before = [term for term in tokens.view().vocabulary if marks.search(term)]
    assert len(before) > 100
    assert not [term for term in folded.vocabulary if marks.search(term) and marks.sub("", term)]
