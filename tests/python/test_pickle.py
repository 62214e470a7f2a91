"""Pickles, copies and deep copies: everything observable comes back, and damage is refused."""

from __future__ import annotations

import copy
import inspect
import io
import pickle
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import nutgraf as ng
from nutgraf import _duplicates, exceptions
from nutgraf import counts as counts_module
from nutgraf._html import Fragment
from nutgraf.audit import Audit

if TYPE_CHECKING:
    from nutgraf.results import Table

STORY = (
    "Both sides agreed on Tuesday to halt the shelling of the river port. Nobody signed a thing."
)
CORPUS = ng.Corpus(
    {
        "text": [STORY, "Дождь — и ветер 🌧️.", "Update: " + STORY, "e-mail of the mayor", "", STORY],
        "id": ["a", "b", "c", "d", "e", "f"],
        "source": ["A", "B", "B", "A", None, "C"],
        "date": ["2031-03-03", None, "2031-03-04T10:00", "2031-03-05", "2031-03-06", "2031-03-07"],
        "title": ["One", "Two", None, "Four", "Five", "Six"],
        "section": [1, 2.5, None, "x", [1], (2,)],
    }
)
TOKENS = ng.tokenize(CORPUS)
VIEW = TOKENS.view(lower=True, fold_punctuation=True, stop_words={"the", "of"}, hyphens="join")
COUNTS = VIEW.counts(ngram_range=(1, 2))
FOUND = ng.near_duplicates(CORPUS, threshold=0.4)
LONG = " ".join(f"w{number}" for number in range(60))
RARE = ng.tokenize(CORPUS, pattern=r"\w{4,}")

Observed = Callable[[Any], object]


def of_corpus(corpus: ng.Corpus) -> object:
    """Return everything that can be seen of a corpus."""
    return (
        corpus.texts,
        list(corpus),
        corpus.ids,
        corpus.sources,
        corpus.dates,
        corpus.column("section"),
        corpus.fingerprint,
        corpus.by_id("c"),
        repr(corpus),
        corpus._repr_html_(),
    )


def of_tokens(tokens: ng.Tokens) -> object:
    """Return everything that can be seen of tokens."""
    arrays = (tokens.ids, tokens.indptr, tokens.starts, tokens.ends)
    return (
        [(values.dtype.str, values.tolist()) for values in arrays],
        tokens.vocabulary,
        [tokens[row] for row in range(len(tokens))],
        [tokens.spans(row).tolist() for row in range(len(tokens))],
        tokens._view,
        tokens._how,
        repr(tokens),
        tokens._repr_html_(),
        tokens.counts().data.tolist(),
    )


def of_counts(counts: ng.Counts) -> object:
    """Return everything that can be seen of counts."""
    arrays = (counts.indptr, counts.indices, counts.data, counts.totals)
    return (
        [(values.dtype.str, values.tolist()) for values in arrays],
        counts.terms,
        counts.groups,
        None if counts.corpus is None else counts.corpus.ids,
        counts.ids,
        counts.settings,
        repr(counts),
        counts._repr_html_(),
    )


def of_weighted(weighted: ng.Weighted) -> object:
    """Return everything that can be seen of weights."""
    return (
        of_counts(weighted.counts),
        weighted.data.tolist(),
        weighted.ids,
        weighted.settings,
        repr(weighted),
        weighted._repr_html_(),
    )


