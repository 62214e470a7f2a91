"""Passages and noisy copies: named rows, published examples, planted truth, real corpora."""

from __future__ import annotations

import collections
import csv
import gzip
import inspect
import json
import pickle
import re
from math import comb
from typing import TYPE_CHECKING, Any

import pytest

import nutgraf as ng
from nutgraf.sample import load_truth

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

WIRE = (
    "Both delegations agreed on Tuesday to halt the shelling of the river port and to let the "
    "monitors back into the three villages on the eastern bank before the end of the week."
)


def sides(texts: list[str], **options: object) -> list[tuple[str, str]]:
    """The text of every passage on both sides."""
    found = ng.passages(texts, **options)  # type: ignore[arg-type]
    return [
        (
            texts[row["left_row"]][row["left_start"] : row["left_end"]],
            texts[row["right_row"]][row["right_start"] : row["right_end"]],
        )
        for row in found.to_dicts()
    ]


def test_an_embedded_story_is_cut_out_on_both_sides() -> None:
    """Offsets are those of the original, whatever punctuation and case did to the copy."""
    copy = "PORT — " + WIRE.upper().replace("port and", "PORT; AND") + " Nobody was hurt."
    ((left, right),) = sides([WIRE, copy])

    assert left == WIRE.rstrip(".")
    assert right.startswith("BOTH DELEGATIONS")
    assert right.endswith("END OF THE WEEK")


def test_edits_are_counted_as_they_turn_left_into_right() -> None:
    """A changed, a new and a dropped word."""
    copy = (
        WIRE.replace("Tuesday", "Monday")
        .replace("river ", "")
        .replace("monitors", "foreign monitors")
    )
    (row,) = ng.passages([WIRE, copy]).to_dicts()

    assert (row["changed"], row["added"], row["removed"]) == (1, 1, 1)
    assert row["identity"] == row["tokens"] / (row["tokens"] + 3)


def test_one_edit_in_the_middle_of_a_sentence_hides_nothing() -> None:
    """In either order: what is picked must not depend on how words are numbered."""
    text = "The minister said on Monday that the talks with the rebels would go on until the end."
    for word in ("until", "Monday", "zz"):
        copy = text.replace("rebels would", f"rebels {word} would")
        for texts in ([text, copy], [copy, text]):
            (row,) = ng.passages(texts).to_dicts()
            assert (row["tokens"], row["added"] + row["removed"]) == (17, 1)


def test_no_word_is_told_twice_of_one_pair() -> None:
    """Two long runs with many edits between them do not grow over the same words."""
    words = [f"w{number}" for number in range(55)]
    edited = [*words]
    for place in (14, 16, 23, 30, 34, 37, 38):
        edited[place] = f"z{place}"
    found = ng.passages([" ".join(words), " ".join(edited)])
    assert len(found) > 0
    assert found["tokens"].sum() <= 48
    assert found.pairs()["words"].tolist() == [found.reuse_share()["shared"].min()]


def test_a_text_that_stands_twice_is_found_twice() -> None:
    """One side may be covered by several passages."""
    assert len(sides([WIRE, f"{WIRE} In other news, the port stays shut. {WIRE}"])) == 2


def test_scanned_print_is_compared_letter_by_letter() -> None:
    """Hyphens at line ends, lost spaces, case and accents do not matter."""
    scanned = WIRE.replace("delegations", "dele-\ngations").replace("agreed on", "agreedon")
    ((left, right),) = sides([WIRE, scanned.replace("monitors", "mönitors")], unit="char")

    assert left == WIRE.rstrip(".")
    assert right.endswith("week")


@pytest.mark.parametrize(
    ("first", "second", "earlier"),
    [
        ("2031-03-01", "2031-03-02", 0),
        ("2031-03-02", "2031-03-01", 1),
        ("2031-03-01", "2031-03-01", None),
        ("2031-03-01", None, None),
        ("2031-03", "2031-03-09", None),
        ("2031", "2032-01", 0),
        ("2031-03-01", "2031-03-01T10:00", None),
        ("2031-03-01T12:00+02:00", "2031-03-01T11:00+00:00", 0),
        (None, None, None),
    ],
)
def test_earlier_is_said_only_where_it_is_sure(
    first: str | None, second: str | None, earlier: int | None
) -> None:
    """A day, month or year is a stretch of time; a missing date says nothing."""
    corpus = ng.Corpus({"text": [WIRE, WIRE], "date": [first, second]})
    assert ng.passages(corpus)["earlier"] == [earlier]


def _dated() -> ng.Corpus:
    """A story, its copy by another source a day later, and something else."""
    return ng.Corpus(
        {
            "text": [WIRE, WIRE + " Few in the port believe it will last.", "Nothing of this."],
            "source": ["A", "B", "B"],
            "date": ["2031-03-01", "2031-03-02", "2031-03-02"],
        }
    )


