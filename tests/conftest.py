"""What every test shares: hypothesis profiles, the sample corpus, the real corpora."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis.database import DirectoryBasedExampleDatabase

ROOT = Path(__file__).resolve().parents[1]
CORPORA = Path(os.environ.get("NUTGRAF_CORPORA", ROOT.parent / "shared/corpora"))

# `fast` draws the same examples every time, so the gate never depends on luck;
# `slow` (NUTGRAF_HYPOTHESIS=slow) searches, and remembers what it found.
settings.register_profile("fast", max_examples=50, deadline=None, derandomize=True, database=None)
settings.register_profile(
    "slow",
    max_examples=2_000,
    deadline=None,
    print_blob=True,
    database=DirectoryBasedExampleDatabase(ROOT / ".hypothesis/examples"),
)
settings.load_profile(os.environ.get("NUTGRAF_HYPOTHESIS", "fast"))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip what reads the real corpora where they are not at hand."""
    if CORPORA.is_dir():
        return
    reason = f"the real corpora are not at {CORPORA}; set NUTGRAF_CORPORA to their folder"
    for item in items:
        if item.get_closest_marker("corpora"):
            item.add_marker(pytest.mark.skip(reason=reason))


@pytest.fixture(scope="session")
def root() -> Path:
    """Return the top folder of the project."""
    return ROOT


@pytest.fixture(scope="session")
def sample_dir() -> Path:
    """Return the folder of the sample corpus, with what it is derived from."""
    return ROOT / "python/nutgraf/sample"


@pytest.fixture(scope="session")
def corpora_dir() -> Path:
    """Return the folder of the real corpora; tests that use it are marked `corpora`."""
    if not CORPORA.is_dir():
        pytest.skip(f"the real corpora are not at {CORPORA}; set NUTGRAF_CORPORA to their folder")
    return CORPORA
