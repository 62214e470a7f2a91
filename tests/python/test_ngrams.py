"""N-grams and skip-grams: named rows, the numbers of quanteda, limits."""

from __future__ import annotations

import pickle

import numpy as np
import pytest

import nutgraf as ng

LETTERS = "a b c d e f g"


def view(text: str = LETTERS, *, without: str = "be", language: str | None = None) -> ng.Tokens:
    """Return the tokens of a text without some letters."""
    return ng.tokenize([text], language=language).view(stop_words=list(without))


# R17: quanteda's tokens_ngrams after removal, without padding and with it.
QUANTEDA = [
    ((2, 2), 0, True, "a c|c d|d f|f g"),
    ((3, 3), 0, True, "a c d|c d f|d f g"),
    ((2, 2), 2, True, "a f|c g"),
    ((2, 2), 0, False, "c d|f g"),
    ((3, 3), 0, False, ""),
    ((2, 2), 2, False, "a d|c f|d g"),
]


@pytest.mark.parametrize(("ngram_range", "skip", "across_gaps", "expected"), QUANTEDA)
def test_ngrams_after_removal_are_those_of_quanteda(
    ngram_range: tuple[int, int], skip: int, across_gaps: bool, expected: str
) -> None:
    """Gaps are padding, and across gaps means that nothing was there."""
    counts = view().counts(ngram_range=ngram_range, skip=skip, across_gaps=across_gaps)

    assert counts.terms == [term for term in expected.split("|") if term]
    # Words of the view, whatever is made of them.
    assert counts.totals.tolist() == [5]


def test_terms_come_by_start_length_and_skip() -> None:
    """Ids are ranks of first occurrence: first word, then length, then the skips."""
    counts = view("a b c d", without="").counts(ngram_range=(1, 3), skip=range(2))

    assert counts.terms == [
        "a",
        "a b",
        "a c",
        "a b c",
        "a b d",
        "a c d",
        "b",
        "b c",
        "b d",
        "b c d",
        "c",
        "c d",
        "d",
    ]


def test_a_skip_is_a_number_or_several() -> None:
    """Order and repetition of the skips do not matter."""
    tokens = view(without="")

    one = tokens.counts(ngram_range=(2, 2), skip=[1])
    assert one.terms == tokens.counts(ngram_range=(2, 2), skip=1).terms
    many = tokens.counts(ngram_range=(2, 2), skip=(2, 0, 2))
    assert many.terms[:4] == ["a b", "a d", "b c", "b e"]
    assert many._how["skip"] == [0, 2]


def test_ngrams_stay_inside_sentences_and_paragraphs() -> None:
    """No n-gram reaches from one sentence, or paragraph, into the next."""
    tokens = ng.tokenize(["He met Dr. Lee. She left.\n\nTalks go on."]).view(lower=True)
    pairs = {
        within: tokens.counts(ngram_range=(2, 2), within=within, across_gaps=True).terms
        for within in ("document", "paragraph", "sentence")
    }

    inside = ["he met", "met dr", "dr lee"]
    assert pairs["sentence"] == [*inside, "she left", "talks go", "go on"]
    assert pairs["paragraph"] == [*inside, "lee she", "she left", "talks go", "go on"]
    assert pairs["document"] == [*inside, "lee she", "she left", "left talks", "talks go", "go on"]


def test_a_sentence_whose_first_token_is_removed_still_begins() -> None:
    """What is dropped at a bound does not join what it parted."""
    tokens = ng.tokenize(["He left. The end came."]).view(lower=True, stop_words=["the"])

    counts = tokens.counts(ngram_range=(2, 2), within="sentence", across_gaps=True)
    assert counts.terms == ["he left", "end came"]


def test_names_are_terms_whatever_they_are_made_of() -> None:
    """Two n-grams that are spelled the same are one term, in the order of first occurrence."""
    texts = ["New York Times", "New York,Times", "York Times New"]
    tokens = ng.tokenize(texts, pattern=r"New York|\w+ Times|\w+")
    assert [tokens[row] for row in range(3)] == [
        ["New York", "Times"],
        ["New York", "Times"],
        ["York Times", "New"],
    ]
    counts = tokens.view(kinds=None, lower=True).counts(ngram_range=(1, 2))

    assert counts.terms == [
        "new york",
        "new york times",
        "times",
        "york times",
        "york times new",
        "new",
    ]
    again = ng.tokenize(["New York-Times, New-York Times"], pattern=r"New York|York Times|\w+")
    pairs = again.counts(ngram_range=(1, 3))
    assert dict(zip(pairs.terms, pairs.data.tolist(), strict=True))["new york times"] == 2


def test_names_are_spelled_for_kept_terms_alone() -> None:
    """min_df and max_df work on n-grams, and totals are the words of each document."""
    tokens = ng.tokenize(["a b c", "a b d", "a b"])

    counts = tokens.counts(ngram_range=(1, 2), min_df=2)
    assert counts.terms == ["a", "a b", "b"]
    assert counts.totals.tolist() == [3, 3, 2]
    assert tokens.counts(ngram_range=(1, 2), max_df=1).terms == ["b c", "c", "b d", "d"]
    assert tokens.counts(ngram_range=(4, 5)).terms == []


@pytest.mark.parametrize("how", [{}, {"skip": range(3)}, {"within": "sentence"}])
def test_threads_do_not_matter(how: dict[str, object]) -> None:
    """The same bytes for 1, 2 and 16 threads, over several blocks."""
    rng = np.random.default_rng(5)
    words = np.array([f"w{number}" for number in range(400)] + [".", "The"])
    texts = [" ".join(rng.choice(words, 4000)) for _ in range(180)]
    tokens = ng.tokenize(texts).view(lower=True, stop_words=["w3"])
    one, *others = [
        tokens.counts(ngram_range=(1, 2), threads=threads, min_df=2, **how)  # type: ignore[arg-type]
        for threads in (1, 2, 16)
    ]

    for other in others:
        assert other.terms == one.terms
        for name in ("indptr", "indices", "data", "totals"):
            assert np.array_equal(getattr(other, name), getattr(one, name))


def test_settings_survive_a_pickle() -> None:
    """How n-grams were made goes with the counts, and evidence finds them again."""
    counts = view().counts(ngram_range=(2, 2), skip=2, within="sentence")
    again = pickle.loads(pickle.dumps(counts))

    assert again.terms == counts.terms == ["a d", "c f", "d g"]
    assert again._how == counts._how
    assert again._how["within"] == "sentence"
    assert again._how["skip"] == [2]


def test_evidence_shows_skip_grams() -> None:
    """The sentence behind a skip-gram is found, with its first and its last word."""
    corpus = ng.Corpus(
        {"text": ["The talks in Geneva failed.", "No other news."], "source": ["A", "B"]}
    )
    view = ng.tokenize(corpus).view(lower=True)
    counts = view.counts(ngram_range=(2, 2), skip=1, within="sentence")
    table = ng.keyness(counts, target={"source": "A"}, permutations=9, seed=1)
    row = table["term"].index("talks geneva")

    assert "talks in Geneva" in str(table.evidence(row))


def test_the_estimate_grows_with_the_ways_to_skip() -> None:
    """What could pass the memory is refused before any work."""
    tokens = ng.tokenize(["a b c d"] * 1000)

    plain = ng.estimate_memory(tokens, job="counts", ngram_range=(1, 3))
    assert ng.estimate_memory(tokens, job="counts", ngram_range=(1, 3), skip=range(3)) > 4 * plain
    with pytest.raises(ng.MemoryLimitError):
        tokens.counts(ngram_range=(1, 16), skip=range(17))
