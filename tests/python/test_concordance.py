"""Concordance: words, phrases, globs and regular expressions in their context."""

from __future__ import annotations

import copy
import pickle
import re
from html.parser import HTMLParser
from typing import Any

import pytest

import nutgraf as ng

NEWS = [
    "No limits, they said: a U.S.-led e-mail. Don’t say “no limits’ end”.",
    "The LIMITS of trade; no\nlimits at all! Limitless *stars* and a limit.",
    "",
    "中国总统访问中国。 Total: 3.5 % of 1,500 limits?",
]


def nodes(pattern: str, documents: Any = None, **how: Any) -> list[str]:
    """Return what a pattern finds."""
    found: list[str] = ng.concordance(documents or NEWS, pattern, **how)["node"]
    return found


ROWS: dict[str, tuple[str, list[str]]] = {
    "a word, whatever its case": ("limits", ["limits", "limits", "LIMITS", "limits", "limits"]),
    "a phrase across a line break": ("no limits", ["No limits", "no limits", "no\nlimits"]),
    "a beginning": ("limit?*", ["limits", "limits", "LIMITS", "limits", "Limitless", "limits"]),
    "a beginning, or the whole": (
        "limit*",
        ["limits", "limits", "LIMITS", "limits", "Limitless", "limit", "limits"],
    ),
    "an end": ("*less", ["Limitless"]),
    "a middle": ("*imi*ss", ["Limitless"]),
    "one sign": ("limit?", ["limits", "limits", "LIMITS", "limits", "limits"]),
    "any token that counts": (
        "* limits",
        ["No limits", "no limits", "The LIMITS", "no\nlimits", "1,500 limits"],
    ),
    "punctuation keeps words apart": ("limits they", []),
    "punctuation that is asked for": ("limits, they", ["limits, they"]),
    "an abbreviation and a hyphen": ("U.S.-led", ["U.S.-led"]),
    "a hyphenated word": ("e-mail", ["e-mail"]),
    "part of a hyphenated word": ("e-m*", ["e-mail"]),
    "a plain apostrophe finds a curly one": ("don't", ["Don’t"]),
    "a curly one finds a curly one": ("DON’T", ["Don’t"]),
    "a star that is protected": (r"\*stars\*", ["*stars*"]),
    "a question mark that is protected": (r"limits\?", ["limits?"]),
    "Chinese": ("中国", ["中国", "中国"]),
    "the beginning of a Chinese word": ("总*", ["总统"]),
    "two Chinese words": ("中国总统", ["中国总统"]),
    "numbers": ("3.5 %", ["3.5 %"]),
    "a word that is nowhere": ("truce", []),
    "a phrase with one": ("no truce", []),
}


@pytest.mark.parametrize("name", ROWS)
def test_patterns(name: str) -> None:
    """What a pattern finds, in the order of the corpus."""
    pattern, expected = ROWS[name]
    assert nodes(pattern) == expected


REGEXES: dict[str, tuple[str, list[str]]] = {
    "a whole token": ("limits?", ["limits", "limits", "LIMITS", "limits", "limit", "limits"]),
    "never a part": ("limi", []),
    "one a token": (r"no|the l\w+", ["No limits", "no limits", "The LIMITS", "no\nlimits"]),
    "alternatives are tried to the end": (
        "lim|limits",
        [*["limits"] * 2, "LIMITS", *["limits"] * 2],
    ),
    "case follows the view": (r"U\.S\. - LED", ["U.S.-led"]),
    "classes as in Python": (r"[\d,]+ \w+", ["1,500 limits"]),
}


@pytest.mark.parametrize("name", REGEXES)
def test_regular_expressions(name: str) -> None:
    """One regular expression a token; wild cards stand for tokens that the view keeps."""
    pattern, expected = REGEXES[name]
    if name == "case follows the view":
        # The hyphen is no word: a wild card skips it, a view of all tokens does not.
        assert nodes(pattern, regex=True) == []
        every = ng.tokenize(NEWS).view(lower=True, kinds=None)
        assert nodes(pattern, every, regex=True) == expected
    else:
        assert nodes(pattern, regex=True) == expected


