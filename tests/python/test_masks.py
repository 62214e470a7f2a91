"""Masks of a corpus: what is hidden from every analysis, and what stays as it was."""

from __future__ import annotations

import copy
import pickle

import numpy as np
import pytest

import nutgraf as ng

TEXT = "The talks opened. SHARE THIS PAGE now. Nobody came. Rain fell on the port."
START, END = TEXT.index("SHARE"), TEXT.index(" Nobody")


@pytest.fixture
def corpus() -> ng.Corpus:
    """Two documents, one of which will be masked."""
    return ng.Corpus(
        {"text": [TEXT, "Ünmasked naïve words."], "id": ["a", "b"], "source": ["A", "B"]}
    )


@pytest.fixture
def masked(corpus: ng.Corpus) -> ng.Corpus:
    """The first without its furniture."""
    return corpus.without({"document": ["a"], "start": [START], "end": [END]})


def test_text_and_offsets_stay(corpus: ng.Corpus, masked: ng.Corpus) -> None:
    """What is masked is still there to be read, in the same memory."""
    assert masked.texts == corpus.texts
    assert masked[0].text[START:END] == "SHARE THIS PAGE now."
    assert masked._texts._addresses() == corpus._texts._addresses()
    tokens = ng.tokenize(masked)
    assert [TEXT[a:b] for a, b in tokens.spans(0)] == tokens[0]
    assert "SHARE" not in tokens.vocabulary
    assert tokens.counts().totals.tolist() == [10, 3]


def test_what_is_masked_can_be_asked(masked: ng.Corpus) -> None:
    """Merged, in order, by document and row."""
    more = masked.without(np.array([[0, START + 3, END + 4], [1, 0, 8], [1, 8, 14], [1, 3, 3]]))
    assert more.masked.to_dicts() == [
        {"document": "a", "row": 0, "start": START, "end": END + 4},
        {"document": "b", "row": 1, "start": 0, "end": 14},
    ]
    assert ng.tokenize(more)[1] == ["words", "."]
    assert len(ng.Corpus(["a"]).masked) == 0


def test_a_mask_is_a_gap(masked: ng.Corpus) -> None:
    """N-grams, sentences and hyphenated words end before it."""
    view = ng.tokenize(masked).view(lower=True)
    assert "opened nobody" not in view.counts(ngram_range=(2, 2)).terms
    assert "opened nobody" in view.counts(ngram_range=(2, 2), across_gaps=True).terms
    sentences = [TEXT[a:b] for a, b in ng.tokenize(masked).sentences(0)]
    assert sentences == ["The talks opened.", "Nobody came.", "Rain fell on the port."]
    paragraphs = [TEXT[a:b] for a, b in ng.tokenize(masked).paragraphs(0)]
    assert paragraphs == ["The talks opened.", "Nobody came. Rain fell on the port."]
    cut = ng.Corpus(["well-known e-mail"]).without(np.array([[0, 5, 7]]))
    assert ng.tokenize(cut).view(hyphens="join")[0] == ["well", "own", "e-mail"]
    assert ng.tokenize(cut, pattern=r"\w+|-").view(hyphens="join", kinds=None)[0][-1] == "e-mail"


def test_nothing_that_is_computed_sees_it(corpus: ng.Corpus) -> None:
    """Near duplicates by words and characters, concordances, dictionaries."""
    story = "Both sides agreed on Tuesday to halt the shelling of the river port."
    junk = "Subscribe to seven letters of the morning paper for nothing at all today. "
    pair = ng.Corpus([junk + story, junk + corpus[0].text])
    spans = np.array([[0, 0, len(junk)], [1, 0, len(junk)]])
    assert len(ng.near_duplicates(pair, threshold=0.2)) == 1
    clean = pair.without(spans)
    assert len(ng.near_duplicates(clean, threshold=0.05)) == 0
    assert len(ng.near_duplicates(clean, threshold=0.05, unit="char", shingle=12)) == 0
    tokens = ng.tokenize(pair.without(spans))
    assert len(ng.concordance(tokens, "subscribe")) == 0
    assert tokens.dictionary({"x": ["morn*", "* agreed"]}).counts().data.tolist() == [1]
    twice = ng.Corpus([f"{story} {story}"]).without(np.array([[0, len(story), 2 * len(story) + 1]]))
    assert len(ng.repeats(twice)) == 0


def test_a_gap_is_crossed_by_characters_only_on_request() -> None:
    """With across_gaps=True what is left is one text."""
    texts = ["abcdefXXXXghijkl", "abcdefghijkl"]
    corpus = ng.Corpus(texts).without(np.array([[0, 6, 10]]))
    across = ng.near_duplicates(corpus, threshold=0.9, unit="char", shingle=5)
    within = ng.near_duplicates(corpus, threshold=0.9, unit="char", shingle=5, across_gaps=False)
    assert across.pairs["similarity"].tolist() == [1.0]
    assert len(within) == 0


def test_masks_stay_with_their_documents(masked: ng.Corpus) -> None:
    """Selecting, pickling and copying keep them; the fingerprint tells them."""
    for same in (
        masked.where(source="A"),
        masked[[0]],
        pickle.loads(pickle.dumps(masked))[[0]],
        copy.deepcopy(masked)[np.array([True, False])],
        ng.Corpus(masked)[:1],
    ):
        assert same.masked["start"].tolist() == [START]
        assert ng.tokenize(same)[0] == ng.tokenize(masked)[0]
    assert pickle.loads(pickle.dumps(masked)).fingerprint == masked.fingerprint
    tokens = pickle.loads(pickle.dumps(ng.tokenize(masked).view(lower=True)))
    assert tokens[0][:4] == ["the", "talks", "opened", "nobody"]


def test_the_fingerprint_is_another(corpus: ng.Corpus, masked: ng.Corpus) -> None:
    """So that settings tell results with and without masks apart."""
    assert masked.fingerprint != corpus.fingerprint
    assert corpus.without().fingerprint == corpus.fingerprint
    one = ng.near_duplicates(masked).settings["input"]["fingerprint"]
    assert one == masked.fingerprint


@pytest.mark.parametrize("library", ["polars", "pandas", "pyarrow"])
def test_spans_come_in_tables_of_any_library(corpus: ng.Corpus, library: str) -> None:
    """As ours do."""
    frames = pytest.importorskip(library)
    columns = {"row": [0, 1], "start": [START, 0], "end": [END, 8]}
    table = frames.table(columns) if library == "pyarrow" else frames.DataFrame(columns)
    dicts = [{"row": 0, "start": START, "end": END}, {"row": 1, "start": 0, "end": 8}]
    assert corpus.without(table).fingerprint == corpus.without(dicts).fingerprint


def test_a_corpus_can_be_masked_to_nothing() -> None:
    """Then there are no tokens, and no error."""
    corpus = ng.Corpus(["all of it", ""]).without(np.array([[0, 0, 9], [1, 0, 0]]))
    tokens = ng.tokenize(corpus)
    assert (tokens[0], tokens.vocabulary, len(tokens.ids)) == ([], [], 0)
    assert tokens.sentences(0).shape == (0, 2)
