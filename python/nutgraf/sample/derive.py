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
# Scripts that glue words to their neighbours.
UNSPACED = re.compile(r"[\u0600-\u06ff\u4e00-\u9fff]")
REUSE_KINDS = {"unchanged", "new_lead", "cut", "embedded"}
CREDIT_PLACES = {"byline", "dateline", "caption", "tail", "inline"}
# An outlet prefers a term which it uses in this many articles, and never the rival.
PREFERS_FROM = 6
FIELDS = ("id", "source", "date", "title", "language")

Row = dict[str, Any]
Place = tuple[int, int]


class SourceError(Exception):
    """A marked source which cannot be read; the sentence names the file."""


@dataclass(frozen=True)
class Span:
    """One mark after its removal: what it says, and where the marked text stands."""

    mark: str
    attributes: dict[str, str]
    start: int
    end: int

    def is_inside(self, outer: Span) -> bool:
        """Whether this span lies within another."""
        return outer.start <= self.start and self.end <= outer.end


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
        articles.append(Article(**{key: header[key] for key in FIELDS}, text=text, spans=spans))
    return sorted(articles, key=lambda article: (article.date, article.id))


# --- small questions about texts ---------------------------------------------------------


def marked(articles: list[Article], mark: str) -> list[tuple[Article, Span]]:
    """All spans of one kind of mark, each with its article."""
    return [(article, span) for article in articles for span in article.spans_of(mark)]


def occurrences(article: Article, phrase: str) -> list[Place]:
    """Where a word or phrase stands, whole words only, whatever its case."""
    pattern = rf"(?<!\w){re.escape(phrase)}(?!\w)"
    return [match.span() for match in re.finditer(pattern, article.text, re.IGNORECASE)]


def shingles(text: str) -> set[tuple[str, ...]]:
    """Return the word 5-grams of a text, in lower case."""
    words = re.findall(r"\w+", text.lower())
    return {tuple(words[i : i + 5]) for i in range(len(words) - 4)}


def nearest(article: Article, word: str, around: Span, quoted: Span | None) -> Place | None:
    """Where a word stands nearest to a span, in its paragraph unless afar, not in the quotation."""
    low, high = 0, len(article.text)
    if "afar" not in around.attributes:
        low = article.text.rfind("\n\n", 0, around.start) + 1
        high = min(high, article.text.find("\n\n", around.end) % (high + 1))
    edge = "" if UNSPACED.search(word) else r"\b"
    found = re.compile(edge + re.escape(word) + edge).finditer(article.text, low, high)
    places = [match.span() for match in found]
    if quoted:
        places = [at for at in places if at[1] <= quoted.start or at[0] >= quoted.end]
    first, last = around.start, around.end
    return min(places, key=lambda at: max(first - at[1], at[0] - last, 0), default=None)


def is_before(published: str, known: str) -> bool:
    """Whether an article appeared before a fact was known (a bare day counts to its end)."""
    if "T" in published:
        return datetime.fromisoformat(published) < datetime.fromisoformat(known)
    end_of_day = date.fromisoformat(published) + timedelta(days=1)
    return end_of_day <= datetime.fromisoformat(known).date()


# --- the truth, one function per kind ----------------------------------------------------


def shared_texts(articles: list[Article]) -> tuple[list[Row], list[Row], list[Row]]:
    """Return the reuse, passages and repeats that the included blocks planted."""
    homes = {span.attributes["id"]: (article, span) for article, span in marked(articles, "block")}
    relations: dict[tuple[str, str], Row] = {}
    passages: list[Row] = []
    repeats: list[Row] = []
    for article, span in marked(articles, "copy"):
        block, kind = span.attributes["block"], span.attributes["kind"]
        home, origin = homes[block]
        left = home.row(origin.start, origin.end)
        right = article.row(span.start, span.end)
        if kind == "repeat":
            repeats.append({"document": article.id, "first": left, "second": right})
        elif kind == "passage":
            passages.append({"block": block, "original": None, "left": left, "right": right})
        elif kind in REUSE_KINDS:
            a, b = shingles(home.text), shingles(article.text)
            about: Row = {"original": home.id, "copy": article.id, "kind": kind}
            relation = relations.setdefault((home.id, article.id), about)
            relation["credited"] = bool(article.spans_of("credit"))
            relation["jaccard"] = round(len(a & b) / len(a | b), 4)
            relation["containment"] = round(len(a & b) / len(a), 4)
            relation.setdefault("spans", []).append({"original": left, "copy": right})
        else:
            raise SourceError(f"{article.id}: no such kind of copy: {kind!r}")
    return list(relations.values()), passages, repeats


