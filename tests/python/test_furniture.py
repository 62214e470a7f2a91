"""Page furniture: what recurs in a source, what one article shows, and what must stay."""

from __future__ import annotations

import pickle
import random
from collections import Counter
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

import nutgraf as ng
from nutgraf.furniture import lexicon

if TYPE_CHECKING:
    from pathlib import Path

Row = dict[str, Any]

BODIES = [
    "The ferry sailed at noon with grain on board, and the port stayed open all day long.",
    "Two ministers met at the lake, but neither would say what had been agreed between them.",
    "Snow fell on the passes, so that the convoy of the relief agency waited for the ploughs.",
    "A court in the capital heard the case of the eleven men who had been held since autumn.",
    "Fishermen found the mine in their nets, and the navy took an hour to bring it ashore.",
]


def prose(seed: int, sentences: int = 6) -> str:
    """Sentences that no other seed has, on one line."""
    draw = random.Random(seed)
    words = [
        "river",
        "port",
        "truce",
        "envoy",
        "grain",
        "convoy",
        "delegate",
        "harbour",
        "winter",
        "monitor",
        "border",
        "ferry",
    ]
    made = [f"{' '.join(draw.choices(words, k=14)).strip('.,')}." for _ in range(sentences)]
    return " ".join(made)


def corpus(before: str = "", after: str = "", count: int = 5) -> ng.Corpus:
    """Articles of one source with lines around them."""
    texts = [f"{before}{body}{after}" for body in BODIES[:count]]
    return ng.Corpus({"text": texts, "source": ["A"] * count, "id": list("abcde"[:count])})


def rows(found: ng.Table) -> list[Row]:
    """Rows of a table."""
    listed: list[Row] = found.to_dicts()
    return listed


def suspects(text: str, **columns: str) -> list[tuple[str, str]]:
    """Kind and text of what one article shows."""
    found = ng.furniture(ng.Corpus([{"text": text, **columns}]))
    assert {row["evidence"] for row in rows(found)} <= {"suspected"}
    return [(row["kind"], row["text"]) for row in rows(found)]


def test_lines_that_recur_are_one_block() -> None:
    """Several lines that always stand together are one place."""
    docs = corpus(after="\n\nA paper of the lake.\nSince 1901\n\nRing the desk at any hour")
    found = ng.furniture(docs)
    assert len(found) == 5
    first = rows(found)[0]
    assert (first["document"], first["source"], first["evidence"]) == ("a", "A", "recurs")
    assert (first["kind"], first["times"], first["rule"]) == ("block", 5, "recurs")
    assert docs[0].text[first["start"] : first["end"]] == first["text"]
    assert first["text"].startswith("A paper")
    assert first["text"].endswith("any hour")
    assert first["words"] == 13
    assert "Ring the desk" in found.evidence(0).text
    (text,) = rows(found.summary())
    assert (text["places"], text["words"]) == (5, 65)


@pytest.mark.parametrize("count", [2, 3])
def test_three_texts_of_a_source_are_needed(count: int) -> None:
    """Two are a coincidence."""
    docs = corpus(before="LAKE DESK\n\n", count=count)
    assert len(ng.furniture(docs)) == (3 if count == 3 else 0)
    assert len(ng.furniture(docs, min_documents=2)) == count


def test_copies_of_one_text_count_once() -> None:
    """An article in four versions is no furniture."""
    body = "\n".join(BODIES)
    texts = [f"Update {n}: it goes on.\n{body}\nUpdated {n} o'clock by the desk" for n in range(4)]
    docs = ng.Corpus({"text": texts, "source": ["A"] * 4})
    assert len(ng.furniture(docs)) == 0
    # Not even where their likeness is below the threshold of near duplicates.
    for sides in (("{body}\n{own}"), ("{own}\n{body}"), ("{own}\n{body}\n{own}")):
        versions = [sides.format(body=body, own=prose(n, 10)) for n in range(6)]
        docs = ng.Corpus({"text": versions, "source": ["A"] * 6})
        assert len(ng.furniture(docs, clusters=np.arange(6))) == 0, sides


def test_other_sources_do_not_count() -> None:
    """What stands in three papers may be an agency's."""
    docs = ng.Corpus(
        {"text": [f"LAKE DESK\n{body}" for body in BODIES[:3]], "source": ["A", "B", "C"]}
    )
    assert len(ng.furniture(docs)) == 0
    assert len(ng.furniture(docs, by=None)) == 3
    assert len(ng.furniture(docs, by=["x", "x", "x"])) == 3
    assert len(ng.furniture([f"LAKE DESK\n{body}" for body in BODIES])) == 0