@pytest.mark.parametrize(
    "option",
    [{"min_tokens": 8}, {"unit": "char"}, {"against": ["a"]}, {"across": "source"}, {"threads": 1}],
    ids=str,
)
def test_what_is_found_is_not_searched_again(option: dict[str, Any]) -> None:
    """Arguments of a search are refused where its result is passed."""
    found = ng.passages([WIRE, WIRE])
    (name,) = option
    with pytest.raises(ng.ParameterError, match=f"^{name} is .* pass the documents to search"):
        ng.reuse_share(found, **option)


def test_shares_take_every_argument_of_the_search() -> None:
    """None is missing, and each reaches it."""
    of_search, of_share = (
        dict(inspect.signature(call).parameters) for call in (ng.passages, ng.reuse_share)
    )
    assert of_search == of_share
    options: dict[str, Any] = {"min_tokens": 20, "unit": "char", "within": "1d", "across": "source"}
    settings = ng.reuse_share(_dated(), **options, max_documents=9).settings
    assert {name: settings[name] for name in options} == options
    assert settings["max_documents"] == 9


def test_shares_by_document_pair_and_source() -> None:
    """What is shared, with whom, since when, and whether a credit says so."""
    corpus = _dated()
    found = ng.passages(corpus)
    share = found.reuse_share().to_dicts()
    assert [row["shared"] for row in share] == [33, 33, 0]
    assert [row["earlier"] for row in share] == [0, 33, 0]
    assert [row["partner"] for row in share] == [1, 0, None]
    assert ng.reuse_share(corpus).to_dicts() == share

    (pair,) = found.pairs().to_dicts()
    assert (pair["left_share"], pair["right_share"]) == (1, 33 / 41)
    assert pair["relation"] == "shared"

    credits = ng.Table({"document": [1], "credits_text": [True], "own": [False]})
    table = {row["source"]: row for row in found.by_source(credits).to_dicts()}
    assert (table["A"]["share"], table["A"]["uncredited"]) == (1, 33)
    assert (table["B"]["credited"], table["B"]["uncredited"]) == (33, 0)
    # An agency credits nobody: its shared words are neither.
    agency = ng.Table({"document": [0], "credits_text": [False], "own": [True]})
    table = {row["source"]: row for row in found.by_source(agency).to_dicts()}
    assert (table["A"]["credited"], table["A"]["uncredited"]) == (0, 0)
    assert (table["B"]["credited"], table["B"]["uncredited"]) == (0, 33)
    assert found.filter([False]).by_source().to_dicts()[0]["shared"] == 0


def test_a_text_that_is_printed_twice_is_shared_once() -> None:
    """Two passages lie on the same words of the left document."""
    found = ng.passages([WIRE, f"{WIRE} And once more, in other words: {WIRE}"])
    assert len(found) == 2
    assert found.reuse_share()["partner_words"].tolist() == [33, 66]
    assert found.reuse_share()["shared"].tolist() == [33, 66]
    (pair,) = found.pairs().to_dicts()
    assert (pair["left_share"], pair["right_share"]) == (1, 66 / 72)


def test_short_runs_point_to_a_common_source() -> None:
    """Words that only two documents have, in a run too short for a passage."""
    texts = [
        "She called the plan a velvet trapdoor for towns, and left.",
        "Critics say it is a velvet trapdoor for towns.",
        "The plan is for towns.",
    ]
    table = ng.passages(texts).possible_common_source().to_dicts()
    assert [row["text"] for row in table] == ["a velvet trapdoor for towns"]
    assert table[0]["rare"] == 3


def test_a_row_shows_both_documents_with_what_they_share() -> None:
    """HTML and text, with every passage of the pair numbered."""
    found = ng.passages([WIRE, "<b>" + WIRE])
    assert "<table" in found.html(0)
    assert "<b>" not in found.html(0)
    assert "[1]" in str(found.evidence(0))
    again = pickle.loads(pickle.dumps(found))
    assert again.html(0) == found.html(0)
    assert again.reuse_share().to_dicts() == found.reuse_share().to_dicts()
    assert "Both delegations" in str(found.reuse_share().evidence(0))


