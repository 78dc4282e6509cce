# Two targets are enough on a fresh machine with Python 3.11: `make demo` and `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.pret

.DEFAULT_GOAL := aide
.PHONY: aide demo test lint bench gabarits docs systeme propre

aide: ## montre les commandes
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

$(READY): pyproject.toml contraintes.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --constraint contraintes.txt --editable '.[dev]'
	@touch $@

systeme: ## installe LibreOffice et Chromium si possible (tests de bout en bout)
	@sh tools/systeme.sh

demo: $(READY) ## contrôle les classeurs d'exemple et montre les verdicts
	@$(BIN)/xl-cpom demo

test: $(READY) systeme ## passe tous les tests
	$(BIN)/python -m pytest

lint: $(READY) ## vérifie le style et les types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: $(READY) ## mesure les temps, en rapports à un plancher
	$(BIN)/python -m benchmarks

gabarits: $(READY) ## régénère le dossier workbooks/
	$(BIN)/python -m tools.gabarits

docs: $(READY) ## régénère les pages de documentation issues du code
	$(BIN)/python -m tools.documentation

propre: ## retire ce qui a été construit
	rm -rf $(VENV) build dist site .pytest_cache .mypy_cache .ruff_cache .hypothesis
