"""Dictionaries of categories: nested mappings become one list of values, checked on the way."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from nutgraf import _parameters

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nutgraf.exceptions import ParameterError

__all__ = ["flattened", "spelled"]

#: Levels of a dictionary; one that holds itself ends here.
_DEEPEST = 20

#: What joins the keys of nested categories.
_SEPARATOR = "/"

_FORM = "pass {'economy': ['trade', 'tariff*', 'oil and gas']}"


def flattened(dictionary: object, levels: object) -> dict[str, tuple[str, ...]]:
    """Return the values of each category, under the keys of the levels that are asked for."""
    if not isinstance(dictionary, Mapping):
        raise _parameters.refuse("dictionary", dictionary, "it must be a dict of categories", _FORM)
    wanted = _levels(levels)
    full: set[str] = set()
    categories: dict[str, dict[str, None]] = {}
    for path, values in _entries(dictionary, ()):
        name = _SEPARATOR.join(path)
        if name in full:
            raise _refuse(name, "there are two categories of that name", "give each its own")
        full.add(name)
        kept = [key for level, key in enumerate(path, 1) if wanted is None or level in wanted]
        if kept:
            # Values in the order in which they were listed, each once.
            categories.setdefault(_SEPARATOR.join(kept), {}).update(dict.fromkeys(values))
    if not full:
        raise _parameters.refuse("dictionary", dictionary, "it has no categories", _FORM)
    if not categories:
        rule = "no category of the dictionary is nested so deep"
        raise _parameters.refuse("levels", levels, rule, "pass 1, or leave it out")
    return {name: tuple(values) for name, values in categories.items()}


def _levels(levels: object) -> frozenset[int] | None:
    if levels is None:
        return None
    many = (
        list(levels) if isinstance(levels, Iterable) and not isinstance(levels, str) else [levels]
    )
    whole = [each for each in many if isinstance(each, int) and not isinstance(each, bool)]
    if not many or len(whole) < len(many) or not all(1 <= each <= _DEEPEST for each in whole):
        rule = f"it must be a level from 1 to {_DEEPEST}, or several"
        raise _parameters.refuse("levels", levels, rule, "pass 1 for the outermost")
    return frozenset(whole)


def _entries(
    mapping: Mapping[Any, Any], path: tuple[str, ...]
) -> Iterator[tuple[tuple[str, ...], tuple[str, ...]]]:
    """Walk over the categories: the keys that lead to each, and its values."""
    if len(path) == _DEEPEST:
        rule = f"it is nested more than {_DEEPEST} levels deep"
        raise _refuse(_SEPARATOR.join(path[:3]), rule, "join levels")
    for key, value in mapping.items():
        if not isinstance(key, str) or not key:
            rule = "the name of a category must be a str that is not empty"
            raise _parameters.refuse("dictionary", key, rule, _FORM)
        here = (*path, _parameters.text("dictionary", key, remedy=_FORM) or "")
        name = _SEPARATOR.join(here)
        if isinstance(value, Mapping):
            if not value:
                raise _refuse(name, "it is a category without values", "list some, or leave it out")
            yield from _entries(value, here)
        else:
            yield here, _values(name, value)


def _values(name: str, given: object) -> tuple[str, ...]:
    """The values of one category; a single str is one value."""
    rule = f"the values of the category {_parameters.shown(name)} must be a list of str"
    if isinstance(given, str):
        given = (given,)
    if isinstance(given, bytes) or not isinstance(given, Iterable):
        raise _parameters.refuse("dictionary", given, rule, _FORM)
    listed = list(given)
    for value in listed:
        if not isinstance(value, str):
            raise _parameters.refuse("dictionary", value, rule, _FORM)
    values = _parameters.texts(
        "dictionary", set(listed) if isinstance(given, set) else listed, remedy=_FORM
    )
    if not values:
        raise _refuse(name, "it is a category without values", "list some, or leave it out")
    if not all(value.strip() for value in values):
        raise _refuse(name, "one of its values is empty", "leave that one out")
    return values


def _refuse(name: str, rule: str, remedy: str) -> ParameterError:
    return _parameters.refuse("dictionary", name, rule, remedy)


def spelled(lookup: Mapping[str, Any]) -> dict[str, Any]:
    """Return a lookup as the core takes it."""
    categories = lookup["categories"]
    return {
        "names": list(categories),
        "values": [value for values in categories.values() for value in values],
        "owners": [n for n, values in enumerate(categories.values()) for _ in values],
        "fold_case": lookup["case_insensitive"],
        "nested_in_category": lookup["nested_scope"] == "key",
    }