def test_columns_lead_back_to_the_text() -> None:
    """Ids, rows, sources, dates; the offsets slice; left, node and right follow each other."""
    corpus = ng.Corpus(
        {
            "text": NEWS,
            "id": ["a", "b", "c", "d"],
            "source": ["X", None, "Y", "X"],
            "date": ["2031-03-03", "2031-03-01", None, None],
        }
    )
    table = ng.concordance(corpus, "limit*", window=3)
    columns = ["document", "row", "source", "date", "start", "end", "left", "node", "right"]
    assert table.columns == columns
    assert table["document"] == ["a", "a", "b", "b", "b", "b", "d"]
    assert table["source"] == ["X", "X", None, None, None, None, "X"]
    for line in table.to_dicts():
        text = NEWS[line["row"]]
        assert text[line["start"] : line["end"]] == line["node"]
        whole = line["left"] + line["node"] + line["right"]
        begin = line["start"] - len(line["left"])
        assert text[begin : begin + len(whole)] == whole
    assert table["left"][1] == "Don’t say “no "
    assert table["right"][1] == "’ end”."
    assert table.settings["matches"] == 7
    assert table.settings["input"]["view"]["lower"] is True
    assert "id" not in ng.concordance(NEWS, "no").columns
    assert ng.concordance(NEWS, "no").columns == [
        name for name in columns if name not in ("source", "date")
    ]


def test_the_window_counts_what_the_view_keeps() -> None:
    """Punctuation is shown and not counted, unless the view keeps it."""
    tokens = ng.tokenize(["one, two (three) NODE four; five – six"])
    words = ng.concordance(tokens.view(lower=True), "node", window=2)
    assert words["left"] == ["two (three) "]
    assert words["right"] == [" four; five"]
    every = ng.concordance(tokens, "NODE", window=2)
    assert every["left"] == ["three) "]
    assert every["right"] == [" four;"]


def test_case_and_form_follow_the_view() -> None:
    """Surface tokens are compared as they stand; stems and joined hyphens as the view has them."""
    tokens = ng.tokenize(NEWS)
    assert nodes("limits", tokens) == ["limits"] * 4
    assert nodes("LIMITS", tokens) == ["LIMITS"]
    assert nodes("don't", tokens) == []
    assert nodes("limiting", tokens.view(lower=True, stem="en")) == [
        *["limits"] * 2,
        *["LIMITS", "limits", "limit", "limits"],
    ]
    joined = tokens.view(lower=True, hyphens="join")
    assert nodes("e-mail", joined) == ["e-mail"]
    assert nodes("e", joined) == []
    assert nodes("e*l", joined) == ["e-mail"]
    matched = ng.tokenize(NEWS, pattern=r"[a-z]+")
    assert nodes("imitless", matched) == ["imitless"]
    assert nodes("e mail", matched) == ["e-mail"]
    assert nodes("mail on", matched) == ["mail. Don"]
    assert nodes("e m*", matched) == ["e-mail"]


#: What is looked for, and what is found; the view drops ``and`` and ``the``.
DROPPED: dict[str, tuple[str, list[str]]] = {
    "a literal inside a phrase": ("oil and gas", ["oil and gas"]),
    "a star inside a phrase": ("oil * gas", ["oil and gas"]),
    "a glob inside a phrase": ("oil a* gas", ["oil and gas"]),
    "at its edges": ("t?e oil", ["the oil"]),
    "on its own": ("and", []),
    "nothing but dropped words": ("and the", []),
    "a star on its own": ("*", ["oil", "gas", "oil", "gas", "oil", "gas"]),
    "punctuation separates": ("oil gas", []),
    "from a star too": ("gas * oil", []),
    "unless it is asked for": ("oil, gas", ["oil, gas"]),
    "but not on its own": (",", []),
}


@pytest.mark.parametrize("name", DROPPED)
def test_words_that_a_view_drops(name: str) -> None:
    """Literals and globs meet them alike, in a concordance and in a dictionary."""
    pattern, expected = DROPPED[name]
    text = "oil and gas, oil, gas; and the oil - gas"
    view = ng.tokenize([text]).view(lower=True, stop_words=["and", "the"])
    assert nodes(pattern, view) == expected
    if pattern != "*":
        found = view.dictionary({"a": [pattern]})
        assert [text[start:end] for start, end in found.spans(0)] == expected


PEOPLE = "Russia and Vladimir Putin met Mr A and Mr B. Russia said."

