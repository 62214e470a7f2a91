"""One document of a corpus, as it is handed out."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from nutgraf import _html
from nutgraf._parameters import shown

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Document"]


@dataclass(frozen=True)
class Document:
    """One document of a corpus.

    Attributes
    ----------
    id : str or int
        The id, or the row number where none was given.
    text : str
        The text as it came in.
    source, date, title : str or None
        The outlet, the ISO date and the headline.
    metadata : dict
        Every other column.
    """

    id: str | int
    text: str
    source: str | None = None
    date: str | None = None
    title: str | None = None
    metadata: Mapping[str, Any] = field(default_factory=dict)

    def __repr__(self) -> str:
        known = {"id": self.id, "source": self.source, "date": self.date, "title": self.title}
        parts = [f"{name}={shown(value)}" for name, value in known.items() if value is not None]
        return f"Document({', '.join(parts)}, text={shown(self.text)})"

    def _repr_html_(self) -> str:
        return _html.document(self.text, self.title, [self.id, self.source, self.date])
