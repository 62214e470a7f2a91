"""Sentences and paragraphs: named rows, and a measure on real text in 39 languages."""

from __future__ import annotations

import pickle
import re
from typing import TYPE_CHECKING

import numpy as np
import pytest

import nutgraf as ng

if TYPE_CHECKING:
    from pathlib import Path

# Language and sentences; they are joined by a space, and must be found again.
JOINED = {
    "titles": ("en", ["Dr. Lee met Sen. J. R. Smith.", "Mr. Bo and Gen. Ro left."]),
    "capital titles": ("en", ["MR. LEE WON.", "HE LEFT."]),
    "letters with dots": ("en", ["The U.S. Senate met.", "They left the U.S.", "The rest stayed."]),
    "inside": ("en", ["Some, e.g. Bo, or i.e. Lee, vs. Ro, left.", "He stayed."]),
    "time of day": ("en", ["It opened at 9 a.m. on Friday, 5 p.m. Paris time.", "It closed."]),
    "companies": ("en", ["Bo Inc. Chief Lee left Ro Corp.", "He sold it."]),
    "numbers": ("en", ["No. 5 rose 3.5 percent on Sept. 11.", "It was $1.5.", "Vol. 2 fell."]),
    "a number at the end": ("en", ["She is 30.", "12 others are 31.", "He left in 2012."]),
    "no answers": ("en", ["He said no.", "He left."]),
    "an entry's number": ("en", ["1. The first point.", "2. The second."]),
    "a question that goes on": ("en", ["“Why?” he asked.", "“Stop!” she said.", "Yahoo! won."]),
    "quotes after the stop": ("en", ["“It ends here.”", "He left.", "(She stayed.)", "'Yes.'"]),
    "straight quotes": ("en", ['"It ends."', '"We go."', "Done."]),
    "notes": ("en", ["It ended.[12]", "It began."]),
    "ellipsis": ("en", ["It was … long.", "And so on ...", "He left…", "She stayed."]),
    "both signs": ("en", ["What?!", "He left!!", "Oh."]),
    "digits open": ("en", ["The talks failed.", "5,000 people left.", "$5 is left."]),
    "German ordinals": ("de", ["Am 3. Oktober kam er.", "Im 19. Jahrhundert."]),
    "German abbreviations": (
        "de",
        ["Er kam z. B. Montag, d. h. heute.", "Bzw. Dr. Bo usw.", "Die Stadt."],
    ),
    "a German number at the end": (
        "de",
        ["Er ist 30.", "Die Frau ist 31.", "Es war 2012.", "Bo kam."],
    ),
    "German kings": ("de", ["Er traf Ludwig XIV. Anton blieb.", "Das war es."]),
    "guillemets": ("fr", ["« Où est-il ? »", "« Il est là ! » dit M. Bo.", "Elle part."]),
    "French spaces": ("fr", ["Quoi !", "Non ?", "Si : ceci ; cela."]),
    "turned guillemets": ("de", ["»Er kam.«", "»Sie ging.«", "Gut."]),
    "Spanish": ("es", ["¿Quién es el Sr. Bo?", "¡Él!", "EE. UU. ganó.", "Fin."]),
    "Italian": ("it", ["Il dott. Bo parla.", "È l'art. 5.", "Fine."]),
    "Portuguese": ("pt", ["O Sr. Bo fala.", "A Dra. Lia ouve.", "Fim."]),
    "Dutch": ("nl", ["Dhr. Bo komt o.a. maandag.", "De rest blijft."]),
    "Polish": ("pl", ["W 2018 r. wygrał prof. Bo.", "Przy ul. Długiej.", "To wszystko."]),
    "Russian": (
        "ru",
        ["В 2018 г. выиграл г-н Бо.", "Это т. е. конец.", "Он жил в 2018 г.", "Она нет."],
    ),
    "Russian initials": ("ru", ["А. С. Пушкин и т. д.", "Он поэт."]),
    "Ukrainian": ("uk", ["У 2018 р. виграв проф. Бо.", "Це все."]),
    "Bulgarian": ("bg", ["През 2018 г. дойде д-р Бо.", "Това е."]),
    "Turkish": ("tr", ["Dr. Bo 3. sırada.", "İyi."]),
    "Greek": ("el", ["Ποιος είναι;", "Αυτός· όχι άλλος.", "Τι\u037e", "Τέλος."]),
    "Arabic": ("ar", ["قال د. أحمد ذلك.", "من هو؟", "هذا هو."]),
    "Urdu": ("ur", ["یہ ہے۔", "وہ ہے۔"]),
    "Hindi": ("hi", ["यह है।", "वह है |", "सब।"]),
    "Amharic": ("am", ["ሰላም ነው።", "ደህና ፡፡", "እሺ።"]),
    "Armenian": ("hy", ["Նա եկավ։", "Նա գնաց:", "Վերջ։"]),
    "Khmer": ("km", ["នេះ។", "នោះ។"]),
    "Georgian": ("ka", ["ეს არის.", "ის წავიდა."]),
    "any language": (None, ["Dr. Lee left the U.S. Senate.", "Это г-н Бо.", "终。"]),
}
# The same without a space between them.
TOUCHING = {
    "Chinese": ("zh", ["他走了。", "“我来了！”", "你呢？", "价格是3.5元。"]),
    "Japanese": ("ja", ["行った。", "「来た。」", "なぜ？", "終わり"]),
    "Japanese speech": ("ja", ["「来た。」と言った。", "終わり。"]),
    "scraped": ("en", ["He said so.", "The rest left.", "Why?", "Nobody knows."]),
}


