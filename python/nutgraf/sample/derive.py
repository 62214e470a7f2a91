"""Derive ``articles.jsonl`` and ``truth.json`` from the marked sources in ``marked/``.

Run ``python python/nutgraf/sample/derive.py`` after editing a source, or with ``--check``
to learn (exit status 1) whether the committed files are out of date. All offsets are
Unicode code points into an article's text, so ``text[start:end]`` is the recorded text.
The marks and the fields of the truth are described in ``README.md``.
"""

from __future__ import annotations

import argparse
import json
import re
import shlex
import sys
import tomllib
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
MARKED = HERE / "marked"
OPEN, BAR, CLOSE = "⟦", "|", "⟧"
MARK = re.compile(r"⟦(?P<head>[^|⟦⟧]*)(?P<bar>\|?)|⟧")
UNSPACED = re.compile(
    r"[\u0600-\u06ff\u4e00-\u9fff]"
)  # scripts that glue words to their neighbours
REUSE_KINDS = {"unchanged", "new_lead", "cut", "embedded"}
CREDIT_PLACES = {"byline", "dateline", "caption", "tail", "inline"}
PREFERS_FROM = (
    6  # an outlet prefers a term which it uses in this many articles, and never the rival
)

Row = dict[str, Any]


class SourceError(Exception):
    """A marked source which cannot be read; the sentence names the file."""


@dataclass(frozen=True)
class Span:
    """One mark after its removal: what it says, and where the marked text stands."""

    mark: str
    attributes: dict[str, str]
    start: int
    end: int


@dataclass(frozen=True)
class Article:
    """One article: its metadata, its plain text, its spans in order of their start."""

    id: str
    source: str
    date: str
    title: str
    language: str
    text: str
    spans: tuple[Span, ...]

    def spans_of(self, mark: str) -> list[Span]:
        """All spans of one kind of mark."""
        return [span for span in self.spans if span.mark == mark]

    def row(self, start: int, end: int) -> Row:
        """Return the four fields that every piece of evidence has."""
        return {"document": self.id, "start": start, "end": end, "text": self.text[start:end]}


# --- reading the marks -------------------------------------------------------------------


def read_head(head: str) -> tuple[str, dict[str, str]]:
    """Split ``quote speaker="Ilse Maren" pronoun`` into the mark's name and its attributes."""
    name, *words = shlex.split(head)
    pairs = (word.partition("=") for word in words)
    return name, {key: value if equals else "true" for key, equals, value in pairs}


def read_blocks(body: str) -> dict[str, str]:
    """Return the marked text of every ``⟦block id=…|…⟧`` in a body."""
    blocks: dict[str, str] = {}
    opened: list[tuple[str, int]] = []
    for match in MARK.finditer(body):
        if match.group() == CLOSE:
            block, start = opened.pop()
            if block:
                blocks[block] = body[start : match.start()]
        else:
            name, attributes = read_head(match["head"])
            opened.append((attributes["id"] if name == "block" else "", match.end()))
    return blocks


def include(body: str, blocks: dict[str, str], furniture: dict[str, str]) -> str:
    """Put the text of blocks and of standing furniture where a source only names it."""

    def fill(match: re.Match[str]) -> str:
        head = match[1]
        name, attributes = read_head(head)
        if name == "include":
            copied = head.removeprefix("include ")
            return f"{OPEN}copy {copied}{BAR}{blocks[attributes['block']]}{CLOSE}"
        return f"{OPEN}{head}{BAR}{furniture[attributes['use']]}{CLOSE}"

    return re.sub(r"⟦((?:include|furniture) [^|⟦⟧]*)⟧", fill, body)


def read_spans(body: str) -> tuple[str, tuple[Span, ...]]:
    """Take the marks out of a body; return the plain text and what was marked."""
    plain: list[str] = []
    opened: list[tuple[str, dict[str, str], int]] = []
    spans: list[Span] = []
    length = last = 0
    for match in MARK.finditer(body):
        plain.append(body[last : match.start()])
        length += match.start() - last
        last = match.end()
        if match.group() == CLOSE:
            name, attributes, start = opened.pop()
            spans.append(Span(name, attributes, start, length))
        else:
            opened.append((*read_head(match["head"]), length))
    if opened:
        raise SourceError(f"the mark {opened[-1][0]!r} is never closed")
    plain.append(body[last:])
    spans.sort(key=lambda span: (span.start, -span.end, span.mark))
    return "".join(plain), tuple(spans)


