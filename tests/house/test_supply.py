"""What the project is built from, and how it is published: licences, locks, workflows, doctor."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
WORKFLOWS = sorted((ROOT / ".github/workflows").glob("*.yml"))
PINNED = re.compile(r"^[\w.-]+/[\w./-]+@[0-9a-f]{40}$")
# What a release must reach. Adding a platform is adding it here first.
PLATFORMS = {
    "manylinux-x86_64": "x86_64-unknown-linux-gnu",
    "manylinux-aarch64": "aarch64-unknown-linux-gnu",
    "musllinux-x86_64": "x86_64-unknown-linux-musl",
    "musllinux-aarch64": "aarch64-unknown-linux-musl",
    "macos-x86_64": "x86_64-apple-darwin",
    "macos-arm64": "aarch64-apple-darwin",
    "windows-x64": "x86_64-pc-windows-msvc",
}
# Beyond reading the repository, a job may do this and no more.
RIGHTS = {
    ("release.yml", "publish"): {"id-token": "write"},
    ("release.yml", "notes"): {"contents": "write"},
}


def workflow(path: Path) -> dict[Any, Any]:
    """Return a workflow; YAML 1.1 reads its key `on` as true, which no test here needs."""
    read: dict[Any, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return read


def steps(path: Path) -> list[dict[str, Any]]:
    """Return the steps of all jobs."""
    return [step for job in workflow(path)["jobs"].values() for step in job["steps"]]


def toml(name: str) -> dict[str, Any]:
    """Return a TOML file of the project."""
    return tomllib.loads((ROOT / name).read_text(encoding="utf-8"))


def canonical(name: str) -> str:
    """Return a distribution's name as indexes compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


# ---- Rust --------------------------------------------------------------------------------------


def allowed(expression: str, licences: set[str]) -> bool:
    """Say whether an SPDX expression can be satisfied: any side of OR, both sides of AND."""
    # The old slash means OR. None of our crates nests deeper than one pair of brackets.
    text = expression.replace("/", " OR ")
    while bracket := re.search(r"\(([^()]*)\)", text):
        text = text.replace(bracket[0], "yes" if allowed(bracket[1], licences) else "no")
    return any(
        all(part.strip() in licences | {"yes"} for part in side.split(" AND "))
        for side in text.split(" OR ")
    )


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("MIT", True),
        ("GPL-3.0-only", False),
        ("MIT/GPL-3.0-only", True),
        ("MIT AND GPL-3.0-only", False),
        ("(MIT OR GPL-3.0-only) AND BSL-1.0", True),
        ("(GPL-2.0-only OR GPL-3.0-only) AND MIT", False),
        ("Apache-2.0 WITH LLVM-exception", False),
    ],
)
def test_licence_expressions_are_understood(expression: str, expected: bool) -> None:
    """OR needs one side, AND both, a slash is an OR, and an exception is a licence of its own."""
    assert allowed(expression, {"MIT", "BSL-1.0", "Apache-2.0"}) is expected


