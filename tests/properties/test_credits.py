"""Laws of agency credits, on arbitrary text and on pieces of news in many scripts."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

import nutgraf as ng

ANY_TEXT = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=60)
PIECES = (
    "AP|Reuters|AFP|The Associated Press|PA|agencies|Getty Images|dpa|EFE|TASS|ТАСС|"
    "РИА Новости|رويترز|واس|وكالات|وكالة الأنباء الألمانية|新华社|共同|ロイター|연합뉴스|रॉयटर्स|"
    "Agência Brasil|l'|By |Von |Foto: |(Photo by |told |according to |selon |déclaré à |"
    "сообщает |حسب |ل|لـ|据|によると| contributed to this report|With inputs from |"
    "com informações da |Copyright 2031 |© |日电|5月8日|PARIS, |Jo Orme|Orme|é|İ|ẞ|ﷺ|(|)|（|）|"
    "【|】|/|-|–|—| - |:|.|. |, | and | |  |\u00a0|\n|\n\n|\r\n|\u2028|=|«|»|“|”|'s|@|://|"
    "1|\u0301|\u200d"
)
NEWS_TEXT = st.lists(st.sampled_from(PIECES.split("|")), max_size=30).map("".join)
TEXTS = st.lists(st.one_of(NEWS_TEXT, ANY_TEXT), max_size=5)
PLACES = ["byline", "dateline", "caption", "tail", "inline"]


@given(TEXTS)
def test_offsets_slice_and_rows_are_in_order(texts: list[str]) -> None:
    """A credit is a slice of its text, holds the agency's name, and has a place and a rule."""
    found = ng.credits(texts).to_dicts()

    for row in found:
        assert texts[row["row"]][row["start"] : row["end"]] == row["text"] != ""
        assert row["document"] == row["row"]
        assert row["place"] == row["rule"].partition("-")[0]
        assert row["place"] in PLACES
        assert not (row["credits_text"] and row["place"] == "caption")
    spans = [(row["row"], row["start"], row["end"]) for row in found]
    assert spans == sorted(spans)
    told = [(*span, row["agency"]) for span, row in zip(spans, found, strict=True)]
    assert len(set(told)) == len(told)


@given(TEXTS, st.permutations(range(5)))
def test_documents_and_threads_do_not_matter_to_each_other(
    texts: list[str], order: list[int]
) -> None:
    """Each document has the credits that it has alone, whatever the order and the threads."""
    order = [row for row in order if row < len(texts)]
    names = ("start", "end", "agency", "rule")

    def of(given: list[str], threads: int) -> list[list[tuple[object, ...]]]:
        found = ng.credits(given, threads=threads).to_dicts()
        return [
            [tuple(each[name] for name in names) for each in found if each["row"] == row]
            for row in range(len(given))
        ]

    once = of(texts, 1)
    assert of([texts[row] for row in order], 2) == [once[row] for row in order]
    assert [of([text], 1)[0] for text in texts] == once


@given(NEWS_TEXT)
def test_a_text_without_the_letters_of_an_agency_has_no_credits(text: str) -> None:
    """Cues alone are no credit."""
    pattern = "AP|euter|EUTER|AFP|ress|PA|genc|GENC|gênc|etty|ETTY|dpa|DPA|EFE|TASS|ТАСС|РИА"
    pattern += "|رويترز|واس|وكال|新华|共同|ロイター|연합|रॉय|TT|RIA|ATS|AA"
    if not re.search(pattern, text):
        assert len(ng.credits([text])) == 0
