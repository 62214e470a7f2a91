"""Wrong calls: each with its exception and its sentence, and nothing is left half-changed.

A sentence names what was given, its value, the rule and the remedy. The rows below say which words
must stand in it; that it reads as one sentence, and is short, is asked of all.
"""

from __future__ import annotations

import math
import pickle
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest
import scipy.sparse

import nutgraf as ng

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

STORY = "Both sides agreed on Tuesday to halt the shelling of the river port."


class Things:
    """What wrong calls are made on."""

    def __init__(self) -> None:
        self.corpus: Any = ng.Corpus(
            {
                "text": [STORY, "Update: " + STORY, "No truce holds here.", "Rain again."],
                "id": ["a", "b", "c", "d"],
                "source": ["A", "A", "B", "B"],
                "date": ["2031-03-03", "2031-03-04", None, "2031-03-05T10:00"],
            }
        )
        self.tokens: Any = ng.tokenize(self.corpus)
        self.view: Any = self.tokens.view(lower=True)
        self.counts: Any = self.view.counts()
        self.grouped: Any = self.counts.group("source")
        self.foreign: Any = ng.Counts.from_matrix([[1, 0], [2, 3]], ["truce", "port"])
        self.found: Any = ng.near_duplicates(self.corpus)
        self.table: Any = ng.keyness(self.counts, target={"source": "A"})
        self.audit: Any = self.table.audit(3)

    def state(self) -> bytes:
        """Return everything that a call could have changed, as bytes."""
        return pickle.dumps(
            (
                self.corpus.texts,
                self.corpus.ids,
                self.corpus.dates,
                self.tokens.ids.tolist(),
                self.view.vocabulary,
                self.counts.data.tolist(),
                self.grouped.data.tolist(),
                self.found.labels.tolist(),
                self.found.pairs.to_dicts(),
                repr(self.table.to_dicts()),
                self.audit["verdict"],
            )
        )


@dataclass(frozen=True)
class Wrong:
    """One wrong call."""

    name: str
    call: Callable[[Things], object]
    error: type[Exception]
    words: tuple[str, ...]
    parameter: str | None = None
    row: int | None = field(default=None)


def _fails_at(count: int) -> Iterator[str]:
    """Yield texts until the file ends too early."""
    for number in range(count):
        yield f"text {number}"
    message = "the connection was lost"
    raise ConnectionError(message)


def _corpus(**columns: Any) -> Callable[[Things], object]:
    return lambda _: ng.Corpus(columns)


def _texts(data: Any) -> Callable[[Things], object]:
    return lambda _: ng.tokenize(data)


NAN, BIG = math.nan, 2**40

# Wrong calls have wrong types; that is not what is asked here.
api: Any = ng