def test_a_sentence_that_an_outlet_says_again_stays() -> None:
    """It is what somebody may want to count, unless it frames the articles."""
    often = "The ministry did not reply to questions."
    texts = [f"{prose(n)}\n{often}\n{prose(n + 20)}" for n in range(5)]
    others = [prose(n + 40) for n in range(10)]
    docs = ng.Corpus({"text": texts + others, "source": ["A"] * 15})
    assert len(ng.furniture(docs)) == 0
    assert len(ng.furniture(docs[:5])) == 5, "in half of the articles"
    assert len(ng.furniture(docs[:4])) == 0, "in few articles, even if all"
    framed = [f"{often}\n{text}" for text in others[:3]] + others[3:]
    docs = ng.Corpus({"text": framed, "source": ["A"] * 10})
    assert [row["start"] for row in rows(ng.furniture(docs))] == [0, 0, 0]
    ended = [f"{text}\n{often}" for text in others[:3]] + others[3:]
    assert len(ng.furniture(ng.Corpus({"text": ended, "source": ["A"] * 10}))) == 3
    rare = [*ended, *(prose(n) for n in range(100, 140))]
    assert len(ng.furniture(ng.Corpus({"text": rare, "source": ["A"] * 50}))) == 0


def test_a_text_without_line_breaks_is_cut_into_sentences() -> None:
    """And where white space is wide."""
    texts = [f"Press Room        {prose(n)}     Email the desk" for n in range(5)]
    found = ng.furniture(ng.Corpus({"text": texts, "source": ["A"] * 5}))
    texts_found = {row["text"] for row in rows(found)}
    assert {"Press Room", "Email the desk"} <= texts_found
    assert {row["kind"] for row in rows(found) if row["text"] == "Press Room"} == {"sentence"}


BODY = "\n\n".join(BODIES)


@pytest.mark.parametrize(
    ("text", "kind", "expected"),
    [
        (f"{BODY}\nShare this article", "share", "Share this article"),
        (f"{BODY}\nFacebook | Twitter | Copy link", "share", "Facebook | Twitter | Copy link"),
        (
            f"{BODY}\n\nYou may also like\nA swan\nOld bread",
            "links",
            "You may also like\nA swan\nOld bread",
        ),
        (f"READ ALSO:\n- The swan\n- Bread\n\n{BODY}", "links", "READ ALSO:\n- The swan\n- Bread"),
        (
            f"{BODIES[0]}\nRead more: The swan of the lake\n{BODY}",
            "links",
            "Read more: The swan of the lake",
        ),
        (f"{BODY}\nTags: ferry, lake", "tags", "Tags: ferry, lake"),
        (f"{BODY}\n#ferry #lake #port", "tags", "#ferry #lake #port"),
        (
            f"© 2031 The Lake. All rights reserved.\n{BODY}",
            "copyright",
            "© 2031 The Lake. All rights reserved.",
        ),
        (
            f"{BODY}\nThe lake. Photograph: A. Reve/Lake",
            "caption",
            "The lake. Photograph: A. Reve/Lake",
        ),
        (
            f"Image copyright Lake Image caption The port\n{BODY}",
            "caption",
            "Image copyright Lake Image caption",
        ),
        (f"Advertisement\n{BODY}", "advertisement", "Advertisement"),
        (f"Skip to content\n{BODY}", "interface", "Skip to content"),
        (
            f"{BODY}\nSign up for our letter, daily at noon",
            "newsletter",
            "Sign up for our letter, daily at noon",
        ),
        (f"{BODY}\nFollow A. Reve on Twitter @reve", "follow", "Follow A. Reve on Twitter @reve"),
        (
            f"{BODY}\nLeave a reply\nGreat!\nThank you",
            "comments",
            "Leave a reply\nGreat!\nThank you",
        ),
        (
            f"{BODY}\nFive bootstrap themes!\nI like it\nYes",
            "theme",
            "Five bootstrap themes!\nI like it\nYes",
        ),
        (f"{BODY}\nLea también: El cisne del lago", "links", "Lea también: El cisne del lago"),
        (f"{BODY}\nTous droits réservés", "copyright", "Tous droits réservés"),
        (f"{BODY}\nLesen Sie auch: Der Schwan", "links", "Lesen Sie auch: Der Schwan"),
        (f"{BODY}\nЧитайте также: Лебедь", "links", "Читайте также: Лебедь"),
        (f"{BODY}\nجميع الحقوق محفوظة", "copyright", "جميع الحقوق محفوظة"),
        (f"{BODY}\n版权所有，不得转载", "copyright", "版权所有，不得转载"),
        (f"{BODY}\nMehr zum Thema", "links", "Mehr zum Thema"),
    ],
)
def test_one_article_shows_it(text: str, kind: str, expected: str) -> None:
    """By a rule that is written down."""
    assert suspects(text) == [(kind, expected)]


