# The two commands of the README are `make run` and `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
ORG ?=
JSQUAD ?=

.PHONY: run test setup check bench eval torture lock knowledge clean

run: $(VENV)/.base  ## start the bot: the page at http://127.0.0.1:8080, Slack and Teams if they are set up
	@$(BIN)/guideline-bot serve $(if $(ORG),--org $(ORG))

test: $(VENV)/.dev  ## the whole suite
	@$(BIN)/pytest -n auto -q

setup: $(VENV)/.dev  ## everything a developer needs

check: $(VENV)/.dev  ## style, types, knowledge
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/guideline-bot knowledge check

eval: $(VENV)/.dev  ## the figures on the blind questions
	$(BIN)/guideline-bot eval tests/data/measure/blind

bench: $(VENV)/.bench  ## quality and speed beside other retrievers: make bench JSQUAD=path
	@test -f "$(JSQUAD)" || { echo "JSQuAD形式のファイルを指定してください: make bench JSQUAD=パス" >&2; exit 2; }
	$(BIN)/guideline-bot bench --jsquad "$(JSQUAD)"

torture: $(VENV)/.dev  ## the long form of the property tests and of the kill tests
	@HYPOTHESIS_PROFILE=torture $(BIN)/pytest -n auto -q tests/unit tests/contract tests/torture tests/browser

knowledge: $(VENV)/.dev  ## parse the sources anew (after a change of the parser)
	@for org in knowledge/organizations/*/; do \
	  source=$$(ls $$org/source.* | head -n 1); \
	  $(BIN)/guideline-bot ingest $$source --org $$(basename $$org) --into knowledge --update; \
	done

lock:  ## the locks, with hashes and no host names
	$(BIN)/uv pip compile --quiet --generate-hashes --no-emit-index-url --no-header --extra web --extra slack --extra teams pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile --quiet --generate-hashes --no-emit-index-url --no-header --extra dev pyproject.toml -o requirements-dev.lock

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 以上が必要です（make PYTHON=python3.12 のように指定できます）。")'
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.base: $(VENV)/bin/python pyproject.toml requirements.lock
	@echo "必要なものを入れています（初回は1分ほどかかります）…"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps -e .
	@touch $@

$(VENV)/.dev: $(VENV)/bin/python pyproject.toml requirements-dev.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps -e .
	@touch $@ $(VENV)/.base

$(VENV)/.bench: $(VENV)/.dev
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[bench]'
	@touch $@

clean:
	rm -rf $(VENV) dist build .pytest_cache .mypy_cache .ruff_cache .hypothesis
