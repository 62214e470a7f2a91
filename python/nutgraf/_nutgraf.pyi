"""Stub of the compiled core, checked against the binary by stubtest."""

from collections.abc import Callable
from typing import Any, Final, Literal, TypeAlias, final, overload

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "VERSION",
    "Agencies",
    "ArrowTable",
    "Categories",
    "Counts",
    "NearDuplicates",
    "Postings",
    "Segments",
    "Texts",
    "Tokens",
    "_rehearse",
    "arrow_names",
    "counts_from_matrix",
    "counts_from_parts",
    "default_threads",
    "estimate_concordance",
    "estimate_counts",
    "estimate_keyness",
    "estimate_near_duplicates",
    "estimate_noisy",
    "estimate_passages",
    "estimate_signatures",
    "estimate_tokenize",
    "find_segments",
    "furniture",
    "keyness",
    "language_code",
    "limit_table",
    "look_up",
    "near_duplicates",
    "near_duplicates_from_parts",
    "near_duplicates_sketched",
    "passage_edits",
    "passages",
    "postings",
    "repeats",
    "segment_spans",
    "sentence_spans",
    "set_limits",
    "set_threads",
    "shared_runs",
    "signatures",
    "stop_words",
    "texts_from_arrow",
    "texts_from_list",
    "tokenize",
    "view",
]

VERSION: Final[str]

_Progress: TypeAlias = Callable[[int, int], object] | None

@final
class Texts:
    @property
    def bytes(self) -> int: ...
    def __len__(self) -> int: ...
    def text(self, row: int) -> str: ...
    def to_list(self) -> list[str]: ...
    def select(self, rows: NDArray[np.int64]) -> Texts: ...
    def without(
        self, rows: NDArray[np.int64], starts: NDArray[np.int64], ends: NDArray[np.int64]
    ) -> Texts: ...
    def masks(self) -> list[NDArray[np.int64]]: ...
    def fingerprint(self) -> str: ...
    def _addresses(self) -> list[tuple[int, int]]: ...

def texts_from_list(
    texts: list[object], missing_as_empty: bool = False
) -> tuple[Texts, list[int]]: ...
def arrow_names(capsule: object) -> list[str] | None: ...
def texts_from_arrow(column: object, missing_as_empty: bool = False) -> Texts: ...

@final
class ArrowTable:
    def __new__(cls, columns: dict[str, object]) -> ArrowTable: ...
    def __len__(self) -> int: ...
    @property
    def columns(self) -> list[str]: ...
    def __arrow_c_stream__(self, requested_schema: object = None) -> object: ...

@final
class Tokens:
    def __len__(self) -> int: ...
    @property
    def size(self) -> int: ...
    @property
    def ids(self) -> NDArray[np.uint32]: ...
    @property
    def indptr(self) -> NDArray[np.int64]: ...
    @property
    def starts(self) -> NDArray[np.uint32]: ...
    @property
    def ends(self) -> NDArray[np.uint32]: ...
    @property
    def vocabulary(self) -> list[str]: ...
    @property
    def term_count(self) -> int: ...
    def terms(self, row: int, most: int | None = None) -> list[str]: ...
    def spans(self, row: int) -> NDArray[np.int64]: ...
    def counts(
        self,
        shortest: int,
        longest: int,
        min_documents: int,
        max_documents: int,
        max_terms: int,
        across_gaps: bool,
        skips: list[int],
        segments: Segments | None = None,
        paragraphs: bool = False,
        threads: int | None = None,
        progress: _Progress = None,
    ) -> Counts: ...

@final
class Categories:
    def __len__(self) -> int: ...
    @property
    def size(self) -> int: ...
    @property
    def ids(self) -> NDArray[np.uint32]: ...
    @property
    def indptr(self) -> NDArray[np.int64]: ...
    @property
    def starts(self) -> NDArray[np.uint32]: ...
    @property
    def ends(self) -> NDArray[np.uint32]: ...
    @property
    def vocabulary(self) -> list[str]: ...
    @property
    def term_count(self) -> int: ...
    def terms(self, row: int, most: int | None = None) -> list[str]: ...
    def spans(self, row: int) -> NDArray[np.int64]: ...
    def counts(
        self,
        shortest: int,
        longest: int,
        min_documents: int,
        max_documents: int,
        max_terms: int,
        across_gaps: bool,
        skips: list[int],
        segments: Segments | None = None,
        paragraphs: bool = False,
        threads: int | None = None,
        progress: _Progress = None,
    ) -> Counts: ...

