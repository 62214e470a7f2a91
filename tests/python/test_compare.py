"""The comparison: what it finds in the sample, what it refuses to conclude, and its report."""

from __future__ import annotations

import csv
import html
import re
import subprocess
import sys
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import numpy as np
import pytest

import nutgraf as ng
from nutgraf._copies import instant
from nutgraf._languages import guess_language
from nutgraf.wording import limits, smallest_p

if TYPE_CHECKING:
    from pathlib import Path

STORY = (
    "The envoy said on Monday that both delegations would meet again at the lake, and that the "
    "ferry would sail in the morning with all of the relief goods still on board."
)
HOSTILE = '<script>alert("x")</script><img src=http://evil.example onerror=alert(1)>'


@pytest.fixture(scope="module")
def sample() -> ng.Comparison:
    """Compare the sample."""
    return ng.compare(ng.load_sample(), permutations=999)


@pytest.fixture(scope="module")
def small() -> ng.Comparison:
    """Compare three sources with one article each, one of them with a repeated sentence."""
    rows = [
        {"source": "A", "text": "The dredger sank. The dredger was old. A dredger it remained."},
        {"source": "B", "text": "The lake was calm. " + "The swans came back at six. " * 4},
        {"source": "C", "text": "The town by the lake was calm, and the minister was in it."},
    ]
    return ng.compare(ng.Corpus(rows))


def table(comparison: ng.Comparison, name: str) -> list[dict[str, object]]:
    """Return a section as rows."""
    section = comparison.sections[name]
    assert isinstance(section, ng.Table)
    rows: list[dict[str, object]] = section.to_dicts()
    return rows


class Page(HTMLParser):
    """Every tag and attribute of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Remember a tag."""
        self.tags.append(tag)
        self.attributes += attrs


def read(content: str) -> Page:
    """Parse HTML."""
    page = Page()
    page.feed(content)
    return page


# Copies


def test_the_agency_stands_before_those_who_printed_it(sample: ng.Comparison) -> None:
    """A dated dispatch comes first, those who carry it come after."""
    rows = table(sample, "copies")
    firsts = {row["source"] for row in rows if row["order"] == "earliest"}
    assert firsts == {"Pellworth"}
    followers = {row["source"] for row in rows if row["order"] == "later"}
    assert {"Bourse & Harbour", "The Sormund Rampart", "Daily Whistle"} <= followers


def test_the_report_never_says_who_copied(sample: ng.Comparison) -> None:
    """It says what was earlier in this corpus and leaves it there."""
    text = sample.summary()
    assert "earliest in this corpus" in text
    # The one place where the words stand is the sentence that rules them out.
    assert text.replace("\n   ", "").count("copied from") == 1


def test_undated_copies_are_not_ordered() -> None:
    """Without dates nobody is first."""
    result = ng.compare(ng.Corpus([{"source": name, "text": STORY} for name in "AB"]))
    assert {row["order"] for row in table(result, "copies")} == {"date unknown"}


def test_equal_dates_are_not_ordered() -> None:
    """On the same day nobody is first."""
    rows = [{"source": name, "text": STORY, "date": "2031-03-03"} for name in "AB"]
    result = ng.compare(ng.Corpus(rows))
    assert {row["order"] for row in table(result, "copies")} == {"same time"}


def test_a_bare_day_counts_to_its_end() -> None:
    """A full time comes before the bare day it lies in."""
    day, evening = instant("2031-03-04"), instant("2031-03-04T23:00:00")
    assert day is not None
    assert evening is not None
    assert evening < day
    assert instant("last week") is None


# Shorter articles inside longer ones

FACTS = " ".join(f"The {n} delegates of town {n} spoke of the ferry in turn." for n in range(12))
MORE = " ".join(
    f"Our reporter saw {n} boats and {n} gulls at the quay that day." for n in range(40)
)


def holding(**more: object) -> ng.Corpus:
    """Return a wire story, a copy of it, a report that embeds it, and a report without it."""
    wire = {"id": "wire", "source": "Wire", "title": "Delegates speak", "text": FACTS}
    rows = [
        {"id": "long", "source": "Post", "text": f"{MORE} {FACTS} And so to bed."},
        {"id": "copy", "source": "Times", "text": FACTS},
        wire,
        {"id": "other", "source": "Post", "text": MORE.replace("gulls", "crows or terns")},
    ]
    dates = {"long": "2031-03-04", "copy": "2031-03-04", "wire": "2031-03-03T09:00:00"}
    return ng.Corpus([{**row, "date": dates.get(str(row["id"])), **more} for row in rows])


