"""Put a comparison into words: one HTML page, and the same as plain text.

Nothing is computed here. Every sentence says what was counted, never what it means politically.
"""

from __future__ import annotations

import math
import re
import textwrap
from datetime import datetime
from typing import TYPE_CHECKING, Any

from nutgraf import _html

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from nutgraf.compare import Comparison

    Row = dict[str, Any]
    Run = tuple[int, int, int, int]

__all__ = ["page", "render", "summarize"]

CARDS = 12
CLUSTERS_SHOWN = 10
MEMBERS_SHOWN = 3
ARTICLES_SHOWN = 60
SENTENCE = 260
#: Stretches longer than so many words are cut, with so many kept at each end.
UNSHARED, SHARED = (45, 12), (200, 60)

# Okabe and Ito's colours, which people with colour-blindness can tell apart.
BLUE, ORANGE, GREY = "#0072B2", "#D55E00", "#595959"
_FONT = "font-family:system-ui,-apple-system,'Segoe UI',Roboto,'Noto Sans',sans-serif"
_BODY = f"{_FONT};max-width:60rem;margin:0 auto;line-height:1.5;overflow-wrap:break-word"
_SMALL = f"color:{GREY};font-size:0.9em;margin:0.1rem 0"
_LANGUAGES = {
    "ar": "Arabic",
    "de": "German",
    "el": "Greek",
    "en": "English",
    "es": "Spanish",
    "fr": "French",
    "he": "Hebrew",
    "hi": "Hindi",
    "it": "Italian",
    "ja": "Japanese",
    "ko": "Korean",
    "nl": "Dutch",
    "pt": "Portuguese",
    "ru": "Russian",
    "th": "Thai",
    "unknown": "a language we could not tell",
    "zh": "Chinese",
}


# Words and numbers


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun if number == 1 else noun + 's'}"


def _language(code: str) -> str:
    return _LANGUAGES.get(code, f"the language “{code}”")


