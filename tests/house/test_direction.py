"""The rooms of the house: which may know which, and what each may hold."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SRC = ROOT / "src"
RUST = sorted(SRC.rglob("*.rs"))
PYTHON = sorted((ROOT / "python").rglob("*.py")) + sorted((ROOT / "python").rglob("*.pyi"))

FOUNDATION = {"error", "observer", "parallel", "hash", "limits", "memory", "pages"}
ANSWERS = {"reuse", "stats", "framing"}
# What each room may use, beside itself.
BELOW: dict[str, set[str]] = {
    "error": set(),
    "hash": {"error"},
    "limits": {"error"},
    "memory": {"error", "limits", "observer"},
    "observer": {"error"},
    "pages": {"error", "memory", "observer"},
    "parallel": {"error", "observer", "limits", "memory"},
    "text": FOUNDATION,
    "corpus": FOUNDATION | {"text"},
    "reuse": FOUNDATION | {"text", "corpus"},
    "stats": FOUNDATION | {"text", "corpus"},
    "framing": FOUNDATION | {"text", "corpus"},
    "storage": FOUNDATION | {"text", "corpus"} | ANSWERS,
    "py": FOUNDATION | {"text", "corpus", "storage"} | ANSWERS,
}
VAGUE = {"utils", "util", "helpers", "helper", "common", "misc"}
FOREIGN = re.compile(
    r"\b(?:use|extern\s+crate)\s+(?:pyo3|numpy|arrow_\w+)\b"
    r"|\b(?:pyo3|numpy|arrow_\w+)::"
    r"|#!?\[py(?:class|function|methods|module|o3)\b"
)
# The one file that may hold `unsafe`: Arrow's C interface cannot be reached without it.
UNSAFE = SRC / "py/arrow.rs"


def name(path: Path) -> str:
    """Return a short name for a test's row."""
    return str(path.relative_to(ROOT))


def without_comments(source: str) -> str:
    """Blank out comments; line numbers stay."""
    source = re.sub(r"/\*.*?\*/", lambda m: "\n" * m[0].count("\n"), source, flags=re.DOTALL)
    return re.sub(r"//[^\n]*", "", source)


def heads(tail: str) -> list[str]:
    """Return the first name of each path in what follows `crate::` or `super::`."""
    if not tail.startswith("{"):
        first = re.match(r"\w+", tail)
        return [first[0]] if first else []
    depth, part, parts = 0, "", []
    for character in tail:
        depth += {"{": 1, "}": -1}.get(character, 0)
        if depth == 0:
            break
        if character == "," and depth == 1:
            parts.append(part)
            part = ""
        elif depth > 1 or character != "{":
            part += character
    return [head for each in [*parts, part] for head in heads(each.strip())]


def rooms_used(source: str, module: list[str]) -> set[str]:
    """Return the rooms that a file names, by `crate::…` or by climbing with `super::…`."""
    code = without_comments(source)
    found: set[str] = set()
    for match in re.finditer(r"\bcrate::\s*", code):
        found.update(heads(code[match.end() :]))
    for match in re.finditer(r"\b(?:super::\s*)+", code):
        if match[0].count("super") >= len(module):
            found.update(heads(code[match.end() :]))
    return found & BELOW.keys()


def module_of(path: Path) -> list[str]:
    """Return the names that lead to a file's module: `src/text/mod.rs` is `text`."""
    parts = list(path.relative_to(SRC).with_suffix("").parts)
    return parts[:-1] if parts[-1] == "mod" else parts


@pytest.mark.parametrize(
    ("source", "module", "rooms"),
    [
        ("use crate::error::Result;", ["text", "words"], {"error"}),
        ("use crate::{error::{Cause, Error}, text::words};", ["corpus"], {"error", "text"}),
        ("use super::words;", ["text", "stems"], set()),
        ("use super::super::corpus::tokens;", ["text", "stems"], {"corpus"}),
        ("use super::reuse::{self, exact};", ["stats"], {"reuse"}),
        ("let n = crate::parallel::threads();", ["text", "words"], {"parallel"}),
        ("// crate::py is not for us", ["text", "words"], set()),
        ("mod tests { use super::*; }", ["error"], set()),
    ],
)
def test_the_reader_reads(source: str, module: list[str], rooms: set[str]) -> None:
    """The reader of `use` lines sees groups, climbs and inline paths, and skips comments."""
    assert rooms_used(source, module) == rooms


def test_every_room_is_in_the_plan() -> None:
    """A new room under src takes its place in the order above first."""
    rooms = {module_of(path)[0] for path in RUST} - {"lib"}
    assert rooms <= BELOW.keys()


@pytest.mark.parametrize("path", [p for p in RUST if p != SRC / "lib.rs"], ids=name)
def test_no_arrow_runs_the_wrong_way(path: Path) -> None:
    """A room uses only what stands below it; reuse, stats and framing do not know each other."""
    module = module_of(path)
    allowed = BELOW[module[0]] | {module[0]}
    wrong = rooms_used(path.read_text(encoding="utf-8"), module) - allowed
    assert not wrong, f"{name(path)} uses {sorted(wrong)}; {module[0]} stands below"


@pytest.mark.parametrize("path", [p for p in RUST if SRC / "py" not in p.parents], ids=name)
def test_the_core_does_not_know_python(path: Path) -> None:
    """Only src/py names pyo3, numpy or arrow."""
    found = FOREIGN.search(without_comments(path.read_text(encoding="utf-8")))
    assert found is None, f"{name(path)}: {found[0]}"


@pytest.mark.parametrize("path", RUST, ids=name)
def test_unsafe_is_rare_and_explained(path: Path) -> None:
    """`unsafe` stands in src/py/arrow.rs alone, each time under a SAFETY comment."""
    lines = path.read_text(encoding="utf-8").splitlines()
    code = without_comments("\n".join(lines)).split("\n")
    for number, line in enumerate(code):
        if not re.search(r"\bunsafe\b", line):
            continue
        assert path == UNSAFE, f"{name(path)}:{number + 1}: unsafe"
        reason = [lines[number]]
        above = number - 1
        while above >= 0 and lines[above].lstrip().startswith(("//", "#[")):
            reason.append(lines[above])
            above -= 1
        text = "\n".join(reason)
        explained = "SAFETY:" in text or "# Safety" in text
        assert explained, f"{name(path)}:{number + 1}: unsafe without a SAFETY comment"


@pytest.mark.parametrize("path", RUST + PYTHON, ids=name)
def test_a_file_is_one_noun(path: Path) -> None:
    """No file is longer than 500 lines, and none has a name that says nothing."""
    lines = len(path.read_text(encoding="utf-8").splitlines())
    assert lines <= 500, f"{name(path)} has {lines} lines: it has become two nouns"
    words = {part.strip("_") for part in path.relative_to(ROOT).with_suffix("").parts}
    assert not words & VAGUE