def test_the_sample_has_one_dispatch_inside_a_longer_article(sample: ng.Comparison) -> None:
    """It is listed, and it makes no group: units and labels are those of the copies."""
    (row,) = table(sample, "contains")
    assert (row["id"], row["part"], row["relation"]) == ("oc-07", "pw-06", "shared")
    assert (row["words"], row["part_words"]) == (691, 314)
    assert row["share"] == pytest.approx(0.98, abs=0.005)
    # The paper gives the day, the agency the hour of that day.
    assert row["earlier"] is None
    assert not {"oc-07", "pw-06"} & {copy["id"] for copy in table(sample, "copies")}
    plain = ng.near_duplicates(sample.duplicates._tokens)
    assert sample.duplicates.labels.tolist() == plain.labels.tolist()
    shown = sample.sections["contains"].evidence(0)  # type: ignore[union-attr]
    assert "artillery depot" in shown.text


def test_what_is_contained_is_told_apart_from_the_groups() -> None:
    """Of copies of one text the earliest is named, and the others are counted."""
    result = ng.compare(holding())
    (row,) = table(result, "contains")
    assert (row["id"], row["part"], row["copies"], row["earlier"]) == ("long", "wire", 1, "wire")
    assert {copy["id"] for copy in table(result, "copies")} == {"wire", "copy"}
    told = " ".join(result.summary().split())
    assert "2 articles share most of their text with another: 1 group across sources." in told
    assert "1 article contains most of a shorter one" in told
    line = (
        "contains 100% of “Delegates speak” (Wire, 3 March 2031, 09:00; 144 words) and 1 copy of "
        "it; the shorter one is earlier in this corpus"
    )
    assert line in told
    page = html.unescape(re.sub(r"<[^>]+>", " ", result._repr_html_()))
    assert "Articles that contain most of a shorter one" in page
    assert line in page
    assert "copied" not in page.replace("copied from” : both", "").replace("“copied from”", "")


def test_within_one_source_it_is_a_version() -> None:
    """And the sources are what `by` says."""
    result = ng.compare(holding(source="Post", desk="x"), "desk")
    assert [row["relation"] for row in table(result, "contains")] == ["version"]


def test_nothing_contained_is_an_empty_table_and_no_heading(small: ng.Comparison) -> None:
    """With columns of the types that they always have; ids here are numbers."""
    section = small.sections["contains"]
    assert isinstance(section, ng.Table)
    assert len(section) == 0
    assert np.asarray(section["part"]).dtype == np.int64
    assert "Articles that contain most" not in small._repr_html_()
    assert "No article contains most of a shorter one." in small._repr_html_()
    assert "INSIDE LONGER" not in small.summary()
    assert any("A shorter article inside a longer one is found" in line for line in limits(small))


def test_too_many_pairs_are_not_looked_through() -> None:
    """Then the report says so instead of listing nothing."""
    ng.set_limits(pairs=1)
    try:
        result = ng.compare(holding())
    finally:
        ng.set_limits(pairs=None)
    assert table(result, "contains") == []
    assert table(result, "pairs") == [{"note": "too many pairs"}]
    assert "were not looked for" in " ".join(result.summary().split())


# Words


def test_the_genitive_of_a_word_is_a_use_of_it() -> None:
    """What others say without an s is not said here only; one's own uses are added up."""
    rows = [
        {"source": "A", "text": "World War II’s end. War II's toll. II’s dead. The quay's end."},
        {"source": "B", "text": "World War II ended. The quays. Tolls."},
        {"source": "C", "text": "A dredger's crew, a dredger, and Dredger’s rust. It ended."},
    ]
    result = ng.compare(ng.Corpus(rows))
    only = {(row["source"], row["term"], row["uses"]) for row in table(result, "used_only_here")}
    assert only == {("C", "dredger", 3)}