WRONG = [
    # ---- documents -----------------------------------------------------------------------------
    Wrong("a bare string", _texts("text"), ng.TextTypeError, ("single str", "[text]")),
    Wrong("bytes", _texts(b"text"), ng.TextTypeError, ("bytes", "decode")),
    Wrong("a path", _texts(Path("a.txt")), ng.TextTypeError, ("path", "read_corpus")),
    Wrong("None", _texts(None), ng.TextTypeError, ("NoneType", "list of str")),
    Wrong("a number", _texts(3), ng.TextTypeError, ("int", "list of str")),
    Wrong("a set", _texts({"a"}), ng.TextTypeError, ("set", "sorted")),
    Wrong("a foreign object", _texts(object()), ng.TextTypeError, ("object", "list of str")),
    Wrong(
        "bytes in a list",
        _texts(["a", b"b"]),
        ng.TextTypeError,
        ("Row 1", "bytes", "decode"),
        row=1,
    ),
    Wrong(
        "a nested list", _texts([["a", "b"]]), ng.TextTypeError, ("Row 0", "list", "join"), row=0
    ),
    Wrong("a number in a list", _texts(["a", 7]), ng.TextTypeError, ("Row 1", "int", "str"), row=1),
    Wrong(
        "a dict after texts",
        _texts(["a", {"text": "b"}]),
        ng.TextTypeError,
        ("Row 1", "dict"),
        row=1,
    ),
    Wrong(
        "a text after dicts",
        _texts([{"text": "b"}, "a"]),
        ng.TextTypeError,
        ("Row 1", "str"),
        row=1,
    ),
    Wrong(
        "NaN first", _texts([NAN, "a", "b"]), ng.TextTypeError, ("1 of 3", "row 0", "skip"), row=0
    ),
    Wrong(
        "NaN last", _texts(["a", "b", NAN]), ng.TextTypeError, ("1 of 3", "row 2", "skip"), row=2
    ),
    Wrong(
        "None in the middle", _texts(["a", None, "b"]), ng.TextTypeError, ("row 1", "skip"), row=1
    ),
    Wrong(
        "two dimensions",
        _texts(np.array([["a"], ["b"]])),
        ng.InputError,
        ("2 dimensions", "ravel"),
    ),
    Wrong("numbers", _texts(np.arange(3)), ng.TextTypeError, ("Row 0", "int"), row=0),
    # ---- corpus --------------------------------------------------------------------------------
    Wrong(
        "a wrong column",
        lambda _: api.Corpus({"body": ["a"], "id": ["b"]}, text="bdy"),
        ng.InputError,
        ("text is 'bdy'", "'body'", "did you mean"),
        "text",
    ),
    Wrong(
        "no column text",
        lambda _: api.Corpus({"article": ["a"]}),
        ng.InputError,
        ("text is 'text'", "'article'", "text="),
        "text",
    ),
    Wrong(
        "unequal columns",
        _corpus(text=["a", "b"], source=["A"]),
        ng.InputError,
        ("'source': 1", "length"),
    ),
    Wrong(
        "a column that is a str",
        _corpus(text="abc"),
        ng.InputError,
        ("'text'", "str", "[document]"),
    ),
    Wrong(
        "too few ids",
        lambda _: api.Corpus(["a", "b"], id=["x"]),
        ng.InputError,
        ("id has 1 value", "2 documents", "one per document"),
        "id",
    ),
    Wrong(
        "an id twice",
        _corpus(text=["a", "b", "c"], id=["x", "y", "x"]),
        ng.InputError,
        ("'x'", "row 0", "row 2"),
        "id",
        2,
    ),
    Wrong(
        "a missing id",
        _corpus(text=["a", "b"], id=["x", None]),
        ng.InputError,
        ("row 1", "missing"),
        "id",
        1,
    ),
    Wrong(
        "ids of two types",
        _corpus(text=["a", "b"], id=["x", 2]),
        ng.InputError,
        ("row 1", "2", "all"),
        "id",
        1,
    ),
    Wrong(
        "ids that are floats",
        _corpus(text=["a"], id=[1.0]),
        ng.InputError,
        ("row 0", "1.0", "float"),
        "id",
        0,
    ),
    Wrong(
        "ids that are bool",
        _corpus(text=["a"], id=[True]),
        ng.InputError,
        ("row 0", "True", "bool"),
        "id",
        0,
    ),
    Wrong(
        "a date in words",
        _corpus(text=["a", "b"], date=["2031-03-03", "May"]),
        ng.InputError,
        ("row 1", "'May'", "2031-03-08"),
        "date",
        1,
    ),
    Wrong(
        "a date that is a number",
        _corpus(text=["a"], date=[20310303]),
        ng.InputError,
        ("row 0", "20310303"),
        "date",
        0,
    ),
    Wrong(
        "a 13th month",
        _corpus(text=["a"], date=["2031-13-01"]),
        ng.InputError,
        ("row 0", "2031-13-01"),
        "date",
        0,
    ),
    Wrong(
        "missing=",
        lambda _: api.Corpus(["a"], missing="drop"),
        ng.ParameterError,
        ("missing is 'drop'", "'skip'"),
        "missing",
    ),
    Wrong(
        "an id that is not there",
        lambda t: t.corpus.by_id("z"),
        ng.InputError,
        ("'z'", "corpus.ids"),
        "id",
    ),
    Wrong("an id as a row", lambda t: t.corpus["a"], ng.InputError, ("'a'", "by_id")),
    Wrong("a short mask", lambda t: t.corpus[np.array([True])], ng.InputError, ("mask", "1", "4")),
    Wrong(
        "a row beyond the end",
        lambda t: t.corpus[[0, 9]],
        ng.InputError,
        ("Row 9", "4 documents"),
        row=9,
    ),
    Wrong("a row twice", lambda t: t.corpus[[0, 0]], ng.InputError, ("twice", "once")),
    Wrong("rows that are floats", lambda t: t.corpus[[0.5]], ng.InputError, ("row", "mask")),
    Wrong(
        "where without such a column",
        lambda t: t.corpus.where(outlet="A"),
        ng.ParameterError,
        ("'outlet'", "source"),
        "outlet",
    ),
    # ---- concordance ---------------------------------------------------------------------------
    Wrong(
        "concordance: a pattern of bytes",
        lambda t: api.concordance(t.tokens, b"a"),
        ng.ParameterError,
        ("pattern is b'a'", "str", "limit*"),
        "pattern",
    ),
    Wrong(
        "concordance: no pattern",
        lambda t: api.concordance(t.tokens, None),
        ng.ParameterError,
        ("pattern is None", "str"),
        "pattern",
    ),
    Wrong(
        "concordance: an empty pattern",
        lambda t: api.concordance(t.tokens, ""),
        ng.ParameterError,
        ("pattern is ''", "hold a word"),
        "pattern",
    ),
    Wrong(
        "concordance: a pattern of spaces",
        lambda t: api.concordance(t.tokens, " \u3000"),
        ng.ParameterError,
        ("pattern is ' ", "hold a word"),
        "pattern",
    ),
    Wrong(
        "concordance: half a character in a pattern to look for",
        lambda t: api.concordance(t.tokens, "a\ud800"),
        ng.ParameterError,
        ("pattern is 'a", "surrogate"),
        "pattern",
    ),
    Wrong(
        "concordance: a pattern too long",
        lambda t: api.concordance(t.tokens, "ab " * 4000),
        ng.PatternError,
        ("12000 bytes", "limit is 10000", "set_limits(pattern_bytes=12000)"),
        "pattern",
    ),
    Wrong(
        "concordance: a regex too long",
        lambda t: api.concordance(t.tokens, "ab " * 4000, regex=True),
        ng.PatternError,
        ("12000 bytes", "limit is 10000"),
        "pattern",
    ),
    Wrong(
        "concordance: a regex that cannot be",
        lambda t: api.concordance(t.tokens, "truce (", regex=True),
        ng.PatternError,
        ('pattern is "("', "character"),
        "pattern",
    ),
    Wrong(
        "concordance: a regex for nothing",
        lambda t: api.concordance(t.tokens, "x*", regex=True),
        ng.PatternError,
        ('pattern is "x*"', "empty string"),
        "pattern",
    ),
    Wrong(
        "concordance: a hostile regex",
        lambda t: api.concordance(t.tokens, r"(\w{1,100}){1,100}", regex=True),
        ng.PatternError,
        ("pattern is", "limit of 10485760 bytes"),
        "pattern",
    ),
    Wrong(
        "concordance: too many words",
        lambda t: api.concordance(t.tokens, "a b " * 60),
        ng.ParameterError,
        ('pattern is "a b a b', "more than 100 words"),
        "pattern",
    ),
    Wrong(
        "concordance: window=0",
        lambda t: api.concordance(t.tokens, "a", window=0),
        ng.ParameterError,
        ("window is", "from 1 to 1,000", "pass 8"),
        "window",
    ),
    Wrong(
        "concordance: window=-1",
        lambda t: api.concordance(t.tokens, "a", window=-1),
        ng.ParameterError,
        ("window is", "from 1 to 1,000", "pass 8"),
        "window",
    ),
    Wrong(
        "concordance: window=BIG",
        lambda t: api.concordance(t.tokens, "a", window=BIG),
        ng.ParameterError,
        ("window is", "from 1 to 1,000", "pass 8"),
        "window",
    ),
    Wrong(
        "concordance: window=2.5",
        lambda t: api.concordance(t.tokens, "a", window=2.5),
        ng.ParameterError,
        ("window is", "from 1 to 1,000", "pass 8"),
        "window",
    ),
    Wrong(
        "concordance: window=True",
        lambda t: api.concordance(t.tokens, "a", window=True),
        ng.ParameterError,
        ("window is", "from 1 to 1,000", "pass 8"),
        "window",
    ),
    Wrong(
        "concordance: window='8'",
        lambda t: api.concordance(t.tokens, "a", window="8"),
        ng.ParameterError,
        ("window is", "from 1 to 1,000", "pass 8"),
        "window",
    ),
    Wrong(
        "concordance: an unknown sort",
        lambda t: api.concordance(t.tokens, "a", sort="before"),
        ng.ParameterError,
        ("sort is 'before'", "'left' or 'right'"),
        "sort",
    ),
    Wrong(
        "concordance: a sort by sources that are not there",
        lambda _: api.concordance(["a"], "a", sort="source"),
        ng.ParameterError,
        ("sort is 'source'", "have no source", "source=…"),
        "sort",
    ),
    Wrong(
        "concordance: a sort by dates that are not there",
        lambda _: api.concordance(["a"], "a", sort="date"),
        ng.ParameterError,
        ("sort is 'date'", "have no date", "date=…"),
        "sort",
    ),
    Wrong(
        "concordance: limit=0",
        lambda t: api.concordance(t.tokens, "a", limit=0),
        ng.ParameterError,
        ("limit is 0", "from 1 to", "None"),
        "limit",
    ),
    Wrong(
        "concordance: regex='yes'",
        lambda t: api.concordance(t.tokens, "a", regex="yes"),
        ng.ParameterError,
        ("regex is 'yes'", "True or False"),
        "regex",
    ),
    Wrong(
        "concordance: a concordance of a str",
        lambda _: api.concordance("text", "a"),
        ng.TextTypeError,
        ("single str", "[text]"),
        None,
    ),
    Wrong(
        "concordance: a concordance of counts",
        lambda t: api.concordance(t.counts, "a"),
        ng.TextTypeError,
        ("Counts",),
        None,
    ),
    # ---- tokens and views ----------------------------------------------------------------------
    Wrong(
        "a language that is none",
        lambda t: api.tokenize(t.corpus, language="frr"),
        ng.ParameterError,
        ("language is 'frr'", "ISO 639", "'fr-CA'", "None"),
        "language",
    ),
    Wrong(
        "a language that is no str",
        lambda t: api.tokenize(t.corpus, language=3),
        ng.ParameterError,
        ("language is 3", "'fr'"),
        "language",
    ),
    Wrong(
        "stop words of no language",
        lambda _: api.stop_words("iso:klingon"),
        ng.ParameterError,
        ("stop_words is 'iso:klingon'", "there is no list", "fi, fr"),
        "stop_words",
    ),
    Wrong(
        "stop words of what is no str",
        lambda _: api.stop_words(3),
        ng.ParameterError,
        ("stop_words is 3", "'en'"),
        "stop_words",
    ),
    Wrong(
        "an unknown tailoring",
        lambda t: api.tokenize(t.corpus, tailorings=["addresses", "emoji"]),
        ng.ParameterError,
        ('tailorings is "emoji"', "addresses, initials, possessives, run_on", "True or False"),
        "tailorings",
    ),
    Wrong(
        "an unknown tailoring as a bare str",
        lambda t: api.tokenize(t.corpus, tailorings="adresses"),
        ng.ParameterError,
        ('tailorings is "adresses"', "choose from addresses"),
        "tailorings",
    ),
    Wrong(
        "a tailoring without a name",
        lambda t: api.tokenize(t.corpus, tailorings=["elision", ""]),
        ng.ParameterError,
        ('tailorings is ""', "choose from"),
        "tailorings",
    ),
    Wrong(
        "a number of tailorings",
        lambda t: api.tokenize(t.corpus, tailorings=1),
        ng.ParameterError,
        ("tailorings is 1", "list of str", "True, False"),
        "tailorings",
    ),
    Wrong(
        "a tailoring that is no str",
        lambda t: api.tokenize(t.corpus, tailorings=["spaces", 3]),
        ng.ParameterError,
        ("tailorings is 3", "must be a str", "True, False"),
        "tailorings",
    ),
    Wrong(
        "tailorings of bytes",
        lambda t: api.tokenize(t.corpus, tailorings=b"addresses"),
        ng.ParameterError,
        ("tailorings is b'addresses'", "list of str"),
        "tailorings",
    ),
    Wrong(
        "tailorings in bytes",
        lambda t: api.tokenize(t.corpus, tailorings=[b"addresses"]),
        ng.ParameterError,
        ("tailorings is b'addresses'", "must be a str"),
        "tailorings",
    ),
    Wrong(
        "tailorings None",
        lambda t: api.tokenize(t.corpus, tailorings=None),
        ng.ParameterError,
        ("tailorings is None", "True, False"),
        "tailorings",
    ),
    Wrong(
        "tailorings with half a character",
        lambda t: api.tokenize(t.corpus, tailorings=["\ud800"]),
        ng.ParameterError,
        ("tailorings is",),
        "tailorings",
    ),
    Wrong(
        "lower in no language",
        lambda t: t.tokens.view(lower="tru"),
        ng.ParameterError,
        ("lower is 'tru'", "None"),
        "lower",
    ),
    Wrong(
        "normalize='nfc'",
        lambda t: t.tokens.view(normalize="nfc"),
        ng.ParameterError,
        ("normalize is 'nfc'", "'NFC' or 'NFKC' or None"),
        "normalize",
    ),
    Wrong(
        "strip_accents='unicode'",
        lambda t: t.tokens.view(strip_accents="unicode"),
        ng.ParameterError,
        ("strip_accents is 'unicode'", "True or False"),
        "strip_accents",
    ),
    Wrong(
        "a phrase among stop words",
        lambda t: t.tokens.view(stop_words=["new york"]),
        ng.ParameterError,
        ("stop_words is 'new york'", "white space", "one by one"),
        "stop_words",
    ),
    Wrong(
        "a dictionary that is a list",
        lambda t: t.tokens.dictionary(["trade"]),
        ng.ParameterError,
        ("dictionary is ['trade']", "dict of categories", "'tariff*'"),
        "dictionary",
    ),
    Wrong(
        "a value that matches everything",
        lambda t: t.tokens.dictionary({"all": ["*"]}),
        ng.ParameterError,
        ("dictionary is '*'", "every token", "leave it out"),
        "dictionary",
    ),
    Wrong(
        "a view of categories",
        lambda t: t.tokens.dictionary({"a": ["truce"]}).view(lower=True),
        ng.ParameterError,
        ("view needs words", "categories of a dictionary"),
        "tokens",
    ),
    Wrong(
        "a concordance of categories",
        lambda t: api.concordance(t.tokens.dictionary({"a": ["truce"]}), "truce"),
        ng.ParameterError,
        ("concordance needs words", "search the view"),
        "tokens",
    ),
    Wrong(
        "sentences of categories",
        lambda t: t.tokens.dictionary({"a": ["truce"]}).sentence_starts,
        ng.ParameterError,
        ("sentence_starts needs words", "may cross sentences"),
        "tokens",
    ),
    Wrong(
        "tokens['a']",
        lambda t: t.tokens["a"],
        ng.ParameterError,
        ("row is 'a'", "whole number", "ids.index"),
        "row",
    ),
    Wrong(
        "tokens[0:1]",
        lambda t: t.tokens[0:1],
        ng.ParameterError,
        ("row is slice(0, 1, None)", "one by one", "for row in range"),
        "row",
    ),
    Wrong(
        "'truce' in tokens",
        lambda t: "truce" in t.tokens,
        ng.ParameterError,
        ("document is 'truce'", "lists of str", "tokens.vocabulary"),
        "document",
    ),
    Wrong(
        "kinds=[]",
        lambda t: t.tokens.view(kinds=[]),
        ng.ParameterError,
        ("kinds is []", "keeps no token", "None"),
        "kinds",
    ),
    Wrong(
        "n-grams of categories",
        lambda t: t.tokens.dictionary({"a": ["truce"]}).counts(ngram_range=(1, 2)),
        ng.ParameterError,
        ("ngram_range is (1, 2)", "categories"),
        "ngram_range",
    ),
    Wrong(
        "threads=0",
        lambda t: api.tokenize(t.corpus, threads=0),
        ng.ParameterError,
        ("threads is 0", "1 to 1,024", "leave it out"),
        "threads",
    ),
    Wrong(
        "threads=-1",
        lambda t: api.tokenize(t.corpus, threads=-1),
        ng.ParameterError,
        ("threads is -1",),
        "threads",
    ),
    Wrong(
        "threads=True",
        lambda t: api.tokenize(t.corpus, threads=True),
        ng.ParameterError,
        ("threads is True",),
        "threads",
    ),
    Wrong(
        "threads=2.0",
        lambda t: api.tokenize(t.corpus, threads=2.0),
        ng.ParameterError,
        ("threads is 2.0",),
        "threads",
    ),
    Wrong(
        "threads=2**40",
        lambda t: api.tokenize(t.corpus, threads=BIG),
        ng.ParameterError,
        (f"threads is {BIG}",),
        "threads",
    ),
    Wrong(
        "set_threads(2**80)",
        lambda _: api.set_threads(2**80),
        ng.ParameterError,
        ("threads is", "1 to 1,024"),
        "threads",
    ),
    Wrong(
        "set_threads(-1)",
        lambda _: api.set_threads(-1),
        ng.ParameterError,
        ("threads is -1",),
        "threads",
    ),
    Wrong(
        "set_threads('2')",
        lambda _: api.set_threads("2"),
        ng.ParameterError,
        ("threads is '2'",),
        "threads",
    ),
    Wrong(
        "progress=3",
        lambda t: api.tokenize(t.corpus, progress=3),
        ng.ParameterError,
        ("progress is 3", "leave it out"),
        "progress",
    ),
    Wrong(
        "language=5",
        lambda t: api.tokenize(t.corpus, language=5),
        ng.ParameterError,
        ("language is 5", "'fr'"),
        "language",
    ),
    Wrong(
        "pattern=5",
        lambda t: api.tokenize(t.corpus, pattern=5),
        ng.ParameterError,
        ("pattern is 5", "pass"),
        "pattern",
    ),
    Wrong(
        "an open group",
        lambda t: api.tokenize(t.corpus, pattern="(a"),
        ng.PatternError,
        ('"(a"', "unclosed"),
        "pattern",
    ),
    Wrong(
        "look-around",
        lambda t: api.tokenize(t.corpus, pattern="(?=a)b"),
        ng.PatternError,
        ("look-around",),
        "pattern",
    ),
    Wrong(
        "an empty match",
        lambda t: api.tokenize(t.corpus, pattern="a*"),
        ng.PatternError,
        ("empty", "+"),
        "pattern",
    ),
    Wrong(
        "an empty pattern",
        lambda t: api.tokenize(t.corpus, pattern=""),
        ng.PatternError,
        ("empty",),
        "pattern",
    ),
    Wrong(
        "a long pattern",
        lambda t: api.tokenize(t.corpus, pattern="a" * 20_000),
        ng.PatternError,
        ("20000", "10000"),
        "pattern",
    ),
    Wrong(
        "a pattern too large",
        lambda t: api.tokenize(t.corpus, pattern=r"(\w{500}){500}"),
        ng.PatternError,
        ("10485760", "repeat less"),
        "pattern",
    ),
    Wrong(
        "a nested pattern",
        lambda t: api.tokenize(t.corpus, pattern="(" * 3000 + "a" + ")" * 3000),
        ng.PatternError,
        ("nest",),
        "pattern",
    ),
    Wrong(
        "hyphens=",
        lambda t: t.tokens.view(hyphens="drop"),
        ng.ParameterError,
        ("hyphens is 'drop'", "'join'"),
        "hyphens",
    ),
    Wrong(
        "lower=1",
        lambda t: t.tokens.view(lower=1),
        ng.ParameterError,
        ("lower is 1", "True, False or a language"),
        "lower",
    ),
    Wrong(
        "min_length=-1",
        lambda t: t.tokens.view(min_length=-1),
        ng.ParameterError,
        ("min_length is -1",),
        "min_length",
    ),
    Wrong(
        "min_length=True",
        lambda t: t.tokens.view(min_length=True),
        ng.ParameterError,
        ("min_length is True",),
        "min_length",
    ),
    Wrong(
        "min_length=2**40",
        lambda t: t.tokens.view(min_length=BIG),
        ng.ParameterError,
        ("min_length is",),
        "min_length",
    ),
    Wrong(
        "an unknown kind",
        lambda t: t.tokens.view(kinds=["verb"]),
        ng.ParameterError,
        ("verb", "word"),
        "kinds",
    ),
    Wrong(
        "a kind that is no str",
        lambda t: t.tokens.view(kinds=[3]),
        ng.ParameterError,
        ("kinds is 3",),
        "kinds",
    ),
    Wrong(
        "an unknown stemmer",
        lambda t: t.tokens.view(stem="klingon"),
        ng.ParameterError,
        ("klingon", "es, et, eu", "ru, "),
        "stem",
    ),
    Wrong(
        "stem=True",
        lambda t: t.tokens.view(stem=True),
        ng.ParameterError,
        ("stem is True", "'en'"),
        "stem",
    ),
    Wrong(
        "an unknown list of stop words",
        lambda t: t.tokens.view(stop_words="klingon"),
        ng.ParameterError,
        ("klingon",),
        "stop_words",
    ),
    Wrong(
        "a stop word that is no str",
        lambda t: t.tokens.view(stop_words=["a", None]),
        ng.ParameterError,
        ("stop_words is None",),
        "stop_words",
    ),
    Wrong("a row of tokens", lambda t: t.tokens[9], IndexError, ("9", "4 documents")),
    Wrong(
        "half a character as a stop word",
        lambda t: t.tokens.view(stop_words=["a", "\ud800"]),
        ng.ParameterError,
        ("stop_words is", "lone surrogate", "U+FFFD"),
        "stop_words",
    ),
    Wrong(
        "half a character in a pattern",
        lambda t: api.tokenize(t.corpus, pattern="a\ud800"),
        ng.ParameterError,
        ("pattern is", "lone surrogate"),
        "pattern",
    ),
    # ---- counts --------------------------------------------------------------------------------
    Wrong(
        "ngram_range=2",
        lambda t: t.view.counts(ngram_range=2),
        ng.ParameterError,
        ("ngram_range is 2", "(1, 2)"),
        "ngram_range",
    ),
    Wrong(
        "a falling range",
        lambda t: t.view.counts(ngram_range=(2, 1)),
        ng.ParameterError,
        ("(2, 1)", "rise"),
        "ngram_range",
    ),
    Wrong(
        "n-grams of 99 words",
        lambda t: t.view.counts(ngram_range=(1, 99)),
        ng.ParameterError,
        ("99", "16"),
        "ngram_range",
    ),
    Wrong(
        "n-grams of no words",
        lambda t: t.view.counts(ngram_range=(0, 1)),
        ng.ParameterError,
        ("0", "16"),
        "ngram_range",
    ),
    Wrong(
        "skip=-1",
        lambda t: t.view.counts(ngram_range=(2, 2), skip=-1),
        ng.ParameterError,
        ("skip is -1", "from 0 to 16", "range(3)"),
        "skip",
    ),
    Wrong(
        "a skip of text",
        lambda t: t.view.counts(ngram_range=(2, 2), skip="1"),
        ng.ParameterError,
        ("skip is '1'", "whole number"),
        "skip",
    ),
    Wrong(
        "no skip at all",
        lambda t: t.view.counts(ngram_range=(2, 2), skip=[]),
        ng.ParameterError,
        ("skip is []", "at least one"),
        "skip",
    ),
    Wrong(
        "n-grams within words",
        lambda t: t.view.counts(ngram_range=(2, 2), within="word"),
        ng.ParameterError,
        ("within is 'word'", "'sentence'"),
        "within",
    ),
    Wrong(
        "min_df=1.5",
        lambda t: t.view.counts(min_df=1.5),
        ng.ParameterError,
        ("min_df is 1.5", "from 0 to 1"),
        "min_df",
    ),
    Wrong(
        "max_df=NaN",
        lambda t: t.view.counts(max_df=NAN),
        ng.ParameterError,
        ("max_df is nan",),
        "max_df",
    ),
    Wrong(
        "min_df=-1",
        lambda t: t.view.counts(min_df=-1),
        ng.ParameterError,
        ("min_df is -1",),
        "min_df",
    ),
    Wrong(
        "min_df over max_df",
        lambda t: t.view.counts(min_df=3, max_df=2),
        ng.ParameterError,
        ("max_df is 2", "min_df=3"),
        "max_df",
    ),
    Wrong(
        "across_gaps='no'",
        lambda t: t.view.counts(across_gaps="no"),
        ng.ParameterError,
        ("across_gaps is 'no'",),
        "across_gaps",
    ),
    Wrong(
        "groups of another length",
        lambda t: t.counts.group([1, 2]),
        ng.InputError,
        ("by has 2", "4 documents"),
        "by",
    ),
    Wrong(
        "more documents than there are",
        lambda t: t.view.counts(min_df=5),
        ng.ParameterError,
        ("min_df is 5", "only 4 documents"),
        "min_df",
    ),
    Wrong(
        "a term where a row belongs",
        lambda t: t.counts["truce"],
        ng.ParameterError,
        ("row is 'truce'", "column('truce')"),
        "row",
    ),
    Wrong(
        "rows where one belongs",
        lambda t: t.counts.tfidf()[0:1],
        ng.ParameterError,
        ("row is slice(0, 1, None)", "one row", "matrix"),
        "row",
    ),
    Wrong(
        "half a row",
        lambda t: t.counts[0.5],
        ng.ParameterError,
        ("row is 0.5", "from 0"),
        "row",
    ),
    Wrong(
        "a term among rows",
        lambda t: "truce" in t.counts,
        ng.ParameterError,
        ("'truce'", "in counts.terms"),
        "term",
    ),
    Wrong(
        "weights by groups",
        lambda t: t.counts.tfidf().top(by="source"),
        ng.ParameterError,
        ("by is 'source'", "counts.group(by).tfidf()"),
        "by",
    ),
    Wrong(
        "groups by a part that was not given",
        lambda _: ng.tokenize(["a"]).counts().group("source"),
        ng.ParameterError,
        ("'source'", "it has id"),
        "source",
    ),
    Wrong(
        "the top by a part that was not given",
        lambda _: ng.tokenize(["a"]).counts().top(by="title"),
        ng.ParameterError,
        ("'title'", "it has id"),
        "title",
    ),
    Wrong(
        "documents of a source that was not given",
        lambda _: ng.Corpus(["a"]).where(source="A"),
        ng.ParameterError,
        ("'source'", "it has id"),
        "source",
    ),
    Wrong(
        "a target of a source that was not given",
        lambda _: ng.keyness(ng.tokenize(["a"]).counts(), target={"source": "A"}),
        ng.ParameterError,
        ("'source'", "it has id"),
        "source",
    ),
    Wrong(
        "strata of a date that was not given",
        lambda _: ng.keyness(ng.tokenize(["a", "b"]).counts(), target=[0], strata="date"),
        ng.ParameterError,
        ("'date'", "it has id"),
        "date",
    ),
    Wrong(
        "by a source that was not given",
        lambda _: ng.compare(["a"]),
        ng.ParameterError,
        ("by is 'source'", "it has id"),
        "by",
    ),
    Wrong(
        "a list in place of counts",
        lambda t: api.keyness(t.counts, target=[0], reference={"the": 5}),
        ng.ParameterError,
        ("reference is {'the': 5}", "Counts.from_matrix"),
        "reference",
    ),
    Wrong(
        "a Series with one label twice",
        lambda _: api.Counts.from_matrix(pd.Series([1, 2], index=["a", "a"])),
        ng.InputError,
        ("'a' twice", "groupby"),
        "matrix",
    ),
    Wrong(
        "groups by no column",
        lambda t: t.counts.group("outlet"),
        ng.ParameterError,
        ("'outlet'",),
        "outlet",
    ),
    Wrong(
        "groups by a number",
        lambda t: t.counts.group(2),
        ng.InputError,
        ("by is int", "list of values"),
        "by",
    ),
    Wrong(
        "groups by lists",
        lambda t: t.counts.group([["a"], "b", "c", "d"]),
        ng.InputError,
        ("['a'] in row 0", "column"),
        "by",
        0,
    ),
    Wrong(
        "groups by a column without a corpus",
        lambda t: t.foreign.group("source"),
        ng.ParameterError,
        ("by is 'source'", "no corpus", "one label a document"),
        "by",
    ),
    Wrong(
        "max_terms=0",
        lambda t: t.view.counts(max_terms=0),
        ng.ParameterError,
        ("max_terms is 0", "at least 1", "leave it out"),
        "max_terms",
    ),
    Wrong(
        "max_terms as a share",
        lambda t: t.view.counts(max_terms=0.5),
        ng.ParameterError,
        ("max_terms is 0.5", "whole number"),
        "max_terms",
    ),
    Wrong(
        "a term that is not there",
        lambda t: t.counts.column("Truce"),
        ng.ParameterError,
        ("term is 'Truce'", "terms"),
        "term",
    ),
    Wrong(
        "the column of a number",
        lambda t: t.counts.column(3),
        ng.ParameterError,
        ("term is 3", "str"),
        "term",
    ),
    Wrong(
        "the top 0",
        lambda t: t.counts.top(0),
        ng.ParameterError,
        ("n is 0", "at least 1"),
        "n",
    ),
    # ---- weights -------------------------------------------------------------------------------
    Wrong(
        "norm='l3'",
        lambda t: t.counts.tfidf(norm="l3"),
        ng.ParameterError,
        ("norm is 'l3'", "'l2' or 'l1' or None"),
        "norm",
    ),
    Wrong(
        "smooth_idf=1",
        lambda t: t.counts.tfidf(smooth_idf=1),
        ng.ParameterError,
        ("smooth_idf is 1", "True or False"),
        "smooth_idf",
    ),
    Wrong(
        "a logarithm to the base 1",
        lambda t: t.counts.tfidf(base=1),
        ng.ParameterError,
        ("base is 1", "above 1", "math.e"),
        "base",
    ),
    Wrong(
        "two things in place of the count",
        lambda t: t.counts.tfidf(proportion=True, sublinear_tf=True),
        ng.ParameterError,
        ("proportion is True", "sublinear_tf", "one of the two"),
        "proportion",
    ),
    Wrong(
        "k1 below 0",
        lambda t: t.counts.bm25(k1=-1),
        ng.ParameterError,
        ("k1 is -1", "1.2"),
        "k1",
    ),
    Wrong(
        "b=NaN",
        lambda t: t.counts.bm25(b=NAN),
        ng.ParameterError,
        ("b is nan", "from 0 to 1"),
        "b",
    ),
    Wrong(
        "a method that is not there",
        lambda t: t.counts.bm25(method="atire"),
        ng.ParameterError,
        ("method is 'atire'", "'lucene' or 'robertson'"),
        "method",
    ),
    Wrong(
        "rates per nothing",
        lambda t: t.counts.relative(per=0),
        ng.ParameterError,
        ("per is 0", "1_000_000"),
        "per",
    ),
    Wrong(
        "groups of weights",
        lambda t: t.counts.tfidf().group("source"),
        ng.ParameterError,
        ("by is 'source'", "sums of weights", "counts.group(by).tfidf()"),
        "by",
    ),
    # ---- counts of others ----------------------------------------------------------------------
    Wrong(
        "a negative count",
        lambda _: api.Counts.from_matrix([[1, 2], [0, -3]], ["a", "b"]),
        ng.InputError,
        ('Row 1 holds -3 times "b"', "negative"),
        "matrix",
        1,
    ),
    Wrong(
        "a very negative count",
        lambda _: api.Counts.from_matrix([[-1e300]], ["a"]),
        ng.InputError,
        ('Row 0 holds -1e+300 times "a"', "negative"),
        "matrix",
        0,
    ),
    Wrong(
        "half a count",
        lambda _: api.Counts.from_matrix([[1.0, 2.5]], ["a", "b"]),
        ng.InputError,
        ('Row 0 holds 2.5 times "b"', "whole number", "weighted"),
        "matrix",
        0,
    ),
    Wrong(
        "a count of NaN",
        lambda _: api.Counts.from_matrix(np.array([[0.0], [NAN]]), ["a"]),
        ng.InputError,
        ('Row 1 holds nan times "a"', "whole number"),
        "matrix",
        1,
    ),
    Wrong(
        "a count of infinity",
        lambda _: api.Counts.from_matrix([[math.inf]], ["a"]),
        ng.InputError,
        ("Row 0 holds inf", "whole number"),
        "matrix",
        0,
    ),
    Wrong(
        "a count of 2³²",
        lambda _: api.Counts.from_matrix(np.array([[2**32]], dtype=np.uint64), ["a"]),
        ng.InputError,
        ('Row 0 holds 4294967296 times "a"', "4294967295", "split"),
        "matrix",
        0,
    ),
    Wrong(
        "two cells that pass 2³² together",
        lambda _: api.Counts.from_matrix(
            scipy.sparse.coo_array(([2**32 - 1, 1], ([0, 0], [1, 1])), shape=(1, 2)), ["a", "b"]
        ),
        ng.InputError,
        ('Row 0 holds 4294967296 times "b"', "split"),
        "matrix",
        0,
    ),
    Wrong(
        "a term with two columns",
        lambda _: api.Counts.from_matrix([[1, 2, 3]], ["a", "b", "a"]),
        ng.ParameterError,
        ('"a" in column 0 and in column 2', "add up"),
        "terms",
    ),
    Wrong(
        "too few terms",
        lambda _: api.Counts.from_matrix([[1, 2, 3]], ["a", "b"]),
        ng.InputError,
        ("terms has 2", "3 columns"),
        "terms",
    ),
    Wrong(
        "no terms",
        lambda _: api.Counts.from_matrix([[1, 2, 3]]),
        ng.ParameterError,
        ("terms is None", "get_feature_names_out"),
        "terms",
    ),
    Wrong(
        "terms without an order",
        lambda _: api.Counts.from_matrix([[1]], {"a"}),
        ng.ParameterError,
        ("terms is {'a'}", "order"),
        "terms",
    ),
    Wrong(
        "a matrix of one dimension",
        lambda _: api.Counts.from_matrix([1, 2], ["a", "b"]),
        ng.InputError,
        ("1 dimensions", "scipy"),
        "matrix",
    ),
    Wrong(
        "a matrix of words",
        lambda _: api.Counts.from_matrix([["x"]], ["a"]),
        ng.InputError,
        ("matrix is list of <U1", "whole numbers"),
        "matrix",
    ),
    Wrong(
        "a total below its row",
        lambda _: api.Counts.from_matrix([[1], [5]], ["a"], totals=[1, 4]),
        ng.InputError,
        ("Row 1 has the total 4", "holds 5 times"),
        "totals",
        1,
    ),
    Wrong(
        "half a total",
        lambda _: api.Counts.from_matrix([[1], [5]], ["a"], totals=[1.0, 5.5]),
        ng.ParameterError,
        ("totals is", "row 1 has the total 5.5"),
        "totals",
    ),
    Wrong(
        "a total for one of two rows",
        lambda _: api.Counts.from_matrix([[1], [5]], ["a"], totals=9),
        ng.ParameterError,
        ("totals is 9", "2 rows"),
        "totals",
    ),
    Wrong(
        "a corpus of another length",
        lambda t: api.Counts.from_matrix([[1]], ["a"], corpus=t.corpus),
        ng.InputError,
        ("corpus has 4 documents", "1 rows"),
        "corpus",
    ),
    Wrong(
        "texts in place of a corpus",
        lambda _: api.Counts.from_matrix([[1]], ["a"], corpus=["a"]),
        ng.ParameterError,
        ("corpus is ['a']", "nutgraf.Corpus"),
        "corpus",
    ),
    Wrong(
        "a corpus and ids",
        lambda t: api.Counts.from_matrix([[1]] * 4, ["a"], corpus=t.corpus, ids=[1, 2, 3, 4]),
        ng.ParameterError,
        ("ids is [1, 2, 3, 4]", "leave one"),
        "ids",
    ),
    Wrong(
        "too many ids",
        lambda _: api.Counts.from_matrix([[1]], ["a"], ids=["x", "y"]),
        ng.InputError,
        ("ids has 2 ids", "1 rows"),
        "ids",
    ),
    Wrong(
        "a list with terms",
        lambda _: api.Counts.from_matrix({"a": 1}, ["a"]),
        ng.ParameterError,
        ("terms is ['a']", "mapping", "leave terms out"),
        "terms",
    ),
    Wrong(
        "a list of words",
        lambda _: api.Counts.from_matrix({"a": 1, "b": "many"}),
        ng.InputError,
        ("Row 0 holds 'many' times \"b\"", "number"),
        "matrix",
        0,
    ),
    Wrong(
        "a list with a huge count",
        lambda _: api.Counts.from_matrix({"a": 10**30}),
        ng.InputError,
        ("Row 0 holds 1000000000", "32 bits"),
        "matrix",
        0,
    ),
    Wrong(
        "groups of groups",
        lambda t: t.grouped.group("source"),
        ng.ParameterError,
        ("grouped already",),
        "by",
    ),
    # ---- masks, repeats, furniture --------------------------------------------------------------
    Wrong(
        "a span beyond the text",
        lambda t: t.corpus.without({"row": [2], "start": [3], "end": [99]}),
        ng.InputError,
        ("Row 2", "99", "20 code points"),
        row=2,
    ),
    Wrong(
        "a span that ends before it starts",
        lambda t: t.corpus.without({"row": [0, 1], "start": [0, 5], "end": [3, 4]}),
        ng.InputError,
        ("row 1", "[5, 4)"),
        "spans",
        1,
    ),
    Wrong(
        "a span before the text",
        lambda t: t.corpus.without(np.array([[0, -3, 4]])),
        ng.InputError,
        ("row 0", "[-3, 4)", "0 or later"),
        "spans",
        0,
    ),
    Wrong(
        "a span of no document",
        lambda t: t.corpus.without({"row": [4], "start": [0], "end": [1]}),
        ng.InputError,
        ("Row 4", "4 documents"),
        row=4,
    ),
    Wrong(
        "a span of a document elsewhere",
        lambda t: t.corpus.without({"document": ["a", "x"], "start": [0, 0], "end": [1, 1]}),
        ng.InputError,
        ("document 'x'", "row 1", "before you select"),
        "spans",
        1,
    ),
    Wrong(
        "spans without columns",
        lambda t: t.corpus.without(t.found.pairs),
        ng.InputError,
        ("no column 'start'", "left"),
        "spans",
    ),
    Wrong(
        "spans of nothing",
        lambda t: t.corpus.without({"start": [0], "end": [1]}),
        ng.InputError,
        ("neither document nor row",),
        "spans",
    ),
    Wrong(
        "spans of shares",
        lambda t: t.corpus.without({"row": [0], "start": [0.5], "end": [1]}),
        ng.InputError,
        ("column start", "float64", "whole numbers"),
        "spans",
    ),
    Wrong(
        "spans of two columns",
        lambda t: t.corpus.without(np.array([[0, 3]])),
        ng.InputError,
        ("three columns", "(1, 2)"),
        "spans",
    ),
    Wrong(
        "spans as a sentence",
        lambda t: t.corpus.without("all of it"),
        ng.InputError,
        ("spans is 'all of it'", "table of spans"),
        "spans",
    ),
    Wrong(
        "spans of two lengths",
        lambda t: t.corpus.without({"row": [0], "start": [0, 1], "end": [1]}),
        ng.InputError,
        ("length",),
        None,
    ),
    Wrong(
        "min_tokens=2",
        lambda t: api.repeats(t.corpus, min_tokens=2),
        ng.ParameterError,
        ("min_tokens is 2", "from 3 to 1,000"),
        "min_tokens",
    ),
    Wrong(
        "repeats of categories",
        lambda t: api.repeats(t.tokens.dictionary({"a": ["truce"]})),
        ng.ParameterError,
        ("needs words",),
        "tokens",
    ),
    Wrong(
        "min_documents=1",
        lambda t: api.furniture(t.corpus, min_documents=1),
        ng.ParameterError,
        ("min_documents is 1", "from 2"),
        "min_documents",
    ),
    Wrong(
        "furniture by no column",
        lambda t: api.furniture(t.corpus, by="outlet"),
        ng.ParameterError,
        ("'outlet'", "source"),
        "outlet",
    ),
    Wrong(
        "furniture by too few labels",
        lambda t: api.furniture(t.corpus, by=["A"]),
        ng.InputError,
        ("by has 1 labels", "4 documents"),
        "by",
    ),
    Wrong(
        "furniture with clusters of others",
        lambda t: api.furniture(t.corpus, clusters=[0, 1]),
        ng.ParameterError,
        ("clusters is", "4 documents", "near_duplicates"),
        "clusters",
    ),
    Wrong(
        "suspected=1",
        lambda t: api.furniture(t.corpus, suspected=1),
        ng.ParameterError,
        ("suspected is 1", "True or False"),
        "suspected",
    ),
    Wrong(
        "mask=0",
        lambda t: api.compare(t.corpus, mask=0),
        ng.ParameterError,
        ("mask is 0", "True or False"),
        "mask",
    ),
    # ---- credits -------------------------------------------------------------------------------
    Wrong(
        "agencies as a list",
        lambda t: api.credits(t.corpus, agencies=["AP"]),
        ng.ParameterError,
        ("agencies is ['AP']", "mapping", "pass {"),
        "agencies",
    ),
    Wrong(
        "an agency without a name",
        lambda t: api.credits(t.corpus, agencies={" ": ["AP"]}),
        ng.ParameterError,
        ("agencies is ' '", "not empty"),
        "agencies",
    ),
    Wrong(
        "a spelling that is a number",
        lambda t: api.credits(t.corpus, agencies={"Orme": [3]}),
        ng.ParameterError,
        ("agencies is 3", "str"),
        "agencies",
    ),
    Wrong(
        "an empty spelling",
        lambda t: api.credits(t.corpus, agencies={"Orme": "  "}),
        ng.ParameterError,
        ("agencies is '  '", "1 to 200 characters"),
        "agencies",
    ),
    Wrong(
        "half a character in a spelling",
        lambda t: api.credits(t.corpus, agencies={"Orme": "\ud800"}),
        ng.ParameterError,
        ("agencies", "lone surrogate"),
        "agencies",
    ),
    Wrong(
        "too many spellings",
        lambda t: api.credits(t.corpus, agencies={"Orme": ["OW"] * 10_001}),
        ng.ParameterError,
        ("at most 10,000 spellings",),
        "agencies",
    ),
    Wrong(
        "credits of a str",
        lambda _: api.credits("PARIS (AFP) - A"),
        ng.TextTypeError,
        ("str",),
        None,
    ),
    # ---- near duplicates -----------------------------------------------------------------------
    Wrong(
        "threshold=NaN",
        lambda t: api.near_duplicates(t.corpus, threshold=NAN),
        ng.ParameterError,
        ("threshold is nan", "0.5"),
        "threshold",
    ),
    Wrong(
        "threshold=0",
        lambda t: api.near_duplicates(t.corpus, threshold=0),
        ng.ParameterError,
        ("threshold is 0", "above 0"),
        "threshold",
    ),
    Wrong(
        "threshold=50",
        lambda t: api.near_duplicates(t.corpus, threshold=50),
        ng.ParameterError,
        ("threshold is 50", "at most 1"),
        "threshold",
    ),
    Wrong(
        "threshold='0.5'",
        lambda t: api.near_duplicates(t.corpus, threshold="0.5"),
        ng.ParameterError,
        ("threshold is '0.5'",),
        "threshold",
    ),
    Wrong(
        "shingle=0",
        lambda t: api.near_duplicates(t.corpus, shingle=0),
        ng.ParameterError,
        ("shingle is 0", "64"),
        "shingle",
    ),
    Wrong(
        "shingle=2**40",
        lambda t: api.near_duplicates(t.corpus, shingle=BIG),
        ng.ParameterError,
        ("shingle is", "64"),
        "shingle",
    ),
    Wrong(
        "shingle=True",
        lambda t: api.near_duplicates(t.corpus, shingle=True),
        ng.ParameterError,
        ("shingle is True",),
        "shingle",
    ),
    Wrong(
        "unit='line'",
        lambda t: api.near_duplicates(t.corpus, unit="line"),
        ng.ParameterError,
        ("unit is 'line'", "'word' or 'char'"),
        "unit",
    ),
    Wrong(
        "linkage=",
        lambda t: api.near_duplicates(t.corpus, linkage="complete"),
        ng.ParameterError,
        ("linkage is 'complete'",),
        "linkage",
    ),
    Wrong(
        "method=",
        lambda t: api.near_duplicates(t.corpus, method="magic"),
        ng.ParameterError,
        ("method is 'magic'",),
        "method",
    ),
    Wrong(
        "containment=NaN",
        lambda t: api.near_duplicates(t.corpus, containment=NAN),
        ng.ParameterError,
        ("containment is nan", "0.8"),
        "containment",
    ),
    Wrong(
        "containment=80",
        lambda t: api.near_duplicates(t.corpus, containment=80),
        ng.ParameterError,
        ("containment is 80", "at most 1"),
        "containment",
    ),
    Wrong(
        "within=7",
        lambda t: api.near_duplicates(t.corpus, within=7),
        ng.ParameterError,
        ("within is 7", "hours, days or weeks", "'7d'"),
        "within",
    ),
    Wrong(
        "within='a week'",
        lambda t: api.near_duplicates(t.corpus, within="a week"),
        ng.ParameterError,
        ("within is 'a week'", "'36h'"),
        "within",
    ),
    Wrong(
        "within=-1 day",
        lambda t: api.near_duplicates(t.corpus, within=timedelta(-1)),
        ng.ParameterError,
        ("within is", "not negative"),
        "within",
    ),
    Wrong(
        "within without dates",
        lambda _: api.near_duplicates(["a", "b"], within="7d"),
        ng.ParameterError,
        ("within is '7d'", "no document has a date"),
        "within",
    ),
    Wrong(
        "across=no column",
        lambda t: api.near_duplicates(t.corpus, across="outlet"),
        ng.ParameterError,
        ("There is no column 'outlet'",),
        "outlet",
    ),
    Wrong(
        "across without sources",
        lambda _: api.near_duplicates(["a", "b"], across="source"),
        ng.ParameterError,
        ("across is 'source'", "no document has a source"),
        "across",
    ),
    Wrong(
        "across=7",
        lambda t: api.near_duplicates(t.corpus, across=7),
        ng.ParameterError,
        ("across is 7", "name of a column"),
        "across",
    ),
    Wrong(
        "across=too few labels",
        lambda t: api.near_duplicates(t.corpus, across=["A"]),
        ng.ParameterError,
        ("across is ['A']", "1 labels"),
        "across",
    ),
    Wrong(
        "across=lists",
        lambda _: api.near_duplicates(["a"], across=[["A"]]),
        ng.ParameterError,
        ("across is [['A']]", "str or numbers"),
        "across",
    ),
    Wrong(
        "across=labels of two corpora",
        lambda _: api.near_duplicates(["a"], against=["b"], across=["A", "B"]),
        ng.ParameterError,
        ("across is", "both corpora have"),
        "across",
    ),
    Wrong(
        "against=other words",
        lambda _: api.near_duplicates(["a"], against=ng.tokenize(["b"])),
        ng.ParameterError,
        ("against is", "pass its corpus"),
        "against",
    ),
    Wrong(
        "labels of two corpora",
        lambda _: api.near_duplicates(["a"], against=["b"]).labels,
        ng.ParameterError,
        ("labels are those of one corpus", "use pairs"),
        "against",
    ),
    Wrong(
        "clusters of two corpora",
        lambda _: api.near_duplicates(["a"], against=["b"]).clusters,
        ng.ParameterError,
        ("clusters are those of one corpus",),
        "against",
    ),
    Wrong(
        "recall= of an exact search",
        lambda t: api.near_duplicates(t.corpus, recall=0.9),
        ng.ParameterError,
        ("recall is 0.9", "minhash", "leave it out"),
        "recall",
    ),
    Wrong(
        "recall=1",
        lambda t: api.near_duplicates(t.corpus, method="minhash", recall=1),
        ng.ParameterError,
        ("recall is 1", "below 1", "exact"),
        "recall",
    ),
    Wrong(
        "slots=0",
        lambda t: api.near_duplicates(t.corpus, method="minhash", slots=0),
        ng.ParameterError,
        ("slots is 0", "1 to 4,096"),
        "slots",
    ),
    Wrong(
        "slots too few",
        lambda t: api.near_duplicates(t.corpus, method="minhash", slots=6),
        ng.ParameterError,
        ("slots is 6", "too few", "slots=7"),
        "slots",
    ),
    Wrong(
        "signatures, bits=8",
        lambda t: api.signatures(t.corpus, bits=8),
        ng.ParameterError,
        ("bits is 8", "64 or 32 or 16"),
        "bits",
    ),
    Wrong(
        "signatures, slots=1e3",
        lambda t: api.signatures(t.corpus, slots=1e3),
        ng.ParameterError,
        ("slots is 1000.0", "whole number"),
        "slots",
    ),
    Wrong(
        "signatures, shingle=0",
        lambda t: api.signatures(t.corpus, shingle=0),
        ng.ParameterError,
        ("shingle is 0", "64"),
        "shingle",
    ),
    Wrong(
        "signatures, unit='line'",
        lambda t: api.signatures(t.corpus, unit="line"),
        ng.ParameterError,
        ("unit is 'line'",),
        "unit",
    ),
    Wrong(
        "max_pairs=-1",
        lambda t: api.near_duplicates(t.corpus, max_pairs=-1),
        ng.ParameterError,
        ("max_pairs is -1", "iter_pairs"),
        "max_pairs",
    ),
    Wrong(
        "too many pairs",
        lambda t: api.near_duplicates(t.corpus, max_pairs=0).pairs,
        ng.LimitError,
        ("1 pair", "max_pairs=0", "iter_pairs"),
        "max_pairs",
    ),
    Wrong(
        "shared with no row",
        lambda t: t.found.shared(0, 9),
        ng.ParameterError,
        ("right_row is 9", "0 to 3"),
        "right_row",
    ),
    Wrong(
        "batch=0",
        lambda t: next(t.found.iter_pairs(0)),
        ng.ParameterError,
        ("batch is 0",),
        "batch",
    ),
    # ---- keyness -------------------------------------------------------------------------------
    Wrong(
        "no Counts",
        lambda t: api.keyness(t.tokens, target=[0]),
        ng.ParameterError,
        ("counts is", "tokenize"),
        "counts",
    ),
    Wrong(
        "weighted counts",
        lambda t: api.keyness(t.counts.tfidf(), target=[0]),
        ng.ParameterError,
        ("counts is Weighted (tfidf)", "not weights", "weighted.counts"),
        "counts",
    ),
    Wrong(
        "a weighted reference",
        lambda t: api.keyness(t.counts, target=[0], reference=t.foreign.relative()),
        ng.ParameterError,
        ("reference is Weighted (relative)", "not weights"),
        "reference",
    ),
    Wrong(
        "a source of counts without a corpus",
        lambda t: api.keyness(t.foreign, target={"source": "A"}),
        ng.ParameterError,
        ("target is", "no corpus", "mask"),
        "target",
    ),
    Wrong(
        "strata of counts without a corpus",
        lambda t: api.keyness(t.foreign, target=[0], strata="date"),
        ng.ParameterError,
        ("strata is 'date'", "no corpus"),
        "strata",
    ),
    Wrong(
        "strata beside a reference of its own",
        lambda t: api.keyness(t.counts, target=[0], reference=t.foreign, strata="date"),
        ng.ParameterError,
        ("strata is 'date'", "leave strata out"),
        "strata",
    ),
    Wrong(
        "a target without documents beside a reference of its own",
        lambda t: api.keyness(t.counts, target=[], reference=t.foreign),
        ng.ParameterError,
        ("target holds no document",),
        "target",
    ),
    Wrong(
        "grouped counts",
        lambda t: api.keyness(t.grouped, target=[0]),
        ng.ParameterError,
        ("groups", "documents"),
        "counts",
    ),
    Wrong(
        "a source that is not there",
        lambda t: api.keyness(t.counts, target={"source": "Z"}),
        ng.ParameterError,
        ("'Z'", "A, B"),
        "target",
    ),
    Wrong(
        "a column that is not there",
        lambda t: api.keyness(t.counts, target={"outlet": "A"}),
        ng.ParameterError,
        ("'outlet'",),
        "outlet",
    ),
    Wrong(
        "an empty mapping",
        lambda t: api.keyness(t.counts, target={}),
        ng.ParameterError,
        ("empty", "source"),
        "target",
    ),
    Wrong(
        "a mask of the wrong length",
        lambda t: api.keyness(t.counts, target=[True, False]),
        ng.InputError,
        ("(2,)", "4 documents"),
        "target",
    ),
    Wrong(
        "rows beyond the end",
        lambda t: api.keyness(t.counts, target=[7]),
        ng.ParameterError,
        ("row 7", "3"),
        "target",
    ),
    Wrong(
        "rows that are names",
        lambda t: api.keyness(t.counts, target=["A"]),
        ng.ParameterError,
        ("target", "mapping"),
        "target",
    ),
    Wrong(
        "no target",
        lambda t: api.keyness(t.counts, target=[False] * 4),
        ng.ParameterError,
        ("target holds no document",),
        "target",
    ),
    Wrong(
        "everything is target",
        lambda t: api.keyness(t.counts, target=[True] * 4),
        ng.ParameterError,
        ("reference holds no document",),
        "reference",
    ),
    Wrong(
        "sides that overlap",
        lambda t: api.keyness(t.counts, target=[0, 1], reference=[1, 2]),
        ng.ParameterError,
        ("share 1", "row 1", "disjoint"),
        "reference",
    ),
    Wrong(
        "permutations=0",
        lambda t: api.keyness(t.counts, target=[0], permutations=0),
        ng.ParameterError,
        ("permutations is 0", "9999"),
        "permutations",
    ),
    Wrong(
        "permutations=2**40",
        lambda t: api.keyness(t.counts, target=[0], permutations=BIG),
        ng.ParameterError,
        ("permutations is", "10,000,000"),
        "permutations",
    ),
    Wrong(
        "seed=-1",
        lambda t: api.keyness(t.counts, target=[0], seed=-1),
        ng.ParameterError,
        ("seed is -1",),
        "seed",
    ),
    Wrong(
        "seed=2**64",
        lambda t: api.keyness(t.counts, target=[0], seed=2**64),
        ng.ParameterError,
        ("seed is",),
        "seed",
    ),
    Wrong(
        "test=",
        lambda t: api.keyness(t.counts, target=[0], test="t"),
        ng.ParameterError,
        ("test is 't'", "'permutation'"),
        "test",
    ),
    Wrong(
        "copies=",
        lambda t: api.keyness(t.counts, target=[0], copies="twice"),
        ng.ParameterError,
        ("copies is 'twice'",),
        "copies",
    ),
    Wrong(
        "measures=",
        lambda t: api.keyness(t.counts, target=[0], measures=["chi2"]),
        ng.ParameterError,
        ("measures is 'chi2'", "'g2'"),
        "measures",
    ),
    Wrong(
        "clusters of the wrong length",
        lambda t: api.keyness(t.counts, target=[0], clusters=[1]),
        ng.InputError,
        ("clusters", "4 documents"),
        "clusters",
    ),
    Wrong(
        "strata of the wrong length",
        lambda t: api.keyness(t.counts, target=[0], strata=[1]),
        ng.InputError,
        ("strata", "4 documents"),
        "strata",
    ),
    # ---- compare -------------------------------------------------------------------------------
    Wrong(
        "an empty corpus",
        lambda _: api.compare([]),
        ng.InputError,
        ("empty", "at least one"),
        "corpus",
    ),
    Wrong(
        "by a column that is not there",
        lambda t: api.compare(t.corpus, "outlet"),
        ng.ParameterError,
        ("by is 'outlet'", "source"),
        "by",
    ),
    Wrong(
        "by a number",
        lambda t: api.compare(t.corpus, 3),
        ng.ParameterError,
        ("by is 3", "'source'"),
        "by",
    ),
    Wrong(
        "compare(threshold=2)",
        lambda t: api.compare(t.corpus, threshold=2),
        ng.ParameterError,
        ("threshold is 2",),
        "threshold",
    ),
    Wrong(
        "compare(permutations=1.5)",
        lambda t: api.compare(t.corpus, permutations=1.5),
        ng.ParameterError,
        ("permutations is 1.5",),
        "permutations",
    ),
    # ---- tables --------------------------------------------------------------------------------
    Wrong(
        "no such column", lambda t: t.table["trem"], ng.ParameterError, ("'trem'", "term"), "name"
    ),
    Wrong(
        "sort by no column",
        lambda t: t.table.sort("trem"),
        ng.ParameterError,
        ("'trem'", "term"),
        "by",
    ),
    Wrong(
        "a mask for a longer table",
        lambda t: t.table.filter([True]),
        ng.ParameterError,
        ("mask", "bool"),
        "mask",
    ),
    Wrong(
        "evidence of no row",
        lambda t: t.table.evidence(10**6),
        ng.InputError,
        ("Row 1000000",),
        row=10**6,
    ),
    Wrong("head(-1)", lambda t: t.table.head(-1), ng.ParameterError, ("n is -1",), "n"),
    Wrong("audit('x')", lambda t: t.table.audit("x"), ng.ParameterError, ("n is 'x'",), "n"),
    Wrong(
        "too few verdicts",
        lambda t: t.audit.precision([True]),
        ng.ParameterError,
        ("verdicts has 1", "3 rows"),
        "verdicts",
    ),
]


