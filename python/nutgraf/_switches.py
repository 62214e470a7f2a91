"""Views: the switches that say what counts as a term, checked and handed to the core."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from nutgraf import _nutgraf, _parameters

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["COUNTED", "SURFACE", "UNCHANGED", "Unchanged", "renewed", "switches", "told"]


class Unchanged:
    """The default of a view's arguments: leave that switch as it is."""

    def __repr__(self) -> str:
        return "UNCHANGED"


UNCHANGED = Unchanged()

#: Surface tokens: every token as it stands.
SURFACE: dict[str, Any] = {
    "lower": False,
    "normalize": None,
    "fold_punctuation": False,
    "hyphens": "split",
    "stop_words": None,
    "stem": None,
    "strip_accents": False,
    "min_length": 1,
    "kinds": None,
}

#: What the first view of surface tokens does unless it is told otherwise.
_FIRST = {"kinds": ("word", "number", "handle", "hashtag"), "normalize": "NFC"}

#: What is counted, compared and looked for where nobody said what a word is.
COUNTED: dict[str, Any] = {"lower": True, "fold_punctuation": True}

_LONGEST_TERM = 2**32 - 1


def renewed(
    view: Mapping[str, Any], named: Mapping[str, Any], *, of_surface: bool
) -> dict[str, Any]:
    """Return a view in which the named switches are changed, each checked.

    Parameters
    ----------
    view : mapping
        The switches so far.
    named : mapping
        What the caller named; the rest is `UNCHANGED`.
    of_surface : bool
        Whether the switches so far are those of surface tokens.
    """
    told = {name: value for name, value in named.items() if not isinstance(value, Unchanged)}
    return _checked({**view, **(_FIRST if of_surface else {}), **told})


def _checked(view: dict[str, Any]) -> dict[str, Any]:
    """The view with its values checked, each with a sentence of its own."""
    for name in ("fold_punctuation", "strip_accents"):
        view[name] = _parameters.flag(name, view[name])
    view["lower"] = _flag_or_language(view["lower"])
    _parameters.choice("hyphens", view["hyphens"], ("split", "join"))
    _parameters.choice("normalize", view["normalize"], ("NFC", "NFKC", None))
    view["stem"] = _parameters.text("stem", view["stem"], remedy="pass a code such as 'en'")
    view["min_length"] = _parameters.whole(
        "min_length", view["min_length"], low=0, high=_LONGEST_TERM, remedy="pass 1 to keep all"
    )
    if view["kinds"] is not None:
        kinds = (view["kinds"],) if isinstance(view["kinds"], str) else view["kinds"]
        remedy = "pass ['word', 'number'], or None to keep every token"
        view["kinds"] = _parameters.texts("kinds", kinds, remedy=remedy)
        if not view["kinds"]:
            raise _parameters.refuse("kinds", [], "a view without a kind keeps no token", remedy)
    view["stop_words"] = _stop_words(view["stop_words"])
    return view


def _flag_or_language(value: object) -> bool | str:
    remedy = "pass True, False, or a language such as 'tr'"
    if isinstance(value, str):
        written = _parameters.text("lower", value, remedy=remedy) or ""
        _nutgraf.language_code("lower", written)
        return written
    if isinstance(value, bool | np.bool_):
        return bool(value)
    raise _parameters.refuse("lower", value, "it must be True, False or a language", remedy)


def _stop_words(words: object) -> str | tuple[str, ...] | None:
    remedy = "pass a code such as 'en', or your own list"
    if words is None or isinstance(words, str):
        return _parameters.text("stop_words", words, remedy=remedy)
    return _parameters.texts("stop_words", words, remedy=remedy)


def told(view: Mapping[str, Any]) -> str:
    """Return the switches that are not those of surface tokens, as a display shows them."""
    changed = {name: value for name, value in view.items() if value != SURFACE.get(name)}
    return ", ".join(f"{name}={_parameters.shown(value)}" for name, value in changed.items())


def switches(view: Mapping[str, Any], how: Mapping[str, Any]) -> dict[str, Any]:
    """Return a view as the core takes it, with how its texts were tokenized."""
    lower, language = view["lower"], how["language"]
    case_of = lower if isinstance(lower, str) else language
    words = view["stop_words"]
    return {
        "kinds": None if view["kinds"] is None else list(view["kinds"]),
        "normalize": view["normalize"],
        "fold_punctuation": view["fold_punctuation"],
        "lower": lower is not False,
        "case_of": None if case_of is None else _nutgraf.language_code("lower", case_of),
        "stop_words": words if words is None or isinstance(words, str) else list(words),
        "stem": view["stem"],
        "strip_accents": view["strip_accents"],
        "min_length": view["min_length"],
        "hyphens": view["hyphens"],
        "language": language,
        "tailorings": how["tailorings"],
        "pattern": how["pattern"],
    }
