"""Agency credits: where an article names the agency that it comes from, or that it cites."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, partial
from typing import TYPE_CHECKING, Any

import numpy as np

from nutgraf import _groups, _nutgraf, _parameters
from nutgraf._evidence import line
from nutgraf._keywords import answered
from nutgraf._lexicons import lexicon
from nutgraf._progress import Watched
from nutgraf._settings import made
from nutgraf.corpus import Corpus
from nutgraf.results import Table
from nutgraf.tokens import Tokens

if TYPE_CHECKING:
    from nutgraf._progress import Progress

__all__ = ["credits"]

#: Strengths of a spelling, as the core numbers them.
_NAME, _ABBREVIATION, _CODE, _UNNAMED, _PHRASE = range(5)
#: Letters of an abbreviation at most, and characters of a spelling.
_SHORT, _LONGEST = 4, 200
#: Spellings that a call may add.
_MOST = 10_000

_FORM = "pass {'Orme Wire': ['Orme Wire', 'OW']}, or an empty list to leave an agency out"

Spellings = dict[str, list[tuple[str, int]]]


@answered("credits")
def credits(
    documents: object,
    *,
    agencies: Mapping[str, object] | None = None,
    threads: int | None = None,
    progress: Progress = None,
) -> Table:
    """Find where articles credit a news agency, and where they only cite one.

    More than a hundred agencies are known in their languages, with the words that stand beside
    them: "WASHINGTON (AP) —", "Por EFE", "mit Material von dpa", "(وكالات)", "新华社北京5月8日电".
    Every credit is found by one of a few rules, which the table names. A name that no rule accepts
    is no credit: "the AP course", "in Scranton (PA)", "the Reuters Institute", Mayor Bloomberg.

    Parameters
    ----------
    documents : Corpus, sequence of str, string column, or Tokens
        The texts.
    agencies : mapping of str to str or list of str, optional
        Further agencies and their spellings, in the letters in which they stand in texts. A known
        agency gets further spellings, and an empty list leaves it out. Up to four capitals are
        an abbreviation, which counts less readily as cited.
    threads, progress
        As in `tokenize`.

    Returns
    -------
    Table
        One row for each agency in a credit, in the order of the texts:

        - ``document`` (id) and ``row``;
        - ``start``, ``end``: code points, which slice the credit out of the text;
        - ``agency``: its name, or "unnamed agency" for "agencies" and "wire reports";
        - ``place``: "byline" (the first lines), "dateline", "caption" (of a picture), "tail" (the
          last lines, "With inputs from …", "… contributed to this report") or "inline" (cited as
          a source: "told Reuters");
        - ``credits_text``: whether it says that the text comes from the agency, at least in
          part. Photo credits and citations do not, except a sentence such as "AP reported as
          follows" that introduces what follows; and nothing does where the agency is the source;
        - ``own``: whether the source of the document is the agency itself;
        - ``rule``: the rule that found it; ``text``: the credit.

        ``evidence(row)`` shows the credit in its sentence. Two agencies in one credit are two
        rows with the same span.

    Raises
    ------
    ParameterError
        If `agencies` is not a mapping of names to spellings.

    Notes
    -----
    Agencies and cues stand in ``nutgraf/lexicons/agencies.toml``, the rules and their order in
    ``src/reuse/credits/rules.rs``. Time is linear in the text. A missing credit proves nothing:
    outlets also print agency copy without one.

    Not found are agencies and cues that the lexicon does not have, names in letters of another case
    ("ap"), agencies whose cue stands far away ("Reuters was not able to confirm it"), a bare name
    between a caption and a headline ("… years. | REUTERS"), and sources in brackets with a date.
    Letters that also mean other things (PA, TT, AA) count in bylines, datelines, captions and last
    lines only. In a list of links that has no marks a link to an agency may be taken for a credit.

    Examples
    --------
    >>> import nutgraf as ng
    >>> texts = ["PARIS (AFP) - The port is shut.", "A strike, unions told Reuters. (Photo: AP)"]
    >>> found = ng.credits(texts)
    >>> for row in found.to_dicts():
    ...     print(row["row"], row["text"], row["agency"], row["place"], row["credits_text"])
    0 PARIS (AFP) AFP dateline True
    1 told Reuters Reuters inline False
    1 (Photo: AP) Associated Press caption False
    """
    given = _given(agencies)
    threads = _parameters.threads(threads)
    corpus = documents.corpus if isinstance(documents, Tokens) else Corpus.of(documents)
    core, spellings = _known() if given is None else _core(_with(given))
    with Watched(progress, "looking for agency credits") as report:
        columns = core.credits(corpus._texts, threads=threads, progress=report)
    ids, sources = corpus.ids, _groups.given(corpus, "source")
    rows, starts, ends = columns["row"], columns["start"], columns["end"]
    pairs = zip(rows.tolist(), columns["agency"], strict=True)
    own = [spellings.get(str(sources[row]).casefold()) == agency for row, agency in pairs]
    own_rows = np.array(own, dtype=bool)
    whole: dict[str, Any] = {
        "document": [ids[row] for row in rows.tolist()],
        **{name: columns[name] for name in ("row", "start", "end", "agency", "place")},
        "credits_text": columns["credits_text"] & ~own_rows,
        "own": own_rows,
        "rule": columns["rule"],
        "text": columns["text"],
    }
    return Table(
        whole,
        settings=made({"agencies": given}, corpus=corpus),
        evidence=partial(line, corpus, rows, starts, ends),
        shown=["document", "text", "agency", "place", "credits_text"],
        native=corpus._native,
        name="credits",
    )


def _given(agencies: object) -> dict[str, list[str]] | None:
    """Return what a caller added, checked."""
    if agencies is None:
        return None
    if not isinstance(agencies, Mapping):
        rule = "it must be a mapping of names to spellings"
        raise _parameters.refuse("agencies", agencies, rule, _FORM)
    given = {}
    for name, spelled in agencies.items():
        if not isinstance(name, str) or not name.strip():
            rule = "the name of an agency must be a str that is not empty"
            raise _parameters.refuse("agencies", name, rule, _FORM)
        listed = _parameters.texts(
            "agencies", [spelled] if isinstance(spelled, str) else spelled, remedy=_FORM
        )
        for text in listed:
            if not text.strip() or len(text) > _LONGEST:
                rule = f"a spelling must have 1 to {_LONGEST} characters"
                raise _parameters.refuse("agencies", text, rule, _FORM)
        given[name] = [text.strip() for text in listed]
    if sum(map(len, given.values())) > _MOST:
        rule = f"there may be at most {_MOST:,} spellings"
        raise _parameters.refuse("agencies", agencies, rule, "pass those that occur")
    return given


@cache
def _lexicon() -> dict[str, Any]:
    return lexicon("agencies")


def _spellings() -> Spellings:
    """Every spelling of the lexicon, with its strength; a name counts in capitals too."""
    spellings: Spellings = {}
    for agency in _lexicon()["agency"]:
        names = dict.fromkeys(
            each for name in agency.get("names", ()) for each in (name, name.upper())
        )
        spellings[agency["name"]] = [
            *((text, _NAME) for text in names),
            *((text, _ABBREVIATION) for text in agency.get("abbreviations", ())),
            *((text, _CODE) for text in agency.get("codes", ())),
        ]
    unnamed = _lexicon()["unnamed"]
    spellings[unnamed["name"]] = [
        *((text, _UNNAMED) for text in unnamed["words"]),
        *((text, _PHRASE) for text in unnamed["phrases"]),
    ]
    return spellings


def _with(given: Mapping[str, list[str]]) -> Spellings:
    """The spellings of the lexicon and those of a caller, whose meaning comes first."""
    added: Spellings = {}
    for name, texts in given.items():
        short = {text for text in texts if text.isupper() and len(text) <= _SHORT}
        added[name] = [(text, _ABBREVIATION if text in short else _NAME) for text in texts]
    kept = {name: rest for name, rest in _spellings().items() if given.get(name, True)}
    return {name: [*added.get(name, ()), *kept.get(name, ())] for name in {**added, **kept}}


@cache
def _known() -> tuple[_nutgraf.Agencies, dict[str, str]]:
    return _core(_spellings())


def _core(spellings: Spellings) -> tuple[_nutgraf.Agencies, dict[str, str]]:
    """The lexicon as the core takes it, and which agency a source is."""
    pictures = {agency["name"] for agency in _lexicon()["agency"] if agency.get("pictures")}
    core = _nutgraf.Agencies(
        names=list(spellings),
        pictures=[name in pictures for name in spellings],
        spellings=[
            (text, number, strength)
            for number, texts in enumerate(spellings.values())
            for text, strength in texts
        ],
        cues=list(_lexicon()["cues"].items()),
    )
    sources = {
        text.casefold(): name
        for name, texts in reversed(spellings.items())
        for text, strength in [*texts, (name, _NAME)]
        if strength < _UNNAMED
    }
    return core, sources