@pytest.mark.parametrize(
    ("source", "term"),
    [
        ("Bourse & Harbour", "accord"),
        ("Daily Whistle", "swap"),
        ("The Orme Chronicle", "buffer"),
        ("The Sormund Rampart", "mercenaries"),
    ],
)
def test_planted_words_are_distinctive(sample: ng.Comparison, source: str, term: str) -> None:
    """The rival terms that the sample plants are found."""
    rows = [row for row in table(sample, "terms") if row["source"] == source]
    assert term in {row["term"] for row in rows if row["distinctive"]}


def test_page_furniture_is_not_distinctive(sample: ng.Comparison) -> None:
    """Standing page text is left out, and the report lists it."""
    terms = {row["term"] for row in table(sample, "terms")}
    assert not terms & {"newsletter", "unsubscribe", "subscribers", "chirrup", "reserved"}
    left_out = " ".join(str(row["text"]) for row in table(sample, "left_out"))
    assert "unsubscribe" in left_out


def test_every_example_can_be_found_in_its_article(sample: ng.Comparison) -> None:
    """Offsets slice the original article."""
    for row in table(sample, "terms"):
        article = sample.corpus.by_id(str(row["id"]))
        found = article.text[int(str(row["start"])) : int(str(row["end"]))]
        assert found.lower().replace("’", "'") == row["term"]
        assert article.source == row["source"]
        assert found in str(row["sentence"])


def test_other_languages_are_set_aside_and_said(sample: ng.Comparison) -> None:
    """Terms are compared in English; the rest is counted and named."""
    assert sample.facts["set_aside"] == {"es": 1, "ru": 1, "fr": 1, "zh": 1, "ar": 1}
    assert "Russian (1)" in sample.summary()
    assert "Littoral Radio" not in sample.keyness
    assert any("Littoral Radio has only 3 distinct texts" in line for line in limits(sample))


def test_the_numbers_of_a_sentence_are_counts_of_articles(sample: ng.Comparison) -> None:
    """Counting with a regular expression agrees."""
    row = next(row for row in table(sample, "terms") if row["term"] == "accord")
    english = [a for a in sample.corpus if a.metadata["language"] == "en"]
    having = [a for a in english if re.search(r"\baccord\b", a.text.lower())]
    own = [a for a in having if a.source == "Bourse & Harbour"]
    assert row["articles_with"] == len(own)
    assert row["others_with"] == len(having) - len(own)
    assert row["others"] == len(english) - 7


def test_few_texts_get_counts_and_no_p(small: ng.Comparison) -> None:
    """One article a source: words used only here, and no test."""
    assert small.keyness == {}
    assert "terms" not in small.sections
    only = {(row["source"], row["term"], row["uses"]) for row in table(small, "used_only_here")}
    assert only == {("A", "dredger", 3)}
    text = " ".join(small.summary().split())
    assert "nothing can be significant" in text
    assert "smallest p that any word could reach here is 0.33" in text


def test_a_repeated_sentence_counts_once(small: ng.Comparison) -> None:
    """From its second time on it is left out."""
    (row,) = table(small, "left_out")
    assert (row["source"], row["evidence"], row["words"]) == ("B", "repeat", 18)
    assert small.facts["masked_words"] == 18
    assert "The swans came back" in small.sections["left_out"].evidence(0).text  # type: ignore[union-attr]
    article = table(small, "articles")[1]
    assert (article["words"], article["after_masking"]) == (28, 10)


def test_nothing_is_masked_on_request(small: ng.Comparison) -> None:
    """Then the report says so."""
    whole = ng.compare(small.corpus, mask=False)
    assert "left_out" not in whole.sections
    assert whole.facts["masked_words"] == 0
    assert len(whole.corpus.masked) == 0
    assert any("were not looked for" in line for line in limits(whole))
    assert "Left out of the word counts" not in whole._repr_html_()
    used = {row["term"]: row["uses"] for row in table(whole, "used_only_here")}
    assert used["swans"] == 4


def test_copies_are_sought_without_furniture() -> None:
    """What surrounds every article of a source makes no copies of them."""
    around = "\n".join(f"Line {name} of the page" for name in "abcdefghijklmnopqrst")
    texts = [f"{body}\n{around}" for body in (STORY, STORY[::-1], "x".join(STORY))]
    corpus = ng.Corpus(
        [{"source": "A", "text": text} for text in texts] + [{"source": "B", "text": STORY}]
    )
    result = ng.compare(corpus)
    assert len(ng.compare(corpus, mask=False).duplicates) > len(result.duplicates)
    assert result.duplicates.labels.tolist() == [0, 1, 2, 0]