#: How texts were cut, what is looked for, what is found.
AS_IT_STANDS: dict[str, tuple[str, str, list[str]]] = {
    "a term in lower case": (r"[A-Z]\w+", "russia", ["Russia"] * 2),
    "as the text has it": (r"[A-Z]\w+", "Russia", ["Russia"] * 2),
    "a phrase": (r"[A-Z]\w+", "vladimir putin", ["Vladimir Putin"]),
    "half a phrase of each": (r"[A-Z]\w+", "Vladimir putin", ["Vladimir Putin"]),
    "a glob": (r"[A-Z]\w+", "russ*", ["Russia"] * 2),
    "a glob beside a word": (r"[A-Z]\w+", "* putin", ["Vladimir Putin"]),
    "what is nowhere": (r"[A-Z]\w+", "china", []),
    "white space in a token": (r"Mr \w+|\w+", "Mr A", ["Mr A"]),
    "and in lower case": (r"Mr \w+|\w+", "met mr a and", ["met Mr A and"]),
    "and with a star": (r"Mr \w+|\w+", "mr *", ["Mr A", "Mr B"]),
    "a wildcard that the pattern would not match": (r"[a-zA-Z]+", "Put*", ["Putin"]),
    "a long word": (r"\w{5,}", "putin", ["Putin"]),
}


@pytest.mark.parametrize("name", AS_IT_STANDS)
def test_what_is_a_term_is_found_as_it_stands(name: str) -> None:
    """A word that the pattern of `tokenize` would not match again, in a view in lower case."""
    cut, pattern, expected = AS_IT_STANDS[name]
    view = ng.tokenize([PEOPLE], pattern=cut).view(lower=True)
    assert nodes(pattern, view) == expected
    found = view.dictionary({"a": [pattern]})
    assert [PEOPLE[start:end] for start, end in found.spans(0)] == expected
    assert nodes(pattern, view, sort="node") == expected


def test_overlapping_matches_are_each_told() -> None:
    """A match begins wherever one can."""
    assert nodes("a a", ["a a a a"]) == ["a a"] * 3
    assert len(nodes("* * *", ["a b c d, e"])) == 2


SORTED = [
    "zeta NODE beta",
    "Alpha NODE",
    "x alpha Node Alpha last",
    "NODE beta alpha",
    "alpha node alpha first",
]


@pytest.mark.parametrize(
    ("sort", "rows"),
    [
        (None, [0, 1, 2, 3, 4]),
        ("left", [3, 1, 4, 2, 0]),
        ("right", [1, 4, 2, 0, 3]),
        ("node", [0, 1, 2, 3, 4]),
        ("source", [1, 0, 3, 4, 2]),
        ("date", [2, 0, 1, 3, 4]),
    ],
)
def test_lines_are_sorted(sort: Any, rows: list[int]) -> None:
    """By words in lower case, or by a column with its gaps last; ties as in the corpus."""
    corpus = ng.Corpus(
        {
            "text": SORTED,
            "source": ["b", "a", None, "b", "b"],
            "date": ["2031-02-01", None, "2031-01-01", None, None],
        }
    )
    tokens = ng.tokenize(corpus).view(lower=True)
    for threads in (1, 2, 5):
        table = ng.concordance(tokens, "node", sort=sort, threads=threads)
        assert table["row"].tolist() == rows
    surface = ng.concordance(ng.tokenize(corpus), "[Nn]ode|NODE", regex=True, sort=sort)
    assert surface["row"].tolist() == rows


def test_a_limit_is_told() -> None:
    """The first lines after sorting, a warning, and the number of all matches."""
    texts = [f"w{9 - number} node" for number in range(10)]
    with pytest.warns(ng.NutgrafWarning, match="10 matches; the table holds the first 3"):
        table = ng.concordance(texts, "node", sort="left", limit=3)
    assert table["left"] == ["w0 ", "w1 ", "w2 "]
    assert table.settings["matches"] == 10
    assert "the first 3 of 10 matches of node" in table._repr_html_()
    assert len(ng.concordance(texts, "node", limit=None)) == 10
    assert len(ng.concordance(texts, "node", limit=10)) == 10


def test_memory_is_asked_for_before_lines_are_made() -> None:
    """A concordance of everything says what it would need."""
    tokens = ng.tokenize(["a b c d e f g h " * 20_000])
    ng.set_limits(memory_bytes=20_000_000)
    try:
        with pytest.raises(ng.MemoryLimitError, match="memory_bytes"):
            ng.concordance(tokens, "*", limit=None)
    finally:
        ng.set_limits(memory_bytes=None)


