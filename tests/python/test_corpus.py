"""The corpus: rows, ids, selections and display."""

from __future__ import annotations

import copy
import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import nutgraf
from nutgraf.corpus import Corpus, read_corpus
from nutgraf.document import Document
from nutgraf.exceptions import InputError, ParameterError

SAMPLE = Path(nutgraf.__file__).parent / "sample" / "articles.jsonl"


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    """Return the sample corpus."""
    return read_corpus(SAMPLE)


def test_the_sample_reads_as_written(corpus: Corpus) -> None:
    """Repr, sources and one document."""
    assert repr(corpus) == "Corpus: 44 documents, 6 sources, 2031-03-03 to 2031-03-08"
    assert len(corpus) == len(list(corpus)) == 44
    first = corpus[0]
    assert (first.id, first.source, first.date) == ("bh-01", "Bourse & Harbour", "2031-03-03")
    assert first.metadata == {"language": "en"}
    assert corpus.sources[0] == "Bourse & Harbour"
    assert corpus.by_id("bh-01") == first


def test_rows_count_from_both_ends(corpus: Corpus) -> None:
    """As in a list, and an end is an IndexError."""
    assert corpus[-1] == corpus[43]
    assert corpus[np.int64(2)] == corpus[2]
    with pytest.raises(IndexError, match="44 documents"):
        corpus[44]


@pytest.mark.parametrize(
    ("key", "rows"),
    [
        (slice(1, 6, 2), [1, 3, 5]),
        ([3, 0, -1], [3, 0, 43]),
        (np.array([2, 1], dtype=np.uint32), [2, 1]),
        ([], []),
    ],
)
def test_selections_keep_texts_and_ids(corpus: Corpus, key: Any, rows: list[int]) -> None:
    """Every part follows its row, also through a second selection."""
    some = corpus[key]
    assert some.ids == [corpus.ids[row] for row in rows]
    assert some.texts == [corpus.texts[row] for row in rows]
    assert some[::-1].ids == some.ids[::-1]
    assert [document.metadata for document in some] == [corpus[row].metadata for row in rows]


def test_a_mask_selects(corpus: Corpus) -> None:
    """A mask has one value per document."""
    mask = np.array([source == "Littoral Radio" for source in corpus.column("source")])
    assert corpus[mask].ids == corpus.where(source="Littoral Radio").ids
    with pytest.raises(InputError, match="3 values for 44"):
        corpus[np.array([True, False, True])]


@pytest.mark.parametrize("key", [[1, 1], [44], [0.5], [[1]], "bh-01"])
def test_bad_selections_are_refused(corpus: Corpus, key: Any) -> None:
    """Twice, outside, fractions, two dimensions, ids."""
    with pytest.raises(InputError):
        corpus[key]


def test_where_takes_values_lists_days_and_metadata(corpus: Corpus) -> None:
    """Conditions are met together."""
    both = corpus.where(date=["2031-03-03", "2031-03-04"], language="en")
    assert len(both) > 0
    assert {date[:10] for date in both.dates if date} == {"2031-03-03", "2031-03-04"}
    assert set(both.column("language")) == {"en"}
    assert len(corpus.where(source="nobody")) == 0
    timed = Corpus({"text": ["a"], "date": ["2031-03-03T09:00"]})
    assert len(timed.where(date="2031-03-03")) == 1
    with pytest.raises(ParameterError, match=r"no column 'paper'.*language"):
        corpus.where(paper="A")


def test_row_numbers_serve_as_ids_and_stay() -> None:
    """A selection keeps the row numbers of the whole."""
    corpus = Corpus(["a", "b", "c"])
    assert corpus[1:].ids == [1, 2]
    assert corpus[1:].by_id(2).text == "c"
    with pytest.raises(InputError, match=r"'2'.*int"):
        corpus.by_id("2")


def test_parts_may_be_passed_as_values() -> None:
    """Lists of str can have sources too."""
    corpus = Corpus(["a", "b"], source=["A", None], id=[7, 9])
    assert (corpus.ids, corpus.sources) == ([7, 9], ["A"])
    with pytest.raises(InputError, match="1 values for 2 documents"):
        Corpus(["a", "b"], source=["A"])


def test_columns_may_have_other_names() -> None:
    """What was used is not metadata as well."""
    corpus = Corpus({"body": ["a"], "outlet": ["A"], "n": [1]}, text="body", source="outlet")
    assert corpus[0] == Document(0, "a", "A", metadata={"n": 1})


@pytest.mark.parametrize("data", [[], {"text": []}])
def test_an_empty_corpus_is_a_corpus(data: Any) -> None:
    """Nothing in, nothing out."""
    corpus = Corpus(data)
    assert (len(corpus), corpus.ids, corpus.sources) == (0, [], [])
    assert repr(corpus) == "Corpus: 0 documents"
    assert "<table" in corpus._repr_html_()


def test_pickle_and_copy(corpus: Corpus) -> None:
    """A corpus travels to other processes; a copy is the corpus, which never changes."""
    some = corpus[[5, 2]]
    again = pickle.loads(pickle.dumps(some))
    assert list(again) == list(some)
    assert copy.deepcopy(corpus) is copy.copy(corpus) is corpus
    assert Corpus.of(corpus) is corpus
    assert Corpus(corpus).ids == corpus.ids


def test_html_escapes_what_documents_say() -> None:
    """No tag of a document reaches the page."""
    corpus = Corpus([{"text": "<script>x</script>", "title": '"><img src=x>', "source": "<b>"}] * 1)
    for shown in (corpus._repr_html_(), corpus[0]._repr_html_()):
        assert "<script" not in shown
        assert "<img" not in shown
        assert "&lt;b&gt;" in shown