@pytest.fixture(scope="module")
def things() -> Things:
    """Return the objects that every wrong call shares: none may change one."""
    return Things()


def test_the_table_is_long_and_its_names_differ() -> None:
    """At least sixty wrong calls, each with a name of its own."""
    names = [wrong.name for wrong in WRONG]
    assert len(names) == len(set(names)) >= 60


@pytest.mark.parametrize("wrong", WRONG, ids=lambda wrong: wrong.name)
def test_a_wrong_call_is_told_in_a_sentence(wrong: Wrong, things: Things) -> None:
    """Class, words, fields; one short sentence; and nothing has changed."""
    before = things.state()

    with pytest.raises(wrong.error) as caught:
        wrong.call(things)

    sentence = str(caught.value)
    for word in wrong.words:
        assert word in sentence, sentence
    assert sentence.endswith((".", "?")), sentence
    assert len(sentence) < 420
    assert "\n" not in sentence
    if wrong.error is not IndexError:
        assert isinstance(caught.value, ng.NutgrafError)
        assert caught.value.parameter == wrong.parameter
        assert caught.value.row == wrong.row
        assert type(caught.value) is wrong.error
    assert things.state() == before


def test_a_generator_that_fails_is_heard_as_it_is() -> None:
    """Its own exception comes through at item 50,000, and the next call is right."""
    with pytest.raises(ConnectionError, match="the connection was lost"):
        ng.tokenize(_fails_at(50_000))

    assert ng.tokenize(["a truce"])[0] == ["a", "truce"]


def test_an_empty_corpus_is_no_error_where_there_is_an_answer() -> None:
    """Nothing tokenized, counted or compared gives nothing."""
    tokens = ng.tokenize([])

    assert len(tokens) == len(tokens.counts()) == 0
    assert len(ng.near_duplicates([]).pairs) == 0
    assert ng.near_duplicates([]).labels.tolist() == []


def test_secrets_do_not_stand_in_sentences() -> None:
    """A long value is cut: a sentence is no place for an article."""
    secret = "embargoed " * 1000
    calls: list[Callable[[], object]] = [
        lambda: api.tokenize(["a"], pattern="(" + secret),
        lambda: api.near_duplicates(["a"], unit=secret),
        lambda: api.Corpus({"text": ["a"], "date": [secret]}),
        lambda: api.Corpus({"text": ["a", "b"], "id": [secret, secret]}),
        lambda: api.Corpus({"text": ["a"]}, text=secret),
    ]
    for call in calls:
        with pytest.raises(ng.NutgrafError) as caught:
            call()
        assert len(str(caught.value)) < 420
