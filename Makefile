# Everything runs in .venv, made from requirements.lock; nothing is installed outside this folder.
PYTHON ?= python3
BIN := .venv/bin
WEEK := out/2026-W47

.PHONY: week test check data lock clean browser postgres

week: .venv/ready models/current  ## sort the example week, prepare letters, make the overview
	$(BIN)/python scripts/classify_week.py --check-contacts
	$(BIN)/python scripts/classify_week.py data/example_week.csv --out $(WEEK)

test: .venv/ready browser postgres  ## all tests
	$(BIN)/python -m pytest -rs -n 2 --dist loadfile  # files side by side: most tests wait for processes of their own

browser:  # the page is tested in a real one
	@command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null \
	|| { apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium; } >/dev/null 2>&1 \
	|| echo "Note: no chromium, and it could not be installed; the tests of the page in a browser are skipped."

postgres:  # the store is tested in a real one, which the tests start and stop themselves
	@ls /usr/lib/postgresql/*/bin/pg_ctl >/dev/null 2>&1 || command -v pg_ctl >/dev/null \
	|| { apt-get update -qq && apt-get install -y -qq --no-install-recommends postgresql; } >/dev/null 2>&1 \
	|| echo "Note: no PostgreSQL, and it could not be installed; the tests of a store on it are skipped."

check: .venv/ready  ## style, types, room order, known vulnerabilities
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python scripts/audit_dependencies.py

models/current: | .venv/ready
	$(BIN)/python scripts/retrain.py

.venv/ready: requirements.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(None if sys.version_info >= (3, 11) else "Python 3.11 or newer is needed")'
	$(PYTHON) -m venv --clear .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps --editable .
	touch $@

data: .venv/ready  ## check the labelled history and the lexicon, print their figures
	$(BIN)/python scripts/check_data.py

lock:  ## choose new versions of all dependencies (needs uv)
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-header --extra dev pyproject.toml --output-file requirements.lock

clean:
	rm -rf .venv out models/20* models/current build *.egg-info .pytest_cache .mypy_cache .ruff_cache .import_linter_cache