def test_the_title_and_a_caption_that_stand_twice() -> None:
    """With a credit both captions go; without one, the later."""
    caption = "The two ministers at the lake, on the morning of the talks."
    text = f"Talks at the lake open\n\n{caption}\n{caption}Reve\n\n{BODY}"
    assert suspects(text, title="Talks at the lake open") == [
        ("title", "Talks at the lake open"),
        ("caption", f"{caption}\n{caption}Reve"),
    ]
    assert suspects(f"{caption}\n{caption}\n{BODY}") == [("caption", caption)]


@pytest.mark.parametrize(
    "line",
    [
        "Share prices fell on Tuesday.",
        "Facebook said on Monday that it would appeal.",
        "Comments by the minister were not welcome in the capital.",
        "She took the photo by chance.",
        "More on this in an hour, the minister said.",
        "They would follow the money on their own, said the envoy.",
        "Related costs rose.",
        "He asked readers to subscribe to the idea that talks help.",
        "Also on Friday, the ferry sailed.",
        "In my inbox there was a letter.",
        "Home",
    ],
)
def test_what_an_article_may_say_stays(line: str) -> None:
    """A wrong mask deletes evidence."""
    found = suspects(f"{BODIES[0]}\n{line}\n{BODY}")
    assert found == ([("interface", "Home")] if line == "Home" else [])


def test_a_flattened_text_is_not_taken_for_comments() -> None:
    """“Comments” at its beginning is no reason to drop the rest."""
    text = "Comments      Senator A. Reve     " + "     ".join(BODIES * 2)
    assert suspects(text) == []


def test_masked_text_is_not_looked_at() -> None:
    """A second look finds nothing new in what the first one masked."""
    docs = ng.load_sample()
    found = ng.furniture(docs)
    again = ng.furniture(docs.without(found))
    masked = {(row["document"], row["start"]) for row in rows(found)}
    assert not masked & {(row["document"], row["start"]) for row in rows(again)}


def test_only_what_recurs() -> None:
    """Suspects can be left out."""
    docs = corpus(before="LAKE DESK\n", after="\nShare this article")
    assert {row["evidence"] for row in rows(ng.furniture(docs, suspected=False))} == {"recurs"}
    # A line that recurs has the kind that a rule knows.
    assert Counter(row["kind"] for row in rows(ng.furniture(docs))) == {"line": 5, "share": 5}


def test_pickles_and_tables() -> None:
    """Summary and evidence follow sorting, filtering and pickling."""
    found = ng.furniture(corpus(before="LAKE DESK\n", after="\nShare this article"))
    again = pickle.loads(
        pickle.dumps(found.filter(np.array([k == "share" for k in found["kind"]])))
    )
    assert isinstance(again, ng.Furniture)
    (row,) = rows(again.summary())
    assert (row["kind"], row["places"]) == ("share", 5)
    assert "Share this" in pickle.loads(pickle.dumps(again.summary())).evidence(0).text
    empty = ng.furniture(["a"])
    assert (len(empty), len(empty.summary()), empty["times"].dtype) == (0, 0, "int64")


def test_everything_planted_is_found() -> None:
    """And next to nothing besides."""
    docs = ng.load_sample()
    found = [(row["document"], row["start"], row["end"]) for row in rows(ng.furniture(docs))]
    planted = ng.sample.load_truth()["furniture"]
    for own in planted:
        inside = [
            min(end, own["end"]) - max(start, own["start"])
            for document, start, end in found
            if document == own["document"] and start < own["end"] and end > own["start"]
        ]
        assert sum(inside) >= own["end"] - own["start"] - 1, own["text"]
    extra = [
        place
        for place in found
        if not any(
            place[0] == own["document"] and place[1] < own["end"] and place[2] > own["start"]
            for own in planted
        )
    ]
    assert extra == []


