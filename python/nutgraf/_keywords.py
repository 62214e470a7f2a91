"""Keywords of public functions: one that does not exist is answered by the one that was meant."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, ParamSpec, TypeVar, cast

from nutgraf._parameters import shown

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FunctionType

__all__ = ["answered"]

_P = ParamSpec("_P")
_R = TypeVar("_R")

#: What scikit-learn, quanteda, spaCy and joblib call what we call otherwise.
_CALLED = {
    "lang": "language",
    "lowercase": "lower",
    "max_features": "max_terms",
    "min_docfreq": "min_df",
    "max_docfreq": "max_df",
    "n_jobs": "threads",
    "ngrams": "ngram_range",
    "stemmer": "stem",
    "stopwords": "stop_words",
    "to_lower": "lower",
    "token_pattern": "pattern",
    "tolower": "lower",
    "valuetype": "regex",
}


def answered(name: str) -> Callable[[Callable[_P, _R]], Callable[_P, _R]]:
    """Return a decorator that answers a keyword which the function of that name does not have.

    Parameters
    ----------
    name : str
        The function as users call it, whatever class or module it is written in.
    """

    def decorated(function: Callable[_P, _R]) -> Callable[_P, _R]:
        code = cast("FunctionType", function).__code__
        known = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
        names = frozenset(known)

        @wraps(function)
        def call(*args: _P.args, **keywords: _P.kwargs) -> _R:
            if not keywords.keys() <= names:
                wrong = next(keyword for keyword in keywords if keyword not in names)
                raise TypeError(_sentence(name, wrong, known))
            return function(*args, **keywords)

        # What Python itself says of an argument names the function so, too; pickles find it by its
        # place, which `call` has kept.
        function.__qualname__ = name
        return call

    return decorated


def _sentence(name: str, keyword: str, known: tuple[str, ...]) -> str:
    # Costs time to load, and only errors need it.
    from difflib import get_close_matches

    choice = [each for each in known if each not in ("self", "cls")]
    meant = [_CALLED[keyword]] if _CALLED.get(keyword) in choice else []
    meant = meant or get_close_matches(keyword, choice, n=1)
    remedy = f"{meant[0]} may be meant" if meant else f"there are {', '.join(choice)}"
    return f"{name}() has no parameter {shown(keyword)}; {remedy}."
