"""The text behind a row: functions of a module, so that tables can be pickled with them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from nutgraf import _nutgraf
from nutgraf._dates import day_text
from nutgraf._html import Fragment, explained, mark, quotes, side_by_side
from nutgraf._sentences import sentence_starts

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from nutgraf.corpus import Corpus
    from nutgraf.counts import Counts
    from nutgraf.tokens import Tokens

__all__ = [
    "Facing",
    "Passage",
    "article",
    "beside",
    "facing",
    "line",
    "passages",
    "twice",
    "uses",
    "within_document",
]

#: Sentences that one side of a comparison shows.
_SHOWN = 3
#: Code points of context on each side of a span that has no sentence short enough.
_AROUND = 160
#: Words of a run that two documents are shown to share.
_RUN = 5

Span = tuple[int, int]
#: A span, and what sort of text `mark` takes it for.
Sorted = tuple[int, int, str]


class Passage(NamedTuple):
    """A piece of a text with one span in it, and where it comes from."""

    where: str
    text: str
    start: int
    end: int


def _where(corpus: Corpus, row: int) -> str:
    document = corpus[row]
    parts = (document.id, document.source, document.date)
    return ", ".join(str(part) for part in parts if part is not None)


def _shown(head: str, found: Sequence[Passage]) -> Fragment:
    quoted = [(own.where, mark(own.text, [(own.start, own.end, 0)])) for own in found]
    lines = []
    for where, text, start, end in found:
        lines.append(f"  {where}: {text[:start]}[{text[start:end]}]{text[end:]}")
    if not found:
        lines = ["  (nowhere)"]
    return Fragment(quotes(head, quoted), "\n".join([head, *lines]))


def _passage(where: str, text: str, start: int, end: int, bounds: Sequence[int]) -> Passage:
    """Cut the sentence around a span out of a text."""
    at = int(np.searchsorted(bounds, start, side="right"))
    first, last = bounds[at - 1], max(bounds[min(at, len(bounds) - 1)], end)
    low, high = max(first, start - _AROUND), min(last, end + _AROUND)
    if low > first:
        # From the next word on, where words are set apart.
        low = text.find(" ", low, start) + 1 or low
    if high < last:
        high = max(text.rfind(" ", end, high), end) if " " in text[end:high] else high
    before = "… " if low > first else ""
    piece = before + text[low:high].rstrip() + (" …" if high < last else "")
    moved = len(before) - low
    return Passage(where, piece, start + moved, end + moved)


def passages(heads: Sequence[str], found: Sequence[Passage], row: int) -> Fragment:
    """Show the passage of a row under its head."""
    return _shown(heads[row], [found[row]])


def article(corpus: Corpus, rows: NDArray[np.int64], row: int) -> Fragment:
    """Show the document of a row."""
    document = corpus[int(rows[row])]
    return Fragment(document._repr_html_(), f"{_where(corpus, int(rows[row]))}\n{document.text}")


def line(
    corpus: Corpus,
    rows: NDArray[np.int64],
    starts: NDArray[np.int64],
    ends: NDArray[np.int64],
    row: int,
) -> Fragment:
    """Show the sentence around a match."""
    number, start, end = int(rows[row]), int(starts[row]), int(ends[row])
    text = corpus[number].text
    passage = _passage(_where(corpus, number), text, start, end, sentence_starts(text))
    return _shown(text[start:end], [passage])


def beside(
    tokens: Tokens, left_rows: NDArray[np.int64], right_rows: NDArray[np.int64], row: int
) -> Fragment:
    """Show two documents side by side, with the text that they share numbered."""
    left, right = int(left_rows[row]), int(right_rows[row])
    if left == right:
        return article(tokens.corpus, left_rows, row)
    runs = _nutgraf.shared_runs(tokens._inner, left, right, _RUN)
    texts = tokens.corpus[left].text, tokens.corpus[right].text
    marked = (
        mark(texts[0], [(a, b, number) for number, (a, b, _, _) in enumerate(runs, 1)]),
        mark(texts[1], sorted((c, d, number) for number, (_, _, c, d) in enumerate(runs, 1))),
    )
    heads = str(tokens.corpus.ids[left]), str(tokens.corpus.ids[right])
    shown = "\n".join(f"[{n}] {texts[0][a:b]}" for n, (a, b, _, _) in enumerate(runs, 1))
    return Fragment(side_by_side(*marked, heads=heads), shown)


class Facing(NamedTuple):
    """What the passages of two documents are shown from, row by row."""

    here: Corpus
    there: Corpus
    #: Rows, starts and ends on each side, in rows of its corpus.
    spans: Sequence[Sequence[NDArray[np.int64]]]
    tokens: Tokens
    #: The row of the first document on the right, among those of the tokens.
    second: int
    min_tokens: int
    characters: bool


def facing(shown: Facing, row: int) -> Fragment:
    """Show the documents of a passage side by side: passages numbered, and what was edited."""
    (left_rows, *left), (right_rows, *right) = shown.spans
    one, other = int(left_rows[row]), int(right_rows[row])
    chosen = np.flatnonzero((left_rows == one) & (right_rows == other))
    texts = shown.here[one].text, shown.there[other].text
    sides = [
        [(int(starts[i]), int(ends[i]), number) for number, i in enumerate(chosen, 1)]
        for starts, ends in (left, right)
    ]
    passages = [(a[:2], b[:2]) for a, b in zip(*sides, strict=True)]
    edits = _nutgraf.passage_edits(
        shown.tokens._inner,
        (one, other + shown.second),
        passages,
        shown.min_tokens,
        shown.characters,
    )
    if shown.characters:
        # One wrong letter makes a wrong word; letters on their own are hard to read.
        edits = [
            [
                (_words(texts[0], edit[0], passage[0]), _words(texts[1], edit[1], passage[1]))
                for edit in found
            ]
            for found, passage in zip(edits, passages, strict=True)
        ]
    hidden = _masked(shown.here, one), _masked(shown.there, other)
    inside = [
        [_edited(texts[side], found, side, hidden[side]) for found in edits] for side in (0, 1)
    ]
    within = [sorted([*_each_once(sides[side], inside[side]), *hidden[side]]) for side in (0, 1)]
    marked = [mark(texts[side], sides[side], within[side]) for side in (0, 1)]
    heads = _headed(shown.here, one), _headed(shown.there, other)
    told = explained(["shared", *(sort for spans in within for *_, sort in spans)])
    lines = [
        f"[{number}] {_signed(texts[0], a, b, [*inside[0][number - 1], *hidden[0]])}\n"
        f"  = {_signed(texts[1], c, d, [*inside[1][number - 1], *hidden[1]])}"
        for (a, b, number), (c, d, _) in zip(*sides, strict=True)
    ]
    html = f"<div>{side_by_side(marked[0], marked[1], heads=heads)}{told}</div>"
    return Fragment(html, "\n".join(lines))


def _headed(corpus: Corpus, row: int) -> str:
    document = corpus[row]
    date = None if document.date is None else day_text(document.date)
    return ", ".join(str(part) for part in (document.id, document.source, date) if part is not None)


def _masked(corpus: Corpus, row: int) -> list[Sorted]:
    rows, starts, ends = corpus._texts.masks()
    low, high = np.searchsorted(rows, [row, row + 1])
    spans = zip(starts[low:high].tolist(), ends[low:high].tolist(), strict=True)
    return [(start, end, "masked") for start, end in spans]


def _each_once(
    spans: Sequence[tuple[int, int, int]], edits: Sequence[Sequence[Sorted]]
) -> Iterator[Sorted]:
    """Keep the edits of each passage where the passage is shown: of two that overlap, the first."""
    at = 0
    for _, end, number in sorted(spans):
        for low, high, sort in edits[number - 1]:
            if max(low, at) < high:
                yield max(low, at), high, sort
        at = max(at, end)


def _words(text: str, span: Span, passage: Span) -> Span:
    """The words that a span of letters touches, as far as they are inside the passage."""
    start, end = span
    while start > passage[0] and not text[start - 1].isspace():
        start -= 1
    while end < passage[1] and not text[end].isspace():
        end += 1
    return start, end


def _edited(
    text: str, edits: Sequence[tuple[Span, Span]], side: int, masked: Sequence[Sorted]
) -> list[Sorted]:
    """What one side alone has, or has otherwise, each once, and without what is masked in it."""
    found: list[Sorted] = []
    for edit in sorted(edits, key=lambda edit: edit[side]):
        (start, end), (low, high) = edit[side], edit[1 - side]
        sort = "other" if low < high else "alone"
        start = max(start, found[-1][1]) if found else start
        for first, last, _ in masked:
            if start < last and first < end:
                found += [(start, first, sort)] if start < first else []
                start = last
        found += [(start, end, sort)] if start < end else []
    framed: list[Sorted] = []
    for start, end, sort in found:
        joins = framed and framed[-1][1:] == (start, sort)
        framed.append((framed.pop()[0] if joins else start, end, sort))
    # White space at the ends, as before a mask, is no word.
    spaces = ((a, b, sort, text[a:b]) for a, b, sort in framed if text[a:b].strip())
    return [(b - len(held.lstrip()), a + len(held.rstrip()), sort) for a, b, sort, held in spaces]


def _signed(text: str, start: int, end: int, within: Sequence[Sorted]) -> str:
    """Return a passage in plain text, with its edits and what is masked in braces."""
    parts = []
    signs = {"other": "≠", "alone": "+", "masked": "left out: "}
    for low, high, sort in sorted(within):
        if start <= low < high <= end:
            parts += [text[start:low], "{", signs[sort], text[low:high], "}"]
            start = high
    return "".join([*parts, text[start:end]])


def within_document(
    corpus: Corpus,
    rows: NDArray[np.int64],
    starts: NDArray[np.int64],
    ends: NDArray[np.int64],
    others: NDArray[np.int64],
    row: int,
) -> Fragment:
    """Show a document with what it shares, numbered by the document that it shares it with."""
    chosen = np.flatnonzero(rows == row)
    partners = {other: number for number, other in enumerate(np.unique(others[chosen]).tolist(), 1)}
    text = corpus[row].text
    spans = [(int(starts[i]), int(ends[i]), partners[int(others[i])]) for i in chosen]
    lines = [f"[{number}] {text[start:end]}" for start, end, number in sorted(spans)]
    where = _where(corpus, row)
    return Fragment(quotes(where, [("", mark(text, spans))]), "\n".join([where, *lines]))


def twice(
    corpus: Corpus,
    rows: NDArray[np.int64],
    first_starts: NDArray[np.int64],
    first_ends: NDArray[np.int64],
    starts: NDArray[np.int64],
    ends: NDArray[np.int64],
    row: int,
) -> Fragment:
    """Show a document with two places in it, the earlier and the later one, beside each other."""
    number = int(rows[row])
    text = corpus[number].text
    spans = [
        (int(own[0][row]), int(own[1][row])) for own in ((first_starts, first_ends), (starts, ends))
    ]
    sides = [mark(text[a:b], [(0, b - a, 1)]) for a, b in spans]
    where = _where(corpus, number)
    heads = [f"{where}, {a:,} to {b:,}" for a, b in spans]
    shown = [f"{head}\n[{text[a:b]}]" for head, (a, b) in zip(heads, spans, strict=True)]
    return Fragment(side_by_side(*sides, heads=(heads[0], heads[1])), "\n".join(shown))


def uses(counts: Counts, sides: NDArray[np.uint8], terms: Sequence[str], row: int) -> Fragment:
    """Show sentences with the term of a row: a few of the target, a few of the reference."""
    term = terms[row]
    # A reference that was counted elsewhere has terms that stand in no text here.
    column = counts._inner.column(term)
    cells = np.flatnonzero(counts.indices == (-1 if column is None else column))
    holders = np.searchsorted(counts.indptr, cells, side="right") - 1
    shown = [
        _shown(f"{term}: {name}", _sentences(counts, term, holders[sides[holders] == number]))
        for number, name in ((1, "target"), (2, "reference"))
        if number == 1 or (sides == number).any()
    ]
    return Fragment("".join(side.html for side in shown), "\n".join(side.text for side in shown))


def _sentences(counts: Counts, term: str, rows: NDArray[np.int64]) -> list[Passage]:
    """One use in each of the first documents, then further uses where documents are few."""
    tokens, found = counts._tokens, []
    if tokens is None:
        return []
    for row in rows[:_SHOWN].tolist():
        text = tokens.corpus[row].text
        where = _where(tokens.corpus, row)
        bounds = sentence_starts(text, tokens._how["language"])
        spans = _spans(counts, tokens, term, row)
        for turn, (start, end) in zip(range(_SHOWN), spans, strict=False):
            found.append((turn, row, _passage(where, text, start, end, bounds)))
    found.sort(key=lambda use: use[:2])
    chosen = sorted(found[:_SHOWN], key=lambda use: (use[1], use[0]))
    return [passage for _, _, passage in chosen]


def _spans(counts: Counts, tokens: Tokens, term: str, row: int) -> Iterator[Span]:
    """Code points of each use of a term, which may be several words, in one document."""
    shortest, longest = counts._how["ngram_range"]
    words, spans = tokens[row], tokens.spans(row)
    places, segments = _places(counts, tokens, row, spans)
    steps = [skip + 1 for skip in counts._how["skip"]]
    at = {place: number for number, place in enumerate(places)}

    def follow(first: int, last: int, name: str, length: int) -> Iterator[Span]:
        if length >= shortest and name == term:
            yield int(spans[first, 0]), int(spans[last, 1])
        if length == longest or not term.startswith(name + " "):
            return
        for step in steps:
            number = at.get(places[last] + step)
            if number is not None and segments[number] == segments[first]:
                yield from follow(first, number, f"{name} {words[number]}", length + 1)

    for first, word in enumerate(words):
        if term.startswith(word):
            yield from follow(first, first, word, 1)


def _places(
    counts: Counts, tokens: Tokens, row: int, spans: NDArray[np.int64]
) -> tuple[list[int], list[int]]:
    """Where n-grams see each kept token, and the number of the segment they may not leave."""
    within = counts._how["within"]
    if within == "document":
        segments = [0] * len(spans)
    else:
        bounds = tokens.sentences(row) if within == "sentence" else tokens.paragraphs(row)
        segments = np.searchsorted(bounds[:, 0], spans[:, 0], side="right").tolist()
    if counts._how["across_gaps"] or tokens._surface is None:
        return list(range(len(spans))), segments
    surface = tokens._surface
    if tokens._view["hyphens"] == "join":
        surface = surface.view(hyphens="join", kinds=None)
    return np.searchsorted(surface.spans(row)[:, 0], spans[:, 0]).tolist(), segments
