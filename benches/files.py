"""The files of the real corpora, which stand in ``NUTGRAF_CORPORA`` or in ``../shared/corpora``.

They belong to others and are never copied here.
"""

from __future__ import annotations

import gzip
import json
import os
from pathlib import Path
from typing import Any

__all__ = ["FOLDER", "column", "is_here"]

ROOT = Path(__file__).resolve().parents[1]
FOLDER = Path(os.environ.get("NUTGRAF_CORPORA", ROOT.parent / "shared/corpora"))


def is_here(name: str) -> bool:
    """Whether this machine has the corpus of that name."""
    return any((FOLDER / f"{name}{end}").is_file() for end in (".parquet", ".jsonl.gz"))


def column(name: str, field: str = "text") -> Any:
    """Return one column of a corpus, as pyarrow has it."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    parquet = FOLDER / f"{name}.parquet"
    if parquet.is_file():
        return pq.read_table(parquet, columns=[field]).column(field)
    with gzip.open(FOLDER / f"{name}.jsonl.gz", "rt", encoding="utf-8") as file:
        return pa.chunked_array([[json.loads(line)[field] for line in file]], type=pa.string())
