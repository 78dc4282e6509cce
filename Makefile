# Two targets are enough on a fresh machine with Python 3.11: `make demo` and `make test`.
PYTHON ?= python3
COMMA := ,
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.pret
PIP := $(BIN)/pip install --quiet --disable-pip-version-check
# Where one develops, what is installed is compiled when it is first imported: most of it never is.
INSTALL := $(PIP) --no-compile --constraint contraintes.txt
# What runs and what builds it come from lists with the fingerprint of every file.
HASHED := $(PIP) --require-hashes --only-binary :all:

# xlwings Server is under the PolyForm Noncommercial licence, or a paid one: it is never installed
# unasked. Its tests say that they are left out; XLWINGS_SERVER=oui runs them, where the licence
# allows it (public or non-profit body, personal use).
XLWINGS_SERVER ?= non
DEV := $(VENV)/.pret-dev$(if $(filter oui,$(XLWINGS_SERVER)),-serveur)
SERVEUR_EXCEL := $(if $(filter oui,$(XLWINGS_SERVER)),$(COMMA)serveur-excel)

DUREE ?= 60

# Tests start hundreds of processes: what is compiled once is kept, even where that was turned off.
export PYTHONDONTWRITEBYTECODE :=

.DEFAULT_GOAL := aide
.PHONY: aide pret demo test complet lint bench france reliability fuzz gabarits docs navigateur images sbom audit paquet systeme recent propre

aide: ## montre les commandes
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

$(READY): pyproject.toml contraintes.txt exigences.txt exigences-construction.txt
	$(PYTHON) -m venv $(VENV)
	$(HASHED) --requirement exigences.txt --requirement exigences-construction.txt
	$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

$(DEV): pyproject.toml contraintes.txt
	$(PYTHON) -m venv $(VENV)
	$(INSTALL) --editable '.[dev$(SERVEUR_EXCEL)]'
	@touch $(READY) $@

systeme: ## installe LibreOffice et Chromium si possible (tests de bout en bout)
	@sh tools/systeme.sh

pret: $(DEV) systeme ## installe ce qu'il faut pour développer

demo: $(READY) ## contrôle les classeurs d'exemple et montre les verdicts
	@$(BIN)/xl-cpom demo

test: $(DEV) systeme ## passe les tests
	$(BIN)/python -m pytest

complet: $(DEV) systeme ## passe les tests sur tous leurs cas, sans échantillon
	XL_CPOM_COMPLET=1 $(BIN)/python -m pytest

recent: $(DEV) ## passe les tests de LibreOffice sur sa version récente (administrateur, Debian)
	soffice="$$(sh tools/libreoffice_recent.sh)" && XL_CPOM_SOFFICE="$$soffice" \
	    $(BIN)/python -m pytest -n 0 tests/udfs/libreoffice tests/udfs/test_formules.py \
	    tests/indicators/test_formules.py tests/workbook/template/test_variantes.py

lint: $(DEV) ## vérifie le style et les types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: $(DEV) ## mesure temps et mémoire, contre des pairs (CONTRE=REF : et contre un état passé)
	$(BIN)/python -m benchmarks.goals $(if $(CONTRE),--contre $(CONTRE))
	$(BIN)/python -m benchmarks
	$(BIN)/python -m benchmarks.campagne
	$(BIN)/python -m benchmarks.finess

france: $(DEV) ## contrôle 6 500 retours des 101 départements et dit ce que cela coûte (OG=200)
	$(BIN)/python -m tools.synthese.france build/france --og $(or $(OG),6500) -j 2 $(if $(PAGE),--page $(PAGE))

reliability: $(DEV) systeme ## joue tous les fichiers piégés et publics, et compare trois lecteurs
	$(BIN)/python -m tools.fiabilite

fuzz: $(DEV) ## cherche des fautes au hasard guidé dans le lecteur (Linux ; DUREE=60 par cible)
	$(INSTALL) --editable '.[fuzz]'
	$(BIN)/python -m tools.fuzz --duree $(DUREE)

gabarits: $(READY) ## régénère le dossier workbooks/
	$(BIN)/python -m tools.gabarits

docs: $(DEV) ## régénère les pages issues du code et construit le site dans site/
	$(BIN)/python -m tools.documentation
	$(BIN)/python -m tools.schemas_table
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict

navigateur: $(DEV) ## construit la page qui contrôle sans installation, dans build/navigateur/
	$(BIN)/python -m tools.navigateur

images: $(DEV) ## reprend les images de la documentation (LibreOffice et Chromium)
	$(BIN)/python -m tools.navigateur
	$(BIN)/python -m tools.page_pictures
	$(BIN)/python -m tools.images

sbom: $(DEV) ## écrit l'inventaire CycloneDX de ce qui est installé, avec les empreintes
	$(BIN)/python -m tools.sbom

audit: $(DEV) ## cherche, sans réseau, les failles connues de ce qui est installé
	$(BIN)/python -m tools.audit

paquet: $(DEV) ## construit la roue et les sources dans dist/
	$(BIN)/xl-cpom sources --anciennes
	$(BIN)/python -m build --no-isolation

propre: ## retire ce qui a été construit
	rm -rf $(VENV) build dist site .pytest_cache .mypy_cache .ruff_cache .hypothesis