def test_the_smallest_p_of_a_design() -> None:
    """It follows from the number of relabelings."""
    assert smallest_p(1, 1) == 1.0
    assert smallest_p(1, 4) == pytest.approx(0.2)
    assert smallest_p(4, 4) == pytest.approx(2 / 70)
    assert smallest_p(0, 3) == 1.0


def test_one_source_has_nothing_to_stand_against() -> None:
    """No test, and a sentence that says so."""
    result = ng.compare(ng.Corpus([{"source": "A", "text": f"{STORY} {n}"} for n in range(6)]))
    assert result.keyness == {}
    assert "only one source" in result.summary()


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The talks opened on Monday in the lakeside town.", "en"),
        ("Les pourparlers se sont ouverts dans la ville au bord du lac.", "fr"),
        ("Las conversaciones se abrieron en la ciudad a la orilla del lago.", "es"),
        ("Die Gespräche haben am Montag in der Stadt und auf dem See begonnen.", "de"),
        ("Переговоры открылись в понедельник.", "ru"),
        ("المحادثات بدأت يوم الاثنين", "ar"),
        ("会谈于星期一开始", "zh"),
        ("会談は月曜日に始まった", "ja"),
        ("12 345 %", "unknown"),
        ("", "unknown"),
    ],
)
def test_languages_are_told_apart(text: str, language: str) -> None:
    """By script, then by function words."""
    assert guess_language(text) == language


# The report


@pytest.mark.parametrize("which", ["sample", "small"])
def test_the_report_is_inert(which: str, request: pytest.FixtureRequest) -> None:
    """No element or attribute that could load or run anything."""
    comparison: ng.Comparison = request.getfixturevalue(which)
    page = read(comparison._repr_html_())
    assert not {"script", "style", "svg", "link", "iframe", "form"} & set(page.tags)
    for name, value in page.attributes:
        assert name in {"style", "scope", "dir", "alt", "src"}
        if name == "src":
            assert str(value).startswith("data:image/svg+xml;base64,")


def test_every_picture_says_its_numbers(sample: ng.Comparison) -> None:
    """The alt text holds the words and their ratios."""
    alts = [value or "" for name, value in read(sample._repr_html_()).attributes if name == "alt"]
    assert alts
    assert any("accord" in alt and "times" in alt for alt in alts)


def test_the_report_has_no_p_in_prose(sample: ng.Comparison) -> None:
    """Chance is told in relabelings."""
    text = html.unescape(re.sub(r"<[^>]+>", " ", sample._repr_html_()))
    assert "random relabeling does as much" in text
    assert "p_max_t" not in text
    assert not re.search(r"\bp\s*[=<]", text)


def test_saved_pages_stand_alone(sample: ng.Comparison, tmp_path: Path) -> None:
    """One file with a policy and no address."""
    sample.save(tmp_path / "report.html")
    content = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert content.startswith("<!DOCTYPE html>")
    assert "Content-Security-Policy" in content
    assert "http://" not in content
    assert "https://" not in content


def test_what_comes_from_documents_is_escaped(tmp_path: Path) -> None:
    """Markup in text, title, id and source stays text."""
    rows = [
        {"source": f"{HOSTILE}{n % 2}", "title": HOSTILE, "id": f"{n}{HOSTILE}", "text": text}
        for n, text in enumerate([f"{STORY} {HOSTILE}", f"{STORY} {HOSTILE}", "Calm. " * 9])
    ]
    result = ng.compare(ng.Corpus(rows))
    result.save(tmp_path / "report.html")
    page = read((tmp_path / "report.html").read_text(encoding="utf-8"))
    assert "script" not in page.tags
    assert "img" not in page.tags
    assert not any(name.startswith("on") for name, _ in page.attributes)