def of_table(table: Table) -> object:
    """Return everything that can be seen of a table."""
    kept = table._evidence is not None
    return (
        type(table).__name__,
        repr(table.to_dicts()),
        table.columns,
        table.settings,
        repr(table),
        table._repr_html_(),
        [table.evidence(row) for row in range(0, len(table), 1 + len(table) // 50)]
        if kept
        else None,
        type(table.to_native()).__name__,
    )


def of_found(found: ng.NearDuplicates) -> object:
    """Return everything that can be seen of near duplicates."""
    return (
        len(found),
        found.labels.tolist(),
        of_table(found.pairs),
        of_table(found.clusters),
        [len(batch) for batch in found.iter_pairs(1)],
        found.settings,
        found.shared(0, 2),
        repr(found),
        found._repr_html_(),
    )


def of_two(found: ng.NearDuplicates) -> object:
    """Return everything that can be seen of pairs of two corpora."""
    return (
        len(found),
        of_table(found.pairs),
        [len(batch) for batch in found.iter_pairs(1)],
        found.settings,
        found.shared(0, 2),
        found.against.texts if found.against else None,
        repr(found),
        found._repr_html_(),
    )


def of_late(found: ng.NearDuplicates) -> object:
    """Return what can be seen of near duplicates whose pairs wait to be asked for."""
    return repr(found), found.labels.tolist(), of_table(found.clusters), found.settings


def of_comparison(result: ng.Comparison) -> object:
    """Return everything that can be seen of a comparison."""
    return (
        result.summary(),
        result._repr_html_(),
        result.by,
        result.facts,
        {name: of_table(table) for name, table in result.keyness.items()},
        sorted(result.sections),
        result.duplicates.labels.tolist(),
    )


def _keyness() -> Table:
    return ng.keyness(COUNTS, target={"source": "A"}, reference={"source": "B"}, permutations=99)


OBJECTS: dict[str, tuple[Callable[[], Any], Observed]] = {
    "Corpus": (lambda: CORPUS, of_corpus),
    "Corpus selected": (lambda: CORPUS[[5, 2, 0]], of_corpus),
    "Document": (lambda: CORPUS[1], lambda document: (document, document._repr_html_())),
    "Tokens": (lambda: TOKENS, of_tokens),
    "Tokens pattern": (lambda: RARE, of_tokens),
    "Tokens view": (lambda: VIEW, of_tokens),
    "Tokens view of a view": (lambda: VIEW.view(min_length=4, kinds=["word"]), of_tokens),
    "Tokens view of a pattern": (lambda: RARE.view(stem="en", lower=True), of_tokens),
    "Counts": (lambda: COUNTS, of_counts),
    "Counts of surface": (lambda: TOKENS.counts(min_df=2), of_counts),
    "Counts grouped": (lambda: COUNTS.group("source"), of_counts),
    "Counts from a matrix": (
        lambda: ng.Counts.from_matrix([[1, 0], [2, 3]], ["a", "b"], ids=["x", "y"]),
        of_counts,
    ),
    "Counts from a list": (lambda: ng.Counts.from_matrix({"the": 9}, totals=20), of_counts),
    "Weighted": (lambda: COUNTS.tfidf(sublinear_tf=True), of_weighted),
    "Weighted groups": (lambda: COUNTS.group("source").relative(per=1000), of_weighted),
    "NearDuplicates": (lambda: FOUND, of_found),
    "NearDuplicates star": (
        lambda: ng.near_duplicates(
            CORPUS, across=list("ABCABC"), linkage="star", containment=0.8, threshold=0.4
        ),
        of_found,
    ),
    "NearDuplicates of two": (
        lambda: ng.near_duplicates(VIEW, against=[STORY, "", STORY + " Later."]),
        of_two,
    ),
    "NearDuplicates on request": (
        lambda: ng.near_duplicates([f"{'page ' * 9}{LONG} {row}" for row in range(300)]),
        of_late,
    ),
    "NearDuplicates char": (
        lambda: ng.near_duplicates(CORPUS, unit="char", shingle=9, threshold=0.3),
        of_found,
    ),
    "Table repeats": (lambda: ng.repeats([f"{STORY} {STORY}"]), of_table),
    "Furniture": (lambda: ng.furniture(ng.load_sample()), of_table),
    "Corpus masked": (lambda: CORPUS.without(np.array([[0, 5, 9], [1, 0, 5]])), of_corpus),
    "Table pairs": (lambda: FOUND.pairs, of_table),
    "Table clusters": (lambda: FOUND.clusters.sort("id", descending=True), of_table),
    "Table keyness": (_keyness, of_table),
    "Passages": (lambda: ng.passages(VIEW, min_tokens=6), of_table),
    "Concordance": (lambda: ng.concordance(VIEW, "the *", sort="left"), of_table),
    "Audit": (lambda: FOUND.pairs.audit(2), of_table),
    "Fragment": (lambda: FOUND.pairs.evidence(0), lambda it: (it, repr(it), it._repr_html_())),
    "Comparison": (lambda: ng.compare(ng.load_sample(), permutations=99), of_comparison),
}


@pytest.mark.parametrize("name", OBJECTS)
def test_what_comes_back_looks_the_same(name: str) -> None:
    """Every protocol from 2 to 5, copy and deepcopy; and again after a second round."""
    make, observed = OBJECTS[name]
    whole = make()
    expected = observed(whole)
    ways = [copy.copy(whole), copy.deepcopy(whole)]
    protocols = (2, 5) if name == "Comparison" else (2, 3, 4, 5)
    ways += [pickle.loads(pickle.dumps(whole, protocol)) for protocol in protocols]
    ways.append(pickle.loads(pickle.dumps(ways[-1])))
    for again in ways:
        assert type(again) is type(whole)
        assert observed(again) == expected


def test_every_public_class_is_in_the_list() -> None:
    """A new public class takes its row above."""
    classes = {
        name
        for name in ng.__all__
        if inspect.isclass(getattr(ng, name)) and not issubclass(getattr(ng, name), Exception)
    }
    assert classes <= {name.split(maxsplit=1)[0] for name in OBJECTS}


@pytest.mark.parametrize("name", [name for name in exceptions.__all__ if name.endswith("Error")])
@pytest.mark.parametrize("protocol", range(2, 6))
def test_exceptions_keep_their_fields(name: str, protocol: int) -> None:
    """The sentence, every field, the arguments and the notes come back."""
    kind = getattr(exceptions, name)
    fields = [
        field
        for field, parameter in inspect.signature(kind.__init__).parameters.items()
        if parameter.kind is inspect.Parameter.KEYWORD_ONLY
    ]
    assert {"parameter", "row", "section"} <= set(fields)
    values = {field: number for number, field in enumerate(fields, 7)}
    error = kind("A sentence.", **values)
    error.add_note("A note.")
    for again in (pickle.loads(pickle.dumps(error, protocol)), copy.copy(error)):
        assert type(again) is kind
        assert str(again) == "A sentence."
        assert again.args == error.args
        assert {field: getattr(again, field) for field in fields} == values
        assert again.__notes__ == ["A note."]


def test_an_error_from_the_core_keeps_its_fields() -> None:
    """An exception that was raised in Rust is one of these too."""
    with pytest.raises(ng.TextTypeError) as caught:
        ng.Corpus(["a", 7])
    again = pickle.loads(pickle.dumps(caught.value))
    assert (again.row, str(again)) == (1, str(caught.value))


def test_what_leaves_together_is_stored_once() -> None:
    """Tokens, their views, counts and near duplicates share one corpus and one surface."""
    long = ng.Corpus([f"{STORY} {number} " * 200 for number in range(20)])
    tokens = ng.tokenize(long)
    view = tokens.view(lower=True)
    things = (tokens, view, tokens.view(stem="en"), view.counts(), ng.near_duplicates(view))
    alone, together = len(pickle.dumps(long)), len(pickle.dumps(things))
    assert together < alone * 1.2
    surface, lower, stemmed, counts, found = pickle.loads(pickle.dumps(things))
    assert surface.corpus is lower.corpus is stemmed.corpus is counts.corpus is found.corpus
    assert lower._surface is stemmed._surface is surface
    assert counts._tokens is lower
    assert found._tokens is lower


def test_a_copy_cannot_change_the_original() -> None:
    """Arrays of copies are as read-only as those of the originals."""
    again = pickle.loads(pickle.dumps(COUNTS.tfidf()))
    for array in (copy.deepcopy(COUNTS).data, copy.deepcopy(TOKENS).ids, again.data):
        with pytest.raises(ValueError, match="read-only"):
            array[:] = 0
    found = copy.deepcopy(FOUND)
    found.settings["threshold"] = 2.0
    assert FOUND.settings["threshold"] == found.settings["threshold"] == 0.4


def test_a_pickle_names_nutgraf_and_numpy_only() -> None:
    """Loading needs nothing else, and calls no function that is not ours."""
    named: set[str] = set()

    class Reader(pickle.Unpickler):
        def find_class(self, module: str, name: str) -> Any:
            named.add(module.split(".", 1)[0])
            return super().find_class(module, name)

    stored = pickle.dumps((CORPUS, TOKENS, VIEW, COUNTS, FOUND, FOUND.pairs, _keyness()))
    Reader(io.BytesIO(stored)).load()
    assert named <= {"nutgraf", "numpy", "builtins", "functools", "_codecs"}


WHOLE = st.integers(-(2**63), 2**63 - 1) | st.integers(-2, 8)


@st.composite
def damaged(draw: st.DrawFn, parts: dict[str, Any]) -> dict[str, Any]:
    """Return parts of which one was changed, cut, stretched, reordered or replaced."""
    changed = {name: copy.deepcopy(values) for name, values in parts.items()}
    name = draw(st.sampled_from([key for key, value in parts.items() if np.ndim(value)]))
    values = list(changed[name])
    text = name == "terms"
    way = draw(st.sampled_from(["set", "cut", "add", "swap", "type"]))
    if way == "set" and values:
        new = draw(st.text(max_size=3) if text else WHOLE)
        values[draw(st.integers(0, len(values) - 1))] = new
    elif way == "cut" and values:
        values.pop(draw(st.integers(0, len(values) - 1)))
    elif way == "add":
        values.append(draw(st.text(max_size=3) if text else WHOLE))
    elif way == "swap" and len(values) > 1:
        at = draw(st.integers(0, len(values) - 2))
        values[at], values[at + 1] = values[at + 1], values[at]
    kind = "f8" if way == "type" else "i8"
    changed[name] = values if text else np.array(values, dtype=kind)
    return changed


COUNT_PARTS, *COUNT_REST = COUNTS.__reduce__()[1]
FOUND_PARTS, *FOUND_REST = FOUND.__reduce__()[1]


def same(left: dict[str, Any], right: dict[str, Any]) -> bool:
    """Say whether the damage changed nothing, as a swap of equal values does."""
    return all(
        np.array_equal(left[name], right[name])
        and np.asarray(left[name]).dtype.kind == np.asarray(right[name]).dtype.kind
        for name in left
    )


def rebuilt(make: Callable[[], Any], whole: bool) -> Any:
    """Return what the parts make, or None where they are refused in the right words."""
    try:
        return make()
    except ng.InputError as error:
        said = str(error)
    assert "damaged" in said
    assert not whole, "sound parts were refused"
    return None


@given(damaged(COUNT_PARTS))
@settings(deadline=None)
def test_damaged_counts_are_refused_or_sound(parts: dict[str, Any]) -> None:
    """A sentence, or counts that keep every rule; never a panic and never a wild index."""
    whole = same(parts, COUNT_PARTS)
    again = rebuilt(lambda: counts_module._restored(parts, *COUNT_REST), whole)
    if again is None:
        return
    assert again.indices.max() < len(again.terms) == len(set(again.terms))
    assert (np.diff(again.indptr) >= 0).all()
    assert again.data.min() >= 1
    assert len(again.group(list(range(len(again))))) == len(again)
    again._repr_html_()


@given(damaged(FOUND_PARTS))
@settings(deadline=None)
def test_damaged_near_duplicates_are_refused_or_sound(parts: dict[str, Any]) -> None:
    """A sentence, or pairs and clusters that agree with each other."""
    whole = same(parts, FOUND_PARTS)
    again = rebuilt(lambda: _duplicates._restored(parts, *FOUND_REST), whole)
    if again is None:
        return
    pairs = again.pairs
    assert len(again) == len(pairs)
    assert (pairs["left_row"] < pairs["right_row"]).all()
    assert (pairs["similarity"] >= 0.4).all()
    labels = again.labels
    assert (labels[pairs["left_row"]] == labels[pairs["right_row"]]).all()
    assert repr(again)
    again._repr_html_()


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"threshold": float("nan")}, ng.ParameterError),
        ({"threshold": 0.99}, ng.InputError),
        ({"shingle": 0}, ng.ParameterError),
        ({"shingle": 10**6}, ng.ParameterError),
    ],
)
def test_settings_that_do_not_fit_are_refused(
    change: dict[str, Any], error: type[Exception]
) -> None:
    """Pairs below the threshold of their settings, or a shingle outside its range."""
    tokens, said, *rest = FOUND_REST
    with pytest.raises(error):
        _duplicates._restored(FOUND_PARTS, tokens, {**said, **change}, *rest)


def test_parts_of_another_corpus_are_refused() -> None:
    """Groups and rows must be as many as the documents."""
    with pytest.raises(ng.InputError, match="damaged: there are 1 documents"):
        _duplicates._restored(FOUND_PARTS, ng.tokenize(["one"]), *FOUND_REST[1:])
    with pytest.raises(ng.InputError, match="6 rows for 1 documents"):
        counts_module._restored(COUNT_PARTS, ng.Corpus(["one"]), None, None, {})


def test_an_empty_corpus_comes_back() -> None:
    """Nothing is something too."""
    tokens = ng.tokenize([])
    found = ng.near_duplicates(tokens)
    for whole in (tokens, tokens.counts(), found, found.pairs, found.clusters):
        again = pickle.loads(pickle.dumps(whole))
        assert (len(again), repr(again)) == (0, repr(whole))
        assert again._repr_html_() == whole._repr_html_()


def test_a_fragment_is_a_value() -> None:
    """Equal fragments are equal after a pickle."""
    fragment = Fragment.of("a <b> c")
    assert pickle.loads(pickle.dumps(fragment)) == fragment
    audit = FOUND.pairs.audit(1)
    assert isinstance(pickle.loads(pickle.dumps(audit)), Audit)
