# The two commands that matter: `make run` and `make test`. `make` alone lists the rest.
PYTHON ?= python3
BIN := .venv/bin
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --only-binary :all:
CATALOGUES := $(patsubst %.po,%.mo,$(wildcard ediary/translations/*/LC_MESSAGES/messages.po))
FRONTEND := static/vendor/htmx.min.js
# One test process per core; JOBS=0 runs them one after another in this one.
JOBS ?= auto
# Compiled modules are kept whatever the shell says: without them each process takes twice as long to start.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help run test check fmt messages look bench pins setup setup-dev clean
.SUFFIXES:
.DELETE_ON_ERROR:

help:
	@sed -n 's/^\([a-z][a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 12

run: setup  ## set up all that is missing and serve on http://127.0.0.1:8000 (HOST, PORT, DATABASE_URL)
	@exec $(BIN)/python -m ediary.serve --prepare

test: setup-dev  ## everything: format, lint, types, import contract, unit, PostgreSQL and browser tests
	@$(BIN)/python -m tests.services.packages
	@$(MAKE) --no-print-directory lint
	@exec $(BIN)/pytest -n $(JOBS) --dist loadgroup

check: setup-dev lint  ## the fast part, a minute or two: no PostgreSQL, no browser, no races, no walks over every page
	@exec $(BIN)/pytest -n $(JOBS) --dist loadgroup -q -m "not postgres and not browser and not race and not walk"

.PHONY: lint
lint:
	@$(BIN)/ruff format --check --quiet . || { echo 'Not formatted: `make fmt`.' >&2; exit 1; }
	@$(BIN)/ruff check --quiet .
	@$(BIN)/mypy --no-error-summary
	@$(BIN)/lint-imports

fmt: setup-dev  ## format the code, mend what the linter can
	@$(BIN)/ruff check --fix --quiet . ; $(BIN)/ruff format .

# Babel passes over folders that begin with a line, so templates/_shared is named by file.
messages: setup-dev  ## gather the texts into the Lithuanian catalogue
	$(BIN)/pybabel --quiet extract -F pyproject.toml -k _l -k lazy_gettext -k lazy_ngettext:1,2 \
		--project=ediary --version=1 --copyright-holder='the makers of ediary' --msgid-bugs-address='' \
		--add-location=file --sort-output --no-wrap -o ediary/translations/messages.pot . $(wildcard templates/_*/*.html)
	$(BIN)/pybabel --quiet update -l lt --init-missing --no-fuzzy-matching --ignore-obsolete --no-wrap \
		--ignore-pot-creation-date -i ediary/translations/messages.pot -d ediary/translations

look: setup-dev  ## screenshots of every page into look/
	@$(BIN)/python -m tests.browser.look

bench: setup-dev  ## benchmarks, as JSON also into benchmarks/last.json
	@$(BIN)/python -m benchmarks.bench

# Local wheels and further indexes of this machine stay out, so that the hashes are the public ones.
COMPILE := env -u PIP_FIND_LINKS -u PIP_EXTRA_INDEX_URL PIP_CONFIG_FILE=/dev/null $(BIN)/pip-compile --quiet \
	--generate-hashes --allow-unsafe --strip-extras --no-header --no-emit-index-url --no-emit-find-links
pins: setup-dev  ## requirements.in -> requirements.txt with hashes; PINS=--upgrade for newer ones
	$(COMPILE) $(PINS) -o requirements.txt requirements.in
	$(COMPILE) $(PINS) -o tests/requirements.txt tests/requirements.in

clean:  ## remove what make made, never instance/
	rm -rf .venv look static/vendor .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	rm -f ediary/translations/messages.pot $(CATALOGUES)

# What is made once. Stamps lie inside .venv: remove it and all is made anew.
setup: .venv/.runtime $(CATALOGUES) $(FRONTEND)
setup-dev: .venv/.dev $(CATALOGUES) $(FRONTEND)

# bin/pip and not bin/python: where the system's venv package is missing, a half-made .venv has only the latter.
$(BIN)/pip:
	@$(PYTHON) -c 'import sys; v = sys.version_info; sys.exit(v < (3, 11) and "Python 3.11 or newer is needed, this is %d.%d; name another: make PYTHON=..." % v[:2])'
	$(PYTHON) -m venv .venv

.venv/.runtime: requirements.txt | $(BIN)/pip
	$(INSTALL) -r requirements.txt
	@touch $@

.venv/.dev: tests/requirements.txt .venv/.runtime
	$(INSTALL) -r tests/requirements.txt
	@touch $@

$(FRONTEND): ediary/assets.py | .venv/.runtime
	$(BIN)/flask --app app assets
	@touch $@

%.mo: %.po | .venv/.runtime
	$(BIN)/pybabel --quiet compile -i $< -o $@