def test_every_table_is_written_and_no_formula(tmp_path: Path) -> None:
    """A spreadsheet finds nothing to run."""
    rows = [
        {"source": "=A", "title": "=HYPERLINK(1)", "text": STORY},
        {"source": "B", "title": "-", "text": "Calm."},
    ]
    written = ng.compare(ng.Corpus(rows)).tables(tmp_path / "tables")
    assert {path.stem for path in written} >= {"articles", "sources", "copies", "used_only_here"}
    with (tmp_path / "tables" / "articles.csv").open(encoding="utf-8", newline="") as file:
        first = next(csv.DictReader(file))
    assert first["title"] == "'=HYPERLINK(1)"
    assert first["source"] == "'=A"


def test_names_of_sources_cannot_leave_the_folder(sample: ng.Comparison, tmp_path: Path) -> None:
    """A source is no path."""
    keyness = next(iter(sample.keyness.values()))
    bad: dict[str, ng.Table | dict[str, ng.Table]] = {"keyness": {"../../evil": keyness}}
    result = ng.Comparison(sample.corpus, "source", sample.duplicates, {}, bad, {})
    (path,) = result.tables(tmp_path)
    assert path.parent == tmp_path


def test_the_same_seed_gives_the_same_report() -> None:
    """Byte for byte, for any number of threads."""
    corpus = ng.load_sample()
    pages = {ng.compare(corpus, permutations=99, threads=n)._repr_html_() for n in (1, 3)}
    assert len(pages) == 1


# What cannot be compared


def test_an_empty_corpus_is_refused() -> None:
    """There is nothing to compare."""
    with pytest.raises(ng.InputError, match="at least one article"):
        ng.compare(ng.load_sample()[np.zeros(44, dtype=bool)])


def test_an_unknown_column_is_refused() -> None:
    """The error names the parameter."""
    with pytest.raises(ng.ParameterError, match="'desk'") as caught:
        ng.compare(ng.load_sample(), "desk")
    assert caught.value.parameter == "by"


@pytest.mark.parametrize("text", ["", "the and of"])
def test_texts_without_terms_are_no_evidence(text: str) -> None:
    """Five of them are still too few."""
    result = ng.compare(ng.Corpus([{"source": name, "text": text} for name in "AAAAABBBBB"]))
    assert result.keyness == {}
    assert "no text" in result.summary()
    assert "Used only here" in result._repr_html_()


def test_any_column_can_name_the_sources() -> None:
    """Languages, for instance."""
    result = ng.compare(ng.load_sample(), "language", permutations=99)
    assert [row["source"] for row in table(result, "sources")] == [
        "ar",
        "en",
        "es",
        "fr",
        "ru",
        "zh",
    ]


# The command line


def run(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run ``python -m nutgraf``."""
    command = [sys.executable, "-m", "nutgraf", *arguments]
    return subprocess.run(
        command, cwd=cwd, capture_output=True, text=True, encoding="utf-8", check=False
    )


def test_compare_prints_a_summary_and_the_path(tmp_path: Path) -> None:
    """The last line is where the report is."""
    done = run("compare", "--sample", "-o", "out/report.html", "--permutations", "99", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("44 articles from 6 sources, 3–8 March 2031")
    assert done.stdout.splitlines()[-1].replace("\\", "/") == "out/report.html"
    assert (tmp_path / "out/report.html").exists()


def test_duplicates_and_keyness_write_rows(tmp_path: Path) -> None:
    """CSV in a file or on the terminal."""
    lines = [f'{{"source": "{name}", "text": "{STORY}"}}' for name in "AAB"]
    (tmp_path / "articles.jsonl").write_text("\n".join(lines), encoding="utf-8")
    done = run("duplicates", "articles.jsonl", "-o", "pairs.csv", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert len((tmp_path / "pairs.csv").read_text(encoding="utf-8").splitlines()) == 4
    done = run("keyness", "articles.jsonl", "--target", "source=B", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("term,")


@pytest.mark.parametrize(
    "arguments",
    [
        ("compare", "missing.jsonl"),
        ("compare",),
        ("compare", "--sample", "--by", "desk"),
        ("duplicates", "missing.jsonl"),
        ("keyness", "missing.jsonl", "--target", "source"),
    ],
)
def test_mistakes_are_told_without_a_traceback(arguments: tuple[str, ...], tmp_path: Path) -> None:
    """Status 2 and one sentence."""
    done = run(*arguments, cwd=tmp_path)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert done.stderr.strip()
