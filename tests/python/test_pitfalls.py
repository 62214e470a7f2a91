"""Pitfalls of counting words, one row each: what trips other tools, and what stands here."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

import nutgraf as ng

#: The lesson, a text, its language, and the tokens that we find in it.
TOKENS: list[tuple[str, str, str | None, list[str]]] = [
    ("scraping left no space after a sentence", "he said.The", None, ["he", "said", ".", "The"]),
    ("a dot inside a word is no sentence", "Node.js", None, ["Node.js"]),
    ("initials keep their dot", "U.S.-led", None, ["U.S.", "-", "led"]),
    ("and their possessive", "U.S.’s U.K.'s", None, ["U.S.’s", "U.K.'s"]),
    (
        "degrees and states are initials",
        "Ph.D. W.Va. Lt.Gov",
        None,
        ["Ph.D.", "W.Va.", "Lt", ".", "Gov"],
    ),
    ("decades have one", "90’s 1990's 1990s", None, ["90’s", "1990's", "1990s"]),
    ("a hashtag is the same with one", "#MeToo’s @me's", None, ["#MeToo", "’s", "@me", "'s"]),
    ("no hashtag inside a word", "hi#tag", None, ["hi", "#", "tag"]),
    (
        "capitals run on",
        "GOP.That Trump.I D.C.Utah",
        None,
        ["GOP", ".", "That", "Trump", ".", "I", "D.C.", "Utah"],
    ),
    ("so does a colon", "More:Trump p.m.Price", None, ["More", ":", "Trump", "p.m.", "Price"]),
    ("initials do not", "U.S.A M.Scott BRK.A", None, ["U.S.A", "M.Scott", "BRK.A"]),
    ("a blank in a form", "Hospital___cut a_b", None, ["Hospital", "___", "cut", "a_b"]),
    (
        "an address may lack its scheme",
        "pic.twitter.com/abc, bbc.co.uk/news/x.",
        None,
        ["pic.twitter.com/abc", ",", "bbc.co.uk/news/x", "."],
    ),
    (
        "a stroke makes none",
        "and/or p.m./a.m. said.The/x",
        None,
        ["and", "/", "or", "p.m.", "/", "a.m.", "said", ".", "The", "/", "x"],
    ),
    ("hyphens split", "e-mail", None, ["e", "-", "mail"]),
    ("currency and per cent are not lost", "$1.5bn, 10%", None, ["$", "1.5bn", ",", "10", "%"]),
    ("elision is one word where no language says so", "l'Etat c’est", None, ["l'Etat", "c’est"]),
    ("elision", "l'Etat c’est", "fr", ["l'", "Etat", "c’", "est"]),
    ("elision has exceptions", "aujourd’hui aujourd'hui", "fr", ["aujourd’hui", "aujourd'hui"]),
    ("a colon joins letters", "AIK:are", None, ["AIK:are"]),
    ("handles and tags keep their sign", "@user #tag", None, ["@user", "#tag"]),
    ("an address is one token", "(https://a.b/c?d=e)", None, ["(", "https://a.b/c?d=e", ")"]),
    ("quotation marks are no apostrophes", "‘quoted’", None, ["‘", "quoted", "’"]),
    ("nor in ASCII", "'quoted'", None, ["'", "quoted", "'"]),
    ("a grave accent is no letter", "don`t", None, ["don", "`", "t"]),
    ("a modifier apostrophe is one", "donʼt", None, ["donʼt"]),
    ("typographic and typewriter apostrophes join", "don’t don't", None, ["don’t", "don't"]),
    ("kanji are no words of one sign each", "東京で", None, ["東京", "で"]),
    ("nor are Thai letters", "ภาษาไทย", None, ["ภาษา", "ไทย"]),
    ("French thousands", "1\u202f200 euros", "fr", ["1\u202f200", "euros"]),
    ("thousands with a plain space are two numbers", "1 200", "fr", ["1", "200"]),
    ("and with a no-break space", "1\u00a0200", "fr", ["1", "200"]),
    ("a narrow space joins no words", "Oui\u202f!", "fr", ["Oui", "!"]),
    ("English thousands", "1,500.25", None, ["1,500.25"]),
    ("a soft hyphen stays in the word", "re\u00adport", None, ["re\u00adport"]),
    ("a space of no width parts words", "one\u200btwo", None, ["one\u200b", "two"]),
    ("CRLF is white space", "one\r\ntwo\rthree", None, ["one", "two", "three"]),
    ("a byte-order mark is part of the first word", "\ufeffone", None, ["\ufeffone"]),
    ("NUL is a token and ends nothing", "one\0two \0", None, ["one", "\0", "two", "\0"]),
    ("an accent may be two characters", "cafe\u0301 café", None, ["cafe\u0301", "café"]),
    ("nothing", "", None, []),
    ("nothing but space", " \t\r\n\u00a0\u3000\u2028", None, []),
]


@pytest.mark.parametrize(
    ("text", "language", "expected"), [row[1:] for row in TOKENS], ids=[row[0] for row in TOKENS]
)
def test_tokens(text: str, language: str | None, expected: list[str]) -> None:
    """The tokens, and each stands where its span says, in code points."""
    tokens = ng.tokenize([text], language=language)

    assert tokens[0] == expected
    assert [text[start:end] for start, end in tokens.spans(0).tolist()] == expected


LOWER: dict[str, Any] = {"lower": True}
FOLD: dict[str, Any] = {"fold_punctuation": True}
#: The lesson, a text, the switches of a view, and its terms.
TERMS: list[tuple[str, str, dict[str, Any], list[str]]] = [
    ("İ is an i and a dot", "İstanbul", LOWER, ["i\u0307stanbul"]),
    ("but an i in Turkish", "İstanbul IRAK", {"lower": "tr"}, ["istanbul", "ırak"]),
    ("final sigma", "ΟΔΥΣΣΕΥΣ Σ", LOWER, ["οδυσσευς", "σ"]),
    ("ß is lower case and stays", "Straße STRASSE", LOWER, ["straße", "strasse"]),
    ("capital ẞ", "STRAẞE", LOWER, ["straße"]),
    ("titlecase digraphs", "ǅungla Ǆ", LOWER, ["ǆungla", "ǆ"]),
    ("two encodings, one term", "cafe\u0301 café", {}, ["café", "café"]),
    ("unless asked", "cafe\u0301 café", {"normalize": None}, ["cafe\u0301", "café"]),
    ("NFC takes no ligature apart", "ﬁrst m² ① ½", {}, ["ﬁrst", "m", "²", "①", "½"]),
    (
        "NFKC makes 2 of a raised one, which is no part of a word",
        "ﬁrst m² ① ½",
        {"normalize": "NFKC"},
        ["first", "m", "2", "1", "1⁄2"],
    ),
    (
        "a trade mark is a sign, also where NFKC spells it",
        "Truce™",
        {"normalize": "NFKC"},
        ["Truce"],
    ),
    ("NFKC and full width", "ＴＲＵＣＥ", {"normalize": "NFKC", "lower": True}, ["truce"]),
    ("apostrophes that look alike", "don’t don't donʼt", FOLD, ["don't"] * 3),
    ("a fold does not tokenize again", "don`t", FOLD, ["don", "t"]),
    ("a soft hyphen is not counted", "re\u00adport report", FOLD, ["report"] * 2),
    ("nor is a byte-order mark", "\ufefftruce truce", FOLD, ["truce"] * 2),
    ("nor a space of no width", "truce\u200b truce", FOLD, ["truce"] * 2),
    ("dashes that look alike", "e-mail e‑mail", FOLD | {"hyphens": "join"}, ["e-mail"] * 2),
    ("Arabic letters can be stretched", "الســلام السلام", FOLD, ["السلام"] * 2),
    ("and pointed", "السلامُ السلام", {"strip_accents": True}, ["السلام"] * 2),
    ("as Hebrew can", "שָׁלוֹם שלום", {"strip_accents": True}, ["שלום"] * 2),
    ("a possessive mark is no word", "#MeToo’s 90’s", {}, ["#MeToo", "90’s"]),
    (
        "short lists keep what makes news",
        "the state of the us",
        {"stop_words": "en"},
        ["state", "us"],
    ),
    ("long ones do not", "the state of the us", {"stop_words": "iso:en"}, []),
    ("stop lists pass the tokenizer", "don’t isn't go", {"stop_words": "en"}, ["go"]),
    ("also in French", "C’est l’accord", {"stop_words": "fr"}, ["accord"]),
    ("case of a stop word", "The THE the truce", {"stop_words": ["the"]}, ["truce"]),
]


@pytest.mark.parametrize(
    ("text", "switches", "expected"), [row[1:] for row in TERMS], ids=[row[0] for row in TERMS]
)
def test_terms(text: str, switches: dict[str, Any], expected: list[str]) -> None:
    """The terms; and spans are those of the text as it came, however long the terms are."""
    language = "fr" if switches.get("stop_words") == "fr" else None
    tokens = ng.tokenize([text], language=language)
    view = tokens.view(**switches)
    surface = tokens.view(hyphens=switches.get("hyphens", "split"), kinds=None)

    assert view[0] == expected
    assert {tuple(span) for span in view.spans(0).tolist()} <= {
        tuple(span) for span in surface.spans(0).tolist()
    }


#: The lesson, a text, its language, and its sentences.
SENTENCES = [
    ("a title ends none", "Dr. Smith left. He ran.", "en", ["Dr. Smith left.", "He ran."]),
    ("nor do initials", "The U.S. envoy left. Why?", "en", ["The U.S. envoy left.", "Why?"]),
    ("but they may", "He left the U.S. She stayed.", "en", ["He left the U.S.", "She stayed."]),
    ("a decimal ends none", "It cost 3.5 bn. Why?", None, ["It cost 3.5 bn.", "Why?"]),
    ("a run-on ends one", "he said.The end", None, ["he said.", "The end"]),
    ("CRLF between paragraphs", "One.\r\n\r\nTwo.", None, ["One.", "Two."]),
]


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [row[1:] for row in SENTENCES],
    ids=[row[0] for row in SENTENCES],
)
def test_sentences(text: str, language: str | None, expected: list[str]) -> None:
    """UAX #29 alone breaks after every title, and not after what was run together."""
    spans = ng.tokenize([text], language=language).sentences(0)

    assert [text[start:end] for start, end in spans.tolist()] == expected


