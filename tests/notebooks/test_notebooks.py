"""Every notebook runs on the installed wheel, and its cells say what they should."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

from nutgraf.sample import load_truth

FOLDER = Path(__file__).parents[2] / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))
FIRST = "01_one_event_many_outlets.ipynb"
SECOND = "02_who_copied_whom.ipynb"


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
    """Everything a cell printed or showed, as plain text; HTML where there is nothing else."""
    parts: list[str] = []
    streaming = False
    for output in cell.outputs:
        assert output.output_type != "error", output.get("traceback")
        # A busy kernel sends one line in two pieces.
        if streaming and output.output_type == "stream":
            parts[-1] += output["text"]
            continue
        streaming = output.output_type == "stream"
        data = output.get("data", {})
        plain = data.get("text/plain", "")
        bare = plain.startswith("<IPython.core.display.HTML")
        parts.append(output.get("text", "") or (data["text/html"] if bare else plain))
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
    cells = run(FOLDER / FIRST, tmp_path)
    assert "44 articles from 6 sources" in cells["load"]
    assert "Pellworth: 8 articles" in cells["look"]
    assert "pairs" in cells["duplicates"]
    assert "The Sormund Rampart" in cells["words"]
    assert "distinct texts: 7 against" in cells["limits"]
    assert "44 articles from 6 sources, 3–8 March 2031" in cells["report"]
    assert "mercenaries: in 6 of 7 Sormund Rampart articles" in " ".join(cells["report"].split())


def test_the_second_notebook_finds_what_was_planted(tmp_path: Path) -> None:
    """Who has the item, where, since when, and credited or not."""
    cells = {name: " ".join(text.split()) for name, text in run(FOLDER / SECOND, tmp_path).items()}
    truth = load_truth()
    assert f"{len(truth['repeats'])} page scraped twice" in cells["clean"]
    planted = {row["copy"] for row in truth["reuse"] if row["original"] == "pw-02"}
    assert planted == {"bh-07", "sr-07"}
    for copy in planted:
        assert f"{copy} pw-02 " in cells["item"]
        assert f"{copy} 6 3 pw-02 " in cells["clusters"]
    assert "oc-07 pw-06 23 26 0.4384 0.4424 0.9799 contained right" in cells["copies"]
    assert "sr-07 pw-02 1 372 0.9894 1 shared" in cells["shares"]
    assert "[1] Repairs to the hall at Dunmarrow" in cells["side"]
    assert "pw-02 08:05 100%; pw-04 16:30 69%" in cells["timeline"]
    assert "[None, None]" in cells["earlier"]
    (ferry,) = truth["passages"]
    assert ferry["left"]["text"][:40] in cells["earlier"]
    given = [row for row in truth["credits"] if row["document"] in planted and row["present"]]
    assert given
    for credit in given:
        assert f"{credit['document']} {credit['place']} | {credit['text']} |" in cells["credits"]
    assert "Pellworth 8 2658 910 0.3424 0 0" in cells["sources"]
    assert "Daily Whistle 7 1940 309 0.1593" in cells["sources"]
    assert "by words: [] by letters: ['bh-07', 'sr-07', 'pw-02']" in cells["letters"]
    assert "0 pw-02 1693 15 0 0 0.9912" in cells["letters"]
    assert "{≠" in cells["misread"]
    assert "{≠" not in cells["side"], "not a word differs"
    assert "the list of places open to" in cells["common"]


def test_the_first_notebook_reads_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With three articles it runs, and concludes nothing."""
    articles = tmp_path / "articles.jsonl"
    lines = [
        f'{{"source": "{name}", "date": "2031-03-0{day}", "text": "They talked for {day} days."}}'
        for name, day in (("A", 3), ("B", 4), ("C", 5))
    ]
    articles.write_text("\n".join(lines), encoding="utf-8")
    monkeypatch.setenv("NUTGRAF_NOTEBOOK_PATH", str(articles))
    cells = run(FOLDER / FIRST, tmp_path)
    assert "3 articles from 3 sources" in cells["load"]
    assert "nothing can be significant" in " ".join(cells["report"].split())
