# `make help` lists what can be done. Needs make and Python 3.11, 3.12 or 3.13 with venv; all else goes into .venv.

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check
# Tried in turn: the machine's own python3 first, then newer before older. `make PYTHON=python3.12 …` names one.
PYTHON ?= python3 python3.13 python3.12 python3.11
CODE := $(wildcard advocacy tests benchmarks scripts wsgi.py)
ENGLISH := $(CODE) $(wildcard *.md NOTICE docs letters deploy Makefile pyproject.toml .ci)
LOCKS := requirements-build.txt requirements.txt requirements-dev.txt
# Nothing is resolved anew: for an extra that a library asks for (`fonttools[woff]`) older pips take the newest release,
# which no lock can name beforehand. `pip check` tells of a lock that is not complete.
# Flask-Principal comes as source alone; what builds it is installed before.
INSTALL := install --require-hashes --no-deps --only-binary :all:
FROM_SOURCE := --no-binary flask-principal --no-build-isolation
# Three processes keep two cores busy while some wait for a browser; `make test WORKERS=0` runs in one.
WORKERS ?= 3
CHECK_INSTALLED := told=$$($(BIN)/python -m pip --disable-pip-version-check check) || { echo "$$told" >&2; \
	echo "If $(VENV) was there before, run 'make clean' and try again; else a lock is not complete: run 'make lock'." >&2; exit 1; }
COMPILE := uv pip compile --quiet --no-config --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --custom-compile-command 'make lock' $(UPGRADE)

# Modules are compiled once, not by each of the processes that tests start, also where the machine's setting forbids it.
unexport PYTHONDONTWRITEBYTECODE
MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help

.PHONY: help
help: ## this list
	@sed -n 's/^\([a-z]*\):.*## /  make \1\t/p' Makefile | expand -t 17

.PHONY: run
run: $(VENV)/.runtime ## serve the site at http://localhost:8000; ARGS='--port 8001' elsewhere
	@exec $(BIN)/advocacy serve $(ARGS)

.PHONY: install
install: $(VENV)/.dev ## make .venv, with the tools for developing
	@echo 'Ready: $(BIN)/advocacy --help'

.PHONY: program
program: $(VENV)/.runtime ## make .venv for a server, compiled and compressed, without the tools
	@$(BIN)/python -m compileall -q advocacy
	@$(BIN)/python -m whitenoise.compress --quiet advocacy/web/static
	@echo 'Ready: $(BIN)/advocacy --help'

.PHONY: test
test: $(VENV)/.dev ## the suite; ARGS='-k word' narrows it
	@$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal $(ARGS)

.PHONY: thorough
thorough: $(VENV)/.dev ## what the suite leaves out: whole lists of attacks, long runs; ARGS as with test
	@$(BIN)/python -m pytest -m thorough -n $(WORKERS) --dist worksteal $(ARGS)

.PHONY: check
check: $(VENV)/.dev ## format, lint, types, imports, pages, spelling, locks, letters
	@$(BIN)/ruff format --check --quiet --output-format concise $(CODE) || { echo "Run 'make format'." >&2; exit 1; }
	@$(BIN)/ruff check --quiet $(CODE)
	@$(BIN)/mypy --no-error-summary $(CODE)
	@told=$$($(BIN)/lint-imports --no-cache --no-logo 2>&1) || { echo "$$told" >&2; exit 1; }
	@told=$$($(BIN)/djlint --quiet --lint templates 2>&1) || { echo "$$told" >&2; exit 1; }
	@$(BIN)/codespell $(ENGLISH)
	@! grep -nE '://|--find-links|--(extra-)?index-url|(^|[[:space:]])/' $(LOCKS) \
		|| { echo "A lock names an address or a path of one machine: run 'make lock'." >&2; exit 1; }
	@! git grep -nIE '(^|[^A-Za-z0-9._~}/-])/(home|root|work|Users)/|(pypi|pythonhosted|artifactory|devpi)[.]' \
		|| { echo 'A file names a path of one machine, or the host of a registry.' >&2; exit 1; }
	@$(BIN)/advocacy letters check letters
	@echo 'Checked: format, lint, types, imports, pages, spelling, locks, letters.'