def read_articles(cast: Row) -> list[Article]:
    """Read every marked source, sorted by date, then id."""
    sources: list[tuple[dict[str, str], str]] = []
    blocks: dict[str, str] = {}
    for path in sorted(MARKED.glob("*.txt")):
        head, _, body = path.read_text(encoding="utf-8").partition("\n\n")
        header = dict(re.split(r":\s*", line, maxsplit=1) for line in head.splitlines())
        if header["id"] != path.stem:
            raise SourceError(f"{path.name}: the id {header['id']!r} is not the file's name")
        sources.append((header, body.strip()))
        blocks |= read_blocks(body)
    articles = []
    for header, body in sources:
        try:
            text, spans = read_spans(include(body, blocks, cast["furniture"]))
        except (SourceError, KeyError, IndexError, ValueError) as error:
            raise SourceError(f"{header['id']}: {error}") from error
        fields = {key: header[key] for key in ("id", "source", "date", "title", "language")}
        articles.append(Article(**fields, text=text, spans=spans))
    return sorted(articles, key=lambda article: (article.date, article.id))


# --- small questions about texts ---------------------------------------------------------


def occurrences(article: Article, phrase: str) -> list[tuple[int, int]]:
    """Where a word or phrase stands, whole words only, whatever its case."""
    pattern = rf"(?<!\w){re.escape(phrase)}(?!\w)"
    return [match.span() for match in re.finditer(pattern, article.text, re.IGNORECASE)]


def shingles(text: str) -> set[tuple[str, ...]]:
    """Return the word 5-grams of a text, in lower case."""
    words = re.findall(r"\w+", text.lower())
    return {tuple(words[i : i + 5]) for i in range(len(words) - 4)}


def is_inside(inner: Span, outer: Span) -> bool:
    """Whether one span lies within another."""
    return outer.start <= inner.start and inner.end <= outer.end


def nearest(
    article: Article, word: str, around: Span, quoted: Span | None
) -> tuple[int, int] | None:
    """Where a word stands nearest to a span, in its paragraph unless afar, not in the quotation."""
    low, high = 0, len(article.text)
    if "afar" not in around.attributes:
        low = article.text.rfind("\n\n", 0, around.start) + 1
        high = min(high, article.text.find("\n\n", around.end) % (high + 1))
    edge = "" if UNSPACED.search(word) else r"\b"
    found = re.compile(edge + re.escape(word) + edge).finditer(article.text, low, high)
    places = [match.span() for match in found]
    if quoted:
        places = [
            (start, end) for start, end in places if end <= quoted.start or start >= quoted.end
        ]
    return min(
        places,
        key=lambda place: max(around.start - place[1], place[0] - around.end, 0),
        default=None,
    )


def is_before(published: str, known: str) -> bool:
    """Whether an article appeared before a fact was known (a bare day counts to its end)."""
    if "T" in published:
        return datetime.fromisoformat(published) < datetime.fromisoformat(known)
    end_of_day = date.fromisoformat(published) + timedelta(days=1)
    return end_of_day <= datetime.fromisoformat(known).date()


# --- the truth, one function per kind ----------------------------------------------------