def test_words_that_differ_inside_a_passage_are_told_apart() -> None:
    """Replaced, new and dropped words carry a sign and a frame on the side that has them."""
    copy = (
        WIRE.replace("halt", "end")
        .replace("river ", "")
        .replace("the monitors", "the <i>foreign</i> monitors")
    )
    shown = ng.passages([WIRE, copy]).evidence(0)
    assert (
        str(shown).splitlines()[0].startswith("[1] Both delegations agreed on Tuesday to {≠halt}")
    )
    assert "of the {+river} port" in str(shown)
    left, right = re.findall(r"<td.*?</td>", shown.html, re.DOTALL)
    assert re.findall(r"solid[^>]*><small>≠\u202f</small>(.*?)</b>", left) == ["halt"]
    assert re.findall(r"dashed[^>]*><small>\+\u202f</small>(.*?)</b>", left) == ["river"]
    assert re.findall(r"solid[^>]*><small>≠\u202f</small>(.*?)</b>", right) == ["end"]
    (added,) = re.findall(r"dashed[^>]*><small>\+\u202f</small>(.*?)</b>", right)
    assert added == "i&gt;foreign&lt;/i"
    assert "+ in a dashed frame" in shown.html
    assert "left out" not in shown.html
    assert "≠" not in ng.passages([WIRE, WIRE]).html(0)


def test_misread_words_are_framed_as_a_whole() -> None:
    """Letters are compared, and words are shown."""
    found = ng.passages([WIRE, WIRE.replace("shelling", "shel1ing")], unit="char")
    assert "{≠shelling}" in str(found.evidence(0))
    assert "{≠shel1ing}" in str(found.evidence(0))


def test_what_is_masked_is_said_to_be_left_out() -> None:
    """In the passage and beside it; frames keep out of it."""
    copy = "Share this. " + WIRE.replace("port and", "port READ MORE and yet")
    corpus = ng.Corpus([WIRE, copy])
    begin = copy.index("READ MORE")
    masked = corpus.without({"row": [1, 1], "start": [0, begin], "end": [11, begin + 9]})
    shown = ng.passages(masked).evidence(0)
    assert "{left out: READ MORE} and {+yet} to" in str(shown)
    (right,) = re.findall(r"<td.*?</td>", shown.html, re.DOTALL)[1:]
    told = re.findall(
        r"<span style=\"opacity[^>]*><small>\[left out:\] </small>(.*?)</span>", right
    )
    assert told == ["Share this.", "READ MORE"]


def test_dates_are_written_out_above_the_sides() -> None:
    """Nobody reads microseconds."""
    date = "2031-03-04T08:05:00.123456"
    corpus = ng.Corpus([{"id": "a", "source": "A", "text": WIRE, "date": date}])
    other = ng.Corpus([{"id": "b", "text": WIRE, "date": "2031"}, {"id": "c", "text": "No."}])
    shown = ng.passages(corpus, against=other)
    heads = re.findall(r"<th scope[^>]*>(.*?)</th>", shown.html(0))
    assert heads == ["a, A, 4 March 2031, 08:05", "b, 2031"]


def test_edits_are_found_again_where_the_rows_are_of_two_corpora() -> None:
    """Rows on the right count in their own corpus."""
    found = ng.passages(["no", WIRE], against=["no", "none", WIRE.replace("halt", "end")])
    assert "{≠halt}" in str(found.evidence(0))
    assert "{≠end}" in str(found.evidence(0))


def test_nothing_shared_is_an_empty_table() -> None:
    """Empty input, empty documents, documents that share nothing."""
    for texts in ([], [""], ["", ""], [WIRE, "Nothing."]):
        found = ng.passages(texts)
        assert len(found) == len(found.pairs()) == len(found.possible_common_source()) == 0
        assert len(found.reuse_share()) == len(texts)


def test_what_is_left_out_is_said() -> None:
    """Settings count seeds of too many documents, and places of a phrase said too often."""
    found = ng.passages([WIRE] * 4, max_documents=3)
    assert len(found) == 0
    assert found.settings["left_out"] > 0
    often = ng.passages(["so it goes " * 200, "so it goes " * 200])
    assert often.settings["capped"] > 0
    assert often["tokens"].max() == 600


def test_too_many_passages_are_refused_with_a_remedy() -> None:
    """The limit holds for the table."""
    ng.set_limits(passages=2)
    try:
        with pytest.raises(ng.LimitError, match="max_documents"):
            ng.passages([WIRE] * 4)
    finally:
        ng.set_limits(passages=None)


@pytest.mark.parametrize("kind", ["verbatim", "edited", "embedded"])
def test_planted_reuse_of_the_sample_is_found(kind: str) -> None:
    """Every planted copy shares passages across outlets."""
    corpus = ng.load_sample()
    pairs = {frozenset((row["left"], row["right"])) for row in ng.passages(corpus).to_dicts()}
    planted = [each for each in load_truth()["reuse"] if each["kind"] == kind]
    assert all(frozenset((each["original"], each["copy"])) in pairs for each in planted)


