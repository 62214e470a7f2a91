"""The README and the list of public names say what is true."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import nutgraf as ng

ROOT = Path(__file__).parents[2]


def test_the_example_runs(tmp_path: Path) -> None:
    """Five lines, as promised, and they write a report."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```python\n(.*?)```", readme, flags=re.DOTALL)
    lines = [line for line in example.splitlines() if line.strip()]
    assert len(lines) == 5
    done = subprocess.run(
        [sys.executable, "-X", "utf8", "-c", example],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("44 articles from 6 sources")
    assert (tmp_path / "report.html").stat().st_size > 10_000


def test_the_files_it_points_to_exist() -> None:
    """Links and the picture."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)]+)\)", readme):
        assert (ROOT / target).exists(), target


def test_the_picture_is_small() -> None:
    """A clone stays light."""
    assert (ROOT / "docs/report.png").stat().st_size < 200_000


def test_every_public_name_is_listed_once() -> None:
    """With one sentence each."""
    listed = re.findall(
        r"^- `(\w+)`: .+\.$", (ROOT / "docs/api.md").read_text("utf-8"), re.MULTILINE
    )
    assert sorted(listed) == sorted(ng.__all__)
