# Everything here makes its own virtual environment first; Python 3.11 or later, make and git are all it needs.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/.ready

.DEFAULT_GOAL := help
.PHONY: help demo test fuzz judges bench site lint format rooms wheel clean

help:            ## what there is to make
	@grep -hE '^[a-z]+: .*##' $(MAKEFILE_LIST) | sed 's/: .*##/ /' | awk '{n=$$1; $$1=""; printf "  make %-8s%s\n", n, $$0}'

$(READY): pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "qrules needs Python 3.11 or later: say make PYTHON=python3.11" >&2; exit 1; }
	@echo "setting up $(VENV) (once) ..."
	@$(PYTHON) -m venv $(VENV) || { echo "no virtual environments: on Debian, apt install python3-venv" >&2; exit 1; }
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@

$(VENV)/.judges $(VENV)/.bench $(VENV)/.site: $(VENV)/.%: $(READY)
	@echo "installing what .[$*] names (once) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[$*]'
	@touch $@

judges: $(VENV)/.judges  ## install the independent solvers that tests ask, where they are there (250 MB)

demo: $(READY)   ## the main job on real input
	@BIN=$(BIN) bash scripts/demo

test: $(READY)   ## all tests, with how many are done, and at the end why some were skipped (QEMU, Graphviz, data not there)
	@$(BIN)/python -m pytest -n auto -rs -o console_output_style=count

fuzz: $(READY)   ## broken inputs for every reader: a million, or FUZZ_INPUTS=N, with all processors or FUZZ_JOBS=N
	@$(BIN)/python -m tests.fuzz.many $(if $(FUZZ_INPUTS),--inputs $(FUZZ_INPUTS)) $(if $(FUZZ_JOBS),--jobs $(FUZZ_JOBS)) $(if $(FUZZ_SEED),--seed $(FUZZ_SEED))

bench: $(VENV)/.bench  ## measure, side by side with QEMU and with general solvers
	@$(BIN)/python -m benchmarks.run

site: $(VENV)/.site  ## the documents and a page for each machine, device, rule and message, into build/site
	@$(BIN)/python scripts/make-site

lint: $(READY)   ## style, types, and the rules themselves
	@$(BIN)/ruff check --quiet . && $(BIN)/ruff format --quiet --check . && $(BIN)/mypy
	@$(BIN)/qrules rules fmt --check && $(BIN)/qrules rules lint

format: $(READY) ## put the Python code in shape
	@$(BIN)/ruff check --fix --quiet . ; $(BIN)/ruff format .

rooms:           ## figures of the house: rooms, files, functions, arrows, circles (DIR=... for another checkout)
	@$(PYTHON) scripts/rooms $(or $(DIR),.)

wheel: $(READY)  ## build a wheel with the compiled rules in it
	@$(BIN)/python -m pip wheel --quiet --no-deps --wheel-dir dist .

clean:           ## remove what was made here
	rm -rf $(VENV) dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis
