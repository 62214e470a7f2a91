"""Every notebook runs on the installed wheel, and its cells say what they should."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

NOTEBOOKS = sorted((Path(__file__).parents[2] / "notebooks").glob("*.ipynb"))
FIRST = "01_one_event_many_outlets.ipynb"


def run(path: Path, folder: Path) -> dict[str, str]:
    """Run a notebook in an empty folder; the plain text of each cell by its name."""
    if sys.platform == "win32":
        asyncio.set_event_loop_policy(asyncio.WindowsSelectorEventLoopPolicy())
    notebook = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]
    client = NotebookClient(
        notebook, timeout=120, kernel_name="python3", resources={"metadata": {"path": str(folder)}}
    )
    client.execute()
    return {cell.id: said(cell) for cell in notebook.cells if cell.cell_type == "code"}


def said(cell: Any) -> str:
    """Everything a cell printed or showed, as plain text."""
    parts = []
    for output in cell.outputs:
        assert output.output_type != "error", output.get("traceback")
        parts.append(output.get("text", "") or output.get("data", {}).get("text/plain", ""))
    return "\n".join(parts)


@pytest.fixture(autouse=True)
def _sample(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NUTGRAF_NOTEBOOK_PATH", raising=False)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_it_is_stored_without_outputs(path: Path) -> None:
    """Outputs belong to whoever runs it."""
    notebook = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]
    for cell in notebook.cells:
        assert not cell.get("outputs")
        assert cell.get("execution_count") is None


def test_the_first_notebook_reads_the_sample(tmp_path: Path) -> None:
    """Each step shows its number."""
    cells = run(NOTEBOOKS[0].with_name(FIRST), tmp_path)
    assert "44 articles from 6 sources" in cells["load"]
    assert "Pellworth: 8 articles" in cells["look"]
    assert "pairs" in cells["duplicates"]
    assert "The Sormund Rampart" in cells["words"]
    assert "distinct texts: 7 against" in cells["limits"]
    assert "44 articles from 6 sources, 3–8 March 2031" in cells["report"]
    assert "mercenaries: in 6 of 7 Sormund Rampart articles" in " ".join(cells["report"].split())


def test_the_first_notebook_reads_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With three articles it runs, and concludes nothing."""
    articles = tmp_path / "articles.jsonl"
    lines = [
        f'{{"source": "{name}", "date": "2031-03-0{day}", "text": "They talked for {day} days."}}'
        for name, day in (("A", 3), ("B", 4), ("C", 5))
    ]
    articles.write_text("\n".join(lines), encoding="utf-8")
    monkeypatch.setenv("NUTGRAF_NOTEBOOK_PATH", str(articles))
    cells = run(NOTEBOOKS[0].with_name(FIRST), tmp_path)
    assert "3 articles from 3 sources" in cells["load"]
    assert "nothing can be significant" in " ".join(cells["report"].split())
