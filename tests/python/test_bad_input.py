"""Texts that break others: each has its tokens, their kinds, and spans that slice it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pytest

import nutgraf as ng

if TYPE_CHECKING:
    from collections.abc import Callable

KINDS = (
    "word",
    "number",
    "punctuation",
    "symbol",
    "emoji",
    "url",
    "email",
    "handle",
    "hashtag",
)
MARKS = "\u0301\u0323\u0308\u20dd"

#: What it is, a text, and each token with its kind.
ROWS: list[tuple[str, str, list[tuple[str, str]]]] = [
    (
        "NUL between words",
        "a\0b\0",
        [("a", "word"), ("\0", "symbol"), ("b", "word"), ("\0", "symbol")],
    ),
    (
        "control characters",
        "a\x01\x1bb\x7f",
        [("a", "word"), ("\x01", "symbol"), ("\x1b", "symbol"), ("b", "word"), ("\x7f", "symbol")],
    ),
    ("a byte-order mark", "\ufeffend\ufeff", [("\ufeffend\ufeff", "word")]),
    ("a byte-order mark alone", "\ufeff", [("\ufeff", "symbol")]),
    ("a non-character", "a\uffff b", [("a", "word"), ("\uffff", "symbol"), ("b", "word")]),
    ("an unassigned character", "\U000e0fff", [("\U000e0fff", "symbol")]),
    ("private use", "\ue000x", [("\ue000", "symbol"), ("x", "word")]),
    ("a family", "👩‍👩‍👧‍👦!", [("👩‍👩‍👧‍👦", "emoji"), ("!", "punctuation")]),
    ("families", "👩‍👩‍👧‍👦👨‍👧", [("👩‍👩‍👧‍👦", "emoji"), ("👨‍👧", "emoji")]),
    ("a joiner without a family", "👩\u200d", [("👩\u200d", "emoji")]),
    ("flags", "🇫🇷🇩🇪", [("🇫🇷", "emoji"), ("🇩🇪", "emoji")]),
    ("half a flag", "🇫🇷🇩 a", [("🇫🇷", "emoji"), ("🇩", "emoji"), ("a", "word")]),
    (
        "a flag of tags",
        "🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f.",
        [
            ("🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f", "emoji"),
            (".", "punctuation"),
        ],
    ),
    (
        "keycaps",
        "1\ufe0f\u20e3 #\ufe0f\u20e3",
        [("1\ufe0f\u20e3", "emoji"), ("#\ufe0f\u20e3", "emoji")],
    ),
    ("skin tones", "👍🏽👍🏿 ok", [("👍🏽", "emoji"), ("👍🏿", "emoji"), ("ok", "word")]),
    ("a heart in text and in colour", "❤ ❤\ufe0f", [("❤", "symbol"), ("❤\ufe0f", "emoji")]),
    (
        "a word that a picture touches",
        "peace🕊now",
        [("peace", "word"), ("🕊", "symbol"), ("now", "word")],
    ),
    (
        "marks of direction",
        "\u200fשלום\u200e \u202babc\u202c",
        [("\u200fשלום\u200e", "word"), ("\u202babc\u202c", "word")],
    ),
    (
        "isolates",
        "\u2066x\u2069 \u2067\u2069",
        [("\u2066x\u2069", "word"), ("\u2067\u2069", "symbol")],
    ),
    (
        "a thousand marks on a letter",
        "e" + "\u0301" * 1000 + " x",
        [("e" + "\u0301" * 1000, "word"), ("x", "word")],
    ),
    ("a thousand marks on nothing", "\u0301" * 1000, [("\u0301" * 1000, "symbol")]),
    (
        "a thousand marks inside a word",
        "a" + MARKS * 250 + "b",
        [("a" + MARKS * 250 + "b", "word")],
    ),
    (
        "decomposed letters",
        "E\u0301lyse\u0301e, A\u030angstro\u0308m",
        [("E\u0301lyse\u0301e", "word"), (",", "punctuation"), ("A\u030angstro\u0308m", "word")],
    ),
    (
        "decomposed Vietnamese",
        "Vie\u0323\u0302t Nam",
        [("Vie\u0323\u0302t", "word"), ("Nam", "word")],
    ),
    ("decomposed й", "новыи\u0306 год", [("новыи\u0306", "word"), ("год", "word")]),
    ("Hangul", "정상 회담", [("정상", "word"), ("회담", "word")]),
    (
        "Hangul Jamo",
        "\u1112\u1161\u11ab\u1100\u116e\u11a8 말",
        [("\u1112\u1161\u11ab\u1100\u116e\u11a8", "word"), ("말", "word")],
    ),
    (
        "Devanagari conjuncts",
        "क्षत्रिय श्री।",
        [("क्षत्रिय", "word"), ("श्री", "word"), ("।", "punctuation")],
    ),
    ("Devanagari with joiners", "क्\u200dष र\u200c्य", [("क्\u200dष", "word"), ("र\u200c्य", "word")]),
    ("Devanagari digits", "२०२५ में", [("२०२५", "number"), ("में", "word")]),
    ("Tamil", "லக்ஷ்மி ஸ்ரீ", [("லக்ஷ்மி", "word"), ("ஸ்ரீ", "word")]),
    ("Bengali", "ক্ষমতা র‍্যাব", [("ক্ষমতা", "word"), ("র‍্যাব", "word")]),
    (
        "Arabic with tatweel",
        "كـــتـاب، كتاب",
        [("كـــتـاب", "word"), ("،", "punctuation"), ("كتاب", "word")],
    ),
    (
        "Arabic with harakat",
        "السَّلَامُ عَلَيْكُمْ؟",
        [("السَّلَامُ", "word"), ("عَلَيْكُمْ", "word"), ("؟", "punctuation")],
    ),
    (
        "Arabic digits",
        "٣٫٥ ١٬٥٠٠ ٪",
        [("٣٫٥", "number"), ("١٬٥٠٠", "number"), ("٪", "punctuation")],
    ),
    (
        "Persian with its non-joiner",
        "می\u200cروم خانه",
        [("می\u200cروم", "word"), ("خانه", "word")],
    ),
    (
        "Hebrew with a quote inside",
        'צה"ל \u200f"שלום"',
        [('צה"ל', "word"), ('\u200f"', "punctuation"), ("שלום", "word"), ('"', "punctuation")],
    ),
    ("Hebrew with its own marks", "צה״ל ג׳ורג׳", [("צה״ל", "word"), ("ג׳ורג׳", "word")]),
    ("Hebrew with points", "שָׁלוֹם־רַב", [("שָׁלוֹם", "word"), ("־", "punctuation"), ("רַב", "word")]),
    (
        "Ethiopic",
        "ሰላም፡ልዑል።",
        [("ሰላም", "word"), ("፡", "punctuation"), ("ልዑል", "word"), ("።", "punctuation")],
    ),
    (
        "Armenian and Georgian",
        "Խաղաղություն։ მშვიდობა",
        [("Խաղաղություն", "word"), ("։", "punctuation"), ("მშვიდობა", "word")],
    ),
    ("Mongolian with its vowel separator", "ᠮᠣᠩᠭᠣᠯ\u180eᠠ", [("ᠮᠣᠩᠭᠣᠯ\u180eᠠ", "word")]),
    ("Deseret beyond the first plane", "𐐔𐐯𐑅𐐨 ok", [("𐐔𐐯𐑅𐐨", "word"), ("ok", "word")]),
    ("mathematical letters", "𝐓𝐫𝐮𝐜𝐞 𝟙𝟚", [("𝐓𝐫𝐮𝐜𝐞", "word"), ("𝟙𝟚", "number")]),
    ("Roman and circled numbers", "Ⅳ ④ ½", [("Ⅳ", "word"), ("④", "number"), ("½", "number")]),
    (
        "white space of every kind",
        "a\u1680b\u2007c\u205fd\u3000e\x85f\u2028g\x1ch",
        [(letter, "word") for letter in "abcdefg"] + [("\x1c", "symbol"), ("h", "word")],
    ),
]


def pieces(text: str, tokens: ng.Tokens) -> list[str]:
    """Return what the spans cut out, once they are found to follow each other."""
    spans = tokens.spans(0)
    assert (spans[:, 0] < spans[:, 1]).all()
    assert (spans[1:, 0] >= spans[:-1, 1]).all()
    assert not len(spans) or 0 <= spans[0, 0] <= spans[-1, 1] <= len(text)
    return [text[start:end] for start, end in spans.tolist()]


@pytest.mark.parametrize(
    ("text", "expected"), [row[1:] for row in ROWS], ids=[row[0] for row in ROWS]
)
def test_tokens_and_kinds(text: str, expected: list[tuple[str, str]]) -> None:
    """The tokens, cut out by their spans, and the kind of each."""
    tokens = ng.tokenize([text])

    assert pieces(text, tokens) == tokens[0] == [token for token, _ in expected]
    for kind in KINDS:
        kept = tokens.view(kinds=[kind], normalize=None)[0]
        assert kept == [token for token, own in expected if own == kind], kind


@pytest.mark.parametrize("repeated", [row[1] for row in ROWS], ids=[row[0] for row in ROWS])
def test_they_are_found_so_in_a_long_text(repeated: str) -> None:
    """A thousand paragraphs have a thousand times the tokens, each at its place."""
    alone = ng.tokenize([repeated])
    paragraph = repeated + "\n\n"
    tokens = ng.tokenize([paragraph * 1000])

    assert tokens[0] == alone[0] * 1000
    shifts = np.arange(1000).repeat(len(alone.ids)) * len(paragraph)
    assert (tokens.spans(0) == np.tile(alone.spans(0), (1000, 1)) + shifts[:, None]).all()
    assert tokens.vocabulary == alone.vocabulary


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a\ud800b", ["a", "\ufffd", "b"]),
        ("\udfff", ["\ufffd"]),
        ("\ud83d \ude42", ["\ufffd", "\ufffd"]),
        ("no\ud800\u0301w", ["no", "\ufffd\u0301", "w"]),
        ("#\ud800tag @\udc00me", ["#", "\ufffd", "tag", "@", "\ufffd", "me"]),
        ("中\ud800国", ["中", "\ufffd", "国"]),
    ],
)
def test_unpaired_surrogates(text: str, expected: list[str]) -> None:
    """Each is one code point wide and shows as U+FFFD; a warning says in which row."""
    with pytest.warns(ng.NutgrafWarning, match="surrogate"):
        tokens = ng.tokenize([text])

    assert tokens[0] == expected
    shown = dict.fromkeys(range(0xD800, 0xE000), "\ufffd")
    assert [piece.translate(shown) for piece in pieces(text, tokens)] == expected


def test_jamo_and_syllables_are_one_term() -> None:
    """In the normal form of a view; on the surface they are two."""
    tokens = ng.tokenize(["한국 \u1112\u1161\u11ab\u1100\u116e\u11a8"])

    assert len(tokens.vocabulary) == 2
    assert tokens.view().vocabulary == ["한국"]


@pytest.mark.parametrize("letter", ["x", "é", "ж", "ක", "𐐨", "カ"])
def test_a_word_of_ten_megabytes(letter: str) -> None:
    """It is one token, its length is right, and what follows it stands where it should."""
    count = 10_000_000 // len(letter.encode())
    text = letter * count + " end"
    tokens = ng.tokenize([text])

    assert tokens.spans(0).tolist() == [[0, count], [count + 1, count + 4]]
    assert tokens[0][0] == text[:count]
    view = tokens.view(lower=True, strip_accents=True, stem="en")
    assert len(view[0][0]) == count
    assert view.counts().totals.tolist() == [2]


def empties(count: int) -> pa.Array:
    """Return a column of so many empty texts and a last one with two words."""
    offsets = np.zeros(count + 2, dtype=np.int32)
    offsets[-1] = len(b"a truce")
    return pa.StringArray.from_buffers(count + 1, pa.py_buffer(offsets), pa.py_buffer(b"a truce"))


@pytest.mark.parametrize(
    ("count", "texts"),
    [
        (1_000_000, lambda count: [""] * count + ["a truce"]),
        (10_000_000, empties),
    ],
)
def test_millions_of_empty_documents(count: int, texts: Callable[[int], Any]) -> None:
    """Each has its row, and the words of the last document their place."""
    tokens = ng.tokenize(texts(count))
    counts = tokens.counts()

    assert len(tokens) == len(counts) == count + 1
    assert tokens.indptr[-3:].tolist() == [0, 0, 2]
    assert tokens[-1] == ["a", "truce"]
    assert tokens[0] == []
    assert counts.indptr[-2:].tolist() == [0, 2]
    assert counts.totals.sum() == 2


def test_a_hundred_megabytes_without_white_space() -> None:
    """One document; its tokens fill it, and the last one slices it."""
    unit = "truce" * 99 + "…" + "é" * 250 + ","
    many = 100_000_000 // len(unit.encode())
    text = unit * many
    tokens = ng.tokenize([text])

    assert len(tokens.ids) == 4 * many
    assert tokens.vocabulary == ["truce" * 99, "…", "é" * 250, ","]
    assert (tokens.starts[1:] == tokens.ends[:-1]).all()
    assert (tokens.starts[0], tokens.ends[-1]) == (0, len(text))
    assert text[int(tokens.starts[-2]) : int(tokens.ends[-2])] == "é" * 250
