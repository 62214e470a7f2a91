"""Agency credits: rows with names for every language and place, what is none, and the sample."""

from __future__ import annotations

import pickle
from typing import TYPE_CHECKING

import pytest

import nutgraf as ng
from nutgraf.sample import load_truth

if TYPE_CHECKING:
    from pathlib import Path

BODY = (
    "A strike has shut the port since Tuesday.\nUnions want more pay.\nThe owners want quiet.\n"
    "Nobody talks.\nShips wait outside.\nIt will rain on Friday.\n"
)

# What stands in a text, the credit, the agency, the place and the rule.
ROWS = {
    "en byline": (
        "By The Associated Press\nA",
        "By The Associated Press",
        "Associated Press",
        "byline-cue",
    ),
    "en byline with a name": (
        "By JO ORME, Associated Press Writer\n" + BODY,
        "By JO ORME, Associated Press Writer",
        "Associated Press",
        "byline-cue",
    ),
    "en byline alone": ("Strike at port\nReuters\n" + BODY, "Reuters", "Reuters", "byline-line"),
    "en dateline": (
        "WASHINGTON (AP) — A strike",
        "WASHINGTON (AP)",
        "Associated Press",
        "dateline-bracket",
    ),
    "en dateline with a date": (
        "ORME, Texas, May 8 (Reuters) - A strike",
        "ORME, Texas, May 8 (Reuters)",
        "Reuters",
        "dateline-bracket",
    ),
    "en dateline inside": (
        "It fell. NEW YORK (Reuters) - A strike",
        "NEW YORK (Reuters)",
        "Reuters",
        "dateline-bracket",
    ),
    "en dateline without a place": ("AP - A strike", "AP", "Associated Press", "dateline-dash"),
    "en dateline with slashes": (
        "MOSCOW, May 8. /TASS/. A strike",
        "MOSCOW, May 8. /TASS/",
        "TASS",
        "dateline-bracket",
    ),
    "en caption": (
        "A. (Photo: Jo Orme, AP) B",
        "(Photo: Jo Orme, AP)",
        "Associated Press",
        "caption-cue",
    ),
    "en caption after a name": (
        BODY + "The port. Jo Orme/REUTERS\nB",
        "Jo Orme/REUTERS",
        "Reuters",
        "caption-name",
    ),
    "en caption before a photo": (
        "| Jo Orme/AP Photo\nA",
        "AP Photo",
        "Associated Press",
        "caption-photo",
    ),
    "en caption of a picture agency": (
        "Image copyright Getty Images\nA",
        "Image copyright Getty Images",
        "Getty Images",
        "caption-cue",
    ),
    "en caption without a space": (
        BODY + "The port.AP\n\n" + BODY,
        "AP",
        "Associated Press",
        "caption-glued",
    ),
    "en tail": (
        BODY + "(With inputs from agencies)",
        "(With inputs from agencies)",
        "unnamed agency",
        "tail-phrase",
    ),
    "en tail with wires": (
        BODY + "From wire reports",
        "From wire reports",
        "unnamed agency",
        "tail-phrase",
    ),
    "en tail contributed": (
        BODY + "Jo Orme and The Associated Press contributed to this report.",
        "The Associated Press contributed to this report",
        "Associated Press",
        "tail-contributed",
    ),
    "en tail writers": (
        BODY + "AP writers Jo Orme in Paris and Al Tal in Rome contributed to this report.",
        "AP writers Jo Orme in Paris and Al Tal in Rome contributed to this report",
        "Associated Press",
        "tail-contributed",
    ),
    "en tail material": (
        BODY + "Material from Reuters was used in this report.",
        "Material from Reuters was used in this report",
        "Reuters",
        "tail-contributed",
    ),
    "en tail copyright": (
        BODY + "Copyright 2031 The Associated Press. All rights reserved.",
        "Copyright 2031 The Associated Press",
        "Associated Press",
        "tail-copyright",
    ),
    "en tail dash": (BODY + "It rains. — Reuters", "— Reuters", "Reuters", "tail-dash"),
    "en tail line": (BODY + " Reuter", "Reuter", "Reuters", "tail-line"),
    "en tail end with initials": (
        "It rains. PTI JO ALT",
        "PTI",
        "Press Trust of India",
        "tail-end",
    ),
    "en inline": ("Unions told Reuters on Monday", "told Reuters", "Reuters", "inline-cited"),
    "en inline in broken lines": (
        "Unions told\nReuters.\n" + BODY,
        "told\nReuters",
        "Reuters",
        "inline-cited",
    ),
    "en inline state agency": (
        "according to China's state news agency Xinhua.",
        "according to China's state news agency Xinhua",
        "Xinhua",
        "inline-cited",
    ),
    "en inline abbreviation": (
        "He told the AP that it",
        "told the AP",
        "Associated Press",
        "inline-cited",
    ),
    "en inline reports": ("TASS reported a strike", "TASS reported", "TASS", "inline-reports"),
    "es byline": ("Por EFE\n" + BODY, "Por EFE", "EFE", "byline-cue"),
    "es dateline": ("Madrid, 8 may (EFE).- Los", "Madrid, 8 may (EFE)", "EFE", "dateline-bracket"),
    "es tail": (BODY + "Con información de AFP", "Con información de AFP", "AFP", "tail-phrase"),
    "es inline": ("La huelga, según Reuters.", "según Reuters", "Reuters", "inline-cited"),
    "fr dateline": (
        "PARIS, 8 mai 2031 (AFP) - La",
        "PARIS, 8 mai 2031 (AFP)",
        "AFP",
        "dateline-bracket",
    ),
    "fr tail": (BODY + "(avec AFP)", "(avec AFP)", "AFP", "tail-phrase"),
    "fr inline": ("Il a déclaré à l'AFP que", "a déclaré à l'AFP", "AFP", "inline-cited"),
    "de byline": ("Von Jo Orme, dpa\n" + BODY, "Von Jo Orme, dpa", "dpa", "byline-cue"),
    "de dateline": ("Berlin (dpa) - Ein Streik", "Berlin (dpa)", "dpa", "dateline-bracket"),
    "de caption": ("A. Foto: Jo Orme/dpa\nB", "Foto: Jo Orme/dpa", "dpa", "caption-cue"),
    "de tail": (BODY + "(Mit Material von dpa)", "(Mit Material von dpa)", "dpa", "tail-phrase"),
    "de inline": (
        "Das ist so, berichtet die Agentur dpa.",
        "berichtet die Agentur dpa",
        "dpa",
        "inline-cited",
    ),
    "it dateline": ("(ANSA) - ROMA, 8 MAG - Uno", "(ANSA)", "ANSA", "dateline-bracket"),
    "pt tail": (
        BODY + "Com informações da Agência Brasil",
        "Com informações da Agência Brasil",
        "Agência Brasil",
        "tail-phrase",
    ),
    "nl tail": (BODY + "Bron: ANP", "Bron: ANP", "ANP", "tail-phrase"),
    "tr tail": (BODY + "Kaynak: AA", "Kaynak: AA", "Anadolu", "tail-phrase"),
    "ru dateline": (
        "МОСКВА, 8 мая. /ТАСС/. Порт",
        "МОСКВА, 8 мая. /ТАСС/",
        "TASS",
        "dateline-bracket",
    ),
    "ru dateline with a dash": (
        "МОСКВА, 8 мая — РИА Новости. Порт",
        "МОСКВА, 8 мая — РИА Новости",
        "RIA Novosti",
        "dateline-dash",
    ),
    "ru tail": (BODY + "По материалам ТАСС", "По материалам ТАСС", "TASS", "tail-phrase"),
    "ru inline": (
        "Порт закрыт, сообщает Интерфакс.",
        "сообщает Интерфакс",
        "Interfax",
        "inline-cited",
    ),
    "uk inline": (
        "Порт закрито, повідомляє Укрінформ.",
        "повідомляє Укрінформ",
        "Ukrinform",
        "inline-cited",
    ),
    "ar dateline": ("موسكو - رويترز: أغلق", "موسكو - رويترز", "Reuters", "dateline-dash"),
    "ar dateline of agencies": (
        "الميناء- وكالات: أغلق",
        "الميناء- وكالات",
        "unnamed agency",
        "dateline-dash",
    ),
    "ar dateline of a code": ("واس- الرياض: أغلق", "واس", "Saudi Press Agency", "dateline-dash"),
    "ar dateline of a day": (
        "تبوك 21 شوال 1436 هـ الموافق 06 اغسطس 2031 م واس\nأغلق الميناء",
        "تبوك 21 شوال 1436 هـ الموافق 06 اغسطس 2031 م واس",
        "Saudi Press Agency",
        "dateline-dash",
    ),
    "ar inline of a code": ("وحسب «واس» أغلق", "وحسب «واس»", "Saudi Press Agency", "inline-cited"),
    "ar tail": ("أغلق الميناء اليوم. (واس)", "(واس)", "Saudi Press Agency", "tail-bracket"),
    "ar inline": ("وقال في تصريح لرويترز إن", "لرويترز", "Reuters", "inline-cited"),
    "ar inline agency": (
        "حسب وكالة الأنباء الألمانية (د ب أ).",
        "حسب وكالة الأنباء الألمانية (د ب أ)",
        "dpa",
        "inline-cited",
    ),
    "zh dateline": ("新华社北京5月8日电 港口", "新华社北京5月8日电", "Xinhua", "dateline-wire"),
    "zh tail": ("港口关闭。\n（综合外电报道）", "综合外电报道", "unnamed agency", "tail-phrase"),
    "zh inline": ("港口关闭，据路透社报道", "据路透社", "Reuters", "inline-cited"),
    "ja dateline": ("【ワシントン共同】港", "【ワシントン共同】", "Kyodo", "dateline-bracket"),
    "ja inline": ("ロイターによると、港", "ロイターによると", "Reuters", "inline-reports"),
    "ko dateline": ("(서울=연합뉴스) 항구", "(서울=연합뉴스)", "Yonhap", "dateline-bracket"),
    "en byline of wires": (
        "By Staff and wire reports\n" + BODY,
        "By Staff and wire reports",
        "unnamed agency",
        "byline-cue",
    ),
    "en byline line of wires": (
        "From staff and wire reports\n" + BODY,
        "From staff and wire reports",
        "unnamed agency",
        "byline-line",
    ),
    "en byline in brackets": ("(AFP)\n" + BODY, "(AFP)", "AFP", "byline-line"),
    "en dateline at the start": ("(AP) A strike", "(AP)", "Associated Press", "dateline-bracket"),
    "en dateline with an underscore": (
        "ORME, N.D. (AP) _ A strike",
        "ORME, N.D. (AP)",
        "Associated Press",
        "dateline-bracket",
    ),
    "en dateline inside brackets": (
        "(Orme-AP) May 8 - A strike",
        "(Orme-AP)",
        "Associated Press",
        "dateline-bracket",
    ),
    "en caption with a particle": (
        "A. (Photo: Jo al-Orme, AFP) B",
        "(Photo: Jo al-Orme, AFP)",
        "AFP",
        "caption-cue",
    ),
    "en caption with a space": (
        BODY + "REUTERS/ Jo Orme\n" + BODY,
        "REUTERS/ Jo Orme",
        "Reuters",
        "caption-name",
    ),
    "en caption of a video": (
        "A. Video provided by Reuters",
        "Video provided by Reuters",
        "Reuters",
        "caption-cue",
    ),
    "en tail written by": (
        BODY + "This story was written by The Associated Press.",
        "This story was written by The Associated Press",
        "Associated Press",
        "tail-phrase",
    ),
    "en tail of a list": (
        BODY + "Contributing: Jo Orme, THE POST; The Associated Press",
        "Contributing: Jo Orme, THE POST; The Associated Press",
        "Associated Press",
        "tail-phrase",
    ),
    "en inline that a text follows": (
        BODY + "The AP, which saw it, reported as follows.\n" + BODY,
        "The AP, which saw it, reported as follows.",
        "Associated Press",
        "inline-follows",
    ),
    "en inline that a fact follows": (
        BODY + "The AP reported the following numbers: two, three. Ten came.\n" + BODY,
        "The AP reported",
        "Associated Press",
        "inline-reports",
    ),
    "en inline at the end": (
        BODY + "So he told\nReuters.",
        "told\nReuters",
        "Reuters",
        "inline-cited",
    ),
    "es byline with an agency": (
        "Jo Orme con AFP\n" + BODY,
        "Jo Orme con AFP",
        "AFP",
        "tail-phrase",
    ),
    "fr tail of an outlet": (BODY + "Le Orme avec AFP", "Le Orme avec AFP", "AFP", "tail-phrase"),
    "fr head of an outlet": (
        "Le Orme avec AFP\n" + BODY,
        "Le Orme avec AFP",
        "AFP",
        "tail-phrase",
    ),
    "de tail in the sentence": (
        "Ein Streik schließt den Hafen (AFP).",
        "(AFP)",
        "AFP",
        "tail-bracket",
    ),
    "ar dateline at the start": (
        "(وكالات) أغلق الميناء أمس",
        "(وكالات)",
        "unnamed agency",
        "dateline-bracket",
    ),
    "zh dateline with brackets inside": (
        "北京（新华社）5月8日电 港口关闭。",
        "北京（新华社）5月8日电",
        "Xinhua",
        "dateline-bracket",
    ),
    "zh dateline with brackets after": (
        "本报北京5月8日电（新华社）港口关闭。",
        "本报北京5月8日电（新华社）",
        "Xinhua",
        "dateline-bracket",
    ),
    "zh dateline of a reporter": (
        "本报北京5月8日电（新华社记者张三）港口关闭。",
        "本报北京5月8日电（新华社记者张三）",
        "Xinhua",
        "dateline-bracket",
    ),
    "zh tail of a reporter": (
        "港口关闭。\n（新华社记者张三）",
        "（新华社记者张三）",
        "Xinhua",
        "tail-bracket",
    ),
    "en dateline without a dash": (
        "ORMETOWN, Texas (AP)  A strike has",
        "ORMETOWN, Texas (AP)",
        "Associated Press",
        "dateline-bracket",
    ),
    "en dateline of a Scottish name": (
        "It fell. McORMETON, Okla. (AP)_ A strike",
        "McORMETON, Okla. (AP)",
        "Associated Press",
        "dateline-bracket",
    ),
    "en byline of writers": (
        "Jo Orme and Al Tal\n\nAP Business Writers\n" + BODY,
        "AP Business Writers",
        "Associated Press",
        "byline-line",
    ),
    "en caption with a space before": (
        BODY + "The port. Jo Orme /AFP\nB",
        "Jo Orme /AFP",
        "AFP",
        "caption-name",
    ),
    "en tail that contains": (
        BODY + "This report contains material from Reuters.",
        "contains material from Reuters",
        "Reuters",
        "tail-phrase",
    ),
    "ar dateline of an outlet": (
        "الميناء، واس- الرياض: أغلق",
        "الميناء، واس",
        "Saudi Press Agency",
        "dateline-dash",
    ),
    "ar dateline in a list of news": (
        "* موسكو - رويترز: أغلق الميناء",
        "* موسكو - رويترز",
        "Reuters",
        "dateline-dash",
    ),
    "vi inline": ("Theo Reuters, A", "Theo Reuters", "Reuters", "inline-cited"),
    "hi inline": ("रॉयटर्स के अनुसार", "रॉयटर्स के अनुसार", "Reuters", "inline-reports"),
}

