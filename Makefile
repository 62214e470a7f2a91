# Everything a contributor or CI runs. Needs python3 >= 3.11, cargo >= 1.88, and nothing else:
# the rest is installed into .venv. One build serves all: a release wheel, made by pip in this
# folder, so that cargo's ./target is reused.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.ONESHELL:
.DELETE_ON_ERROR:
.NOTPARALLEL:
.DEFAULT_GOAL := help
MAKEFLAGS += --no-builtin-rules --no-print-directory

PYTHON ?= python3
EXTRAS ?= plot
ARTICLES ?= --sample
REPORT ?= out/report.html
BENCH ?=
RUNS ?= 5
CORPUS ?=

root := $(CURDIR)
venv := $(root)/.venv
python := $(venv)/bin/python
pip := $(python) -m pip --disable-pip-version-check --quiet
# Every version that pip may choose, also where it builds: Python's Cargo.lock, made by `make lock`.
export PIP_CONSTRAINT := $(root)/constraints.txt
heading = @printf '\n== %s\n' '$(1)'

# Folders too: their time changes when a file is deleted or renamed.
sources := $(shell find src python \( -name __pycache__ -prune \) -o \( -type f -o -type d \) -print \
	2>/dev/null) Cargo.toml Cargo.lock pyproject.toml constraints.txt $(wildcard README.md LICENSE-*)

.PHONY: help doctor setup demo test lint-rust test-rust lint-python types packages test-python \
	lint format lock wheel sdist docs bench bench-smoke clean

## help: this list
help:
	@sed -n 's/^## \([a-z-]*\): /\1\t/p' Makefile | awk -F '\t' '{ printf "  make %-12s %s\n", $$1, $$2 }'

# ---- Use ---------------------------------------------------------------------------------------

## demo: build, then compare the sample corpus; writes out/report.html
demo: $(venv)/.demo
	@mkdir -p $(dir $(REPORT))
	$(python) -m nutgraf compare $(ARTICLES) -o $(REPORT)

## setup: .venv with nutgraf and everything the suite needs
setup: $(venv)/.dev

## doctor: say what is missing on this machine
doctor:
	@command -v $(PYTHON) >/dev/null || {
		echo "nutgraf needs Python 3.11 or newer, and '$(PYTHON)' was not found." \
			"Install it, or name another: make demo PYTHON=/path/to/python3.12" >&2; exit 1; }
	$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit(
		"nutgraf needs Python 3.11 or newer; %s is %d.%d. Name another: make demo PYTHON=python3.12"
		% (sys.executable, *sys.version_info[:2]))'
	command -v cargo >/dev/null || {
		echo "nutgraf needs Rust 1.88 or newer, and 'cargo' was not found." \
			"Install it from https://rustup.rs, then open a new terminal." >&2; exit 1; }
	found=$$(cargo --version | awk '{ print $$2 }')
	$(PYTHON) -c 'import re, sys
	found = sys.argv[1]
	tuple(map(int, re.findall("[0-9]+", found)[:2])) >= (1, 88) or sys.exit(
		f"nutgraf needs Rust 1.88 or newer; cargo is {found}. Update it: rustup update stable")' "$$found"

# Debian's python3 may come without ensurepip: then its own pip, if there is one, fills the folder.
$(python):
	@$(MAKE) doctor
	$(PYTHON) -m venv $(venv) >/dev/null 2>&1 || {
		rm -rf $(venv)
		$(PYTHON) -m venv --without-pip $(venv) &&
		$(PYTHON) -m pip --quiet --python $(venv)/bin/python install pip || {
			rm -rf $(venv)
			echo "A virtual environment could not be made. On Debian and Ubuntu:" \
				"apt install python3-venv" >&2; exit 1; }; }

