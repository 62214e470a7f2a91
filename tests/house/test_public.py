"""The public face: the names that are promised, and what importing them costs."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import nutgraf

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "python/nutgraf"
FRAMES = {"pandas", "polars", "pyarrow"}
# Where frames come in, and where they go out.
BORDER = {PACKAGE / "_inputs.py", PACKAGE / "results.py"}
LATE = FRAMES | {"narwhals"}


def imported(tree: ast.AST) -> set[str]:
    """Return the top-level packages that a piece of Python imports, by name or by string."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module)
        elif isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
            called = ast.unparse(node.func)
            if called.endswith(("import_module", "__import__")):
                found.add(str(node.args[0].value))
    return {full.split(".")[0] for full in found}


def at_import(tree: ast.Module) -> ast.Module:
    """Return what runs when a module is imported: no function bodies, no TYPE_CHECKING blocks."""

    class Strip(ast.NodeTransformer):
        def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST | None:
            return None if node.name else node

        def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> ast.AST | None:
            return None if node.name else node

        def visit_If(self, node: ast.If) -> ast.AST | list[ast.AST]:
            if ast.unparse(node.test).endswith("TYPE_CHECKING"):
                return [self.visit(each) for each in node.orelse]
            return self.generic_visit(node)

    stripped = Strip().visit(tree)
    assert isinstance(stripped, ast.Module)
    return stripped


def parsed(path: Path) -> ast.Module:
    """Return the syntax tree of a file."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def name(path: Path) -> str:
    """Return a short name for a test's row."""
    return str(path.relative_to(ROOT))


def test_the_installed_package_is_under_test() -> None:
    """The suite runs on the installed wheel, never on the source tree."""
    assert ROOT / "python" not in Path(nutgraf.__file__).resolve().parents


def test_every_public_name_is_documented() -> None:
    """`__all__` and the list in docs/api.md are the same, and each name exists."""
    text = (ROOT / "docs/api.md").read_text(encoding="utf-8")
    listed = re.findall(r"^- `(\w+)`", text, flags=re.MULTILINE)
    assert len(listed) == len(set(listed))
    assert set(nutgraf.__all__) == set(listed)
    assert len(nutgraf.__all__) == len(set(nutgraf.__all__))
    for public in nutgraf.__all__:
        assert hasattr(nutgraf, public), public


@pytest.mark.parametrize("public", nutgraf.__all__)
def test_every_public_name_has_a_docstring(public: str) -> None:
    """`help(nutgraf.name)` says something of its own."""
    value = getattr(nutgraf, public)
    if callable(value):
        # An inherited docstring (a builtin exception's, say) is not our own.
        own = vars(value).get("__doc__") if isinstance(value, type) else value.__doc__
        assert own
        assert own.strip()


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=name)
def test_frames_are_known_at_the_border_only(path: Path) -> None:
    """Only _inputs.py and results.py import pandas, polars or pyarrow; nobody at import."""
    if path not in BORDER:
        assert not imported(parsed(path)) & FRAMES
    assert not imported(at_import(parsed(path))) & LATE


def test_import_is_light() -> None:
    """`import nutgraf` in a fresh interpreter loads no frame library, and not narwhals."""
    code = "import sys, nutgraf; print(*{name.split('.')[0] for name in sys.modules})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    assert "nutgraf" in loaded
    assert not loaded & (LATE | {"altair", "scipy", "sklearn"})


# Of the standard library, what is slow to load and only some calls need.
HEAVY = {
    "argparse",
    "asyncio",
    "concurrent.futures",
    "email",
    "html.parser",
    "http",
    "importlib.metadata",
    "logging",
    "multiprocessing",
    "socket",
    "sqlite3",
    "ssl",
    "subprocess",
    "tomllib",
    "unittest",
    "xml",
    "zipfile",
}


def test_import_adds_no_heavy_module_to_numpy() -> None:
    """`import nutgraf` costs little above `import numpy`: nothing slow is loaded beforehand."""
    code = "import sys, numpy; old = set(sys.modules); import nutgraf; print(*{*sys.modules} - old)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    added = set(done.stdout.split())
    assert "nutgraf.compare" in added
    assert not added & HEAVY


def test_show_versions_tells_the_machine_and_versions_does_not() -> None:
    """The report of a defect has threads and missing libraries; a result has neither."""
    code = "import nutgraf.versions as v; v.show_versions(); print(v.versions())"
    environment = os.environ | {"NUTGRAF_NUM_THREADS": "3"}
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment
    )
    *lines, last = done.stdout.splitlines()
    told = dict(line.split(maxsplit=1) for line in lines)
    assert list(told)[:2] == ["nutgraf", "python"]
    assert told["threads"] == "3 (from NUTGRAF_NUM_THREADS)"
    assert re.fullmatch(r"\d+ available of \d+", told["processors"])
    assert told["encoding"].startswith("files ")
    packages = list(told)[8:]
    assert packages == sorted(packages)
    assert set(told.values()) - {"not installed"}
    assert told["numpy"] == ast.literal_eval(last)["numpy"]
    in_results = ast.literal_eval(last).keys()
    assert in_results <= {"nutgraf", "python", "numpy", "narwhals", *FRAMES}


def test_show_versions_survives_a_wrong_setting() -> None:
    """A number of threads that is none is said in its line, instead of stopping the report."""
    code = "import nutgraf; nutgraf.show_versions()"
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | {"NUTGRAF_NUM_THREADS": "many"},
    )
    (line,) = (line for line in done.stdout.splitlines() if line.startswith("threads"))
    assert '"many" (from NUTGRAF_NUM_THREADS), but it must be a whole number' in line
