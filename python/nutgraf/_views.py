"""Views of tokens: what counts as a term, and categories in the place of terms."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, cast

from nutgraf import _dictionaries, _nutgraf, _parameters, _switches
from nutgraf._keywords import answered
from nutgraf._progress import Watched
from nutgraf._switches import UNCHANGED, Unchanged
from nutgraf.exceptions import ParameterError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from nutgraf._progress import Progress
    from nutgraf.corpus import Corpus
    from nutgraf.tokens import Tokens

__all__ = ["Views"]


class Views:
    """The views that `Tokens` has of itself."""

    corpus: Corpus
    _inner: _nutgraf.Tokens
    _view: dict[str, Any]
    _how: dict[str, Any]
    _surface: Tokens | None

    def _itself(self) -> Tokens:
        return cast("Tokens", self)

    def _counted(self) -> Tokens:
        """What is counted, compared and looked for: surface tokens under the default view."""
        return self.view(**_switches.COUNTED) if self._surface is None else self._itself()

    def _seen(self, inner: object, view: Mapping[str, Any], surface: Tokens) -> Tokens:
        made: Any = type(self)
        return cast("Tokens", made(self.corpus, inner, view, self._how, surface))

    @answered("Tokens.view")
    def view(
        self,
        *,
        lower: bool | str | Unchanged = UNCHANGED,
        normalize: Literal["NFC", "NFKC"] | Unchanged | None = UNCHANGED,
        fold_punctuation: bool | Unchanged = UNCHANGED,
        hyphens: Literal["split", "join"] | Unchanged = UNCHANGED,
        stop_words: str | Iterable[str] | Unchanged | None = UNCHANGED,
        stem: str | Unchanged | None = UNCHANGED,
        strip_accents: bool | Unchanged = UNCHANGED,
        min_length: int | Unchanged = UNCHANGED,
        kinds: Iterable[str] | Unchanged | None = UNCHANGED,
    ) -> Tokens:
        """Say what counts as a term, without tokenizing again.

        A view changes what it names and nothing else, and views compose. The first view of surface
        tokens keeps words, numbers, handles and hashtags, in normal form NFC, unless `kinds` and
        `normalize` say otherwise. A removed token leaves a gap that n-grams do not cross unless
        asked. Spans are those of the original text under every view.

        A view is a function of the type, whatever the order in which its switches were named:
        kinds, normal form, punctuation, case, stop words, stem, accents, length. It costs time in
        the number of types.

        Parameters
        ----------
        lower : bool or str
            Full Unicode lower case. By the rules of the `language` that was tokenized, or of the
            one named here: in Turkish and Azeri ``I`` becomes ``ı`` and ``İ`` becomes ``i``;
            elsewhere ``İ`` becomes an i with a dot above (U+0307), as in Python.
        normalize : {"NFC", "NFKC"} or None
            Unicode's normal form of the terms. NFC spells what is the same text in one way, such
            as an ``é`` of one character and one of two. NFKC also turns ligatures, full-width
            letters, raised digits and signs into plain ones, and ``²`` into ``2``.
        fold_punctuation : bool
            Look-alike apostrophes (’ ʼ ` ´ ′ and others) become ``'``, dashes and the minus sign
            ``-``, double quotes ``"``; soft hyphens, spaces of no width, byte-order marks and marks
            of direction vanish, and so does the stretch of Arabic letters (tatweel, U+0640).
            Joiners (U+200C, U+200D) stay, since Persian and Indic scripts mean something by them.
        hyphens : {"split", "join"}
            Whether ``e-mail`` is three tokens or one.
        stop_words : str, iterable of str, or None
            A language, for its short list of function words; ``"iso:"`` and a language, for the
            long one of Stopwords ISO; or your own words. `nutgraf.stop_words` shows the lists and
            says which language has which. Case, apostrophes and encoding do not matter, nor do
            accents under `strip_accents`. A stop word goes through the tokenizer of the texts; if
            that cuts it, its parts are removed: with French rules ``c'est`` removes ``c'`` and
            ``est``. Besides, a token that is spelled like it is removed, also one that holds white
            space.
        stem : str or None
            Snowball stemmer of a language (``"en"``, ``"english"``), or one of its algorithms.
            Apostrophes are folded first, so that ``Lee’s`` and ``Lee's`` have one stem.
        strip_accents : bool
            Latin, Greek and Cyrillic letters lose their accents. Letters that are not a letter and
            an accent stay: ø, ł, đ, ß, and й, ї, ў, ѓ, ќ, which scikit-learn's
            ``strip_accents="unicode"`` takes apart; so do the vowel signs of Thai and Indic
            scripts, which it drops. It also applies NFKD: for that add ``normalize="NFKC"``. The
            points that Arabic (harakat) and Hebrew (niqqud) can be written without are dropped.
        min_length : int
            Terms with fewer code points are dropped.
        kinds : iterable of str, or None
            Kinds to keep: word, number, punctuation, symbol, emoji, url, email, handle, hashtag;
            None keeps every token. As with `stop_words` and `min_length`, a further view that names
            it replaces what was named before, and does not add to it.

        Returns
        -------
        Tokens
            The same documents under this view.

        Raises
        ------
        ParameterError
            If a switch has a value that it cannot have; the sentence lists those it can.

        References
        ----------
        Snowball,
        https://snowballstem.org; Unicode Standard Annex 15 (normal forms).

        Examples
        --------
        >>> import nutgraf as ng
        >>> tokens = ng.tokenize(["The Truce, the truce’s end"])
        >>> tokens.view(lower=True, fold_punctuation=True, stop_words=["the"])[0]
        ['truce', "truce's", 'end']
        >>> tokens.view(lower=True).view(stem="en", fold_punctuation=True, min_length=4)[0]
        ['truce', 'truce']
        >>> ng.tokenize(["IŞIK"], language="tr").view(lower=True)[0]
        ['ışık']
        >>> ng.tokenize(["Déjà vu à Łódź"]).view(strip_accents=True)[0]
        ['Deja', 'vu', 'a', 'Łodz']
        >>> ng.tokenize(["the ﬁrst 10 000 men"]).view(normalize="NFKC", kinds=["word"])[0]
        ['the', 'first', 'men']
        >>> ng.tokenize(["C’est l’accord"], language="fr").view(stop_words="fr")[0]
        ['accord']
        """
        self._refuse_categories("view")
        named = {
            "lower": lower,
            "normalize": normalize,
            "fold_punctuation": fold_punctuation,
            "hyphens": hyphens,
            "stop_words": stop_words,
            "stem": stem,
            "strip_accents": strip_accents,
            "min_length": min_length,
            "kinds": kinds,
        }
        view = _switches.renewed(self._view, named, of_surface=self._surface is None)
        surface = self._surface or self._itself()
        # Words that were put together already are not put together again.
        base = self._itself() if view["hyphens"] == self._view["hyphens"] else surface
        join = view["hyphens"] == "join" and base is surface
        inner = _nutgraf.view(base._inner, _switches.switches(view, self._how), join)
        return self._seen(inner, view, surface)

    @answered("Tokens.dictionary")
    def dictionary(
        self,
        dictionary: Mapping[str, Any],
        *,
        levels: int | Iterable[int] | None = None,
        nested_scope: Literal["key", "dictionary"] = "key",
        case_insensitive: bool = True,
        threads: int | None = None,
        progress: Progress = None,
    ) -> Tokens:
        r"""Look for the words of a dictionary, and take its categories for terms.

        The result counts categories: `counts` has one column for each, in the order of the
        dictionary, also for one that never occurs. Totals stay those of this view, so that rates
        are per word. Surface tokens are looked at as ``view(lower=True, fold_punctuation=True)``.

        A value is a word, or several with white space between, in which ``*`` stands for any
        characters of a word and ``?`` for one (``\*`` is a star). Apostrophes, dashes and encoding
        never matter, and at one token a category counts once.

        What is written is cut as the texts were and spelled as the view spells. Besides, it is read
        as it stands: from the left, the longest stretch between white space that is a term of the
        view is one word. Words that follow each other must do so in the text. All of them, literal
        or with wildcards, also meet words that the view drops, so that ``oil and gas`` and ``oil *
        gas`` are found without the stop word; punctuation, symbols and emoji that it drops
        separate, unless they are asked for literally. A match counts where the view keeps at least
        one of its tokens.

        Parameters
        ----------
        dictionary : mapping
            Category to values, or to a further mapping; the keys of nested categories are joined
            by ``/``, as in ``"security/army"``.
        levels : int or iterable of int, optional
            Levels of the keys that make a category, from 1, the outermost; other keys are left out
            and what then has one name is one category. All levels unless told otherwise.
        nested_scope : {"key", "dictionary"}
            A match is hidden if every token of it lies in longer matches: of the same category
            (``"key"``), or of any (``"dictionary"``).
        case_insensitive : bool
            Whether case does not matter where the view does not lower it.
        threads, progress
            As in `tokenize`.

        Returns
        -------
        Tokens
            The same documents; a token is an occurrence of a category, whose span reaches from the
            first to the last token of the match. It has no views or n-grams of its own.

        Raises
        ------
        ParameterError
            If the dictionary has no categories, two of one name or one without values, if a value
            is empty or would match every token, or if these are categories already.

        Notes
        -----
        What a value means, ``levels`` and ``nested_scope`` are as in quanteda's ``tokens_lookup``
        (Benoit et al. 2018, https://doi.org/10.21105/joss.00774). Words are matched against types,
        phrases by one pass over the tokens; globs that begin with a wildcard and end with one are
        the slowest, since each is compared with every type. On 23.5 million tokens of 130,000
        types eight values take a quarter of a second of one processor, 100,000 words 0.8 seconds.

        Examples
        --------
        >>> import nutgraf as ng
        >>> tokens = ng.tokenize(["Tariffs hit oil and gas.", "Police and the Army met."])
        >>> found = tokens.dictionary(
        ...     {
        ...         "economy": ["trade", "tariff*", "oil and gas"],
        ...         "security": {"army": ["army", "troops"], "police": ["police"]},
        ...     }
        ... )
        >>> found[1]
        ['security/police', 'security/army']
        >>> counts = found.counts()
        >>> counts.terms
        ['economy', 'security/army', 'security/police']
        >>> counts.matrix.toarray().tolist(), counts.totals.tolist()
        ([[2, 0, 0], [0, 1, 1]], [5, 5])
        >>> found.spans(0).tolist()
        [[0, 7], [12, 23]]
        """
        self._refuse_categories("dictionary")
        _parameters.choice("nested_scope", nested_scope, ("key", "dictionary"))
        lookup = {
            "categories": _dictionaries.flattened(dictionary, levels),
            "nested_scope": nested_scope,
            "case_insensitive": _parameters.flag("case_insensitive", case_insensitive),
        }
        return self._looked_up(lookup, _parameters.threads(threads), progress)

    def _looked_up(
        self, lookup: Mapping[str, Any], threads: int | None, progress: Progress
    ) -> Tokens:
        if self._surface is None:
            plain = self.view(**_switches.COUNTED | {"lower": lookup["case_insensitive"]})
            return plain._looked_up(lookup, threads, progress)
        with Watched(progress, "looking up") as report:
            inner = _nutgraf.look_up(
                self._inner,
                _switches.switches(self._view, self._how),
                _dictionaries.spelled(lookup),
                threads=threads,
                progress=report,
            )
        return self._seen(inner, {**self._view, "dictionary": lookup}, self._itself())

    def _refuse_categories(self, what: str, remedy: str = "look the dictionary up last") -> None:
        """Refuse what is made of words where there are categories."""
        if "dictionary" in self._view:
            rule = "these tokens are the categories of a dictionary"
            raise ParameterError(f"{what} needs words, but {rule}; {remedy}.", parameter="tokens")
