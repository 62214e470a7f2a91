"""Many Python threads in the package at once: shared objects, equal answers, no crash."""

from __future__ import annotations

import copy
import hashlib
import pickle
import random
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

import nutgraf as ng
from nutgraf import _nutgraf
from nutgraf.results import Table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

THREADS = 16
WORDS = ["truce", "river", "port", "envoy", "ferry", "council", "ration", "bridge", "signal"]
PATIENCE = 60


def texts(count: int, words: int = 60) -> list[str]:
    """Return texts of which a third are near duplicates of others."""
    draw = random.Random(5)
    rows = [" ".join(draw.choices(WORDS, k=words)) + f" n{row}." for row in range(count)]
    for row in range(0, count - 1, 3):
        rows[row + 1] = rows[row] + " Update."
    return rows


def digest(*parts: Any) -> str:
    """Return a digest of arrays and of what prints itself in full."""
    hasher = hashlib.blake2b(digest_size=16)
    for part in parts:
        if isinstance(part, np.ndarray):
            hasher.update(f"{part.dtype} {part.shape}".encode() + part.tobytes())
        else:
            hasher.update(repr(part).encode())
    return hasher.hexdigest()


def of_tokens(tokens: ng.Tokens) -> str:
    """Return a digest of tokens."""
    return digest(tokens.ids, tokens.indptr, tokens.starts, tokens.ends, tokens.vocabulary)


def of_counts(counts: ng.Counts) -> str:
    """Return a digest of counts."""
    return digest(counts.indptr, counts.indices, counts.data, counts.totals, counts.terms)


def of_table(table: Table) -> str:
    """Return a digest of a table."""
    return digest(*(part for name in table.columns for part in (name, table[name])))


class Shared:
    """The objects that every thread works on."""

    def __init__(self) -> None:
        rows = texts(300)
        self.corpus = ng.Corpus(
            {
                "text": rows,
                "id": [f"a{row}" for row in range(len(rows))],
                "source": ["AB"[row % 2] for row in range(len(rows))],
            }
        )
        self.tokens = ng.tokenize(self.corpus, progress=False)
        self.view = self.tokens.view(lower=True)
        self.counts = self.view.counts(progress=False)
        self.found = ng.near_duplicates(self.corpus, progress=False)
        self.table = Table({"term": rows, "n": np.arange(len(rows)) % 17})

    def calls(self) -> dict[str, Callable[[int], str]]:
        """The calls that are mixed; each gets a number of threads."""
        corpus, tokens, view, counts = self.corpus, self.tokens, self.view, self.counts
        found, table = self.found, self.table
        mask = np.arange(len(corpus)) % 3 == 0

        def key(threads: int) -> str:
            done = ng.keyness(
                counts,
                target={"source": "A"},
                clusters=found.labels,
                permutations=60,
                threads=threads,
                progress=False,
            )
            return of_table(done)

        def duplicates(threads: int) -> str:
            again = ng.near_duplicates(corpus, threads=threads, progress=False)
            return digest(again.labels) + of_table(again.pairs) + of_table(again.clusters)

        def counting(threads: int) -> str:
            return of_counts(view.counts(ngram_range=(1, 2), threads=threads, progress=False))

        alone: dict[str, Callable[[], str]] = {
            "view": lambda: of_tokens(tokens.view(lower=True, stem="en", stop_words="en")),
            "shared arrays": lambda: of_tokens(view) + of_counts(counts),
            "group": lambda: of_counts(counts.group("source")),
            "shared pairs": lambda: of_table(found.pairs) + of_table(found.clusters),
            "shared runs": lambda: digest(found.shared(0, 1)),
            "table": lambda: of_table(table.sort("n", descending=True).head(50)),
            "arrow": lambda: digest(table.to_arrow().to_pydict()),
            "selection": lambda: digest(
                corpus[mask].texts, corpus.where(source="B").ids, corpus.by_id("a7").text
            ),
            "pickle": lambda: of_tokens(pickle.loads(pickle.dumps(tokens))),
            "copy": lambda: of_table(copy.deepcopy(table)),
            "html": lambda: digest(corpus._repr_html_(), found._repr_html_()),
        }
        return {
            "tokenize": lambda n: of_tokens(ng.tokenize(corpus, threads=n, progress=False)),
            "counts": counting,
            "near_duplicates": duplicates,
            "keyness": key,
            **{name: _for_any_threads(work) for name, work in alone.items()},
        }


