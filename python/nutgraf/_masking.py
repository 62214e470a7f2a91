"""What a comparison keeps out of its words: repeats and page furniture, and how they are listed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from nutgraf.furniture import Furniture, copies, furniture
from nutgraf.repeats import repeats

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nutgraf._progress import Steps
    from nutgraf.corpus import Corpus
    from nutgraf.results import Table
    from nutgraf.tokens import Tokens

    Rows = list[dict[str, Any]]

__all__ = ["STEPS", "Masking"]

#: Steps of progress that a masking takes.
STEPS = 3


class Masking(NamedTuple):
    """Repeats and furniture of a corpus, and the corpus without them."""

    corpus: Corpus
    repeats: Table
    furniture: Furniture

    @classmethod
    def of(
        cls, tokens: Tokens, sources: Sequence[str], threads: int | None, steps: Steps
    ) -> Masking:
        """Mask what one article says twice, then what stands around articles.

        Parameters
        ----------
        tokens : Tokens
            The articles, in lower case and folded.
        sources : sequence of str
            The source of each article.
        threads : int or None
            Number of threads.
        steps : Steps
            Progress, of which this takes `STEPS` steps.
        """
        again = repeats(tokens, threads=threads, progress=steps.step())
        # Copies of one text count once: a reprint is no furniture.
        labels = copies(tokens, threads, steps.step())
        around = furniture(
            tokens, by=sources, clusters=labels, threads=threads, progress=steps.step()
        )
        return cls(tokens.corpus.without(again, around), again, around)

    def rows(self, sources: Sequence[str]) -> Rows:
        """Return one row a text, with its first place; the longest of each source first."""
        found: dict[tuple[str, str, str, str], dict[str, Any]] = {}
        for table in (self.repeats, self.furniture):
            for place in table.to_dicts():
                row, start, end = place["row"], place["start"], place["end"]
                text = place.get("text") or self.corpus[row].text[start:end]
                kind = (place.get("evidence", "repeat"), place.get("kind", "repeat"))
                known = found.setdefault(
                    (sources[row], *kind, " ".join(text.split())),
                    {
                        "source": sources[row],
                        "evidence": kind[0],
                        "kind": kind[1],
                        "rule": place.get("rule", "repeat"),
                        "text": text,
                        "places": 0,
                        "words": 0,
                        "id": place["document"],
                        "row": row,
                        "start": start,
                        "end": end,
                    },
                )
                known["places"] += 1
                known["words"] += place.get("words", place.get("tokens", 0))
        return sorted(
            found.values(), key=lambda row: (row["source"], -row["words"], row["text"], row["row"])
        )