def test_every_crate_has_a_licence_that_we_allow() -> None:
    """deny.toml allows the licences of all crates of the lock, the binding's too, and no others."""
    command = ["cargo", "metadata", "--locked", "--format-version", "1", "--all-features"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    packages = json.loads(done.stdout)["packages"]
    licences = set(toml("deny.toml")["licenses"]["allow"])
    assert len(packages) > 50
    refused = {
        package["name"]: package["license"]
        for package in packages
        if not allowed(package["license"] or "none", licences)
    }
    assert not refused
    for licence in licences - {"MIT", "Apache-2.0"}:
        rest = licences - {licence}
        needed = [p["name"] for p in packages if not allowed(p["license"] or "none", rest)]
        assert needed, f"no crate needs {licence} any more: take it out of deny.toml"
    origins = {package["source"] for package in packages if package["source"]}
    assert all(origin.endswith("/crates.io-index") for origin in origins), origins


def test_no_crate_is_asked_for_at_any_version() -> None:
    """Every dependency names a version, and deny.toml refuses wildcards and foreign sources."""
    cargo, deny = toml("Cargo.toml"), toml("deny.toml")
    for table in ("dependencies", "dev-dependencies"):
        for name, wanted in cargo[table].items():
            number = wanted if isinstance(wanted, str) else wanted["version"]
            assert re.match(r"\d", number), name
    assert deny["bans"]["wildcards"] == "deny"
    assert deny["sources"]["unknown-registry"] == deny["sources"]["unknown-git"] == "deny"
    assert deny["sources"]["allow-git"] == []


# ---- Python ------------------------------------------------------------------------------------


def locked() -> dict[str, list[str]]:
    """Return the versions in constraints.txt by name; several where platforms differ."""
    found: dict[str, list[str]] = {}
    for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines():
        pin = re.fullmatch(r"([a-z0-9-]+)==([\w.!+]+)(?: ; .+)?", line)
        assert pin is not None, f"not a pin: {line}"
        found.setdefault(pin[1], []).append(pin[2])
    return found


def test_the_lock_pins_everything_the_suite_installs() -> None:
    """What pyproject.toml names for users, dev and bench stands in constraints.txt."""
    project = toml("pyproject.toml")
    extras = project["project"]["optional-dependencies"]
    named = [*project["build-system"]["requires"], *project["project"]["dependencies"]]
    for extra in ("plot", "sparse", "zstd", "bench", "dev", "notebook"):
        named += [wanted for wanted in extras[extra] if not wanted.startswith("nutgraf")]
    pins = locked()
    for wanted in named:
        name = canonical(re.split(r"[<>=;\[ ]", wanted)[0])
        assert name in pins, f"{name} is not in constraints.txt: run make lock"
        exact = re.search(r"==([\w.]+)", wanted)
        assert exact is None or pins[name] == [exact[1]], f"{wanted}: run make lock"


def test_the_suite_runs_on_the_locked_versions() -> None:
    """What is installed here is what constraints.txt says, so the gate is the same everywhere."""
    from importlib.metadata import distributions

    installed = {canonical(found.metadata["Name"]): found.version for found in distributions()}
    pins = locked()
    assert len(installed.keys() & pins.keys()) > 30
    other = {n: installed[n] for n in installed.keys() & pins.keys() if installed[n] not in pins[n]}
    assert not other, f"not as locked: {other}; run make setup"


def test_show_versions_knows_every_extra() -> None:
    """Each library that an extra installs for users is in the report of `show_versions`."""
    from nutgraf import versions

    extras = toml("pyproject.toml")["project"]["optional-dependencies"]
    for extra in ("plot", "notebook", "sparse", "zstd", "ingest", "spark"):
        for wanted in extras[extra]:
            name = re.split(r"[<>=;\[ ]", wanted)[0]
            assert name in {*versions._OPTIONAL, "nutgraf"}, f"{extra}: {name}"


# ---- Workflows ---------------------------------------------------------------------------------


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_every_action_is_pinned_by_its_commit(path: Path) -> None:
    """An action is named by 40 hex digits, with its version in a comment; never by a tag."""
    uses = [step["uses"] for step in steps(path) if "uses" in step]
    assert uses
    assert [use for use in uses if not PINNED.match(use)] == []
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if "uses:" in line]
    assert [line for line in lines if not re.search(r"[0-9a-f]{40} # v\d", line)] == []


def test_one_action_has_one_version() -> None:
    """The workflows agree on the commit of every action."""
    uses = {step["uses"] for path in WORKFLOWS for step in steps(path) if "uses" in step}
    names = [use.partition("@")[0] for use in sorted(uses)]
    assert len(names) == len(set(names)), names


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_rights_are_the_fewest(path: Path) -> None:
    """The top grants reading alone; a job that may do more is listed above; no secret is used."""
    read = workflow(path)
    assert read["permissions"] == {"contents": "read"}
    assert "concurrency" in read
    for name, job in read["jobs"].items():
        assert job.get("permissions") == RIGHTS.get((path.name, name)), name
        assert "timeout-minutes" in job, name
    text = path.read_text(encoding="utf-8")
    assert "secrets." not in text
    assert "pull_request_target" not in text
    for step in steps(path):
        if step.get("uses", "").startswith("actions/checkout@"):
            assert step["with"] == {"persist-credentials": False}
        # What an outsider can name (a branch, a title) never becomes part of a script.
        assert "${{" not in step.get("run", ""), step["run"]


def test_ci_covers_three_systems_and_four_pythons() -> None:
    """Linux and macOS run `make test`, Windows the wheel and pytest, each on 3.11 to 3.14."""
    jobs = workflow(ROOT / ".github/workflows/ci.yml")["jobs"]
    pythons = ["3.11", "3.12", "3.13", "3.14"]
    assert jobs["test"]["strategy"]["matrix"]["python"] == pythons
    assert jobs["wheel"]["strategy"]["matrix"]["python"] == pythons
    systems = [*jobs["test"]["strategy"]["matrix"]["os"], jobs["wheel"]["runs-on"]]
    assert [system.partition("-")[0] for system in systems] == ["ubuntu", "macos", "windows"]
    assert {"run": "make test"} in jobs["test"]["steps"]
    assert any("pytest" in step.get("run", "") for step in jobs["wheel"]["steps"])


def test_the_oldest_rust_is_tried() -> None:
    """The workflows build with the Rust that Cargo.toml promises and the Makefile asks for."""
    promised = toml("Cargo.toml")["package"]["rust-version"]
    for path in WORKFLOWS:
        assert workflow(path)["env"]["RUST"] == f"{promised}.0"
    assert f"nutgraf needs Rust {promised} or newer" in (ROOT / "Makefile").read_text("utf-8")