def _for_any_threads(work: Callable[[], str]) -> Callable[[int], str]:
    """Return a call that takes no number of threads as one that ignores it."""

    def call(threads: int) -> str:
        del threads
        return work()

    return call


@pytest.fixture(scope="module")
def expected() -> dict[str, str]:
    """What one thread alone finds, on objects of its own."""
    return {name: call(1) for name, call in Shared().calls().items()}


def all_at_once(work: Callable[[int], Any]) -> list[Any]:
    """Run work in sixteen threads that start together; the first error is raised."""
    gate = threading.Barrier(THREADS)

    def wait_and_work(number: int) -> Any:
        gate.wait(PATIENCE)
        return work(number)

    with ThreadPoolExecutor(THREADS) as pool:
        futures = [pool.submit(wait_and_work, number) for number in range(THREADS)]
        return [future.result(PATIENCE) for future in futures]


@pytest.mark.parametrize("threads", [1, 2, 3])
def test_sixteen_threads_find_what_one_finds(threads: int, expected: dict[str, str]) -> None:
    """Mixed calls on shared objects, in another order in each thread, give equal answers."""
    calls = Shared().calls()

    def work(number: int) -> list[tuple[str, str]]:
        order = list(calls)
        random.Random(number).shuffle(order)
        return [(name, calls[name](threads)) for name in order]

    for answers in all_at_once(work):
        assert dict(answers) == expected


def test_each_call_with_a_thread_count_of_its_own(expected: dict[str, str]) -> None:
    """Calls that ask for other numbers of threads do not disturb each other."""
    calls = Shared().calls()
    names = ("tokenize", "counts", "near_duplicates", "keyness")

    def work(number: int) -> list[tuple[str, str]]:
        return [(name, calls[name](1 + (number + turn) % 9)) for turn, name in enumerate(names)]

    for answers in all_at_once(work):
        assert dict(answers) == {name: expected[name] for name in names}


def test_set_threads_from_many_threads(expected: dict[str, str]) -> None:
    """The default may change at any moment; each call takes one, and answers do not change."""
    calls = Shared().calls()

    def work(number: int) -> str:
        for count in (1 + number % 4, None, 2):
            ng.set_threads(count)
        assert 1 <= _nutgraf.default_threads() <= 1024
        return calls["tokenize"](1 + number % 3) + of_tokens(ng.tokenize(["a truce"]))

    try:
        answers = all_at_once(work)
    finally:
        ng.set_threads(None)

    assert set(answers) == {expected["tokenize"] + of_tokens(ng.tokenize(["a truce"]))}


def refill(rows: list[str], whole: list[str]) -> None:
    """Empty a list, and fill it again."""
    rows.clear()
    rows.extend(whole)


