"""The language of an article: as its corpus states it, else by letters and short words."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Any
from unicodedata import name

from nutgraf import _nutgraf
from nutgraf.exceptions import ParameterError

if TYPE_CHECKING:
    from nutgraf.document import Document

    Rows = list[dict[str, Any]]

#: First word of a letter's Unicode name, and the language it stands for here.
_SCRIPTS = {
    "ARABIC": "ar",
    "CJK": "zh",
    "CYRILLIC": "ru",
    "DEVANAGARI": "hi",
    "GREEK": "el",
    "HANGUL": "ko",
    "HEBREW": "he",
    "HIRAGANA": "ja",
    "KATAKANA": "ja",
    "THAI": "th",
}
_FUNCTION_WORDS = {
    "en": "the of and to in a is that for on was with it as he by at from his had",
    "fr": "le la les de des du et un une dans que qui pour sur est pas au par avec",
    "es": "el la los las de y en que un una por con para del se no es al su",
    "de": "der die das und in den von zu mit ist im des auf für dem ein eine nicht sich",
    "it": "il la di e che in un una per con del della non si è le i gli da al",
    "pt": "o a os as de e que em um uma para com do da não se no na por dos",
    "nl": "de het een van en in is dat op te voor met zijn niet aan er om door",
}
_LATIN = {code: frozenset(words.split()) for code, words in _FUNCTION_WORDS.items()}


def language_of(document: Document) -> tuple[str, bool]:
    """Language of one article, and whether the corpus states it."""
    given = document.metadata.get("language")
    if isinstance(given, str) and given.strip():
        return re.split(r"[-_]", given.strip().lower())[0], True
    return guess_language(document.text), False


def guess_language(text: str) -> str:
    """Guess a language by the script of the letters, then by the share of function words.

    Good enough to keep languages apart; the corpus's own ``language`` column is better.

    Examples
    --------
    >>> guess_language("The talks opened on Monday in the lakeside town.")
    'en'
    >>> guess_language("Переговоры открылись в понедельник.")
    'ru'
    """
    letters = [char for char in text[:3000] if char.isalpha()]
    if not letters:
        return "unknown"
    scripts = Counter(_SCRIPTS.get(name(char, "").split(" ")[0], "") for char in letters)
    if scripts["ja"] > 0.1 * len(letters):
        # Japanese mixes kana with Chinese characters.
        return "ja"
    script, most = scripts.most_common(1)[0]
    if script and most > 0.5 * len(letters):
        return script
    words = re.findall(r"[^\W\d_]+", text[:3000].lower())
    latin = {code: sum(w in known for w in words) / len(words) for code, known in _LATIN.items()}
    best = max(latin, key=lambda code: latin[code])
    return best if latin[best] >= 0.1 else "unknown"


def known(language: str) -> str | None:
    """Return a language that `tokenize` has heard of; a corpus may state any word for one."""
    try:
        return _nutgraf.language_code("language", language)
    except ParameterError:
        return None


def main_language(languages: list[tuple[str, bool]]) -> tuple[str, bool]:
    main = Counter(code for code, _ in languages).most_common(1)[0][0]
    return main, all(stated for _, stated in languages)
