# One vocabulary: book, test, check, lab, serve, bench, clean. Each sets up what it needs.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
PORT ?= 8000

.PHONY: book library notebooks site test check lint lab serve bench lock format clean help

help: ## list the targets
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "threadbook needs Python 3.11 or newer; name one with make PYTHON=..."; exit 2; }
	$(PYTHON) -m venv --clear $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

book: library notebooks site ## corpus to site, in _build/html

library: $(READY) ## corpus to references.bib and data/papers.csv
	@$(BIN)/python scripts/build_library.py

notebooks: $(READY) library ## chapters and data to notebooks/ and _toc.yml
	@$(BIN)/python scripts/build_notebooks.py

site: $(READY) notebooks ## run the notebooks and build _build/html
	@$(BIN)/python scripts/build_site.py

test: $(READY) site ## every test
	$(BIN)/python -m pytest

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

check: $(READY) lint site ## lint, regenerate and compare, citations, links
	@$(BIN)/python scripts/check_book.py

lab: $(READY) ## open the notebooks in JupyterLab
	$(BIN)/jupyter lab notebooks

serve: $(READY) site ## build the site and serve it on PORT
	$(BIN)/python -m http.server --bind 127.0.0.1 --directory _build/html $(PORT)

bench: $(READY) ## measure against what was replaced
	@for file in benchmarks/bench_*.py; do $(BIN)/python $$file; done

lock: $(READY) ## pin every package anew, with hashes
	$(BIN)/uv pip compile pyproject.toml --group dev --universal --python-version 3.11 \
	  --fork-strategy fewest --generate-hashes --no-header --quiet --upgrade -o requirements.lock

format: $(READY)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

clean: ## remove what was built, not the environment
	rm -rf _build .pytest_cache .mypy_cache .ruff_cache