NO_CREDITS = [
    "She passed the AP course and the AP English exam.",
    "He told AP students to read.",
    "A ferry sank in Scranton (PA) on Monday.",
    "He won two TT races.",
    "The Reuters Institute and Thomson Reuters published a study.",
    "Mayor Bloomberg told Bloomberg no.",
    "See https://www.example.org/AP/reuters or write to desk@AP.example or follow @AP.",
    "Law enforcement agencies said nothing. Aid agencies were told.",
    "A Reuters/Ipsos poll of voters; an AP-NORC poll.",
    "Reuters moved into a new building.",
    "The Middle East and North Africa (MENA) - a region",
    "Petra told Lusa that Antara was late.",
    "The APs and the MAP.",
    "He works at AP High School (AP).",
    "Sen. Orme (R-PA), who was there, issued the following statement: A",
    "(R-PA) A strike",
    "Orme Announces a Strike May 8, 2031 ORMETOWN, PA- In a visit",
    "・The strike（共同通信）\n・The port\n" + BODY,
    "The council of ORMETOWN (AP) met.",
    "The staff and agencies working there were told.",
    "The wire service reports: it rains.",
    "It cut the mark to AA-minus\nfrom AA.\n" + BODY,
    "It is a service provided by the Jiji Press from May on.",
    "・The strike - 共同通信\n・The port\n" + BODY,
]