.PHONY: bench
bench: $(VENV)/.dev ## speed and memory, beside peers and limits; ARGS=--short, or the names of parts
	@$(BIN)/python -m benchmarks $(ARGS)

.PHONY: faults
faults: $(VENV)/.dev ## sending while processes die, providers fail and letters are published; ARGS=--short
	@$(BIN)/python -m tests.faults $(ARGS)

.PHONY: cluster
cluster: $(VENV)/.dev ## a campaign on two machines, one of which is lost and comes back; ARGS=--short
	@$(BIN)/python -m tests.cluster $(ARGS)

.PHONY: deployment
deployment: $(VENV)/.dev ## docs/deploy.md on a new Debian, up to a letter that left; as root, ARGS='--release bookworm', --short
	@$(BIN)/python -m tests.deploy $(ARGS)

.PHONY: load
load: $(VENV)/.dev ## what a machine carries, with attackers and a release meanwhile; ARGS=--short, 'campaign --sizes 1000'
	@$(BIN)/python -m tests.load $(ARGS)

.PHONY: format
format: $(VENV)/.dev ## lay the code out and mend what can be mended
	@$(BIN)/ruff check --quiet --fix-only $(CODE)
	@$(BIN)/ruff format --quiet $(CODE)

.PHONY: words
words: $(VENV)/.dev ## collect the pages' words for translation
	@$(BIN)/python -m scripts.words

.PHONY: sbom
sbom: $(VENV)/.dev ## the software bill of materials (CycloneDX) in build/sbom.cdx.json
	@$(BIN)/python -m scripts.sbom

.PHONY: lock
lock: $(BIN)/python ## pin what pyproject.toml asks for; UPGRADE=--upgrade takes the newest
	@tools=$$(mktemp -d) && trap 'rm -rf "$$tools"' EXIT && \
	$(BIN)/python -m venv "$$tools" && "$$tools/bin/python" -m pip --quiet install uv && PATH="$$tools/bin:$$PATH" && \
	$(COMPILE) --group build --output-file requirements-build.txt && \
	$(COMPILE) --group build --constraint requirements-build.txt pyproject.toml --output-file requirements.txt && \
	$(COMPILE) --group dev --constraint requirements.txt pyproject.toml --output-file requirements-dev.txt

.PHONY: clean
clean: ## remove .venv and caches; var/ stays, since it holds letters
	@rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/.runtime: pyproject.toml requirements-build.txt requirements.txt | $(BIN)/python
	@echo 'Installing into $(VENV) …'
	@$(PIP) $(INSTALL) -r requirements-build.txt
	@$(PIP) $(INSTALL) $(FROM_SOURCE) -r requirements.txt
	@$(PIP) install --no-build-isolation --no-deps --no-index --editable .
	@$(CHECK_INSTALLED)
	@touch $@

$(VENV)/.dev: requirements-dev.txt $(VENV)/.runtime
	@$(PIP) $(INSTALL) $(FROM_SOURCE) -r requirements-dev.txt
	@$(CHECK_INSTALLED)
	@touch $@

$(BIN)/python:
	@bare=; for python in $(PYTHON); do \
		"$$python" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null || continue; \
		"$$python" -c 'import ensurepip, venv' 2>/dev/null || { bare=$${bare:-$$python}; continue; }; \
		exec "$$python" -m venv --clear $(VENV); \
	done; \
	if [ -n "$$bare" ]; then \
		package=$$("$$bare" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])'); \
		echo "Install Python's venv module, which $$bare lacks (Debian, Ubuntu: apt-get install $$package), and run make again." >&2; \
	else \
		echo 'Install Python 3.11, 3.12 or 3.13 (Debian, Ubuntu: apt-get install python3 python3-venv; macOS: brew install python@3.13), or name it: make PYTHON=/path/to/python.' >&2; \
	fi; exit 1