def shared_texts(articles: list[Article]) -> tuple[list[Row], list[Row], list[Row]]:
    """Return the reuse, passages and repeats that the included blocks planted."""
    homes = {
        span.attributes["id"]: (article, span)
        for article in articles
        for span in article.spans_of("block")
    }
    relations: dict[tuple[str, str], Row] = {}
    passages: list[Row] = []
    repeats: list[Row] = []
    for article in articles:
        for span in article.spans_of("copy"):
            home, origin = homes[span.attributes["block"]]
            kind = span.attributes["kind"]
            left = home.row(origin.start, origin.end)
            right = article.row(span.start, span.end)
            if kind == "repeat":
                repeats.append({"document": article.id, "first": left, "second": right})
            elif kind == "passage":
                note = {"block": span.attributes["block"], "original": None}
                passages.append({**note, "left": left, "right": right})
            elif kind in REUSE_KINDS:
                a, b = shingles(home.text), shingles(article.text)
                relation = relations.setdefault(
                    (home.id, article.id),
                    {
                        "original": home.id,
                        "copy": article.id,
                        "kind": kind,
                        "credited": bool(article.spans_of("credit")),
                        "jaccard": round(len(a & b) / len(a | b), 4),
                        "containment": round(len(a & b) / len(a), 4),
                        "spans": [],
                    },
                )
                relation["spans"].append({"original": left, "copy": right})
            else:
                raise SourceError(f"{article.id}: no such kind of copy: {kind!r}")
    return list(relations.values()), passages, repeats


def furniture_rows(articles: list[Article]) -> list[Row]:
    """Page furniture, with the number of the outlet's articles that carry the same text."""
    found = [(article, span) for article in articles for span in article.spans_of("furniture")]
    recurs = Counter(
        (article.source, article.text[span.start : span.end]) for article, span in found
    )
    return [
        {
            "source": article.source,
            "kind": span.attributes["kind"],
            "articles": recurs[article.source, article.text[span.start : span.end]],
            **article.row(span.start, span.end),
        }
        for article, span in found
    ]


def figure_sets(articles: list[Article], cast: Row) -> list[Row]:
    """Return the sets of figures, each with the verdict that a reader would give."""
    members: defaultdict[str, list[Row]] = defaultdict(list)
    for article in articles:
        for span in article.spans_of("figure"):
            extra = {k: json.loads(v) for k, v in span.attributes.items() if k != "set"}
            about = {"source": article.source, "date": article.date}
            for key in span.attributes["set"].split(","):
                members[key].append({**about, **extra, **article.row(span.start, span.end)})
    if set(members) != set(cast["figures"]):
        raise SourceError(f"figure sets differ: {set(members) ^ set(cast['figures'])}")
    return [
        {"set": key, **about, "figures": members[key]} for key, about in cast["figures"].items()
    ]


def credit_rows(articles: list[Article], reuse: list[Row]) -> list[Row]:
    """Credits that are there, and reprints where one is missing."""
    rows: list[Row] = []
    for article in articles:
        for span in article.spans_of("credit"):
            place = span.attributes["place"]
            if place not in CREDIT_PLACES:
                raise SourceError(f"{article.id}: no such place of a credit: {place!r}")
            agency = span.attributes.get("agency", "Pellworth")
            rows.append(
                {
                    "present": True,
                    "agency": agency,
                    "place": place,
                    **article.row(span.start, span.end),
                }
            )
    missing = [relation for relation in reuse if not relation["credited"]]
    return rows + [
        {
            "present": False,
            "agency": "Pellworth",
            "place": None,
            **{
                key: relation["spans"][0]["copy"][key]
                for key in ("document", "start", "end", "text")
            },
        }
        for relation in missing
    ]


def name_rows(articles: list[Article], cast: Row) -> list[Row]:
    """Every place where a person of the cast is named, longest variant first."""
    rows = []
    for person in cast["names"]:
        places: list[Row] = []
        for article in articles:
            taken: list[tuple[int, int]] = []
            for variant in sorted(person["variants"], key=lambda variant: (-len(variant), variant)):
                edge = r"\w" if re.search(r"[A-Za-zА-я]", variant) else "\0"
                pattern = rf"(?<!{edge}){re.escape(variant)}(?!{edge})"
                for match in re.finditer(pattern, article.text):
                    start, end = match.span()
                    if all(end <= low or start >= high for low, high in taken):
                        taken.append((start, end))
                        places.append(
                            {
                                "source": article.source,
                                "variant": variant,
                                **article.row(start, end),
                            }
                        )
        order = {article.id: row for row, article in enumerate(articles)}
        places.sort(key=lambda place: (order[place["document"]], place["start"]))
        rows.append({**person, "mentions": places})
    return rows


