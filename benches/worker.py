"""One run of one contender, in this process alone: ``python -m benches.worker``.

Prints one line of JSON. Started by `frame`; useful by hand to look at a failure.
"""

from __future__ import annotations

import gc
import json
import sys
import time
from typing import Any

from benches.corpora import Corpus
from benches.frame import job_named
from benches.memory import Growth


def main(bench: str, job: str, name: str, corpus: str) -> None:
    """Prepare, warm up, measure once, and say what came out."""
    contender = next(c for c in job_named(bench, job).contenders if c.name == name)
    source = Corpus(corpus)
    given = contender.prepare(source)
    contender.work(contender.part(given))
    gc.collect()
    growth = Growth()
    started = time.perf_counter()
    answer = contender.work(given)
    seconds = time.perf_counter() - started
    told: dict[str, Any] = {"memory_mb": growth.peak(), "held_mb": growth.held()}
    told |= {"seconds": seconds, "facts": contender.facts(answer, source)}
    print(json.dumps(told))


if __name__ == "__main__":
    main(*sys.argv[1:])
