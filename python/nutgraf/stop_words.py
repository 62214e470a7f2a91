"""Lists of stop words: what they hold, and where they come from."""

from __future__ import annotations

from nutgraf import _nutgraf, _parameters

__all__ = ["stop_words"]


def stop_words(language: str) -> list[str]:
    """Show the list of stop words of a language.

    A view that is given the same name leaves these words out. Take the list as a start for your
    own: ``view(stop_words=[*ng.stop_words("en"), "senator"])``.

    Parameters
    ----------
    language : str
        A code or an English name, for a short list of function words: that of Snowball (Danish,
        Dutch, English, Finnish, French, German, Hungarian, Indonesian, Irish, Italian, Norwegian,
        Portuguese, Russian, Sesotho, Spanish, Swedish) or of Apache Lucene (Arabic, Armenian,
        Basque, Bulgarian, Catalan, Czech, Galician, Hindi, Latvian, Persian, Romanian, Thai,
        Turkish). For other languages, and with ``"iso:"`` before any language, the list of
        Stopwords ISO (more than 50 languages), which is longer and also drops words that make
        news, such as ``state``, ``million`` and ``world``.

    Returns
    -------
    list of str
        The words, in the order of their code points.

    Raises
    ------
    ParameterError
        If there is no list for that language; the sentence says for which there is one.

    References
    ----------
    Snowball, https://snowballstem.org; Apache Lucene, https://lucene.apache.org; Stopwords ISO,
    https://github.com/stopwords-iso/stopwords-iso.

    Examples
    --------
    >>> import nutgraf as ng
    >>> ng.stop_words("en")[:4]
    ['a', 'about', 'above', 'after']
    >>> "million" in ng.stop_words("en"), "million" in ng.stop_words("iso:en")
    (False, True)
    """
    remedy = "pass a code such as 'en'"
    written = _parameters.text("stop_words", language, remedy=remedy)
    if written is None:
        raise _parameters.refuse("stop_words", written, "it must be a str", remedy)
    return _nutgraf.stop_words(written)
