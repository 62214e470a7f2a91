"""What a notebook and a terminal show: plain, cut, aligned and escaped, whatever documents hold."""

from __future__ import annotations

import re
import unicodedata
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

import nutgraf as ng
from nutgraf import _html, _text
from nutgraf.results import Table

if TYPE_CHECKING:
    from collections.abc import Callable

#: Closes whatever it stands in, runs a script if it can, moves a cursor, turns direction around.
HOSTILE = (
    "</td></mark></p><script>alert(1)</script><img src=x onerror=alert(1)>\"' onload=x "
    "javascript:x https://evil.test/ &lt;b&gt; \x1b[2J\x07\x9b1m\x00 \u202eabc\u2066\u200f"
    "\ud800\r\n\tend"
)
# A corpus replaces half a surrogate pair itself, with a warning; that is another test.
EVIL = HOSTILE.replace("\ud800", "")
# What may never reach a terminal as it is.
RAW = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]"
)

TAGS = {
    *("b", "caption", "div", "figcaption", "figure", "h1", "h2", "h3", "img", "li", "mark", "ol"),
    *("p", "small", "span", "table", "tbody", "td", "th", "thead", "tr", "ul"),
}
ATTRIBUTES = {"style", "dir", "scope", "alt", "src"}
# The properties of an inline style that are in use: none loads anything or leaves its place.
PROPERTIES = {
    *("background", "border", "border-bottom", "border-collapse", "border-left", "border-top"),
    *("break-inside", "color", "font-family", "font-size", "font-style", "line-height", "margin"),
    *("margin-top", "max-width", "opacity", "overflow-wrap", "overflow-x", "padding"),
    *("padding-left", "padding-top"),
    *("text-align", "vertical-align", "white-space", "width"),
}