#: A word of one byte, of two, of three, of four, and of two UTF-16 units.
WIDTHS = ["a", "é", "中", "𝒳", "🙂"]


@pytest.mark.parametrize("before", WIDTHS)
def test_offsets_are_code_points(before: str) -> None:
    """Neither bytes nor UTF-16 units: Python's slices are what users cut with."""
    text = before * 100 + " truce " + before
    start, end = ng.tokenize([text]).spans(0)[-2].tolist()

    assert (start, end) == (101, 106)
    assert text[start:end] == "truce"


def test_a_lone_surrogate_is_replaced_one_for_one() -> None:
    """It is legal in Python and in no encoding; the document is named, and offsets stay."""
    text = "a\ud800b \udc00 \ud83d\ude42 end"
    with pytest.warns(ng.NutgrafWarning, match="surrogate") as told:
        tokens = ng.tokenize(["fine", text])

    assert "1" in str(told[0].message)
    assert tokens[1][0] == "a"
    assert "".join(tokens[1]) == "a\ufffdb\ufffd\ufffd\ufffdend"
    spans = tokens.spans(1).tolist()
    assert [end - start for start, end in spans] == [len(token) for token in tokens[1]]
    assert text[slice(*spans[-1])] == "end"


@pytest.mark.parametrize("missing", [None, math.nan, np.nan])
def test_a_missing_text_is_told_or_kept_as_empty(missing: object) -> None:
    """It is neither the word "nan" nor left out: rows would shift."""
    with pytest.raises(ng.TextTypeError, match="row 1") as caught:
        ng.tokenize(["a truce", missing, "a port"])
    assert caught.value.row == 1

    corpus = ng.Corpus({"text": ["a truce", missing, "a port"]}, missing="skip")
    tokens = ng.tokenize(corpus)
    assert [tokens[row] for row in range(3)] == [["a", "truce"], [], ["a", "port"]]