@final
class Agencies:
    def __new__(
        cls,
        names: list[str],
        pictures: list[bool],
        spellings: list[tuple[str, int, int]],
        cues: list[tuple[str, list[str]]],
    ) -> Agencies: ...
    def credits(
        self, texts: Texts, threads: int | None = None, progress: _Progress = None
    ) -> dict[str, Any]: ...

@final
class Segments:
    def starts(self, tokens: Tokens, paragraphs: bool) -> NDArray[np.bool_]: ...

def find_segments(
    tokens: Tokens,
    language: str | None = None,
    threads: int | None = None,
    progress: _Progress = None,
) -> Segments: ...
def segment_spans(
    tokens: Tokens, row: int, language: str | None, paragraphs: bool
) -> NDArray[np.int64]: ...
def sentence_spans(text: str, language: str | None = None) -> NDArray[np.int64]: ...

@final
class Counts:
    def __len__(self) -> int: ...
    @property
    def term_count(self) -> int: ...
    @property
    def cell_count(self) -> int: ...
    @property
    def terms(self) -> list[str]: ...
    @property
    def data(self) -> NDArray[np.int64]: ...
    @property
    def totals(self) -> NDArray[np.int64]: ...
    @property
    def frequency(self) -> NDArray[np.int64]: ...
    @property
    def document_frequency(self) -> NDArray[np.int64]: ...
    @overload
    def indptr(self, wide: Literal[True]) -> NDArray[np.int64]: ...
    @overload
    def indptr(self, wide: bool) -> NDArray[np.int32] | NDArray[np.int64]: ...
    @overload
    def indices(self, wide: Literal[True]) -> NDArray[np.int64]: ...
    @overload
    def indices(self, wide: bool) -> NDArray[np.int32] | NDArray[np.int64]: ...
    def column(self, term: str) -> int | None: ...
    def row(self, row: int) -> dict[str, int]: ...
    def tfidf(
        self,
        frequency: str,
        use_idf: bool,
        smooth: bool,
        plus_one: bool,
        base: float,
        norm: str | None,
    ) -> NDArray[np.float64]: ...
    def bm25(self, k1: float, b: float, robertson: bool) -> NDArray[np.float64]: ...
    def relative(self, per: float) -> NDArray[np.float64]: ...
    def stacked(self, other: Counts) -> Counts: ...
    def columns(self, kept: NDArray[np.uint32]) -> Counts: ...
    def grouped(self, groups: NDArray[np.int64], count: int) -> Counts: ...

def counts_from_matrix(
    terms: list[str],
    indptr: NDArray[np.int64],
    indices: NDArray[np.int64],
    data: NDArray[np.int64],
    totals: NDArray[np.int64] | None,
) -> Counts: ...
def counts_from_parts(
    terms: list[str],
    indptr: NDArray[np.int64],
    indices: NDArray[np.int64],
    data: NDArray[np.int64],
    totals: NDArray[np.int64],
) -> Counts: ...

@final
class NearDuplicates:
    @property
    def pair_count(self) -> int | None: ...
    @property
    def candidates(self) -> int: ...
    @property
    def steps(self) -> int: ...
    @property
    def crowds(self) -> int: ...
    @property
    def labels(self) -> NDArray[np.int64]: ...
    def complete(
        self, most: int, threads: int | None = None, progress: _Progress = None
    ) -> None: ...
    def pairs(self, after: tuple[int, int] | None, most: int) -> dict[str, Any]: ...
    def similarity(
        self, left: NDArray[np.int64], right: NDArray[np.int64]
    ) -> NDArray[np.float64]: ...
    def parts(self) -> dict[str, Any]: ...