def test_noisy_copies_are_told_from_quotations() -> None:
    """A misread reprint joins its source; a text that quotes it is listed, and joins nothing."""
    story = " ".join(f"{WIRE} Part {number} of the talks goes on." for number in ("one", "two"))
    print_ = story.replace("e", "c", 9).replace("river port", "river-\nport")
    other = " ".join(
        f"Word{number} of another story altogether, {number}." for number in range(150)
    )
    found = ng.near_duplicates([story, print_, f"{other} {story}"], noisy=True)

    assert found.labels.tolist() == [0, 0, 2]
    kinds = {(row["left"], row["right"]): row["kind"] for row in found.pairs.to_dicts()}
    assert kinds[0, 2] == kinds[1, 2] == "contained"
    assert kinds[0, 1] != "contained"
    assert found.clusters["similarity_to_representative"].min() > 0.7
    again = pickle.loads(pickle.dumps(found))
    assert again.pairs.to_dicts() == found.pairs.to_dicts()


@pytest.mark.parametrize(("name", "value"), [("shingle", 5), ("unit", "char")])
def test_noisy_copies_have_no_shingles(name: str, value: object) -> None:
    """What sets are made of is refused."""
    with pytest.raises(ng.ParameterError, match=name):
        ng.near_duplicates([WIRE, WIRE], noisy=True, **{name: value})  # type: ignore[arg-type]


@pytest.mark.corpora
def test_simulated_reprinting_is_clustered(corpora_dir: Path) -> None:
    """ARI from 0.985 and pairs right from 0.98, which the issue of this feature asked for."""
    corpus = ng.read_corpus(corpora_dir / "wirecopy_dev.parquet")
    clusters = corpus.column("cluster")
    found = ng.near_duplicates(corpus, noisy=True)

    def pairs_in(names: Iterable[object]) -> int:
        return sum(comb(size, 2) for size in collections.Counter(names).values())

    labels = found.labels.tolist()
    both = pairs_in(zip(labels, clusters, strict=True))
    ours, theirs, every = pairs_in(labels), pairs_in(clusters), comb(len(corpus), 2)
    expected = ours * theirs / every
    assert (both - expected) / ((ours + theirs) / 2 - expected) >= 0.985
    near = [
        (row["left_row"], row["right_row"])
        for row in found.pairs.to_dicts()
        if row["kind"] != "contained"
    ]
    right = sum(clusters[i] == clusters[j] for i, j in near)
    assert right / len(near) >= 0.98
    assert right / theirs >= 0.9


@pytest.mark.corpora
def test_the_spans_of_simulated_reprints_are_found(corpora_dir: Path) -> None:
    """Of the letters that a copy has from its source, nearly all lie in passages."""
    corpus = ng.read_corpus(corpora_dir / "wirecopy_dev.parquet")
    rows = {id: row for row, id in enumerate(corpus.ids)}
    found = ng.passages(corpus, unit="char", min_tokens=40)
    held = collections.defaultdict(list)
    for row in found.to_dicts():
        for side, other in (("left", "right"), ("right", "left")):
            key = (row[f"{side}_row"], row[f"{other}_row"])
            held[key].append((row[f"{side}_start"], row[f"{side}_end"]))
    wanted = inside = 0
    with gzip.open(corpora_dir / "wirecopy_dev_spans.jsonl.gz", "rt", encoding="utf-8") as lines:
        for planted in map(json.loads, lines):
            if planted["kind"] != "reprint":
                continue
            pair = rows[planted["copy"]], rows[planted["source"]]
            for _, _, start, end in planted["spans"]:
                wanted += end - start
                inside += sum(
                    max(0, min(end, stop) - max(start, begin)) for begin, stop in held[pair]
                )
    assert inside / wanted >= 0.93


@pytest.mark.corpora
def test_the_shingles_of_textreuse_are_ours(corpora_dir: Path) -> None:
    """The similarities that R textreuse prints, with plain words as both have them."""
    corpus = ng.read_corpus(corpora_dir / "textreuse_samples.jsonl.gz")
    view = ng.tokenize(corpus, pattern=r"\w+").view(lower=True)
    with (corpora_dir / "reference_jaccard_textreuse.csv").open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    for row in rows:
        found = ng.near_duplicates(view, threshold=1e-6, shingle=int(row["ngram"])).pairs
        similarity = {
            frozenset((one["left"], one["right"])): one["similarity"] for one in found.to_dicts()
        }
        ours = similarity.get(frozenset((row["id_a"], row["id_b"])), 0.0)
        # Its tokenizer differs at a section sign.
        assert abs(ours - float(row["jaccard"])) < 5e-4
    assert len(rows) == 4
    assert len(ng.passages(view)) > 0