def credited(texts: object, **arguments: object) -> list[tuple[object, ...]]:
    """Return the text, agency, place and rule of each credit."""
    found = ng.credits(texts, **arguments)  # type: ignore[arg-type]
    names = ("text", "agency", "place", "rule")
    return list(zip(*(found[name] for name in names), strict=True))


@pytest.mark.parametrize("name", ROWS)
def test_credits_of_every_language_and_place(name: str) -> None:
    """A text has the one credit of its row, with the place of its rule."""
    text, credit, agency, rule = ROWS[name]
    assert credited([text]) == [(credit, agency, rule.partition("-")[0], rule)]


@pytest.mark.parametrize("text", NO_CREDITS)
def test_what_is_no_credit(text: str) -> None:
    """Courses, states, companies, people and addresses are none."""
    assert credited([text]) == []


def test_which_credits_are_of_the_text() -> None:
    """Photo credits and citations are not; an outlet does not credit itself."""
    texts = ["PARIS (AFP) - A", "He told AFP on Monday. (Photo: AFP)", "PARIS (AFP) - B"]
    found = ng.credits(ng.Corpus({"text": texts, "source": ["Orme", "Orme", "afp"]}))

    assert found["credits_text"].tolist() == [True, False, False, False]
    cited = [BODY + "The AP, which saw it, reported as follows.\n" + BODY, "The AP reported rain."]
    assert ng.credits(cited)["credits_text"].tolist() == [True, False]
    assert found["own"].tolist() == [False, False, False, True]