def furniture_rows(articles: list[Article]) -> list[Row]:
    """Page furniture, with the number of the outlet's articles that carry the same text."""
    found = [
        (article.source, span.attributes["kind"], article.row(span.start, span.end))
        for article, span in marked(articles, "furniture")
    ]
    recurs = Counter((source, row["text"]) for source, _, row in found)
    return [
        {"source": source, "kind": kind, "articles": recurs[source, row["text"]], **row}
        for source, kind, row in found
    ]


def figure_sets(articles: list[Article], cast: Row) -> list[Row]:
    """Return the sets of figures, each with the verdict that a reader would give."""
    members: defaultdict[str, list[Row]] = defaultdict(list)
    for article, span in marked(articles, "figure"):
        extra = {k: json.loads(v) for k, v in span.attributes.items() if k != "set"}
        about = {"source": article.source, "date": article.date}
        for key in span.attributes["set"].split(","):
            members[key].append({**about, **extra, **article.row(span.start, span.end)})
    sets = cast["figures"]
    if set(members) != set(sets):
        raise SourceError(f"figure sets differ: {set(members) ^ set(sets)}")
    return [{"set": key, **about, "figures": members[key]} for key, about in sets.items()]


def credit_rows(articles: list[Article], reuse: list[Row]) -> list[Row]:
    """Credits that are there, and reprints where one is missing."""
    rows: list[Row] = []
    for article, span in marked(articles, "credit"):
        place, agency = span.attributes["place"], span.attributes.get("agency", "Pellworth")
        if place not in CREDIT_PLACES:
            raise SourceError(f"{article.id}: no such place of a credit: {place!r}")
        about = {"present": True, "agency": agency, "place": place}
        rows.append({**about, **article.row(span.start, span.end)})
    about = {"present": False, "agency": "Pellworth", "place": None}
    missing = [relation for relation in reuse if not relation["credited"]]
    return rows + [{**about, **relation["spans"][0]["copy"]} for relation in missing]


def mentions(article: Article, variants: list[str]) -> list[Row]:
    """Where an article names a person; the longest variant is sought first, and none overlap."""
    places: list[Row] = []
    for variant in sorted(variants, key=lambda variant: (-len(variant), variant)):
        about = {"source": article.source, "variant": variant}
        edge = r"\w" if re.search(r"[A-Za-zА-я]", variant) else "\0"
        pattern = rf"(?<!{edge}){re.escape(variant)}(?!{edge})"
        for match in re.finditer(pattern, article.text):
            start, end = match.span()
            if all(end <= place["start"] or start >= place["end"] for place in places):
                places.append({**about, **article.row(start, end)})
    return sorted(places, key=lambda place: place["start"])


def name_rows(articles: list[Article], cast: Row) -> list[Row]:
    """Every place where a person of the cast is named."""
    return [
        {**person, "mentions": [row for a in articles for row in mentions(a, person["variants"])]}
        for person in cast["names"]
    ]


def join_parts(rows: list[Row]) -> None:
    """Tie the last quotation to the one it continues, over the words that part them."""
    last = rows[-1]
    speaker = last["referent"]
    first = next(row for row in rows[-2::-1] if row["referent"] == speaker and not row["nested"])
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
    for article, span in marked(articles, "quote"):
        mark = span.attributes
        cue, speaker = mark.get("cue"), mark.get("speaker")
        if cue is not None and cue not in stances:
            raise SourceError(f"{article.id}: the cue {cue!r} has no stance in cast.toml")
        quoted = None if "indirect" in mark else span
        cue_at = nearest(article, cue, span, quoted) if cue else None
        anchor = Span("cue", mark, *cue_at) if cue_at else span
        speaker_at = nearest(article, speaker, anchor, quoted) if speaker else None
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
                "copied": any(span.is_inside(copy) for copy in article.spans_of("copy")),
            }
        )
        if (cue and not cue_at) or (speaker and not speaker_at):
            astray.append(f"{article.id}: {speaker!r} or {cue!r} is not near “{rows[-1]['text']}”")
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
            own = [article for article in english if article.source == source]
            uses = {term: [a.row(*at) for a in own for at in occurrences(a, term)] for term in pair}
            count = {term: len({row["document"] for row in uses[term]}) for term in pair}
            rivals = (pair, pair[::-1])
            prefers = [a for a, b in rivals if count[a] >= PREFERS_FROM and not count[b]]
            about = {"source": source, "prefers": prefers[0] if prefers else None}
            outlets.append({**about, "articles": count, "uses": uses})
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
    for article, span in marked(articles, "fact"):
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
    rows = [{key: getattr(article, key) for key in (*FIELDS, "text")} for article in articles]
    lines = [json.dumps(row, ensure_ascii=False) for row in rows]
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
    for path in stale:
        if not check:
            path.write_bytes(files[path].encode())
        print(f"{path.name}: {'out of date, run derive.py' if check else 'written'}")
    return 1 if check and stale else 0


if __name__ == "__main__":
    sys.exit(main())
