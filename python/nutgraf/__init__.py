"""nutgraf: compare how sources cover one event.

Who copied whom, which words set the sources apart and whether that is more than chance: every
answer with its evidence. Start with `read_corpus` or `load_sample`, then `compare`.
"""

from nutgraf._limits import estimate_memory, limits, set_limits
from nutgraf._nutgraf import VERSION as __version__
from nutgraf.compare import Comparison, compare
from nutgraf.concordance import Concordance, concordance
from nutgraf.corpus import Corpus, read_corpus
from nutgraf.counts import Counts
from nutgraf.credits import credits
from nutgraf.document import Document
from nutgraf.exceptions import (
    IndexCorruptError,
    IndexFormatError,
    IndexLockedError,
    IndexVersionError,
    InputError,
    InternalError,
    LimitError,
    MemoryLimitError,
    NutgrafError,
    NutgrafWarning,
    ParameterError,
    PatternError,
    TextTypeError,
)
from nutgraf.furniture import Furniture, furniture
from nutgraf.passages import Passages, passages, reuse_share
from nutgraf.repeats import repeats
from nutgraf.results import Table
from nutgraf.reuse import NearDuplicates, near_duplicates
from nutgraf.sample import load_sample
from nutgraf.signatures import signatures
from nutgraf.stats import keyness
from nutgraf.stop_words import stop_words
from nutgraf.threads import set_threads
from nutgraf.tokens import Tokens, tokenize
from nutgraf.versions import show_versions
from nutgraf.weighted import Weighted

__all__ = [
    "Comparison",
    "Concordance",
    "Corpus",
    "Counts",
    "Document",
    "Furniture",
    "IndexCorruptError",
    "IndexFormatError",
    "IndexLockedError",
    "IndexVersionError",
    "InputError",
    "InternalError",
    "LimitError",
    "MemoryLimitError",
    "NearDuplicates",
    "NutgrafError",
    "NutgrafWarning",
    "ParameterError",
    "Passages",
    "PatternError",
    "Table",
    "TextTypeError",
    "Tokens",
    "Weighted",
    "__version__",
    "compare",
    "concordance",
    "credits",
    "estimate_memory",
    "furniture",
    "keyness",
    "limits",
    "load_sample",
    "near_duplicates",
    "passages",
    "read_corpus",
    "repeats",
    "reuse_share",
    "set_limits",
    "set_threads",
    "show_versions",
    "signatures",
    "stop_words",
    "tokenize",
]