def test_agencies_in_one_credit_are_rows_with_one_span() -> None:
    """Each agency of a list has its row."""
    found = ng.credits(["A. With inputs from PTI, ANI and Reuters."]).to_dicts()

    assert [row["agency"] for row in found] == ["Press Trust of India", "ANI", "Reuters"]
    assert {(row["start"], row["end"]) for row in found} == {(3, 40)}


def test_agencies_can_be_added_and_left_out() -> None:
    """A caller's agencies come on top of the lexicon, in the letters that they have."""
    text = ["PARIS (Orme Wire) - A. He told OW students. B told Reuters. C told OW."]
    assert [row[1] for row in credited(text)] == ["Reuters"]
    own = {"Orme Wire": ["Orme Wire", "OW"], "Reuters": []}
    assert [row[:2] for row in credited(text, agencies=own)] == [
        ("PARIS (Orme Wire)", "Orme Wire"),
        ("told OW", "Orme Wire"),
    ]
    assert credited(["B told Reuters."]) != []


def test_the_planted_credits_are_found() -> None:
    """Every credit of the sample is found where it stands; reprints without one have none."""
    found = ng.credits(ng.load_sample(), agencies={"Pellworth": "Pellworth"}).to_dicts()
    spans = {(row["document"], row["start"], row["end"]): row for row in found}
    planted = load_truth()["credits"]

    assert len(planted) > 10
    for credit in planted:
        if credit["present"]:
            row = spans.pop((credit["document"], credit["start"], credit["end"]))
            assert (row["place"], row["text"]) == (credit["place"], credit["text"])
        else:
            assert not [row for row in found if row["document"] == credit["document"]]
    assert [row["text"] for row in spans.values()] == ["seen by Pellworth"] * 2