def near_duplicates_from_parts(
    tokens: Tokens, how: dict[str, Any], scope: dict[str, Any], parts: dict[str, Any]
) -> NearDuplicates: ...
def tokenize(
    texts: Texts,
    language: str | None = None,
    tailorings: list[str] | None = None,
    pattern: str | None = None,
    threads: int | None = None,
    progress: _Progress = None,
) -> Tokens: ...
def language_code(parameter: str, language: str) -> str: ...
def stop_words(language: str) -> list[str]: ...
def look_up(
    tokens: Tokens,
    switches: dict[str, Any],
    dictionary: dict[str, Any],
    threads: int | None = None,
    progress: _Progress = None,
) -> Categories: ...
def view(tokens: Tokens, switches: dict[str, Any], join: bool) -> Tokens: ...

@final
class Postings:
    def concordance(
        self,
        pattern: str,
        regex: bool,
        window: int,
        order: str,
        most: int,
        switches: dict[str, Any],
        numbers: NDArray[np.int64] | None = None,
        threads: int | None = None,
        progress: _Progress = None,
    ) -> tuple[dict[str, Any], int]: ...

def postings(
    tokens: Tokens, threads: int | None = None, progress: _Progress = None
) -> Postings: ...
def near_duplicates(
    tokens: Tokens,
    how: dict[str, Any],
    scope: dict[str, Any],
    threads: int | None = None,
    progress: _Progress = None,
) -> NearDuplicates: ...
def near_duplicates_sketched(
    tokens: Tokens,
    how: dict[str, Any],
    scope: dict[str, Any],
    recall: float,
    slots: int,
    threads: int | None = None,
    progress: _Progress = None,
) -> tuple[NearDuplicates, dict[str, Any]]: ...
def signatures(
    tokens: Tokens,
    shingle: int,
    characters: bool,
    across_gaps: bool,
    slots: int,
    bits: int,
    threads: int | None = None,
    progress: _Progress = None,
) -> NDArray[np.uint16] | NDArray[np.uint32] | NDArray[np.uint64]: ...
def passages(
    tokens: Tokens,
    min_tokens: int,
    characters: bool,
    scope: dict[str, Any],
    max_documents: int | None = None,
    threads: int | None = None,
    progress: _Progress = None,
) -> dict[str, Any]: ...
def passage_edits(
    tokens: Tokens,
    rows: tuple[int, int],
    passages: list[tuple[tuple[int, int], tuple[int, int]]],
    min_tokens: int,
    characters: bool,
) -> list[list[tuple[tuple[int, int], tuple[int, int]]]]: ...
def keyness(
    counts: Counts,
    side: NDArray[np.uint8],
    clusters: NDArray[np.uint32] | None,
    strata: NDArray[np.int64] | None,
    permutations: int,
    test: bool,
    once: bool,
    seed: int,
    threads: int | None = None,
    progress: _Progress = None,
) -> tuple[dict[str, NDArray[Any]], dict[str, Any]]: ...
def repeats(
    tokens: Tokens, shortest: int, threads: int | None = None, progress: _Progress = None
) -> tuple[dict[str, Any], int]: ...
def furniture(
    texts: Texts,
    titles: Texts | None,
    sources: NDArray[np.int64],
    clusters: NDArray[np.int64],
    least: int,
    kinds: list[tuple[str, int, str]],
    rules: list[tuple[int, str, str, str]],
    threads: int | None = None,
    progress: _Progress = None,
) -> dict[str, Any]: ...
def shared_runs(
    tokens: Tokens, left: int, right: int, shortest: int
) -> list[tuple[int, int, int, int]]: ...
def limit_table() -> list[tuple[str, int | None, int | None, int, str, str, str]]: ...
def set_limits(values: list[tuple[str, int | None]]) -> None: ...
def estimate_tokenize(texts: Texts) -> int: ...
def estimate_concordance(tokens: Tokens) -> int: ...
def estimate_counts(tokens: Tokens, shortest: int, longest: int, skips: list[int]) -> int: ...
def estimate_near_duplicates(tokens: Tokens, characters: bool, containment: bool) -> int: ...
def estimate_noisy(tokens: Tokens) -> int: ...
def estimate_passages(tokens: Tokens, characters: bool) -> int: ...
def estimate_signatures(tokens: Tokens, slots: int, bits: int) -> int: ...
def estimate_keyness(counts: Counts) -> int: ...
def set_threads(threads: int | None = None) -> None: ...
def default_threads() -> int: ...
def _rehearse(
    seconds: float,
    panics: bool = False,
    threads: int | None = None,
    progress: _Progress = None,
) -> None: ...
