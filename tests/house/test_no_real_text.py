"""The articles this project started from belong to their outlets: none of them stands here."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]
RUN = 12
# What no one writes by hand, in a copy of the project without its history.
BUILT = {"target", "dist", "out", "site"}


def runs(text: str) -> Iterator[tuple[str, ...]]:
    """Yield every run of twelve words, in lower case."""
    words = re.findall(r"\w+", text.lower())
    return (tuple(words[i : i + RUN]) for i in range(len(words) - RUN + 1))


def project_files() -> list[Path]:
    """Return the files that git tracks or would track; without git, all but what is built."""
    command = ["git", "-C", str(ROOT), "ls-files", "-z", "-co", "--exclude-standard"]
    try:
        done = subprocess.run(command, capture_output=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        kept = (path for path in ROOT.rglob("*") if path.is_file())
        inside = ((path, path.relative_to(ROOT).parts) for path in kept)
        hidden = ((path, parts[0].startswith(".") or parts[0] in BUILT) for path, parts in inside)
        return [path for path, skip in hidden if not skip]
    names = done.stdout.decode("utf-8").split("\0")
    return [ROOT / name for name in names if name and (ROOT / name).is_file()]


def test_runs_are_counted_in_words() -> None:
    """Marks and case do not hide a run, and a shorter text has none."""
    text = "One, two three four five six; seven eight nine ten “eleven” TWELVE."
    assert [" ".join(run) for run in runs(text)] == [
        "one two three four five six seven eight nine ten eleven twelve"
    ]
    assert not list(runs("one two"))


@pytest.mark.corpora
def test_no_sentence_of_the_articles_is_here(corpora_dir: Path) -> None:
    """No twelve words in a row of the five articles stand in any text file of the project."""
    lines = (corpora_dir / "moscow_2025.jsonl").read_text(encoding="utf-8").splitlines()
    theirs = {run for line in lines for run in runs(json.loads(line)["text"])}
    assert len(theirs) > 1_000
    files = project_files()
    assert len(files) > 50
    for path in files:
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        found = next((run for run in runs(text) if run in theirs), None)
        assert found is None, f"{path.relative_to(ROOT)}: {' '.join(found or ())}"
