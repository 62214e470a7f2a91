"""Views: named rows, among them those that other tools trip over."""

from __future__ import annotations

import copy
import json
import pickle
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

import nutgraf as ng

if TYPE_CHECKING:
    from collections.abc import Callable

#: Text, how it is tokenized, the view, and its terms.
ROWS: list[tuple[str, str, dict[str, Any], dict[str, Any], list[str]]] = [
    ("fused sentences", "said.The", {}, {"lower": True}, ["said", "the"]),
    ("initials", "U.S.-led e-mail", {}, {"lower": True}, ["u.s.", "led", "e", "mail"]),
    ("joined hyphens", "U.S.-led e-mail", {}, {"hyphens": "join"}, ["U.S.-led", "e-mail"]),
    ("elision", "l’Etat c'est", {"language": "fr"}, {"lower": True}, ["l’", "etat", "c'", "est"]),
    ("no elision", "aujourd’hui", {"language": "fr"}, {"fold_punctuation": True}, ["aujourd'hui"]),
    ("a quoted word", "‘quoted’", {}, {"fold_punctuation": True}, ["quoted"]),
    (
        "apostrophes",
        "don't don’t donʼt don\uff07t",
        {},
        {"fold_punctuation": True},
        ["don't", "don't", "don't", "don't"],
    ),
    (
        "a stem without its genitive",
        "Lee’s Lee's Lee",
        {},
        {"lower": True, "stem": "en"},
        ["lee"] * 3,
    ),
    ("by another stemmer", "Lee’s Lee's Lee", {}, {"lower": True, "stem": "porter"}, ["lee"] * 3),
    ("an elision keeps its sign", "l’arte", {"language": "it"}, {"stem": "it"}, ["l'", "arte"]),
    (
        "stop words of another case than the pattern",
        "Russia met Mr A",
        {"pattern": r"Mr \w+|[A-Z]\w+"},
        {"lower": True, "stop_words": ["russia", "mr a"]},
        [],
    ),
    ("signs that part", "don`t don´t", {}, {"fold_punctuation": True}, ["don", "t", "don", "t"]),
    (
        "dashes",
        "‐ ‑ ‒ – — ― −",
        {},
        {"fold_punctuation": True, "kinds": None},
        ["-"] * 7,
    ),
    (
        "a soft hyphen",
        "co\u00adoperate cooperate",
        {},
        {"fold_punctuation": True},
        ["cooperate"] * 2,
    ),
    ("a byte-order mark", "\ufeffThe end", {}, {"fold_punctuation": True}, ["The", "end"]),
    (
        "marks of direction",
        "\u200fسلام سلام\u200e",
        {},
        {"fold_punctuation": True},
        ["سلام", "سلام"],
    ),
    (
        "Persian joiners mean something",
        "می\u200cخواهم",
        {},
        {"fold_punctuation": True, "lower": True},
        ["می\u200cخواهم"],
    ),
    ("one é and the other", "caf\u00e9 cafe\u0301", {}, {"lower": True}, ["café", "café"]),
    (
        "as it is written",
        "caf\u00e9 cafe\u0301",
        {},
        {"lower": True, "normalize": None},
        ["café", "cafe\u0301"],
    ),
    ("NFC keeps signs", "ﬁrst Ⅳ", {}, {}, ["ﬁrst", "Ⅳ"]),
    ("NFKC does not", "ﬁrst Ⅳ", {}, {"normalize": "NFKC"}, ["first", "IV"]),
    ("İ as in Python", "İstanbul", {}, {"lower": True}, ["i̇stanbul"]),
    ("İ in Turkish", "İZMİR IŞIK", {"language": "tr"}, {"lower": True}, ["izmir", "ışık"]),
    ("İ in Azeri", "BAKI İL", {"language": "az-Latn"}, {"lower": True}, ["bakı", "il"]),
    ("a language of the view", "IŞIK", {}, {"lower": "Turkish"}, ["ışık"]),
    ("a language of no rules", "IŞIK", {"language": "tr"}, {"lower": "en"}, ["işik"]),
    ("a final sigma", "ΟΔΟΣ ΣΟΦΟΣ", {}, {"lower": True}, ["οδος", "σοφος"]),
    ("a sharp s", "STRASSE Straße", {}, {"lower": True}, ["strasse", "straße"]),
    ("accents", "été Łódź Ørsted", {}, {"strip_accents": True}, ["ete", "Łodz", "Ørsted"]),
    (
        "Cyrillic letters are no accents",
        "мой ёж за\u0301мок їжа",
        {},
        {"strip_accents": True},
        ["мой", "еж", "замок", "їжа"],
    ),
    (
        "vowel signs stay where words are written with them",
        "हिन्दी שָׁלוֹם مُحَمَّد",
        {},
        {"strip_accents": True, "normalize": None},
        ["हिन्दी", "שלום", "محمد"],
    ),
    (
        "stems know accents",
        "mangées MANGÉ",
        {},
        {"lower": True, "stem": "fr", "strip_accents": True},
        ["mang", "mang"],
    ),
    ("length after all", "Ångström a\u030a", {}, {"min_length": 2}, ["Ångström"]),
    ("kinds", "@me #now 3.5 🙂 a@b.org", {}, {"kinds": ["email", "emoji"]}, ["🙂", "a@b.org"]),
]


