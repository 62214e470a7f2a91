"""Laws of sentences and paragraphs, on arbitrary Unicode."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

import nutgraf as ng

ANY_TEXT = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=80)
PIECES = (
    "The|Dr|U.S|no|3|19|é|終|ก|न|א|Ա|a|“|”|«| »|.|!|?|…|。|।|։|:|;|፡|,|-| — |*|[1]|(|)"
    "| | | |\n|\n\n|\r\n|\u2029|\u00a0|\t|    "
)
NEWS_TEXT = st.lists(st.sampled_from(PIECES.split("|")), max_size=40).map("".join)
TEXTS = st.lists(st.one_of(ANY_TEXT, NEWS_TEXT), max_size=5)
LANGUAGES = st.sampled_from([None, "en", "de", "fr", "ru", "el", "hy", "th", "eo"])


@given(TEXTS, LANGUAGES)
def test_sentences_cover_the_text(texts: list[str], language: str | None) -> None:
    """Sentences come in order, are trimmed, and leave nothing but white space out."""
    tokens = ng.tokenize(texts, language=language)

    for row, text in enumerate(texts):
        for spans in (tokens.sentences(row), tokens.paragraphs(row)):
            end = 0
            for start, after in spans.tolist():
                assert start < after
                assert not text[end:start].strip()
                assert not text[start].isspace() or text[start] in "\x1c\x1d\x1e\x1f"
                assert not text[after - 1].isspace() or text[after - 1] in "\x1c\x1d\x1e\x1f"
                end = after
            assert not text[end:].strip()


@given(TEXTS, LANGUAGES)
def test_bounds_nest(texts: list[str], language: str | None) -> None:
    """No token is cut by a sentence, and no sentence by a paragraph."""
    tokens = ng.tokenize(texts, language=language)

    for row in range(len(texts)):
        starts = tokens.sentences(row)[:, 0]
        assert set(tokens.paragraphs(row)[:, 0].tolist()) <= set(starts.tolist())
        assert set(starts.tolist()) <= set(tokens.spans(row)[:, 0].tolist())


@given(TEXTS, LANGUAGES, st.sampled_from([None, r"\w+", r"\S+ \S+|\S"]))
def test_marks_agree_with_spans(
    texts: list[str], language: str | None, pattern: str | None
) -> None:
    """A token is marked if it is the first at or after the start of a sentence."""
    tokens = ng.tokenize(texts, language=language, pattern=pattern)
    view = tokens.view(lower=True, min_length=2)

    for seen in (tokens, view):
        for marks, of in (
            (seen.sentence_starts, seen.sentences),
            (seen.paragraph_starts, seen.paragraphs),
        ):
            for row in range(len(texts)):
                here = slice(seen.indptr[row], seen.indptr[row + 1])
                number = np.searchsorted(of(row)[:, 0], seen.starts[here], side="right")
                expected = np.diff(number, prepend=0) > 0
                assert marks[here].tolist() == expected.tolist()


@given(TEXTS, LANGUAGES)
def test_threads_do_not_matter(texts: list[str], language: str | None) -> None:
    """Marks are the same for any number of threads."""
    one = ng.tokenize(texts, language=language)
    many = ng.tokenize(texts, language=language)
    one._segments(threads=1)
    many._segments(threads=7)

    assert one.sentence_starts.tolist() == many.sentence_starts.tolist()
    assert one.paragraph_starts.tolist() == many.paragraph_starts.tolist()
