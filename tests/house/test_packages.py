"""What is inside the wheel and the source distribution that `make` built."""

from __future__ import annotations

import json
import tarfile
import zipfile
from pathlib import Path

import pytest

DIST = Path(__file__).resolve().parents[2] / "dist"


def only(pattern: str) -> Path:
    """Return the one file in dist/ of this kind."""
    found = sorted(DIST.glob(pattern))
    if not found:
        pytest.skip(f"no {pattern} in dist/: run make packages")
    assert len(found) == 1, found
    return found[0]


def test_the_wheel_holds_what_users_need() -> None:
    """The extension, the stub, the sample and both licences; no source of the sample, no tests."""
    with zipfile.ZipFile(only("nutgraf-*.whl")) as wheel:
        names = wheel.namelist()
    assert sum(name.startswith("nutgraf/_nutgraf.") and "so" in name for name in names) == 1
    for needed in ("__init__.py", "py.typed", "_nutgraf.pyi", "sample/articles.jsonl"):
        assert f"nutgraf/{needed}" in names
    for licence in ("LICENSE-APACHE", "LICENSE-MIT"):
        assert any(name.endswith(f".dist-info/licenses/{licence}") for name in names)
    for name in names:
        assert name.startswith(("nutgraf/", "nutgraf-")), name
        assert "__pycache__" not in name
        assert not name.startswith(("nutgraf/sample/marked/", "nutgraf/sample/derive.py"))


def test_the_wheel_is_small_and_serves_every_python() -> None:
    """At most 6.2 MB, 2.3 of them dictionaries; tagged for the stable interface of CPython."""
    path = only("nutgraf-*.whl")
    assert path.stat().st_size <= 6_200_000
    _, _, python, abi, platform = path.stem.split("-")
    assert (python, abi) == ("cp311", "abi3")
    assert platform != "any"
    with zipfile.ZipFile(path) as wheel:
        names = wheel.namelist()
        (about,) = (name for name in names if name.endswith(".dist-info/WHEEL"))
        assert f"Tag: cp311-abi3-{platform}" in wheel.read(about).decode("utf-8").splitlines()


def test_the_wheel_lists_what_it_is_made_of() -> None:
    """A CycloneDX bill of materials names the crates that are compiled in, with their versions."""
    with zipfile.ZipFile(only("nutgraf-*.whl")) as wheel:
        (path,) = (name for name in wheel.namelist() if ".dist-info/sboms/" in name)
        bill = json.loads(wheel.read(path))
    assert bill["bomFormat"] == "CycloneDX"
    crates = {crate["name"]: crate["version"] for crate in bill["components"]}
    assert {"pyo3", "arrow-array", "rayon", "regex-automata", "hashbrown"} <= crates.keys()
    assert all(crates.values())
    assert "proptest" not in crates


def test_the_source_distribution_builds_and_no_more() -> None:
    """Rust, Python, the lock and the sample's sources; nothing built, nothing private."""
    with tarfile.open(only("nutgraf-*.tar.gz")) as archive:
        names = {member.name.partition("/")[2] for member in archive.getmembers()}
    needed = {"Cargo.toml", "Cargo.lock", "pyproject.toml", "README.md", "src/lib.rs", "PKG-INFO"}
    assert needed <= names
    assert {"python/nutgraf/__init__.py", "python/nutgraf/sample/derive.py"} <= names
    assert any(name.startswith("python/nutgraf/sample/marked/") for name in names)
    outside = ("target/", "dist/", "out/", ".", "notebooks/")
    assert not [name for name in names if name.startswith(outside)]
    assert not [name for name in names if name.endswith((".so", ".pyd", ".pyc"))]