def test_a_release_reaches_every_platform() -> None:
    """The matrix holds the platforms above, each wheel is tried, and nothing is cached."""
    release = workflow(ROOT / ".github/workflows/release.yml")
    rows = release["jobs"]["wheel"]["strategy"]["matrix"]["include"]
    assert {row["platform"]: row["target"] for row in rows} == PLATFORMS
    for row in rows:
        arm = "arm64" in row["platform"] or "aarch64" in row["platform"]
        linux = "linux" in row["platform"]
        assert row["runner"].endswith("-arm") is (arm and linux)
        assert ("musllinux" in row["manylinux"]) is ("musllinux" in row["platform"])
    for job in ("wheel", "sdist"):
        scripts = [step.get("run", "") for step in release["jobs"][job]["steps"]]
        assert any("nutgraf.tokenize" in script for script in scripts)
    everything = (ROOT / ".github/workflows/release.yml").read_text(encoding="utf-8")
    assert "actions/cache" not in everything
    assert "sccache" not in everything
    assert not re.search(r"^\s+cache:", everything, flags=re.MULTILINE)
    # One file a platform and the source distribution: fewer is not a release.
    counted = re.findall(r"-eq (\d+)", everything)
    assert counted == [str(len(PLATFORMS) + 1)]


def test_publishing_needs_no_password() -> None:
    """PyPI trusts the workflow itself: an environment, an identity token, attestations, a tag."""
    publish = workflow(ROOT / ".github/workflows/release.yml")["jobs"]["publish"]
    assert publish["environment"] == "pypi"
    assert publish["if"] == "github.event_name == 'push' && github.ref_type == 'tag'"
    assert publish["needs"] == ["wheel", "sdist"]
    last = publish["steps"][-1]
    assert last["uses"].startswith("pypa/gh-action-pypi-publish@")
    assert last["with"] == {"packages-dir": "dist", "attestations": True}
    built = [step["uses"] for step in publish["steps"] if "uses" in step]
    assert not any("checkout" in use for use in built), "what is published was built elsewhere"


# ---- Doctor ------------------------------------------------------------------------------------


def doctor(folder: Path, python: str, stubs: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Run `make doctor` on a path that holds the stubs and only what make itself needs."""
    make = shutil.which("make")
    if make is None:
        pytest.skip("make is not installed")
    for name in ("bash", "awk", "sed", "sh", "find", "uname", "dirname", "env"):
        found = shutil.which(name)
        if found is not None:
            (folder / name).symlink_to(found)
    for name, script in stubs.items():
        (folder / name).write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
        (folder / name).chmod(0o755)
    command = [make, "--no-print-directory", "doctor", f"PYTHON={python}"]
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("MAKE", "MFLAGS"))}
    return subprocess.run(
        command,
        cwd=ROOT,
        env=clean | {"PATH": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.skipif(sys.platform == "win32", reason="the Makefile is for Linux and macOS")
@pytest.mark.parametrize(
    ("python", "cargo", "said"),
    [
        pytest.param(
            "no-such-python",
            "1.90.0",
            "nutgraf needs Python 3.11 or newer, and 'no-such-python' was not found.",
            id="no python",
        ),
        pytest.param(
            "python3.10",
            "1.90.0",
            "nutgraf needs Python 3.11 or newer; /usr/bin/python3.10 is 3.10.",
            id="old python",
        ),
        pytest.param(
            sys.executable,
            None,
            "nutgraf needs Rust 1.88 or newer, and 'cargo' was not found.",
            id="no cargo",
        ),
        pytest.param(
            sys.executable,
            "1.65.0",
            "nutgraf needs Rust 1.88 or newer; cargo is 1.65.0. Update it: rustup update stable",
            id="old cargo",
        ),
        pytest.param(
            sys.executable,
            "1.87.0-nightly",
            "nutgraf needs Rust 1.88 or newer; cargo is 1.87.0-nightly.",
            id="nightly of before",
        ),
        pytest.param(sys.executable, "1.88.0", "", id="oldest cargo"),
        pytest.param(sys.executable, "2.0.1", "", id="a cargo to come"),
    ],
)
def test_doctor_says_what_is_missing(
    tmp_path: Path, python: str, cargo: str | None, said: str
) -> None:
    """One sentence names what was found, what is needed and what to run; none when all is well."""
    # An old Python, played by this one: it answers the question as 3.10 would.
    old = f'''exec "{sys.executable}" -c "import sys; sys.version_info = (3, 10, 13)
sys.executable = '/usr/bin/python3.10'
exec(sys.argv[1])" "$2"'''
    stubs = {"python3.10": old}
    if cargo is not None:
        stubs["cargo"] = f"echo 'cargo {cargo} (0123456789 2026-01-01)'"
    done = doctor(tmp_path, python, stubs)
    assert (done.returncode == 0) is (said == "")
    assert said in done.stderr
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