# The one build. --no-deps: the wheel of nutgraf alone.
dist/.wheel: $(sources) | $(python)
	@$(MAKE) doctor
	echo "Building nutgraf (a minute or two the first time) …"
	mkdir -p dist
	rm -f dist/*.whl
	$(pip) wheel --no-deps --wheel-dir dist .
	touch $@

# The version does not change between builds, so the wheel is put in by force, then what it needs.
define install
	@echo "Installing into .venv …"
	$(pip) install --force-reinstall --no-deps dist/*.whl
	$(pip) install "$$(echo dist/*.whl)[$(1)]"
	touch $@
endef

$(venv)/.demo: dist/.wheel
	$(call install,$(EXTRAS))

$(venv)/.dev: dist/.wheel
	$(call install,dev)

# ---- Prove -------------------------------------------------------------------------------------

## test: everything that must hold, as CI runs it
test: lint-rust test-rust lint-python types packages test-python

## lint-rust: rustfmt and clippy, with and without the binding
lint-rust: $(python)
	$(call heading,rustfmt)
	cargo fmt --all -- --check
	echo; echo '== clippy: the core'
	cargo clippy --quiet --locked --all-targets -- -D warnings
	echo; echo '== clippy: with the binding'
	PYO3_PYTHON=$(python) cargo clippy --quiet --locked --all-targets --features python -- -D warnings

## test-rust: unit tests, laws and examples of the core, without Python
test-rust:
	$(call heading,cargo test)
	cargo test --quiet --locked

## lint-python: ruff, rules and format
lint-python: $(venv)/.dev
	$(call heading,ruff)
	$(python) -m ruff check .
	$(python) -m ruff format --check .

## types: mypy --strict, and the stub against the built extension
types: $(venv)/.dev
	$(call heading,mypy)
	$(python) -m mypy
	echo; echo '== stubtest'
	cd "$$(mktemp -d)" && $(python) -m mypy.stubtest nutgraf._nutgraf

## packages: build wheel and sdist; the sdist alone must compile
packages: $(venv)/.dev sdist
	$(call heading,sdist compiles)
	unpacked=$$(mktemp -d)
	tar -xzf dist/nutgraf-*.tar.gz -C $$unpacked --strip-components 1
	PYO3_PYTHON=$(python) CARGO_TARGET_DIR=$(root)/target cargo check --quiet --locked \
		--features python --manifest-path $$unpacked/Cargo.toml
	rm -rf $$unpacked

# From an empty folder, so that only the installed wheel can be imported.
## test-python: pytest and doctests on the installed wheel (ARGS='-k …' to choose)
test-python: $(venv)/.dev
	$(call heading,pytest on the installed wheel)
	cd "$$(mktemp -d)" && $(python) -m pytest -c $(root)/pyproject.toml --rootdir $(root) \
		--pyargs --doctest-modules $(root)/tests nutgraf $(ARGS)

# ---- Make --------------------------------------------------------------------------------------

## lint: every linter, nothing else
lint: lint-rust lint-python

## format: rewrite Rust and Python in house style
format: $(venv)/.dev
	@cargo fmt --all
	$(python) -m ruff check --fix-only --quiet .
	$(python) -m ruff format .

# uv resolves for every platform and Python at once; nothing else here needs it. The file keeps what
# it can of the versions it has: `rm constraints.txt` first to take the newest of everything.
## lock: write constraints.txt anew after a change of pyproject.toml
lock: $(python)
	@touch constraints.txt
	PIP_CONSTRAINT= $(pip) install 'uv>=0.9'
	cd $(root) && $(venv)/bin/uv pip compile pyproject.toml --quiet --universal \
		--python-version 3.11 --extra dev --extra notebook --no-header --no-annotate \
		--no-emit-index-url --output-file constraints.txt
	wc -l constraints.txt

## wheel: the release wheel, in dist/
wheel: dist/.wheel
	@ls dist/*.whl

## sdist: the source distribution, in dist/
sdist: $(venv)/.dev
	$(call heading,sdist)
	rm -f dist/*.tar.gz
	$(python) -m maturin sdist --out dist >/dev/null 2>&1 || $(python) -m maturin sdist --out dist
	ls dist/*.tar.gz

## docs: the guide to the Rust core; a broken link is an error
docs:
	RUSTDOCFLAGS='-D warnings' cargo doc --locked --no-deps

# Everything by default: make bench BENCH=tokens RUNS=3 CORPUS=saudi_ar chooses.
## bench: measure against the peers, each answer checked; JSON in out/bench (BENCH=tokens RUNS=5)
bench: $(venv)/.dev
	@$(python) -m benches run $(BENCH) --runs $(RUNS) $(addprefix --corpus ,$(CORPUS))

## bench-smoke: every benchmark once on a tiny corpus, as the tests run it
bench-smoke: $(venv)/.dev
	@$(python) -m benches run $(BENCH) --smoke --out out/bench/smoke

## clean: remove everything these commands made
clean:
	rm -rf .venv dist target out .pytest_cache .mypy_cache .ruff_cache .hypothesis
