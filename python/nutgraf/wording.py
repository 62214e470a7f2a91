"""A comparison in sentences: what was counted, how sure it is, and what it cannot tell.

Nothing is computed here, and no sentence says what a number means politically.
"""

from __future__ import annotations

import math
import re
import textwrap
from typing import TYPE_CHECKING, Any

from nutgraf._dates import day_text
from nutgraf._text import clean

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nutgraf.compare import Comparison

    Row = dict[str, Any]

__all__ = ["limits", "smallest_p", "summarize"]

CARDS = 12
CLUSTERS_SHOWN = 10
ARTICLES_SHOWN = 60

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


def count_of(number: int, noun: str) -> str:
    return f"{number:,} {noun if number == 1 else noun + 's'}"


def language_name(code: str) -> str:
    return _LANGUAGES.get(code, f"the language “{code}”")


def listing(parts: Sequence[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def days_text(first: str, last: str) -> str:
    if not first:
        return "no dates"
    if first[:10] == last[:10]:
        return day_text(first[:10])
    begin, end = day_text(first[:10]), day_text(last[:10])
    if begin.split(" ", 1)[-1] == end.split(" ", 1)[-1]:
        return f"{begin.split(' ')[0]}–{end}"
    return f"{begin} to {end}"


def rows_of(comparison: Comparison, name: str) -> list[Row]:
    table = comparison.sections.get(name)
    return [] if table is None or isinstance(table, dict) else table.to_dicts()


def clusters_of(comparison: Comparison) -> list[list[Row]]:
    return _grouped(rows_of(comparison, "copies"), "cluster")


def _grouped(rows: list[Row], name: str) -> list[list[Row]]:
    grouped: dict[int, list[Row]] = {}
    for row in rows:
        grouped.setdefault(row[name], []).append(row)
    return list(grouped.values())


def headline_of(comparison: Comparison) -> str:
    sources = rows_of(comparison, "sources")
    days = sorted(day for row in sources for day in (row["first"], row["last"]) if day)
    dates = days_text(days[0], days[-1]) if days else "no dates"
    articles = sum(row["articles"] for row in sources)
    return f"{count_of(articles, 'article')} from {count_of(len(sources), comparison.by)}, {dates}"


def copies_sentence(comparison: Comparison) -> str:
    clusters = clusters_of(comparison)
    share = f"{comparison.facts['threshold']:.0%}"
    if not clusters:
        return f"No two articles share {share} or more of their five-word sequences."
    across = sum(members[0]["relation"] == "shared" for members in clusters)
    total = sum(len(members) for members in clusters)
    inside = len(clusters) - across
    what = [f"{count_of(across, 'group')} across sources"] if across else []
    what += [f"{count_of(inside, 'group')} of versions within one source"] if inside else []
    return f"{count_of(total, 'article')} share most of their text with another: {listing(what)}."


def contains_sentence(comparison: Comparison) -> str:
    """Say how many articles contain most of a shorter one, which puts them into no group."""
    longer = len({row["row"] for row in rows_of(comparison, "contains")})
    if not longer:
        sought = comparison.facts["containment"] is not None
        return "No article contains most of a shorter one." if sought else ""
    if longer == 1:
        return "1 article contains most of a shorter one; both are counted as texts of their own."
    return (
        f"{longer:,} articles contain most of a shorter one; all are counted as texts of their own."
    )


def design_sentences(comparison: Comparison) -> list[str]:
    """What the number of texts allows, one sentence for each source that has too few."""
    facts = comparison.facts
    units: dict[str, int] = facts["units"]
    language = language_name(facts["language"])
    if len(units) < 2:
        return ["There is only one source to compare, so nothing can set it apart from others."]
    smallest = min(smallest_p(n, sum(units.values()) - n) for n in units.values())
    if not facts["tested"]:
        most = max(units.values())
        have = {0: "no text", 1: "one article"}.get(most, f"at most {most} distinct texts")
        told = (
            f"Each source has {have} in {language}. With so few, nothing can be significant: the "
            f"smallest p that any word could reach here is {smallest:.2g}, before allowing for the "
            "hundreds of words one could look at. Differences below are differences between "
            "these articles, not between their outlets."
        )
        return [told]
    lines, few = [], []
    for row in rows_of(comparison, "sources"):
        texts = row["texts"]
        if row["tested"] and row["smallest_p"] > 0.05:
            lines.append(
                f"{row['source']}: even the most lopsided word could not get below "
                f"p = {row['smallest_p']:.2g}, so no word is called distinctive."
            )
        elif not row["tested"] and texts < 5:
            have = "no text" if texts == 0 else f"only {count_of(texts, 'distinct text')}"
            few.append(
                f"{row['source']} has {have} in {language}. Fewer than five say nothing about "
                "the habits of an outlet, so it was not tested; it still counts among the others."
            )
    if len(few) > CARDS:
        few = [f"{len(few)} sources have fewer than five distinct texts and were not tested."]
    enough = sum(row["texts"] >= 5 for row in rows_of(comparison, "sources"))
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
    lines = design_sentences(comparison)
    aside: dict[str, int] = facts["set_aside"]
    if aside:
        listed = listing(
            [f"{language_name(code)} ({count})" for code, count in sorted(aside.items())]
        )
        lines.append(
            f"Words are compared in {language_name(facts['language'])} only. Set aside: "
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
    lines.append(_copies_limit(facts["containment"]))
    lines.append(
        "Page furniture that neither recurs in a source nor follows a known rule counts as text."
        if facts["mask"]
        else "Page furniture and what an article says twice were not looked for, and count as text."
    )
    if facts["tested"]:
        tested = count_of(len(facts["tested"]), "source")
        lines.append(
            "Sources that wrote on other days, or about other parts of the event, use other words. "
            "The relabeling does not allow for that. It also guards one source at a time: with "
            f"{tested} tested, the risk that at least one of them "
            f"shows a word by chance is up to {1 - 0.95 ** len(facts['tested']):.0%}."
        )
    lines.append(
        "A word is not a stance, and what is missing here may have been published elsewhere."
    )
    return lines


def _copies_limit(containment: float | None) -> str:
    if containment is None:
        return (
            "Copies are sought between whole articles. There are so many of them that shorter "
            "articles inside longer ones were not looked for."
        )
    return (
        "Copies are sought between whole articles. A shorter article inside a longer one is found "
        f"if it has some fifty words or more, and {containment:.0%} of them are there. Less, such "
        "as a shared paragraph or quotation, is not reported; nutgraf.passages finds it."
    )


def masking_sentence() -> str:
    """Say what was left out of the word counts, and of the search for copies."""
    return (
        "What an article says twice stays once. “Recurs”: a line that stands word for word in "
        "three or more texts of the source, copies counted once. “Suspected”: one article shows "
        "it, by a rule. Nothing of this is lost: text and offsets are those of the articles."
    )


def left_out_text(row: Row) -> str:
    """Say why something was left out."""
    if row["evidence"] == "repeat":
        return "said twice"
    kind = "" if row["kind"] in ("line", "block", "sentence") else f": {row['kind']}"
    return f"{row['evidence']}{kind}"


def method_sentence(comparison: Comparison) -> str:
    facts = comparison.facts
    left = (
        f"Common function words of {language_name(facts['language'])} are left out of the lists"
        if facts["stop_words"]
        else "No list of function words was available, so they are in the lists"
    )
    if facts["mask"]:
        left += ", and so are page furniture and what an article says twice (listed at the end)"
    if not facts["tested"]:
        return f"{left}."
    return (
        f"{left}. Copies are counted once. “Random relabeling” hands the source's name to as many "
        f"texts picked at random, {facts['permutations']:,} times, or in every possible way where "
        "there are fewer (seed "
        f"{facts['seed']}); it “does as much” when any word of the source comes out as lopsided."
    )


def odds_text(row: Row) -> str:
    return (
        f"in {row['articles_with']} of {row['articles']} "
        f"{row['source'].removeprefix('The ')} articles, "
        f"{row['others_with']} of {row['others']} others"
    )


def chance_text(row: Row) -> str:
    times = "once" if row["times"] == 1 else f"{row['times']:,} times"
    return f"random relabeling does as much {times} in {row['out_of']:,}"


def doubts_text(row: Row) -> str:
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
        f"  {row['source']}: {count_of(row['articles'], 'article')}, median "
        f"{row['median_words']:,} words, {days_text(row['first'], row['last'])}"
        for row in rows_of(comparison, "sources")[:ARTICLES_SHOWN]
    ]
    lines = [headline_of(comparison), "", *lines]
    told = f"{copies_sentence(comparison)} {contains_sentence(comparison)}".strip()
    lines += ["", "COPIES", wrapped(told)]
    clusters = clusters_of(comparison)
    for members in clusters[:CLUSTERS_SHOWN]:
        lines += [
            wrapped(member_line(row), "  - " if row is members[0] else "    ")
            for row in members[:6]
        ]
        if len(members) > 6:
            lines.append(f"    and {len(members) - 6} more")
    if len(clusters) > CLUSTERS_SHOWN:
        lines.append(f"  and {len(clusters) - CLUSTERS_SHOWN} more groups")
    holding = containing(comparison)
    if holding:
        lines += ["", "SHORTER ARTICLES INSIDE LONGER ONES"]
    for members in holding[:CLUSTERS_SHOWN]:
        lines.append(wrapped(holder_line(members[0]), "  - "))
        lines += [wrapped(part_line(row), "    ") for row in members[:6]]
        if len(members) > 6:
            lines.append(f"    and {len(members) - 6} more")
    if len(holding) > CLUSTERS_SHOWN:
        lines.append(f"  and {len(holding) - CLUSTERS_SHOWN} more articles")
    lines += ["", "WORDS"]
    lines += term_lines(comparison) if comparison.facts["tested"] else only_lines(comparison)
    lines += ["", "WHAT THIS CANNOT TELL YOU"]
    lines += [wrapped(line, "  - ") for line in limits(comparison)]
    # For a terminal, which obeys what it is sent.
    return clean("\n".join(lines), newlines=True)


def wrapped(text: str, lead: str = "  ") -> str:
    return textwrap.fill(text, 88, initial_indent=lead, subsequent_indent=" " * len(lead))


def member_line(row: Row) -> str:
    title = f" “{row['title']}”" if row["title"] else f" {row['id']}"
    return f"{row['source']}, {day_text(row['date'])}:{title} ({standing_of(row)})"


def standing_of(row: Row) -> str:
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


def containing(comparison: Comparison) -> list[list[Row]]:
    """Return each article that contains a shorter one, with a row for each of those."""
    return _grouped(rows_of(comparison, "contains"), "row")


def holder_line(row: Row) -> str:
    title = f" “{row['title']}”" if row["title"] else f" {row['id']}"
    return f"{row['source']}, {day_text(row['date'])}:{title} ({count_of(row['words'], 'word')})"


def part_line(row: Row) -> str:
    """How much of which shorter article stands in a longer one, and which of both is earlier."""
    title = f"“{row['part_title']}”" if row["part_title"] else row["part"]
    copies = row["copies"]
    more = f" and {copies} {'copy' if copies == 1 else 'copies'} of it" if copies else ""
    where = f"{row['part_source']}, {day_text(row['part_date'])}"
    if row["earlier"] is None:
        order = "the dates do not say which is earlier"
    else:
        # An id names one article.
        own = "the shorter one" if row["earlier"] == row["part"] else "the longer one"
        order = f"{own} is earlier in this corpus"
    words = count_of(row["part_words"], "word")
    return f"contains {row['share']:.0%} of {title} ({where}; {words}){more}; {order}"


def term_lines(comparison: Comparison) -> list[str]:
    lines = []
    for source in comparison.facts["tested"]:
        terms = [row for row in rows_of(comparison, "terms") if row["source"] == source]
        strong = [row for row in terms if row["distinctive"]]
        lines.append(f"  {source}: {'' if strong else 'no distinctive word'}".rstrip())
        lines += [
            wrapped(
                f"{row['term']}: {odds_text(row)}; {chance_text(row)}{doubts_text(row)}", "    "
            )
            for row in strong[:5]
        ]
        if len(strong) > 5:
            lines.append(f"    and {len(strong) - 5} more in the report")
    return lines


def only_lines(comparison: Comparison) -> list[str]:
    lines = ["  Used three times or more in one article, and in no other:"]
    only = rows_of(comparison, "used_only_here")
    for article in compared_sources(comparison):
        own = [row for row in only if row["id"] == article["id"]][:10]
        words = ", ".join(f"{row['term']} ({row['uses']})" for row in own) or "no such word"
        lines.append(wrapped(f"{article['source']}, {day_text(article['date'])}: {words}", "  - "))
    return lines


def compared_sources(comparison: Comparison) -> list[Row]:
    language = comparison.facts["language"]
    rows = [row for row in rows_of(comparison, "articles") if row["language"] == language]
    return sorted(rows, key=lambda row: (row["source"], row["date"]))[:ARTICLES_SHOWN]