@pytest.mark.parametrize(
    ("text", "how", "view", "terms"), [row[1:] for row in ROWS], ids=[row[0] for row in ROWS]
)
def test_named_rows(text: str, how: dict[str, Any], view: dict[str, Any], terms: list[str]) -> None:
    """Each row is what the documentation promises."""
    assert ng.tokenize([text], **how).view(**view)[0] == terms


#: What is removed: text, language of the scanner, stop words, other switches, what is left.
STOPS: list[tuple[str, str, dict[str, Any], dict[str, Any], list[str]]] = [
    ("case", "The THE end", {}, {"stop_words": ["the"]}, ["end"]),
    ("the list's own case", "the end", {}, {"stop_words": ["THE"]}, ["end"]),
    ("straight in the list", "don’t go", {}, {"stop_words": ["don't"]}, ["go"]),
    ("curly in the list", "don't go", {}, {"stop_words": ["don’t"]}, ["go"]),
    ("a list of a language", "I don’t with the aide", {}, {"stop_words": "en"}, ["aide"]),
    ("by its name", "I don’t with the aide", {}, {"stop_words": "English"}, ["aide"]),
    (
        "French",
        "C’est l’accord qu'il signe aujourd’hui",
        {"language": "fr"},
        {"stop_words": "fr"},
        ["accord", "signe", "aujourd’hui"],
    ),
    ("Italian", "L’accordo dell'ONU", {"language": "it"}, {"stop_words": "it"}, ["accordo", "ONU"]),
    ("elided", "L’accord", {"language": "fr"}, {"stop_words": ["l'"]}, ["accord"]),
    ("cut", "c’est est", {"language": "fr"}, {"stop_words": ["c'est"]}, []),
    ("not cut elsewhere", "c’est est", {}, {"stop_words": ["c'est"]}, ["est"]),
    ("hyphens split", "vis-à-vis de", {}, {"stop_words": ["vis-à-vis"]}, ["de"]),
    (
        "hyphens join",
        "vis-à-vis vis",
        {},
        {"stop_words": ["vis-à-vis"], "hyphens": "join"},
        ["vis"],
    ),
    ("a pattern", "don't go on", {"pattern": r"[a-z]+"}, {"stop_words": ["don't"]}, ["go", "on"]),
    ("accents matter", "ete été", {}, {"stop_words": ["été"]}, ["ete"]),
    (
        "unless stripped",
        "ete été",
        {},
        {"stop_words": ["été"], "strip_accents": True},
        [],
    ),
    ("encoding does not", "e\u0301te\u0301", {}, {"stop_words": ["été"], "normalize": None}, []),
    ("Turkish", "İLE ILE", {"language": "tr"}, {"stop_words": ["ile"]}, ["ILE"]),
    ("a sign", "a - b", {}, {"stop_words": ["-"], "kinds": None}, ["a", "b"]),
    ("none", "the end", {}, {"stop_words": []}, ["the", "end"]),
    ("an iterator", "the end", {}, {"stop_words": iter(["the"])}, ["end"]),
    ("a set", "the end", {}, {"stop_words": {"the", "a"}}, ["end"]),
]


@pytest.mark.parametrize(
    ("text", "how", "view", "terms"), [row[1:] for row in STOPS], ids=[row[0] for row in STOPS]
)
def test_stop_words(text: str, how: dict[str, Any], view: dict[str, Any], terms: list[str]) -> None:
    """Stop words go through the tokenizer of the texts (scikit-learn #10735)."""
    assert ng.tokenize([text], **how).view(**view)[0] == terms


def _listed(call: Any) -> list[str]:
    with pytest.raises(ng.ParameterError) as caught:
        call("klingon")
    return str(caught.value).rstrip(".").split("one of ")[1].split(", ")


#: A function word of each of 34 languages.
FUNCTION_WORDS = (
    "af:die ar:من bg:на bn:এবং ca:el cs:je da:og de:und el:και en:the es:que et:ja eu:eta fa:از "
    "fi:ja fr:le ga:agus gl:que he:של hi:और hr:je hu:és hy:է id:yang it:che ko:그 la:et lt:ir "
    "lv:un mr:आहे nl:het no:og pl:na pt:que ro:care ru:на sk:je sl:je sv:och sw:na tr:bir uk:що "
    "ur:کے vi:là"
)


