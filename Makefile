# One vocabulary: book, test, check, lab, serve, bench, clean. Each sets up what it needs.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
# cffconvert needs an older jsonschema than Jupyter does, so it lives by itself
CFF := .venv-cff
CFF_READY := $(CFF)/.ready
PIP := -m pip install --quiet --disable-pip-version-check
PORT ?= 8000
# in a container one is often root, which Jupyter wants to be told
AS_ROOT := $(if $(filter 0,$(shell id -u)),--allow-root)
LOCKING := --universal --python-version 3.11 --generate-hashes --no-header --quiet --upgrade

AUDIT := scripts/audit
AUDIT_READY := $(AUDIT)/node_modules/.ready

.PHONY: book keys library notebooks site pdf test check audit lint lab serve bench lock format clean help

help: ## list the targets
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "threadbook needs Python 3.11 or newer; name one with make PYTHON=..."; exit 2; }
	$(PYTHON) -m venv --clear $(VENV)
	$(BIN)/python $(PIP) --require-hashes -r requirements.lock
	$(BIN)/python $(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

$(CFF_READY): requirements-cffconvert.lock $(READY)
	$(PYTHON) -m venv --clear $(CFF)
	$(CFF)/bin/python $(PIP) --require-hashes -r $<
	@touch $@

book: library notebooks site ## corpus to site, in _build/html

library: $(READY) ## corpus to references.bib and data/papers.csv
	@$(BIN)/python scripts/build_library.py

keys: $(READY) ## store a citation key for each fact that has none
	@$(BIN)/python scripts/build_library.py --keys

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

check: $(READY) $(CFF_READY) lint site ## lint, regenerate and compare, citations, links
	$(CFF)/bin/cffconvert --validate
	@$(BIN)/python scripts/check_book.py

lab: $(READY) ## open the notebooks in JupyterLab
	$(BIN)/jupyter lab --LabApp.default_url=/lab/tree/notebooks $(AS_ROOT)

serve: $(READY) site ## build the site and serve it on PORT
	$(BIN)/python -m http.server --bind 127.0.0.1 --directory _build/html $(PORT)

pdf: $(READY) site ## print each thread and the whole book, and link the files (needs Chromium)
	@$(BIN)/python scripts/build_pdf.py

audit: $(READY) $(AUDIT_READY) site ## measure the site: access, weight, validity (needs Chromium, Node)
	@$(BIN)/python scripts/audit_site.py

$(AUDIT_READY): $(AUDIT)/package-lock.json
	cd $(AUDIT) && PUPPETEER_SKIP_DOWNLOAD=1 npm ci --silent
	@touch $@

bench: $(READY) ## measure against what was replaced
	@for file in benchmarks/bench_*.py; do $(BIN)/python $$file; done

lock: $(READY) ## pin every package anew, with hashes
	$(BIN)/uv pip compile pyproject.toml --group dev $(LOCKING) --fork-strategy fewest -o requirements.lock
	echo cffconvert | $(BIN)/uv pip compile - $(LOCKING) -o requirements-cffconvert.lock

format: $(READY)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

clean: ## remove what was built, not the environment
	rm -rf _build .pytest_cache .mypy_cache .ruff_cache