@pytest.mark.parametrize("name", JOINED)
def test_sentences_are_found_again(name: str) -> None:
    """What was joined by spaces is parted where it was joined."""
    language, sentences = JOINED[name]

    assert found(" ".join(sentences), language) == sentences


@pytest.mark.parametrize("name", TOUCHING)
def test_sentences_that_touch_are_found_again(name: str) -> None:
    """Scripts without spaces, and scraped text that lost them."""
    language, sentences = TOUCHING[name]

    assert found("".join(sentences), language) == sentences


def found(text: str, language: str | None = None) -> list[str]:
    """Return the sentences of a text."""
    spans = ng.tokenize([text], language=language).sentences(0)
    assert spans.dtype == np.int64
    return [text[start:end] for start, end in spans]


LAYOUT = {
    "a headline": ("Talks fail\n\nThey left. All.", ["Talks fail", "They left.", "All."]),
    "a headline without a blank line": ("Talks fail\nThey left.", ["Talks fail", "They left."]),
    "Windows": ("Talks fail\r\n\r\nThey left.\r\nAll.", ["Talks fail", "They left.", "All."]),
    "paragraph separators": ("One\u2029Two\u2028Three\x0cFour", ["One", "Two", "Three", "Four"]),
    "a list": (
        "They want:\n• trade\n• peace and\nquiet\n- more\n3) all",
        ["They want:", "• trade", "• peace and\nquiet", "- more", "3) all"],
    ),
    "a line that goes on": ("The talks\nfailed. All\nleft.", ["The talks\nfailed.", "All\nleft."]),
    "after a comma": ("In Geneva,\nBo left.", ["In Geneva,\nBo left."]),
    "blank": (" \n \t\n ", []),
    "white space around": ("  One. \n\n  Two.  ", ["One.", "Two."]),
}


@pytest.mark.parametrize("name", LAYOUT)
def test_lines_end_sentences_or_do_not(name: str) -> None:
    """Headlines and entries of lists stand alone; a broken line does not."""
    text, expected = LAYOUT[name]

    assert found(text, "en") == expected


WRAPPED = """\
    The ministers of both countries said on Monday that they had
agreed on a plan to end the dispute over fishing, which began in
March. Officials in Geneva said that Mr.
Bo would travel to the
United Nations this week.
    Other officials were less certain. The talks in Geneva and in
Oslo had failed before, they said, and the price of a failure was
high.
"""


def test_hard_wrapped_lines_do_not_break() -> None:
    """A line that is full goes on before a capital too; an indent opens a paragraph."""
    sentences = found(
        WRAPPED.replace("Mr.\nBo would travel to the\n", "Mr. Bo would travel to the\n")
    )

    assert [re.sub(r"\s+", " ", sentence)[:20] for sentence in sentences] == [
        "The ministers of bot",
        "Officials in Geneva ",
        "Other officials were",
        "The talks in Geneva ",
    ]
    tokens = ng.tokenize([WRAPPED])
    assert [WRAPPED[a:b].split(maxsplit=1)[0] for a, b in tokens.paragraphs(0)] == ["The", "Other"]


PARAGRAPHS = {
    "blank lines": ("One. Two.\n\nThree.\nFour.\n \nFive", ["One. Two.", "Three.\nFour.", "Five"]),
    "lines": (
        "Talks fail\nThey left. All.\nMore.\nOK.",
        ["Talks fail", "They left. All.", "More.", "OK."],
    ),
    "lines of a poem": ("Roses are\nViolets are\nSugar is", ["Roses are\nViolets are\nSugar is"]),
    "one": ("One. Two.", ["One. Two."]),
    "none": ("", []),
}


@pytest.mark.parametrize("name", PARAGRAPHS)
def test_paragraphs(name: str) -> None:
    """Blank lines part paragraphs; lines do where there are none and most end in a stop."""
    text, expected = PARAGRAPHS[name]
    tokens = ng.tokenize([text])

    assert [text[start:end] for start, end in tokens.paragraphs(0)] == expected


def test_a_token_is_never_cut() -> None:
    """A bound inside a token is none."""
    text = "see the.End of it. Next."

    def sentences(pattern: str | None) -> list[str]:
        tokens = ng.tokenize([text], pattern=pattern)
        return [text[start:end] for start, end in tokens.sentences(0)]

    assert sentences(None) == ["see the.", "End of it.", "Next."]
    assert sentences(r"the\.End|\w+") == ["see the.End of it.", "Next."]
    assert sentences(r"(?s).+") == [text]