class Strict(HTMLParser):
    """Fails on any tag, attribute or style that is not on the lists above, and on bad nesting."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.words: list[str] = []
        self.feed(page)
        self.close()
        assert not self.open, f"never closed: {self.open}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Check a tag and what it carries."""
        assert tag in TAGS, tag
        for name, value in attrs:
            assert name in ATTRIBUTES, name
            assert value is not None
            if name == "style":
                assert "url" not in value
                used = {part.split(":", 1)[0].strip() for part in value.split(";") if part.strip()}
                assert used <= PROPERTIES, used - PROPERTIES
            if name == "src":
                assert re.fullmatch(r"data:image/svg\+xml;base64,[A-Za-z0-9+/=]+", value)
            if name == "dir":
                assert value == "auto"
        if tag != "img":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Check that what was opened last closes first."""
        assert self.open, tag
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        """Keep the words."""
        self.words.append(data)

    def handle_comment(self, data: str) -> None:
        """Refuse comments."""
        raise AssertionError(data)

    def handle_decl(self, decl: str) -> None:
        """Refuse declarations."""
        raise AssertionError(decl)


def hostile_corpus() -> ng.Corpus:
    """Return a corpus with a hostile string in every field."""
    body = " ".join(["The river truce held on Monday and nobody fired a shot at the port."] * 3)
    evil = EVIL
    size = 12
    return ng.Corpus(
        {
            "text": [
                f"{evil} {body} Report {n} on wolves wolves wolves. {evil}" for n in range(size)
            ],
            "id": [f"{evil}{n}" for n in range(size)],
            "source": [f"{evil}{n % 2}" for n in range(size)],
            "date": ["2031-03-03"] * size,
            "title": [f"{evil} title {n}" for n in range(size)],
            evil: [evil] * size,
        }
    )


CORPUS = hostile_corpus()
TOKENS = ng.tokenize(CORPUS, pattern=r"\S+")
VIEW = TOKENS.view(lower=True, stop_words=["".join(EVIL.split()), "the"])
COUNTS = VIEW.counts(ngram_range=(1, 2))
SIGNS = ng.tokenize(CORPUS, pattern=r"\S*[<\x1b\u202e]\S*").counts()
FOUND = ng.near_duplicates(CORPUS)
SMALL = ng.compare(CORPUS[[0, 1]])
WIDE = Table(
    {HOSTILE: [HOSTILE] * 30, "n": list(range(30)), "gap": [None, HOSTILE] * 15}, name=HOSTILE
)


def _keyness() -> Table:
    return ng.keyness(COUNTS, target=[0, 2, 4], permutations=99)


def _large() -> ng.Comparison:
    return ng.compare(
        ng.Corpus(
            [
                {
                    "text": f"Report {n} says {('wolves', 'lambs')[n % 2]} {n * 7} times. {n}",
                    "source": CORPUS.column("source")[n % 2],
                    "title": EVIL,
                    "id": f"{n}<script>\x1b[2J\u202e",
                }
                for n in range(16)
            ]
        ),
        permutations=99,
    )


DISPLAYS: dict[str, Callable[[], Any]] = {
    "Corpus": lambda: CORPUS,
    "Corpus empty": lambda: ng.Corpus([]),
    "Document": lambda: CORPUS[0],
    "Tokens": lambda: TOKENS,
    "Tokens view": lambda: VIEW,
    "Counts": lambda: SIGNS,
    "Counts grouped": lambda: SIGNS.group("source"),
    "Weighted": SIGNS.tfidf,
    "Table top": lambda: SIGNS.top(3, by="source"),
    "NearDuplicates": lambda: FOUND,
    "Table": lambda: WIDE,
    "Table pairs": lambda: FOUND.pairs,
    "Table clusters": lambda: FOUND.clusters,
    "Table keyness": _keyness,
    "Table without rows": lambda: WIDE.head(0),
    "Table without columns": lambda: Table({}, name=HOSTILE),
    "Audit": lambda: WIDE.audit(3),
    "Fragment": lambda: WIDE and _keyness().evidence(0),
    "Fragment plain": lambda: Table({"a": [1]}, evidence=_say).evidence(0),
    "Fragment pair": lambda: FOUND.pairs.evidence(0),
    "Comparison": _large,
    "Comparison small": lambda: SMALL,
}


def _say(row: int) -> str:
    return f"{HOSTILE} {row}"


@pytest.mark.parametrize("name", DISPLAYS)
def test_html_holds_plain_elements_only(name: str) -> None:
    """Every tag, attribute and style is on the lists; text comes out as text, in whole."""
    page = DISPLAYS[name]()._repr_html_()
    words = "".join(Strict(page).words)
    assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", page)
    page.encode()
    assert "<script" in words or name in {"Corpus empty", "Table without rows"}


@pytest.mark.parametrize("name", DISPLAYS)
def test_text_cannot_drive_a_terminal(name: str) -> None:
    """No control character, no escape sequence, no turn of direction, no half of a pair."""
    shown = repr(DISPLAYS[name]())
    assert not RAW.search(shown), ascii(RAW.search(shown))
    shown.encode()


def test_sentences_of_errors_cannot_drive_a_terminal() -> None:
    """What was passed is shown as Python writes it."""
    calls: list[Callable[[], object]] = [
        lambda: WIDE["\x1b[2J\u202e"],
        lambda: WIDE.sort("\x1b[2J\u202e"),
        lambda: WIDE.head("\x1b[2J\u202e"),  # type: ignore[arg-type]
        lambda: WIDE.audit(2).precision(["\x1b[2J\u202e", True]),  # type: ignore[list-item]
        lambda: CORPUS.by_id("\x1b[2J\u202e"),
        lambda: Table({"\x1b[2J\u202e": [1], "b": [1, 2]}),
        lambda: Table({"\x1b[2J\u202e": "x"}),
    ]
    for call in calls:
        with pytest.raises(ng.NutgrafError) as caught:
            call()
        assert not RAW.search(str(caught.value)), str(caught.value)


def test_every_part_of_a_page_is_escaped() -> None:
    """Figures, marks and pages of their own too; a page may load nothing."""
    body = _html.figure("<svg>…</svg>", HOSTILE, caption=HOSTILE)
    body += _html.side_by_side(_html.mark(HOSTILE, [(0, 5, 1)]), "", heads=(HOSTILE, HOSTILE))
    body += _html.quotes(HOSTILE, [(HOSTILE, _html.mark(HOSTILE, [(3, 9, 0)]))])
    body += _html.mark(HOSTILE, [(0, 9, 1)], [(2, 5, "other"), (5, 7, "alone"), (8, 12, "masked")])
    body += _html.explained(["other", "alone", "masked"])
    Strict(body)
    page = _html.page(HOSTILE, body, language=HOSTILE)
    head, rest = page.split("<body", 1)
    assert re.findall(r"<(\w+)", head) == ["html", "head", "meta", "meta", "meta", "title"]
    assert re.findall(r"<(\w+)", rest.split(">", 1)[1])[0] == "main"
    assert "default-src" in head


def test_marks_carry_number_and_colour() -> None:
    """Overlaps are cut, text stays whole; the number 0 is not written."""
    marked = _html.mark("a <b> c d", [(2, 5, 1), (4, 7, 2), (8, 99, 9)])
    assert re.sub(r"<small>.*?</small> |</?mark[^>]*>", "", marked) == "a &lt;b&gt; c d"
    assert marked.count("<mark") == 3
    assert "[9]" in marked
    assert "<small>" not in _html.mark("abc", [(0, 1, 0)])
    # What is left of a span begins with a word, or is not marked at all.
    cut = _html.mark("in that quarter. I have", [(0, 15, 1), (8, 23, 2)])
    assert cut.count("<mark") == 2
    assert "</mark>. <mark" in cut
    assert _html.mark("that quarter.", [(0, 12, 1), (5, 13, 2)]).count("<mark") == 1


def test_rows_are_capped_and_counted() -> None:
    """The rest is counted, one row in the singular; a million rows are not built to show twenty."""
    assert "10 more rows" in WIDE._repr_html_()
    assert "<p>1 more row</p>" in WIDE.head(21)._repr_html_()
    assert repr(WIDE.head(11)).endswith("… 1 more row")
    assert "(no rows)" in WIDE.head(0)._repr_html_()
    built: list[int] = []

    class Watched(list[int]):
        def __getitem__(self, key: Any) -> Any:
            found = super().__getitem__(key)
            built.append(len(found) if isinstance(found, list) else 1)
            return found

    large = Table({"n": np.arange(10**6), "text": ["x"] * 10**6})
    large._columns["text"] = Watched(large["text"])
    assert "999,980 more rows" in large._repr_html_()
    assert "999,990 more rows" in repr(large)
    assert sum(built) == 30


def test_numbers_stand_on_the_right() -> None:
    """In text and in HTML; a column with words in it stands on the left."""
    table = Table({"n": [1, 200], "mixed": [1, "x"], "x": [0.5, np.nan]})
    assert repr(table).splitlines() == ["  n  mixed    x", "  1  1      0.5", "200  x"]
    sides = re.findall(r"text-align:(\w+)", table._repr_html_().split("<tbody>")[1])
    assert sides == ["right", "left", "right"] * 2


def test_text_display_is_cut() -> None:
    """Ten rows, long cells and names cut, columns that do not fit counted."""
    lines = repr(Table({"text": ["word " * 30] * 12, "n": list(range(12))})).splitlines()
    assert len(lines) == 12
    assert lines[-1] == "… 2 more rows"
    assert max(map(len, lines)) < 60
    assert "(no rows)" in repr(Table({"a": []}))
    assert "columns)" in repr(Table({f"column_{n:02}": ["x" * 20] for n in range(12)}))
    assert max(map(len, repr(Table({"name" * 99: ["x"]})).splitlines())) <= 28


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        ("peace", 5),
        ("停火", 4),
        ("ｗｉｄｅ", 8),
        ("ﾊﾝｶｸ", 4),
        ("정전", 4),
        ("e\u0301te\u0301", 3),
        ("وقف", 3),
        ("น้ำ", 2),
        ("🙂", 2),
        ("👩‍👩‍👧", 2),
        ("👍🏽", 2),
        ("🇫🇷🇺🇦", 4),
        ("☀️", 2),
        ("☀", 1),
        ("", 0),
    ],
)
def test_width_is_that_of_a_terminal(text: str, columns: int) -> None:
    """Wide characters take two columns, marks none, joined emoji and flags two in all."""
    assert _text.width(text) == columns


@pytest.mark.parametrize("most", range(1, 12))
def test_cut_text_fits_and_ends_in_whole_characters(most: int) -> None:
    """Never wider than asked, and no mark, joiner or half of a flag is torn off its base."""
    for text in ("停火協議已經簽署了", "e\u0301" * 20, "👩‍👩‍👧 family", "🇫🇷🇺🇦🇫🇷", "a\u0300" * 500):
        cut = _text.cut(text, most)
        assert _text.width(cut) <= most
        if cut != text:
            assert cut.endswith("…")
            kept = cut[:-1].rstrip()
            assert text.startswith(kept)
            rest = text[len(kept) : len(kept) + 1]
            assert not kept.endswith("\u200d")
            assert not unicodedata.combining(rest) if rest else True


def test_columns_of_wide_text_line_up() -> None:
    """Every line of a table has its second column at the same place on the screen."""
    table = Table({"word": ["停火", "peace", "👩‍👩‍👧", "e\u0301te\u0301"], "n": [1, 22, 333, 4444]})
    ends = {_text.width(line) for line in repr(table).splitlines()}
    assert len(ends) == 1


def test_white_space_in_cells_is_one_space() -> None:
    """Newlines and tabs do not break a row; other controls are written out."""
    table = Table({"text": ["a\n\tb\u2028c\x0bd", "\x1b[31mred"]})
    assert repr(table).splitlines()[1:] == ["a b c d", "\\x1b[31mred"]


def test_a_long_document_is_cut() -> None:
    """A notebook is not handed a book."""
    document = ng.Corpus(["word " * 100_000])[0]
    assert len(document._repr_html_()) < 25_000
    assert "480,000 more characters" in document._repr_html_()
    assert len(repr(document)) < 200


def test_what_is_sorted_out_is_framed_and_signed() -> None:
    """Inside a highlight, beside it and across its end; what goes on has its sign once."""
    marked = _html.mark("a <b> c d e", [(2, 7, 1)], [(3, 4, "other"), (6, 9, "masked")])
    plain = re.sub(r"<[^>]+>", "", marked)
    assert plain == "a [1] &lt;≠\u202fb&gt; [left out:] c d e"
    assert marked.count("<b style") == 1
    assert marked.count("<span style") == 2, "once inside and once outside"
    told = _html.explained(["masked", "other"])
    assert told.index("≠") < told.index("left out")
    assert "dashed" not in told
