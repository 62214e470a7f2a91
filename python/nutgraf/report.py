"""A comparison as one HTML page; its sentences are those of `nutgraf.wording`."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Any

from nutgraf import _html
from nutgraf._dates import day_text
from nutgraf.wording import (
    ARTICLES_SHOWN,
    CLUSTERS_SHOWN,
    chance_text,
    clusters_of,
    compared_sources,
    containing,
    contains_sentence,
    copies_sentence,
    count_of,
    days_text,
    doubts_text,
    headline_of,
    holder_line,
    left_out_text,
    limits,
    masking_sentence,
    member_line,
    method_sentence,
    odds_text,
    part_line,
    rows_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from nutgraf.compare import Comparison

    Row = dict[str, Any]
    Run = tuple[int, int, int, int]

__all__ = ["page", "render"]

MEMBERS_SHOWN = 3
SENTENCE = 260
#: Stretches longer than so many words are cut, with so many kept at each end.
UNSHARED, SHARED = (45, 12), (200, 60)

# Okabe and Ito's colours, which people with colour-blindness can tell apart.
BLUE, ORANGE, GREY = "#0072B2", "#D55E00", "#595959"
_FONT = "font-family:system-ui,-apple-system,'Segoe UI',Roboto,'Noto Sans',sans-serif"
_BODY = f"{_FONT};max-width:60rem;margin:0 auto;line-height:1.5;overflow-wrap:break-word"
_SMALL = f"color:{GREY};font-size:0.9em;margin:0.1rem 0"


def page(comparison: Comparison) -> str:
    """Return a whole page that needs no network and runs no script."""
    return _html.page(headline_of(comparison), render(comparison))


def render(comparison: Comparison) -> str:
    """Return the report as HTML for a notebook or a page."""
    facts = comparison.facts
    title = "font-size:1.7rem;line-height:1.25;margin:0 0 0.5rem"
    parts = [
        f'<h1 style="{title}">{_e(headline_of(comparison))}</h1>',
        _p(f"{copies_sentence(comparison)} {contains_sentence(comparison)}".strip()),
        _source_table(comparison),
        _h2("What this cannot tell you"),
        _list(_e(line) for line in limits(comparison)),
        _h2("Who printed the same text"),
        _copies_html(comparison),
        _contains_html(comparison),
    ]
    if facts["tested"]:
        parts += [_h2("Words that set a source apart"), _p(method_sentence(comparison), _SMALL)]
        parts += [_card(comparison, source) for source in facts["tested"]]
    else:
        parts += [_h2("Article by article"), _articles_html(comparison)]
    if facts["mask"]:
        parts += [_h2("Left out of the word counts"), _left_out_html(comparison)]
    return f'<div style="{_BODY}">{"".join(parts)}</div>'


_e = _html.escape


def _h2(text: str) -> str:
    style = "font-size:1.3rem;margin:2.2rem 0 0.6rem;border-top:1px solid #ccc;padding-top:0.8rem"
    return f'<h2 style="{style}">{_e(text)}</h2>'


def _h3(text: str) -> str:
    return f'<h3 style="font-size:1.08rem;margin:1.6rem 0 0.3rem">{_e(text)}</h3>'


def _p(text: str, style: str = "margin:0.4rem 0") -> str:
    return f'<p style="{style}">{_e(text)}</p>'


def _list(parts: Iterable[str], kind: str = "ul") -> str:
    items = "".join(f'<li style="margin:0.3rem 0">{part}</li>' for part in parts)
    return f'<{kind} style="margin:0.4rem 0;padding-left:1.3rem">{items}</{kind}>'


def _source_table(comparison: Comparison) -> str:
    head = [
        comparison.by,
        "articles",
        "median words",
        "dates",
        "with a copy",
        "distinct texts compared",
    ]
    body = [
        [
            row["source"],
            row["articles"],
            row["median_words"],
            days_text(row["first"], row["last"]),
            row["with_a_copy"],
            row["texts"],
        ]
        for row in rows_of(comparison, "sources")[:ARTICLES_SHOWN]
    ]
    return _table(head, body, len(rows_of(comparison, "sources")))


def _copies_html(comparison: Comparison) -> str:
    clusters = clusters_of(comparison)
    if not clusters:
        return _p("Nobody in this corpus, by that measure. Shorter shared passages may exist.")
    told = (
        "Earliest first. Numbers tie the same words on both sides together; what only one side "
        "has is unmarked. Long stretches are cut."
    )
    parts = [_p(told, _SMALL)]
    for number, members in enumerate(clusters[:CLUSTERS_SHOWN], 1):
        first = members[0]
        version = " (versions within one source)" if first["relation"] == "version" else ""
        name = f"“{first['title']}”" if first["title"] else str(first["id"])
        parts.append(_h3(f"{number}. {name}: {count_of(len(members), 'article')}{version}"))
        parts.append(_list([_e(member_line(row)) for row in members[:12]], "ol"))
        if len(members) > 12:
            parts.append(_p(f"and {len(members) - 12} more, all in the tables", _SMALL))
        parts += [_shared(comparison, first, row) for row in members[1 : MEMBERS_SHOWN + 1]]
        if len(members) > MEMBERS_SHOWN + 1:
            parts.append(_p(f"The first {MEMBERS_SHOWN} are shown side by side.", _SMALL))
    if len(clusters) > CLUSTERS_SHOWN:
        rest = len(clusters) - CLUSTERS_SHOWN
        parts.append(_p(f"{count_of(rest, 'more group')} in the tables.", _SMALL))
    return "".join(parts)


def _contains_html(comparison: Comparison) -> str:
    """List the articles that contain most of a shorter one, some of them beside it."""
    holding = containing(comparison)
    if not holding:
        return ""
    share = f"{comparison.facts['containment']:.0%}"
    told = (
        f"At least {share} of the shorter article's five-word sequences stand in the longer one. "
        "As whole articles the two are not alike enough for a group, and both count as texts of "
        "their own. “Earlier in this corpus” is said only where the dates leave no doubt; a day "
        "without a time leaves it."
    )
    parts = [_h3("Articles that contain most of a shorter one"), _p(told, _SMALL)]
    items = []
    for rows in holding[:CLUSTERS_SHOWN]:
        inner = [_e(part_line(row)) for row in rows[:MEMBERS_SHOWN]]
        inner += [f"and {len(rows) - MEMBERS_SHOWN} more"] if len(rows) > MEMBERS_SHOWN else []
        items.append(_e(holder_line(rows[0])) + _list(inner) + _held(comparison, rows[0]))
    parts.append(_list(items, "ol"))
    if len(holding) > CLUSTERS_SHOWN:
        rest = len(holding) - CLUSTERS_SHOWN
        parts.append(_p(f"{count_of(rest, 'more article')} in the tables.", _SMALL))
    return "".join(parts)


def _held(comparison: Comparison, row: Row) -> str:
    """Show the shorter article beside the longer one."""
    names = ("source", "date", "row")
    short = {name: row[f"part_{name}"] for name in names}
    return _shared(comparison, short, {name: row[name] for name in names})


def _shared(comparison: Comparison, first: Row, other: Row) -> str:
    left, right = first["row"], other["row"]
    # The search numbers a pair from the smaller row.
    runs = comparison.duplicates.shared(min(left, right), max(left, right))
    if left > right:
        runs = sorted((c, d, a, b) for a, b, c, d in runs)
    sides = []
    for row, start in ((first, 0), (other, 2)):
        spans = sorted((run[start], run[start + 1], n) for n, run in enumerate(runs, 1))
        sides.append(_html.mark(*_cut(comparison.corpus[row["row"]].text, spans)))
    heads = [f"{row['source']}, {day_text(row['date'])}" for row in (first, other)]
    shown = _html.side_by_side(sides[0], sides[1], heads=(heads[0], heads[1]))
    return f'<div style="font-size:0.88em;margin:0.8rem 0 1.4rem">{shown}</div>'


def _cut(text: str, spans: list[tuple[int, int, int]]) -> tuple[str, list[tuple[int, int, int]]]:
    """Cut long stretches, and move the spans accordingly."""
    pieces: list[str] = []
    moved: list[tuple[int, int, int]] = []
    at = length = 0
    for start, end, number in [*spans, (len(text), len(text), 0)]:
        between, run = _shorten(text[at:start], *UNSHARED), _shorten(text[start:end], *SHARED)
        pieces += [between, run]
        length += len(between)
        if number:
            moved.append((length, length + len(run), number))
        length += len(run)
        at = end
    return "".join(pieces), moved


def _shorten(text: str, longest: int, kept: int) -> str:
    words = list(re.finditer(r"\S+", text))
    if len(words) <= longest:
        return text
    head, tail = text[: words[kept - 1].end()], text[words[-kept].start() :]
    return f"{head} [… {len(words) - 2 * kept:,} words …] {tail}"


def _card(comparison: Comparison, source: str) -> str:
    terms = [row for row in rows_of(comparison, "terms") if row["source"] == source]
    strong = [row for row in terms if row["distinctive"]]
    weak = [row for row in terms if not row["distinctive"]]
    stats = next(row for row in rows_of(comparison, "sources") if row["source"] == source)
    parts = [
        _h3(source),
        _p(
            f"{count_of(stats['articles'], 'article')}, median {stats['median_words']:,} words; "
            f"{count_of(stats['texts'], 'distinct text')} compared.",
            _SMALL,
        ),
    ]
    if strong:
        parts.append(_chart(source, strong))
        dates = {row["id"]: row["date"] for row in rows_of(comparison, "articles")}
        parts += [_term(row, dates) for row in strong]
    else:
        parts.append(_p("No word is used here more than random relabeling could explain."))
    for lead, rows in (
        ("Higher here, but chance can do as much", [row for row in weak if row["judged"]]),
        ("Higher here, but in too few texts to judge", [row for row in weak if not row["judged"]]),
    ):
        listed = "; ".join(
            f"{row['term']} ({row['articles_with']} of {row['articles']}, others "
            f"{row['others_with']} of {row['others']})"
            for row in rows
        )
        parts += [_p(f"{lead}: {listed}.", _SMALL)] if rows else []
    return "".join(parts)


def _term(row: Row, dates: dict[object, str]) -> str:
    where = f" – {day_text(dates[row['id']])} ({row['id']})"
    line = f"{odds_text(row)}; {chance_text(row)}{doubts_text(row)}"
    return (
        f'<div style="margin:0.7rem 0;break-inside:avoid"><p style="margin:0"><b>{_e(row["term"])}'
        f"</b> <span>{_e(line)}</span></p>{_sentence(row, where)}</div>"
    )


def _sentence(row: Row, where: str = "") -> str:
    """Show one sentence with the term marked, cut around it if long."""
    sentence = row["sentence"]
    start, end = row["start"] - row["sentence_start"], row["end"] - row["sentence_start"]
    low, high = 0, len(sentence)
    if high > SENTENCE:
        low, high = max(0, start - SENTENCE // 2), min(high, end + SENTENCE // 2)
        low = 0 if low == 0 else sentence.find(" ", low, start) + 1 or low
        cut = sentence.rfind(" ", end, high)
        high = high if high == len(sentence) or cut < 0 else cut
    before = ("… " if low else "") + sentence[low:start]
    after = sentence[end:high] + (" …" if high < len(sentence) else "")
    term = f'<mark style="background:#cfe8f7;color:#000">{_e(sentence[start:end])}</mark>'
    return (
        f'<p dir="auto" style="{_SMALL};padding-left:0.8rem;border-left:3px solid #ddd">'
        f"{_e(before)}{term}{_e(after)}{_e(where)}</p>"
    )


def _articles_html(comparison: Comparison) -> str:
    articles = compared_sources(comparison)
    only = rows_of(comparison, "used_only_here")
    body = [
        [row["source"], day_text(row["date"]), row["words"], row["after_masking"], row["title"]]
        for row in articles
    ]
    parts = [
        _table([comparison.by, "date", "words", "after masking", "title"], body),
        _h2("Used only here"),
        _p(
            "Words that one article uses at least three times and no other uses at all, with or "
            "without ’s. "
            f"{method_sentence(comparison)}",
            _SMALL,
        ),
    ]
    for article in articles:
        own = [row for row in only if row["id"] == article["id"]]
        parts.append(_h3(f"{article['source']}, {day_text(article['date'])}"))
        if article["title"]:
            parts.append(_p(article["title"], _SMALL))
        listed = " · ".join(f"{row['term']} {row['uses']}" for row in own[:20])
        more = f" · and {len(own) - 20} more" if len(own) > 20 else ""
        parts.append(_p(f"{listed}{more}" if own else "No such word."))
        parts += [_sentence(row) for row in own[:5]]
    return "".join(parts)


def _left_out_html(comparison: Comparison) -> str:
    """List what was kept out of the word counts, the longest of each source."""
    rows = rows_of(comparison, "left_out")
    if not rows:
        return _p("Nothing stood twice in one article, and no page furniture was recognized.")
    sources = dict.fromkeys(row["source"] for row in rows)
    body = [
        [row["source"], left_out_text(row), row["places"], row["text"]]
        for source in list(sources)[:ARTICLES_SHOWN]
        for row in [row for row in rows if row["source"] == source][:5]
    ]
    total = f"{comparison.facts['masked_words']:,} words in all"
    more = "; the tables have every one" if len(body) < len(rows) else ""
    head = [comparison.by, "why", "places", "text"]
    return _p(masking_sentence(), _SMALL) + _table(head, body) + _p(f"{total}{more}.", _SMALL)


def _table(head: list[str], body: list[list[object]], total: int = 0) -> str:
    # A narrow screen scrolls the table, not the page.
    content = _html.table(head, body, total=total)
    return f'<div style="overflow-x:auto;font-size:0.92em">{content}</div>'


# Chart


def _chart(source: str, rows: list[Row]) -> str:
    """Draw a dot for each term: how many times as often the source uses it."""
    ratios = [min(max(row["log_ratio"], 0.0), 10.0) for row in rows]
    most = max(2, math.ceil(max(ratios)))
    left, width, step = 170, 420, 22
    scale = width / most
    height = step * len(rows) + 44
    grid = range(0, most + 1, 1 if most <= 6 else 2)
    size = f'width="640" height="{height}"'
    opening = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 {height}" {size}'
    shapes = [f'{opening} font-family="sans-serif" font-size="13"><rect {size} fill="#fff"/>']
    bottom = height - 34
    for power in grid:
        x = left + power * scale
        shapes.append(
            f'<line x1="{x:.1f}" y1="6" x2="{x:.1f}" y2="{bottom}" stroke="#ddd"/>'
            f'<text x="{x:.1f}" y="{bottom + 15}" text-anchor="middle" fill="#444">'
            f"{2**power:,}×</text>"
        )
    shapes.append(
        f'<text x="{left + width / 2}" y="{height - 3}" text-anchor="middle" fill="#444">'
        "times as often as in the other sources</text>"
    )
    for number, (row, ratio) in enumerate(zip(rows, ratios, strict=True)):
        y = 6 + step * number + step / 2
        x = left + ratio * scale
        # Nobody else uses it: the ratio rests on half an occurrence, so the dot stays open.
        fill = "#fff" if row["others_with"] == 0 else BLUE
        shapes.append(
            f'<text x="{left - 10}" y="{y + 4:.1f}" text-anchor="end">{_e(row["term"][:24])}</text>'
            f'<line x1="{left}" y1="{y:.1f}" x2="{x:.1f}" y2="{y:.1f}" stroke="{BLUE}"/>'
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="5" fill="{fill}" stroke="{BLUE}" '
            f'stroke-width="2"/>'
        )
    svg = "".join(shapes) + "</svg>"
    told = "; ".join(
        f"{row['term']} {2**ratio:.1f} times" + ("" if row["others_with"] else " (no other source)")
        for row, ratio in zip(rows, ratios, strict=True)
    )
    alt = f"How many times as often {source} uses each distinctive word as the others: {told}."
    caption = "Open dots: no other source uses the word; drawn as if they had used it half a time."
    return _html.figure(svg, alt, caption=caption if "(no other source)" in told else "")
