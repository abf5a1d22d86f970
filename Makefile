# The commands of this house. Each sets up what it needs; nothing else is done by hand.
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready

.PHONY: setup run test check paths torture bench clean

setup: $(READY)

$(READY): requirements.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit("Prelien needs Python 3.11 or newer.") if sys.version_info < (3, 11) else None'
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $@

run: setup            ## run the bot; without a token on the local Telegram, with a chat page to open
	$(BIN)/prelien run

test: setup           ## all tests
	$(BIN)/python -m pytest -n auto --dist worksteal

check: setup          ## style, types, and every dialog, template and parameter
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/prelien check

paths: setup          ## write the golden paths again
	$(BIN)/python -m tests.paths

torture: setup        ## long crash runs
	$(BIN)/python -m tests.torture

bench: setup          ## timings, as ratios against a plainly written bot
	$(BIN)/python -m tests.bench

clean:
	rm -rf .venv .mypy_cache .pytest_cache .ruff_cache
