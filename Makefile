# Two commands do all their own set-up on a machine with Python 3.11 or newer: `make demo` and `make test`.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: setup demo serve test check lint fix messages lock

setup:
	@$(PYTHON) tools/setup.py

demo: setup ## five city programmes with invented people, then the pages
	@$(BIN)/lindung demo

serve: setup
	@$(BIN)/lindung serve

test: setup lint ## under five minutes on two cores
	$(BIN)/python -m pytest

check: setup lint ## the slow tests as well
	$(BIN)/python -m pytest -m "slow"

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/python tools/messages.py check

fix: setup
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

messages: setup ## new sentences into the catalogues
	$(BIN)/python tools/messages.py update

lock: ## requirements.lock anew, with hashes and without addresses
	$(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --all-extras \
	  --no-emit-index-url --quiet pyproject.toml -o requirements.lock