def _listed(parts: Sequence[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def _day(date: str) -> str:
    """``2031-03-04T08:05:00+01:00`` as ``4 March 2031, 08:05``; what is no date stays as it is."""
    try:
        moment = datetime.fromisoformat(date.strip())
    except ValueError:
        return date or "no date"
    day = f"{moment.day} {moment:%B %Y}"
    return f"{day}, {moment:%H:%M}" if len(date.strip()) > 10 else day


def _span(first: str, last: str) -> str:
    if not first:
        return "no dates"
    if first[:10] == last[:10]:
        return _day(first[:10])
    begin, end = _day(first[:10]), _day(last[:10])
    if begin.split(" ", 1)[-1] == end.split(" ", 1)[-1]:
        return f"{begin.split(' ')[0]}–{end}"
    return f"{begin} to {end}"


def _rows(comparison: Comparison, name: str) -> list[Row]:
    table = comparison.sections.get(name)
    return [] if table is None or isinstance(table, dict) else table.to_dicts()


def _clusters(comparison: Comparison) -> list[list[Row]]:
    grouped: dict[int, list[Row]] = {}
    for row in _rows(comparison, "copies"):
        grouped.setdefault(row["cluster"], []).append(row)
    return list(grouped.values())


def _headline(comparison: Comparison) -> str:
    sources = _rows(comparison, "sources")
    days = sorted(day for row in sources for day in (row["first"], row["last"]) if day)
    dates = _span(days[0], days[-1]) if days else "no dates"
    articles = sum(row["articles"] for row in sources)
    return f"{_count(articles, 'article')} from {_count(len(sources), comparison.by)}, {dates}"


def _copies_line(comparison: Comparison) -> str:
    clusters = _clusters(comparison)
    share = f"{comparison.facts['threshold']:.0%}"
    if not clusters:
        return f"No two articles share {share} or more of their five-word sequences."
    across = sum(members[0]["relation"] == "shared" for members in clusters)
    total = sum(len(members) for members in clusters)
    inside = len(clusters) - across
    what = [f"{_count(across, 'group')} across sources"] if across else []
    what += [f"{_count(inside, 'group')} of versions within one source"] if inside else []
    return f"{_count(total, 'article')} share most of their text with another: {_listed(what)}."


def _design_lines(comparison: Comparison) -> list[str]:
    """What the number of texts allows, one sentence for each source that has too few."""
    facts = comparison.facts
    units: dict[str, int] = facts["units"]
    language = _language(facts["language"])
    if len(units) < 2:
        return ["There is only one source to compare, so nothing can set it apart from others."]
    smallest = min(smallest_p(n, sum(units.values()) - n) for n in units.values())
    if not facts["tested"]:
        most = max(units.values())
        have = "one article" if most == 1 else f"at most {most} distinct texts"
        told = (
            f"Each source has {have} in {language}. With so few, nothing can be significant: the "
            f"smallest p that any word could reach here is {smallest:.2g}, before allowing for the "
            "hundreds of words one could look at. Differences below are differences between "
            "these articles, not between their outlets."
        )
        return [told]
    lines, few = [], []
    for row in _rows(comparison, "sources"):
        texts = row["texts"]
        if row["tested"] and row["smallest_p"] > 0.05:
            lines.append(
                f"{row['source']}: even the most lopsided word could not get below "
                f"p = {row['smallest_p']:.2g}, so no word is called distinctive."
            )
        elif not row["tested"] and texts < 5:
            have = "no text" if texts == 0 else f"only {_count(texts, 'distinct text')}"
            few.append(
                f"{row['source']} has {have} in {language}. Fewer than five say nothing about "
                "the habits of an outlet, so it was not tested; it still counts among the others."
            )
    if len(few) > CARDS:
        few = [f"{len(few)} sources have fewer than five distinct texts and were not tested."]
    enough = sum(row["texts"] >= 5 for row in _rows(comparison, "sources"))
    if enough > len(facts["tested"]):
        few.append(f"Of {enough} sources with enough texts, those with the most are tested.")
    return lines + few


def smallest_p(target: int, reference: int) -> float:
    """Smallest p of one term when units are relabeled: two-sided, so doubled in equal groups.

    Examples
    --------
    >>> smallest_p(1, 4), smallest_p(1, 1)
    (0.2, 1.0)
    """
    if not target or not reference:
        return 1.0
    return (2 if target == reference else 1) / math.comb(target + reference, target)


def limits(comparison: Comparison) -> list[str]:
    """Say what cannot be concluded."""
    facts = comparison.facts
    lines = _design_lines(comparison)
    aside: dict[str, int] = facts["set_aside"]
    if aside:
        listed = _listed([f"{_language(code)} ({count})" for code, count in sorted(aside.items())])
        lines.append(
            f"Words are compared in {_language(facts['language'])} only. Set aside: "
            f"{listed}. Those articles are searched for copies, and nothing else."
        )
    if not facts["language_stated"]:
        lines.append(
            "The corpus does not state every language; it was guessed by the letters and the most "
            "common short words."
        )
    lines.append(
        "“Earlier in this corpus” does not mean “copied from”: both may come from a text, such as "
        "an agency's, that is not here. A date without a time counts as the end of that day."
    )
    lines.append(
        "Copies are sought between whole articles. A dispatch inside a longer article, or a shared "
        "quotation, is not reported."
    )
    lines.append(
        "Page furniture that changes from article to article, such as captions and link lists, "
        "was not recognized and counts as text."
    )
    if facts["tested"]:
        lines.append(
            "Sources that wrote on other days, or about other parts of the event, use other words. "
            "The relabeling does not allow for that. It also guards one source at a time: with "
            f"{_count(len(facts['tested']), 'source')} tested, the risk that at least one of them "
            f"shows a word by chance is up to {1 - 0.95 ** len(facts['tested']):.0%}."
        )
    lines.append(
        "A word is not a stance, and what is missing here may have been published elsewhere."
    )
    return lines


def _method(comparison: Comparison) -> str:
    facts = comparison.facts
    left = (
        f"Common function words of {_language(facts['language'])} are left out of the lists"
        if facts["stop_words"]
        else "No list of function words was available, so they are in the lists"
    )
    if not facts["tested"]:
        return f"{left}, and so is what an article repeats word for word (listed at the end)."
    return (
        f"{left}, and so is what a source repeats word for word (listed at the end). Copies are "
        "counted once. “Random relabeling” hands the source's name to as many "
        f"texts picked at random, {facts['permutations']:,} times, or in every possible way where "
        "there are fewer (seed "
        f"{facts['seed']}); it “does as much” when any word of the source comes out as lopsided."
    )


def _odds(row: Row) -> str:
    return (
        f"in {row['articles_with']} of {row['articles']} "
        f"{row['source'].removeprefix('The ')} articles, "
        f"{row['others_with']} of {row['others']} others"
    )


def _chance(row: Row) -> str:
    times = "once" if row["times"] == 1 else f"{row['times']:,} times"
    return f"random relabeling does as much {times} in {row['out_of']:,}"


def _doubts(row: Row) -> str:
    if row["term"] in re.findall(r"\w+", row["source"].lower()):
        return "; part of the source's own name"
    if not row["survives_dropping_one"]:
        return "; rests on one article"
    if row["top_share"] > 0.5:
        return f"; {row['top_share']:.0%} of its uses are in one article"
    return ""


# Plain text


def summarize(comparison: Comparison) -> str:
    """Return the findings as plain text."""
    lines = [
        f"  {row['source']}: {_count(row['articles'], 'article')}, median "
        f"{row['median_words']:,} words, {_span(row['first'], row['last'])}"
        for row in _rows(comparison, "sources")[:ARTICLES_SHOWN]
    ]
    lines = [_headline(comparison), "", *lines]
    lines += ["", "COPIES", _wrap(_copies_line(comparison))]
    clusters = _clusters(comparison)
    for members in clusters[:CLUSTERS_SHOWN]:
        lines += [
            _wrap(_member_text(row), "  - " if row is members[0] else "    ") for row in members[:6]
        ]
        if len(members) > 6:
            lines.append(f"    and {len(members) - 6} more")
    if len(clusters) > CLUSTERS_SHOWN:
        lines.append(f"  and {len(clusters) - CLUSTERS_SHOWN} more groups")
    lines += ["", "WORDS"]
    lines += _text_terms(comparison) if comparison.facts["tested"] else _text_only(comparison)
    lines += ["", "WHAT THIS CANNOT TELL YOU"]
    lines += [_wrap(line, "  - ") for line in limits(comparison)]
    return "\n".join(lines)


def _wrap(text: str, lead: str = "  ") -> str:
    return textwrap.fill(text, 88, initial_indent=lead, subsequent_indent=" " * len(lead))


def _member_text(row: Row) -> str:
    title = f" “{row['title']}”" if row["title"] else f" {row['id']}"
    return f"{row['source']}, {_day(row['date'])}:{title} ({_standing(row)})"


def _standing(row: Row) -> str:
    """Where a member of a cluster stands in time, and how much of the text it has."""
    words = {
        "earliest": "earliest in this corpus",
        "later": "later in this corpus",
        "same time": "same time as another",
        "date unknown": "date unknown",
    }[row["order"]]
    if row["row"] == row["first_row"]:
        return words
    alike = row["similarity"]
    return (
        f"{words}, linked through another" if math.isnan(alike) else f"{words}, {alike:.0%} alike"
    )


def _text_terms(comparison: Comparison) -> list[str]:
    lines = []
    for source in comparison.facts["tested"]:
        terms = [row for row in _rows(comparison, "terms") if row["source"] == source]
        strong = [row for row in terms if row["distinctive"]]
        lines.append(f"  {source}: {'' if strong else 'no distinctive word'}".rstrip())
        lines += [
            _wrap(f"{row['term']}: {_odds(row)}; {_chance(row)}{_doubts(row)}", "    ")
            for row in strong[:5]
        ]
        if len(strong) > 5:
            lines.append(f"    and {len(strong) - 5} more in the report")
    return lines


def _text_only(comparison: Comparison) -> list[str]:
    lines = ["  Used three times or more in one article, and in no other:"]
    only = _rows(comparison, "used_only_here")
    for article in _compared(comparison):
        own = [row for row in only if row["id"] == article["id"]][:10]
        words = ", ".join(f"{row['term']} ({row['uses']})" for row in own) or "no such word"
        lines.append(_wrap(f"{article['source']}, {_day(article['date'])}: {words}", "  - "))
    return lines


def _compared(comparison: Comparison) -> list[Row]:
    language = comparison.facts["language"]
    rows = [row for row in _rows(comparison, "articles") if row["language"] == language]
    return sorted(rows, key=lambda row: (row["source"], row["date"]))[:ARTICLES_SHOWN]


# HTML


def page(comparison: Comparison) -> str:
    """Return a whole page that needs no network and runs no script."""
    return _html.page(_headline(comparison), render(comparison))


def render(comparison: Comparison) -> str:
    """Return the report as HTML for a notebook or a page."""
    facts = comparison.facts
    title = "font-size:1.7rem;line-height:1.25;margin:0 0 0.5rem"
    parts = [
        f'<h1 style="{title}">{_e(_headline(comparison))}</h1>',
        _p(_copies_line(comparison)),
        _source_table(comparison),
        _h2("What this cannot tell you"),
        _list(_e(line) for line in limits(comparison)),
        _h2("Who printed the same text"),
        _copies_html(comparison),
    ]
    if facts["tested"]:
        parts += [_h2("Words that set a source apart"), _p(_method(comparison), _SMALL)]
        parts += [_card(comparison, source) for source in facts["tested"]]
    else:
        parts += [_h2("Article by article"), _articles_html(comparison)]
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
            _span(row["first"], row["last"]),
            row["with_a_copy"],
            row["texts"],
        ]
        for row in _rows(comparison, "sources")[:ARTICLES_SHOWN]
    ]
    return _table(head, body, len(_rows(comparison, "sources")))