def join_parts(rows: list[Row]) -> None:
    """Tie the last quotation to the one it continues, over the words that part them."""
    last = rows[-1]
    first = next(
        row for row in rows[-2::-1] if row["referent"] == last["referent"] and not row["nested"]
    )
    form = "interrupted" if last["text"][0].islower() else "continued"
    for row in (first, last):
        row["group"], row["form"] = f"{first['document']}/{first['start']}", form


def quotation_rows(articles: list[Article], cast: Row) -> list[Row]:
    """Quotations with speaker, cue and the cue's stance."""
    stances = {verb: stance for stance, verbs in cast["verbs"].items() for verb in verbs}
    colored = set(cast["verbs"]["colored"])
    stances |= dict.fromkeys(colored, "neutral")
    rows: list[Row] = []
    astray: list[str] = []
    for article in articles:
        copies = article.spans_of("copy")
        for span in article.spans_of("quote"):
            mark = span.attributes
            cue, speaker = mark.get("cue"), mark.get("speaker")
            if cue is not None and cue not in stances:
                raise SourceError(f"{article.id}: the cue {cue!r} has no stance in cast.toml")
            quoted = None if "indirect" in mark else span
            cue_at = nearest(article, cue, span, quoted) if cue else None
            anchor = Span("cue", mark, *cue_at) if cue_at else span
            speaker_at = nearest(article, speaker, anchor, quoted) if speaker else None
            if (cue and not cue_at) or (speaker and not speaker_at):
                quoted_text = article.text[span.start : span.end]
                astray.append(f"{article.id}: {speaker!r} or {cue!r} is not near “{quoted_text}”")
            rows.append(
                {
                    **article.row(span.start, span.end),
                    "source": article.source,
                    "language": article.language,
                    "direct": "indirect" not in mark,
                    "speaker": speaker,
                    "speaker_start": speaker_at[0] if speaker_at else None,
                    "speaker_end": speaker_at[1] if speaker_at else None,
                    "referent": mark.get("referent", speaker),
                    "pronoun": "pronoun" in mark,
                    "cue": cue,
                    "cue_start": cue_at[0] if cue_at else None,
                    "cue_end": cue_at[1] if cue_at else None,
                    "stance": stances[cue] if cue else None,
                    "colored": cue in colored,
                    "nested": "nested" in mark,
                    "group": None,
                    "form": mark.get("form"),
                    "copied": any(is_inside(span, copy) for copy in copies),
                }
            )
            if "continues" in mark:
                join_parts(rows)
    if astray:
        raise SourceError("\n".join(astray))
    return rows


def verb_rows(quotations: list[Row]) -> list[Row]:
    """Return who uses which reporting verb where, copies left out."""
    evidence: defaultdict[tuple[str, str, str, str], list[Row]] = defaultdict(list)
    for row in quotations:
        if row["cue"] and not row["copied"]:
            place = {"document": row["document"], "start": row["cue_start"], "end": row["cue_end"]}
            key = (row["language"], row["cue"], row["stance"], row["source"])
            evidence[key].append({**place, "text": row["cue"]})
    return [
        {"language": language, "verb": verb, "stance": stance, "source": source, "uses": places}
        for (language, verb, stance, source), places in sorted(evidence.items())
    ]


def term_rows(articles: list[Article], cast: Row) -> list[Row]:
    """Return the outlets' use of rival terms in English, and which of the two they prefer."""
    rows = []
    english = [article for article in articles if article.language == "en"]
    for pair in cast["terms"]:
        outlets: list[Row] = []
        for source in sorted({article.source for article in english}):
            places: dict[str, list[Row]] = {}
            for term in pair:
                places[term] = [
                    article.row(*place)
                    for article in english
                    if article.source == source
                    for place in occurrences(article, term)
                ]
            in_articles = {term: len({row["document"] for row in places[term]}) for term in pair}
            prefers = [
                term
                for term, rival in (pair, pair[::-1])
                if in_articles[term] >= PREFERS_FROM and not in_articles[rival]
            ]
            outlets.append(
                {
                    "source": source,
                    "prefers": prefers[0] if prefers else None,
                    "articles": in_articles,
                    "uses": places,
                }
            )
        rows.append({"pair": pair, "outlets": outlets})
    return rows