CHANGES: dict[str, Callable[[list[str], list[str]], object]] = {
    "append": lambda rows, _: rows.append("one more text"),
    "pop": lambda rows, _: rows.pop(),
    "clear and refill": refill,
    "replace": lambda rows, _: rows.__setitem__(len(rows) // 2, "another text"),
    "reverse": lambda rows, _: rows.reverse(),
}


@pytest.fixture
def changing() -> Iterator[Callable[[list[str], str], threading.Thread]]:
    """Start a thread that changes a list until the test is over."""
    stop = threading.Event()
    started: list[threading.Thread] = []

    def start(rows: list[str], change: str) -> threading.Thread:
        whole = list(rows)

        def work() -> None:
            while not stop.is_set():
                CHANGES[change](rows, whole)
                if not 10_000 < len(rows) < 30_000:
                    rows[:] = whole

        thread = threading.Thread(target=work)
        thread.start()
        started.append(thread)
        return thread

    yield start
    stop.set()
    for thread in started:
        thread.join(PATIENCE)


@pytest.mark.parametrize("change", CHANGES)
def test_a_list_that_changes_meanwhile(
    change: str, changing: Callable[[list[str], str], threading.Thread]
) -> None:
    """The corpus holds texts that were in the list, or there is an error; never a crash."""
    rows = [f"{text} row {number}" for number, text in enumerate(texts(400) * 50)]
    known = {*rows, "one more text", "another text"}
    changing(rows, change)

    for _ in range(12):
        try:
            corpus = ng.Corpus(rows)
        except (ng.InputError, ng.TextTypeError):
            continue
        assert len(corpus) == len(corpus.ids) == len(corpus.texts)
        assert known.issuperset(corpus.texts)


def test_a_dict_whose_columns_change_meanwhile(
    changing: Callable[[list[str], str], threading.Thread],
) -> None:
    """Columns that grow apart under the call are an error; equal ones make a whole corpus."""
    rows = [f"{text} row {number}" for number, text in enumerate(texts(400) * 50)]
    changing(rows, "append")

    for _ in range(8):
        try:
            corpus = ng.Corpus({"text": rows, "title": rows})
        except ng.InputError:
            continue
        assert len(corpus.texts) == len(corpus.column("title"))
        assert corpus.texts == corpus.column("title")


def test_a_callback_may_call_nutgraf() -> None:
    """A progress callback that computes gets its answer, and the outer call gets its own."""
    inner: list[list[str]] = []

    def compute(done: int, total: int) -> None:
        del done, total
        tokens = ng.tokenize(["a truce holds"], threads=2, progress=False)
        found = ng.near_duplicates(texts(30), threads=3, progress=False)
        assert len(found) >= 10
        inner.append(tokens[0])

    _nutgraf._rehearse(0.4, threads=2, progress=compute)
    rows = texts(3000)
    outer = ng.tokenize(rows, threads=2, progress=compute)

    assert of_tokens(outer) == of_tokens(ng.tokenize(rows, progress=False))
    assert inner
    assert all(words == ["a", "truce", "holds"] for words in inner)


def test_a_callback_may_call_nutgraf_with_a_callback() -> None:
    """Callbacks inside callbacks, three deep, end and count to the end."""
    ends: list[int] = []

    def deeper(level: int) -> Callable[[int, int], None]:
        def compute(done: int, total: int) -> None:
            if level:
                _nutgraf._rehearse(0.06, threads=2, progress=deeper(level - 1))
            if done == total:
                ends.append(level)

        return compute

    _nutgraf._rehearse(0.2, threads=2, progress=deeper(2))

    assert ends[-1] == 2
    assert {0, 1, 2} == set(ends)


def test_a_callback_that_raises_stops_its_own_call_only() -> None:
    """Every second thread's callback raises: those calls end so, the others with an answer."""
    rows = texts(2000)
    expected = of_tokens(ng.tokenize(rows, progress=False))

    def work(number: int) -> str:
        def complain(done: int, total: int) -> None:
            raise LookupError(f"{number}: {done} of {total}")

        if number % 2:
            with pytest.raises(LookupError, match=f"^{number}: "):
                _nutgraf._rehearse(20.0, threads=2, progress=complain)
            return expected
        _nutgraf._rehearse(0.3, threads=2, progress=lambda *_: None)
        return of_tokens(ng.tokenize(rows, threads=2, progress=False))

    assert set(all_at_once(work)) == {expected}


def test_one_generator_for_two_threads_is_no_crash() -> None:
    """A generator cannot be read twice at once: texts from it, or Python's own error."""
    rows = texts(2000)
    endless = iter(rows * 8)

    def work(_: int) -> int:
        try:
            return len(ng.Corpus(endless))
        except (ValueError, TypeError):
            return 0

    assert sum(all_at_once(work)) <= len(rows) * 8