def _copies_html(comparison: Comparison) -> str:
    clusters = _clusters(comparison)
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
        parts.append(_h3(f"{number}. {name}: {_count(len(members), 'article')}{version}"))
        parts.append(_list([_e(_member_text(row)) for row in members[:12]], "ol"))
        if len(members) > 12:
            parts.append(_p(f"and {len(members) - 12} more, all in the tables", _SMALL))
        parts += [_shared(comparison, first, row) for row in members[1 : MEMBERS_SHOWN + 1]]
        if len(members) > MEMBERS_SHOWN + 1:
            parts.append(_p(f"The first {MEMBERS_SHOWN} are shown side by side.", _SMALL))
    if len(clusters) > CLUSTERS_SHOWN:
        rest = len(clusters) - CLUSTERS_SHOWN
        parts.append(_p(f"{_count(rest, 'more group')} in the tables.", _SMALL))
    return "".join(parts)


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
    heads = [f"{row['source']}, {_day(row['date'])}" for row in (first, other)]
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
    terms = [row for row in _rows(comparison, "terms") if row["source"] == source]
    strong = [row for row in terms if row["distinctive"]]
    weak = [row for row in terms if not row["distinctive"]]
    stats = next(row for row in _rows(comparison, "sources") if row["source"] == source)
    parts = [
        _h3(source),
        _p(
            f"{_count(stats['articles'], 'article')}, median {stats['median_words']:,} words; "
            f"{_count(stats['texts'], 'distinct text')} compared.",
            _SMALL,
        ),
    ]
    if strong:
        parts.append(_chart(source, strong))
        dates = {row["id"]: row["date"] for row in _rows(comparison, "articles")}
        parts += [_term(row, dates) for row in strong]
    else:
        parts.append(_p("No word is used here more than random relabeling could explain."))
    if weak:
        listed = "; ".join(
            f"{row['term']} ({row['articles_with']} of {row['articles']}, others "
            f"{row['others_with']} of {row['others']})"
            for row in weak
        )
        parts.append(_p(f"Higher here, but chance can do as much: {listed}.", _SMALL))
    return "".join(parts)