def test_evidence_shows_the_credit_in_its_sentence() -> None:
    """The credit is marked, also after sorting and in a pickle."""
    found = ng.credits(["One. The port is shut, unions told Reuters. Two.", "PARIS (AFP) - A"])
    for table in (found, pickle.loads(pickle.dumps(found))):
        assert "The port is shut, unions [told Reuters]." in str(table.evidence(0))
        assert "[PARIS (AFP)] - A" in str(table.sort("text").evidence(0))


def test_tokens_and_empty_texts() -> None:
    """A view stands for its documents, and texts without credits have no rows."""
    texts = ["", "Nothing.", "PARIS (AFP) - A"]
    assert credited(ng.tokenize(texts).view(lower=True)) == credited(texts)
    assert len(ng.credits([])) == len(ng.credits(["", " \n "])) == 0
    assert ng.credits([])["start"].dtype == "int64"


def test_settings_say_what_was_asked() -> None:
    """Agencies of the caller are part of the settings; threads are not."""
    found = ng.credits(["A"], agencies={"Orme": "OW"}, threads=1)
    assert found.settings["agencies"] == {"Orme": ["OW"]}
    assert "threads" not in found.settings


@pytest.mark.corpora
def test_real_corpora_have_credits(corpora_dir: Path) -> None:
    """Most wire stories of 1987 are signed, and the credits of five articles are found."""
    wire = ng.read_corpus(corpora_dir / "reuters21578.parquet")
    found = ng.credits(wire)
    signed = {
        row
        for row, place in zip(found["row"].tolist(), found["place"], strict=True)
        if place == "tail"
    }
    assert len(signed) > 18_900
    articles = ng.credits(ng.read_corpus(corpora_dir / "moscow_2025.jsonl"))
    assert sorted(articles["place"]) == ["caption", "tail", "tail"]