def test_lists_of_more_than_thirty_languages() -> None:
    """Each language has a list, which holds a word that every text of it has."""
    tokens = ng.tokenize(["the sentence"])
    listed = _listed(lambda name: tokens.view(stop_words=name))
    pairs = [pair.split(":") for pair in FUNCTION_WORDS.split()]

    assert len(listed) > 50
    assert len(pairs) > 30
    for code in listed:
        assert len(tokens.view(stop_words=code)) == 1
    left = [code for code, word in pairs if ng.tokenize([word]).view(stop_words=code)[0]]
    assert left == []


def test_every_stemmer_runs() -> None:
    """Each of Snowball's algorithms takes words of any script."""
    tokens = ng.tokenize(["running Häuser économies бегущий τρέχοντας يكتبون चलना தமிழ் ג"])
    listed = _listed(lambda name: tokens.view(stem=name))

    assert len(listed) > 30
    for name in listed:
        assert len(tokens.view(lower=True, stem=name)[0]) == 9
    expected = {"en": "run", "english": "run", "en-GB": "run", "porter": "run"}
    assert {name: tokens.view(stem=name)[0][0] for name in expected} == expected


@pytest.mark.parametrize(
    "language", ["fr", "FR", "fra", "fre", "fr-CA", "fr_CA", "fr-Latn-CA", "French", "french"]
)
def test_languages_may_be_written_in_several_ways(language: str) -> None:
    """A code, a locale and a name are one language."""
    assert ng.tokenize(["l'accord"], language=language)[0] == ["l'", "accord"]


@pytest.mark.parametrize("language", ["ja", "cy", "yue", "sr-Latn", "haw", "Welsh"])
def test_languages_without_rules_are_fine(language: str) -> None:
    """A language that changes nothing is taken all the same."""
    assert ng.tokenize(["l'accord"], language=language)[0] == ["l'accord"]


@pytest.mark.parametrize("language", ["frr", "xx", "", "f", "Frensh", "fr CA", "english!", "🇫🇷"])
def test_a_slip_is_no_language(language: str) -> None:
    """A code that is none is refused, wherever a language is named."""
    calls: list[Callable[[], object]] = [
        lambda: ng.tokenize(["a"], language=language),
        lambda: ng.tokenize(["a"]).view(lower=language),
        lambda: ng.tokenize(["a"]).view(stem=language),
        lambda: ng.tokenize(["a"]).view(stop_words=language),
    ]
    for call in calls:
        with pytest.raises(ng.ParameterError, match="pass"):
            call()


def test_a_view_that_keeps_everything_keeps_it() -> None:
    """A later view does not fall back to words, and counts take it as it is."""
    everything = ng.tokenize(["The end."]).view(kinds=None, normalize=None)

    assert everything.view(lower=True)[0] == ["the", "end", "."]
    assert everything.counts().terms == ["The", "end", "."]


def test_copies_and_pickles_keep_every_switch() -> None:
    """Every switch, the tokenizer's language and the dictionary survive."""
    tokens = ng.tokenize(["L’été à İZMİR, l'hiver"], language="fr")
    view = tokens.view(
        lower="tr", normalize="NFKC", fold_punctuation=True, hyphens="join", stop_words=["l'"],
        stem="fr", strip_accents=True, min_length=2, kinds=["word"],
    )  # fmt: skip
    found = view.dictionary({"seasons": ["été", "hiv*"]}, nested_scope="dictionary")

    for thing in (view, found):
        for again in (pickle.loads(pickle.dumps(thing)), copy.copy(thing), copy.deepcopy(thing)):
            assert repr(again) == repr(thing)
            assert again.vocabulary == thing.vocabulary
            assert np.array_equal(again.ids, thing.ids)
            assert again._view == thing._view
    assert found[0] == ["seasons", "seasons"]


def test_settings_of_a_view_are_plain() -> None:
    """What led to a result can be written down, dictionary included."""
    found = ng.tokenize(["war and peace", "peace"]).dictionary({"peace": ["peace"]})
    table = ng.keyness(found.counts(), target=[0], test=None)

    written = json.loads(json.dumps(table.settings))
    assert written["input"]["view"]["dictionary"]["categories"] == {"peace": ["peace"]}


@pytest.mark.parametrize("threads", [1, 4])
def test_many_types_are_spelled_in_parts(threads: int) -> None:
    """Types of many blocks get the ids that one pass over them would give."""
    words = [f"Wörd{n % 9973:x}" if n % 3 else f"WORD{n % 7919:x}" for n in range(60_000)]
    tokens = ng.tokenize([" ".join(words)])
    ng.set_threads(threads)
    try:
        seen = tokens.view(lower=True, strip_accents=True, stop_words=["wordff"])
    finally:
        ng.set_threads(None)

    terms = [word.lower().replace("ö", "o") for word in words]
    kept = [term for term in terms if term != "wordff"]
    assert seen[0] == kept
    assert seen.vocabulary == list(dict.fromkeys(kept))