def _term(row: Row, dates: dict[object, str]) -> str:
    where = f" – {_day(dates[row['id']])} ({row['id']})"
    line = f"{_odds(row)}; {_chance(row)}{_doubts(row)}"
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
    articles = _compared(comparison)
    only = _rows(comparison, "used_only_here")
    body = [[row["source"], _day(row["date"]), row["words"], row["title"]] for row in articles]
    parts = [
        _table([comparison.by, "date", "words", "title"], body),
        _h2("Used only here"),
        _p(
            "Words that one article uses at least three times and no other uses at all. "
            f"{_method(comparison)}",
            _SMALL,
        ),
    ]
    for article in articles:
        own = [row for row in only if row["id"] == article["id"]]
        parts.append(_h3(f"{article['source']}, {_day(article['date'])}"))
        if article["title"]:
            parts.append(_p(article["title"], _SMALL))
        listed = " · ".join(f"{row['term']} {row['uses']}" for row in own[:20])
        more = f" · and {len(own) - 20} more" if len(own) > 20 else ""
        parts.append(_p(f"{listed}{more}" if own else "No such word."))
        parts += [_sentence(row) for row in own[:5]]
    return "".join(parts)


def _left_out_html(comparison: Comparison) -> str:
    """List what was kept out of the word counts, the longest of each source."""
    rows = _rows(comparison, "left_out")
    if not rows:
        return _p("Nothing stood word for word in three texts of a source or twice in one article.")
    kinds = {"recurs": "standing text", "repeat": "repeated in one article"}
    sources = dict.fromkeys(row["source"] for row in rows)
    body = [
        [row["source"], kinds[row["kind"]], row["places"], row["text"]]
        for source in list(sources)[:ARTICLES_SHOWN]
        for row in [row for row in rows if row["source"] == source][:5]
    ]
    total = f"{sum(row['words'] for row in rows):,} words in all"
    more = "; the tables have every one" if len(body) < len(rows) else ""
    return _table([comparison.by, "kind", "times", "text"], body) + _p(f"{total}{more}.", _SMALL)


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
