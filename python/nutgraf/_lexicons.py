"""Lexicons: the TOML files beside the code, written for this project."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

__all__ = ["lexicon"]


def lexicon(name: str) -> dict[str, Any]:
    """Read a lexicon by its name."""
    # Only what reads a lexicon pays for the parser.
    import tomllib

    return tomllib.loads(
        files("nutgraf").joinpath(f"lexicons/{name}.toml").read_text(encoding="utf-8")
    )