def test_the_lexicon_is_well_formed() -> None:
    """No phrase twice in one place, and at least these languages."""
    _, rules = lexicon()
    names = [name for _, name, _, _ in rules]
    assert [name for name, count in Counter(names).items() if count > 1] == []
    languages = {name.split(".")[1] for name in names}
    assert {"en", "es", "fr", "de", "ru", "ar", "zh"} <= languages


@pytest.mark.corpora
def test_five_real_pages(corpora_dir: Path) -> None:
    """Their links, captions, titles and theme comments."""
    docs = ng.read_corpus(corpora_dir / "moscow_2025.jsonl")
    found = ng.furniture(docs)
    kinds = Counter((row["row"], row["kind"]) for row in rows(found))
    assert kinds[0, "links"] == 1
    assert kinds[1, "title"] == kinds[1, "caption"] == 1
    assert kinds[3, "title"] == 2
    assert kinds[3, "interface"] == kinds[4, "theme"] == 1
    assert all(number != 2 for number, _ in kinds)
    # The last lines of two pages, to the end.
    for number in (0, 4):
        ends = [row["end"] for row in rows(found) if row["row"] == number]
        assert max(ends) == len(docs[number].text.rstrip())


def test_the_end_of_a_sentence_set_in_columns_is_no_furniture() -> None:
    """However many paragraphs end in the same word."""
    body = (
        "Bank number {0} raised its rate by {0} points on Monday\n"
        "after {0} weeks of talks, officials close to case {0}\nsaid.\n"
    )
    texts = [body.format(number) for number in range(30)]
    corpus = ng.Corpus({"text": texts, "source": ["A"] * len(texts)})
    assert "said." not in ng.furniture(corpus)["text"]


WRAPPED = {
    "a rule, in English": "Also on Friday two ministers met at the lake and\nagreed on nothing.",
    "a rule, in Spanish": "Además\nde los ministros, nadie habló.",
    "a rule, in German": "Weitere Artikel\nder Verfassung wurden am Freitag geändert.",
    "a rule, in Russian": "Комментарии\nминистра никому не понравились.",
    "the last word of a sentence": "He said after a long day that he would go to his\nhome.",
    "a name that ends a sentence": "The court in the capital heard the case of the bank of\nHome.",
    "two lines that begin alike": (
        "The two ministers at the lake on the morning of the talks\n"
        "The two ministers at the lake on the morning of the talks said\nthat it rained."
    ),
}


@pytest.mark.parametrize("name", WRAPPED)
def test_a_line_whose_sentence_goes_on_is_no_furniture(name: str) -> None:
    """In text set in columns a line says nothing on its own."""
    assert suspects(f"{BODY}\n{WRAPPED[name]}\n{BODY}") == []


def test_the_beginning_of_a_wrapped_sentence_is_no_title() -> None:
    """Though it has the words of the title."""
    text = f"Talks at the lake open\nlater than planned, and in the rain.\n{BODY}"
    assert suspects(text, title="Talks at the lake open") == []


HEADINGS = {
    "of a table": ("Nine months", "Net 1.{0} mln vs {0} mln", 60),
    "of a section": ("The markets", "Of {0} shares few rose, and the rest fell on that day.", 400),
    "of a section, in Arabic": ("أداء الأسهم", "ارتفع {0} سهما وتراجع الباقي في ذلك اليوم.", 400),
}


@pytest.mark.parametrize("name", HEADINGS)
def test_headings_inside_articles_stay(name: str) -> None:
    """They recur, but do not stand around articles; a line at an edge does."""
    heading, below, count = HEADINGS[name]
    texts = [prose(number, 2).replace(". ", ".\n") for number in range(count)]
    for number in range(6):
        inside = f"{prose(900 + number, 4)}\n{heading}\n{below.format(number + 2)}\n"
        texts[number] = inside.replace(". ", ".\n") + f"{prose(950 + number, 1)}\n"
        texts[number] += f"{prose(980 + number, 4)}\nOrme Desk".replace(". ", ".\n")
    docs = ng.Corpus({"text": texts, "source": ["A"] * count})
    found = ng.furniture(docs, clusters=np.arange(count))
    assert Counter(found["text"]) == {"Orme Desk": 6}


def test_a_heading_before_a_dash_belongs_to_its_paragraph() -> None:
    """As newspapers set headings in the nineteenth century."""
    texts = [f"The Colonies.–{prose(number, 8)}" for number in range(5)]
    docs = ng.Corpus({"text": texts, "source": ["A"] * 5})
    assert len(ng.furniture(docs)) == 0
