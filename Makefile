# Everything a contributor types. `make` alone lists it. Needs Python >= 3.11 (with venv), git and make.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

PYTHON ?= python3
WORKERS ?= 4 # on two processors: a third of the time, tests wait for servers and clocks
PARALLEL = -n $(WORKERS) --dist worksteal # the default would give all long tests to one worker
ARGS ?=
BIN := .venv/bin
READY := .venv/ready
DEMO := .demo
export UV_PYTHON_DOWNLOADS := never
unexport PYTHONDONTWRITEBYTECODE # compiling everything anew costs every start a second

.PHONY: help setup demo demo-prometheus serve test check check-types check-style check-structure check-workflows format docs gallery translations schema bench lock clean

help: ## list what make can do
	@sed -nE 's/^([a-z-]+):.*## (.*)$$/make \1|\2/p' $(MAKEFILE_LIST) | while IFS='|' read -r name what; do printf '%-18s %s\n' "$$name" "$$what"; done

setup: $(READY) ## make .venv from the lock file (the other targets do it themselves)

# The stamp is written last, so that a broken installation is made again. uv takes a third of pip's
# time; pip stands in where only it is told of an index.
$(READY): requirements-dev.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
		{ echo "Constat needs Python 3.11 or newer, and $(PYTHON) is not: make setup PYTHON=/path/to/python3.11" >&2; exit 1; }
	@echo "Setting up .venv (once) ..."
	@rm -rf .venv
	@$(PYTHON) -m venv .venv
	@awk '/^uv==/ {found = 1} found {print} found && !/\\$$/ {exit}' $< > .venv/uv.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r .venv/uv.txt && \
		$(BIN)/uv pip install --quiet --compile-bytecode --python $(BIN)/python --require-hashes -r $< || \
		$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r $< || \
		{ echo "The libraries could not be fetched; set up pip for your proxy or index (pip config set), then: make setup" >&2; exit 1; }
	@touch $@

demo: $(READY) ## a small Maxony on this machine: real servers, real checks, 90 days of simulated history, its page
	@$(BIN)/python generate.py demo $(ARGS)

demo-prometheus: $(READY) ## the same servers watched by Prometheus from three places, and a page of what it saw (until Ctrl-C)
	@$(BIN)/python -m demo.prometheus

serve: $(READY) ## show the demo's page on localhost and rebuild it on change
	@$(BIN)/python generate.py serve --root $(DEMO) $(ARGS)

test: $(READY) ## the tests (ARGS="tests/constat -x" for some; LONG=1 all of them; COVER=1 the same, counting the branches taken, with a floor)
ifdef COVER
	@rm -rf .coverage
	@$(BIN)/python -m coverage run -m pytest $(PARALLEL) $(ARGS)
	@$(BIN)/python -m coverage combine --quiet
	@$(BIN)/python -m coverage report
else
	@$(BIN)/python -m pytest $(PARALLEL) $(if $(LONG),,-m "not long") $(ARGS)
endif

check: check-types check-style check-structure check-workflows ## format, lint, types, spelling, layers, translations, workflows: all that needs no running (-j2: side by side)

check-types: $(READY)
	$(BIN)/mypy --no-error-summary

check-style: $(READY)
	$(BIN)/ruff format --check --quiet .
	$(BIN)/ruff check --quiet .
	git ls-files -z | xargs -0 $(BIN)/codespell

check-structure: $(READY)
	$(BIN)/python -m pytest -q tests/test_gate.py tests/test_layers.py tests/test_sizes.py tests/test_translations.py

check-workflows: $(READY)
	$(BIN)/check-jsonschema --quiet --builtin-schema vendor.github-workflows .github/workflows/*.yml examples/*/.github/workflows/*.yml
	$(BIN)/check-jsonschema --quiet --builtin-schema vendor.github-actions action.yml
	$(BIN)/check-jsonschema --quiet --builtin-schema vendor.github-issue-forms .github/ISSUE_TEMPLATE/[!c]*.yml
	$(BIN)/check-jsonschema --quiet --builtin-schema vendor.github-issue-config .github/ISSUE_TEMPLATE/config.yml
	$(BIN)/check-jsonschema --quiet --builtin-schema vendor.dependabot .github/dependabot.yml
	$(BIN)/zizmor --quiet --offline --pedantic .github action.yml examples
	$(BIN)/actionlint -shellcheck= -pyflakes= .github/workflows/*.yml examples/*/.github/workflows/*.yml
	$(BIN)/hadolint Containerfile

format: $(READY) ## write what `make check` asks for, as far as a machine can
	$(BIN)/ruff check --fix --quiet . || true
	$(BIN)/ruff format --quiet .

docs: .venv-docs/ready ## the documentation as a site, in docs/_site/ (a dead link is an error; a library of its own: 80 MB, once)
	@rm -rf docs/_site
	@.venv-docs/bin/sphinx-build --quiet --fail-on-warning --keep-going docs docs/_site --doctree-dir .venv-docs/doctrees
	@echo "docs/_site/index.html"

.venv-docs/ready: requirements-docs.txt
	@$(PYTHON) -m venv --clear .venv-docs
	@.venv-docs/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $< || \
		$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@

gallery: $(READY) ## docs/gallery/: the page in every state, as pictures (needs Chromium)
	@$(BIN)/python -m tests.support.gallery

translations: $(READY) ## bring templates/translations/*.po up to date with the messages in the sources
	@$(BIN)/python -m tests.support.message_catalogs

schema: $(READY) ## bring docs/status.schema.json up to date with what status.yml may hold
	@$(BIN)/python generate.py validate --schema > docs/status.schema.json.new
	@mv docs/status.schema.json.new docs/status.schema.json

bench: $(READY) ## the promised ratios of time and space, measured in one run (ARGS=quick: two minutes)
	@$(BIN)/python -m benchmarks $(ARGS)

LOCK := uv pip compile --quiet --generate-hashes --no-header --no-emit-index-url --python-version 3.11 --universal
lock: ## renew the lock files from pyproject.toml (needs uv; UPGRADE=--upgrade for newer versions)
	$(LOCK) $(UPGRADE) pyproject.toml --extra chat --extra s3 --extra stamps -o requirements.txt
	$(LOCK) $(UPGRADE) pyproject.toml --all-extras --group dev -c requirements.txt -o requirements-dev.txt
	$(LOCK) $(UPGRADE) --group docs -o requirements-docs.txt

clean: ## remove what can be made again
	rm -rf .venv .venv-docs docs/_site $(DEMO) .demo-prometheus site .coverage .mypy_cache .ruff_cache .pytest_cache .hypothesis node_modules
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