def bursty_rows(articles: list[Article], cast: Row) -> list[Row]:
    """Terms that one article uses all the time and no other article at all."""
    rows = []
    for term in cast["bursty"]:
        users = [(article, occurrences(article, term)) for article in articles]
        ((article, places),) = [(article, places) for article, places in users if places]
        about = {"term": term, "document": article.id, "source": article.source}
        rows.append({**about, "uses": [article.row(*place) for place in places]})
    return rows


def evidence_of(fact: Row, articles: list[Article]) -> dict[str, list[Row]]:
    """Where each outlet reports a fact; nobody may report it before it was known."""
    evidence: defaultdict[str, list[Row]] = defaultdict(list)
    for article in articles:
        for span in article.spans_of("fact"):
            if span.attributes["id"] == fact["id"]:
                if is_before(article.date, fact["known"]):
                    raise SourceError(f"{article.id} reports {fact['id']} before it was known")
                evidence[article.source].append(article.row(span.start, span.end))
    return dict(evidence)


def fact_rows(articles: list[Article], cast: Row) -> tuple[list[Row], list[Row]]:
    """Facts that one outlet leaves out, and articles that appeared before a fact was known."""
    omissions: list[Row] = []
    before: list[Row] = []
    for fact in cast["facts"]:
        reported = evidence_of(fact, articles)
        for source in sorted({article.source for article in articles}):
            own = [article for article in articles if article.source == source]
            early = [article.id for article in own if is_before(article.date, fact["known"])]
            late = [article.id for article in own if article.id not in early]
            about = {"fact": fact["id"], "statement": fact["statement"], "known": fact["known"]}
            about["source"] = source
            if early:
                before.append({**about, "documents": early, "all_before": not late})
            if late and source not in reported:
                said = [word for word in fact["words"] if any(occurrences(a, word) for a in own)]
                if said:
                    raise SourceError(f"{source} leaves out {fact['id']}, but writes {said}")
                omissions.append({**about, "documents": late, "reported": reported})
    return omissions, before


def make_truth(articles: list[Article], cast: Row) -> Row:
    """Everything that was planted in the articles."""
    reuse, passages, repeats = shared_texts(articles)
    quotations = quotation_rows(articles, cast)
    omissions, before = fact_rows(articles, cast)
    return {
        "reuse": reuse,
        "passages": passages,
        "furniture": furniture_rows(articles),
        "repeats": repeats,
        "figures": figure_sets(articles, cast),
        "credits": credit_rows(articles, reuse),
        "names": name_rows(articles, cast),
        "quotations": quotations,
        "reporting_verbs": verb_rows(quotations),
        "terms": term_rows(articles, cast),
        "bursty": bursty_rows(articles, cast),
        "omissions": omissions,
        "before": before,
    }


def derive() -> dict[Path, str]:
    """Return the derived files: path and content."""
    cast = tomllib.loads((MARKED / "cast.toml").read_text(encoding="utf-8"))
    articles = read_articles(cast)
    keys = ("id", "source", "date", "title", "language", "text")
    lines = [
        json.dumps({key: getattr(a, key) for key in keys}, ensure_ascii=False) for a in articles
    ]
    truth = json.dumps(make_truth(articles, cast), ensure_ascii=False, indent=1)
    return {HERE / "articles.jsonl": "\n".join(lines) + "\n", HERE / "truth.json": truth + "\n"}


def main() -> int:
    """Write the derived files, or check them."""
    parser = argparse.ArgumentParser(
        description="Derive articles.jsonl and truth.json from marked/."
    )
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if out of date")
    check = parser.parse_args().check
    try:
        files = derive()
    except SourceError as error:
        print(f"derive: {error}", file=sys.stderr)
        return 2
    stale = [
        path
        for path, content in files.items()
        if not path.exists() or path.read_bytes() != content.encode()
    ]
    if not check:
        for path in stale:
            path.write_bytes(files[path].encode())
    for path in stale:
        print(f"{path.name}: {'out of date, run derive.py' if check else 'written'}")
    return 1 if check and stale else 0


if __name__ == "__main__":
    sys.exit(main())