def test_empty_documents_keep_their_rows() -> None:
    """They count, they have a length of nought, and they are copies of nothing."""
    texts = ["", "a truce", " \n", ""]
    counts = ng.tokenize(texts).counts()

    assert counts.totals.tolist() == [0, 2, 0, 0]
    assert counts.matrix.shape == (4, 2)
    assert counts.relative().matrix.sum(axis=1).tolist() == [0, 1, 0, 0]
    assert len(ng.near_duplicates(texts).pairs) == 0


def test_apostrophes_of_two_houses_are_no_keywords() -> None:
    """One source writes ’, the other ': unfolded, what they share sets them apart."""
    texts = ["They don’t know."] * 6 + ["They don't know."] * 6
    mask = np.arange(12) < 6
    tokens = ng.tokenize(texts)

    def ratios(view: ng.Tokens) -> dict[str, float]:
        table = ng.keyness(view.counts(), target=mask, test=None)
        return dict(zip(table["term"], table["log_ratio"].tolist(), strict=True))

    assert abs(ratios(tokens.view(lower=True))["don’t"]) > 1
    folded = ratios(tokens.view(lower=True, fold_punctuation=True))
    assert folded == {"they": 0, "don't": 0, "know": 0}


@pytest.mark.parametrize("documents", [6, 40])
def test_no_p_is_nought(documents: int) -> None:
    """Exact or Monte Carlo, the observed labeling is one of those that there are."""
    texts = ["truce truce holds"] * (documents // 2) + ["port river"] * (documents // 2)
    table = ng.keyness(
        ng.tokenize(texts).counts(), target=np.arange(documents) < documents // 2, permutations=99
    )

    p = table["p"]
    assert (p > 0).all()
    assert (p >= table["p_floor"]).all()
    # Of 20 labelings of six two are as extreme; of 99 random ones of forty hardly one.
    assert p.min() == (pytest.approx(0.1) if documents == 6 else pytest.approx(1 / 100))


def test_g2_is_that_of_four_cells() -> None:
    """52 in 50,000 against 57 in 75,000: the wizard's two terms, 2.6517, have no name here."""
    counts = ng.Counts.from_matrix(
        [[52, 49_948], [57, 74_943]], ["word", "other"], ids=["one", "two"]
    )
    table = ng.keyness(counts, target=[0], test=None)
    g2 = dict(zip(table["term"], table["g2"].tolist(), strict=True))["word"]

    assert abs(g2) == pytest.approx(2.6540642606, abs=1e-9)
    with pytest.raises(ng.ParameterError, match="g2_2term"):
        ng.keyness(counts, target=[0], measures=["g2_2term"], test=None)