def test_long_words_do_not_multiply() -> None:
    """A side has at most 400 bytes a token of the window, cut between two characters."""
    text = "é" * 5000 + " node " + "é" * 5000 + " node"
    table = ng.concordance([text], "node", window=2)
    assert [len(left) for left in table["left"]] == [400, 400]
    assert [len(right) for right in table["right"]] == [400, 0]
    assert table["left"][1] == "é" * 399 + " "


@pytest.mark.parametrize("texts", [[], [""], [" ", ""]])
def test_nothing_to_search(texts: list[str]) -> None:
    """An empty corpus has an empty concordance with all its columns."""
    table = ng.concordance(texts, "a*", sort="right")
    assert len(table) == 0
    assert "node" in table.columns
    assert "(no rows)" in repr(table)
    assert "(no rows)" in table._repr_html_()


def test_evidence_audit_and_copies() -> None:
    """Everything that other tables do, after sorting and filtering too."""
    table = ng.concordance(NEWS, "limit*").sort("node")
    assert table["node"][0] == "LIMITS"
    assert "[LIMITS]" in repr(table.evidence(0))
    assert "<mark" in table.evidence(0).html
    audit = table.audit(3)
    assert audit["verdict"] == [None] * 3
    assert "limit" in repr(audit.evidence(0)).lower()
    for other in (pickle.loads(pickle.dumps(table)), copy.copy(table), copy.deepcopy(table)):
        assert other.to_dicts() == table.to_dicts()
        assert other._repr_html_() == table._repr_html_()
        assert repr(other.evidence(0)) == repr(table.evidence(0))


def test_the_index_is_kept_and_does_not_travel() -> None:
    """The second search uses what the first one made; pickles and copies start without it."""
    view = ng.tokenize(NEWS).view(lower=True)
    first = ng.concordance(view, "no")
    kept = view.__dict__["_postings"]
    assert ng.concordance(view, "no").to_dicts() == first.to_dicts()
    assert view.__dict__["_postings"] is kept
    assert "_postings" not in pickle.loads(pickle.dumps(view)).__dict__
    assert ng.concordance(copy.copy(view), "no").to_dicts() == first.to_dicts()


class _Page(HTMLParser):
    """Collects tags and attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs


def test_html_is_escaped_and_aligned() -> None:
    """Only our own tags, styles inline, the match between two aligned columns."""
    corpus = ng.Corpus({"text": ["<script>x</script> &amp; node <b>"], "id": ['"<i>']})
    page = ng.concordance(corpus, "node")._repr_html_()
    parser = _Page()
    parser.feed(page)
    assert set(parser.tags) == {"table", "caption", "thead", "tbody", "tr", "th", "td", "b"}
    assert {name for name, _ in parser.attributes} == {"dir", "scope", "style"}
    assert "&lt;script&gt;" in page
    assert "<b>node</b>" in page
    left, node, right = re.findall(r'<td dir="auto" style="([^"]*)"', page)[-3:]
    assert "text-align:right" in left
    assert "text-align:center" in node
    assert "text-align:left" in right


def test_scripts_from_right_to_left_turn_the_table() -> None:
    """What stands before a match is on its right, and aligned to it."""
    page = ng.concordance(["قال الرئيس إن السلام ممكن"], "السلام")._repr_html_()
    assert page.startswith('<table dir="rtl"')
    left, _, right = re.findall(r'<td dir="auto" style="([^"]*)"', page)[-3:]
    assert "text-align:left" in left
    assert "text-align:right" in right
    assert "left (before)" in page
    assert ng.concordance(["a b"], "b")._repr_html_().startswith('<table dir="ltr"')


def test_a_side_is_cut_at_its_far_end() -> None:
    """The words next to a match are shown, however wide the signs are."""
    table = ng.concordance(["国" * 200 + " node " + "国" * 200], "node", window=300)
    page = table._repr_html_()
    assert f"…{'国' * 29}</td>" in page
    assert f">{'国' * 29}…</td>" in page
    line = repr(table).splitlines()[1]
    assert f"…{'国' * 17}  [node]  {'国' * 17}…" in line


def test_progress_is_told() -> None:
    """A callable gets done and total, which never shrinks below done."""
    told: list[tuple[int, int]] = []
    ng.concordance(NEWS * 50, "l*", progress=lambda done, total: told.append((done, total)))
    assert told
    assert all(0 <= done <= total for done, total in told)
    assert told[-1][0] == told[-1][1]