def test_starts_mark_the_first_kept_token() -> None:
    """One mark a sentence, on the first token that the view keeps of it."""
    tokens = ng.tokenize(["The end. The rest.\n\nOf it.", "", "No more"])
    view = tokens.view(lower=True, stop_words=["the", "of"])

    assert tokens.sentence_starts.dtype == np.bool_
    marked = [view.vocabulary[i] for i in view.ids[view.sentence_starts]]
    assert marked == ["end", "rest", "it", "no"]
    assert [view.vocabulary[i] for i in view.ids[view.paragraph_starts]] == ["end", "it", "no"]
    assert int(tokens.sentence_starts.sum()) == sum(len(tokens.sentences(row)) for row in range(3))
    assert len(ng.tokenize([]).sentence_starts) == 0


def test_views_share_what_was_found() -> None:
    """Sentences are found once for all views of the same tokens, and again for joined ones."""
    tokens = ng.tokenize(["The e-mail came. It left."])
    view = tokens.view(lower=True)

    assert view._segments() is tokens.view(min_length=2)._segments() is tokens._segments()
    joined = tokens.view(hyphens="join", kinds=None)
    assert joined.sentence_starts.tolist() == [True, False, False, False, True, False, False]
    again = pickle.loads(pickle.dumps(view))
    assert again.sentence_starts.tolist() == view.sentence_starts.tolist()


def test_the_language_comes_from_the_tokens() -> None:
    """German ordinals are German."""
    text = "Es war der 3. Oktober."

    assert len(ng.tokenize([text], language="de").view(lower=True).sentences(0)) == 1
    assert len(ng.tokenize([text]).sentences(0)) == 2


def test_offsets_are_code_points_of_the_callers_string() -> None:
    """Characters outside the first plane, and lone surrogates, are one place wide."""
    text = "🙂🙂 One. \ud800 Two."
    with pytest.warns(UserWarning, match="surrogate"):
        tokens = ng.tokenize([text])

    spans = tokens.sentences(0).tolist()
    assert [text[start:end] for start, end in spans] == ["🙂🙂 One.", "\ud800 Two."]


# Code in the corpus, code here, and the F1 that UAX #29 (unicode-segmentation 1.13) reaches there.
UNICODE = {
    "amh": ("am", 0.588), "arb": ("ar", 0.931), "ben": ("bn", 0.931), "bul": ("bg", 0.950),
    "ces": ("cs", 0.935), "deu": ("de", 0.908), "ell": ("el", 0.922), "eng": ("en", 0.933),
    "fas": ("fa", 0.947), "fin": ("fi", 0.904), "fra": ("fr", 0.861), "heb": ("he", 0.946),
    "hin": ("hi", 0.915), "hun": ("hu", 0.913), "hye": ("hy", 0.316), "ind": ("id", 0.944),
    "ita": ("it", 0.948), "jpn": ("ja", 0.781), "kat": ("ka", 0.933), "khm": ("km", 0.892),
    "kor": ("ko", 0.862), "nld": ("nl", 0.925), "pol": ("pl", 0.901), "por-BR": ("pt", 0.935),
    "ron": ("ro", 0.945), "rus": ("ru", 0.937), "spa": ("es", 0.924), "srp-Cyrl": ("sr", 0.946),
    "swa": ("sw", 0.931), "swe": ("sv", 0.924), "tam": ("ta", 0.894), "tur": ("tr", 0.895),
    "ukr": ("uk", 0.912), "urd": ("ur", 0.942), "vie": ("vi", 0.938), "yue": ("zh", 0.892),
    "zho-CN": ("zh", 0.852), "zho-TW": ("zh", 0.850),
}  # fmt: skip
SPACELESS = {"jpn", "khm", "yue", "zho-CN", "zho-TW"}


@pytest.mark.corpora
@pytest.mark.parametrize("name", UNICODE)
def test_bounds_on_real_text_are_better_than_those_of_unicode(corpora_dir: Path, name: str) -> None:
    """Joined lines are parted again, more often than the rules of UAX #29 do."""
    parquet = pytest.importorskip("pyarrow.parquet")
    table = parquet.read_table(corpora_dir / "ntrex.parquet", columns=["lang", "text"]).to_pylist()
    language, unicode = UNICODE[name]
    space = "" if name in SPACELESS else " "
    texts, gold = [], []
    for text in (row["text"] for row in table if row["lang"] == name):
        lines = [line.strip() for line in text.split("\n") if line.strip()]
        ends = np.cumsum([len(line) + len(space) for line in lines])
        texts.append(space.join(lines))
        gold.append(set(ends[:-1].tolist()))
    tokens = ng.tokenize(texts, language=language)

    right = claimed = wanted = 0
    for row, starts in enumerate(gold):
        got = set(tokens.sentences(row)[1:, 0].tolist())
        right, claimed, wanted = right + len(got & starts), claimed + len(got), wanted + len(starts)
    assert 2 * right / (claimed + wanted) > unicode
