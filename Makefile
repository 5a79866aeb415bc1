PYTHON ?= python3
BIN := .venv/bin

.PHONY: demo test

# Installs into .venv; again only when what is to be installed has changed.
.venv/.stamp: pyproject.toml constraints.txt
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	touch $@

demo: .venv/.stamp
	mkdir -p demo
	$(BIN)/logdigit digitise examples/*.tif --layout examples/*.toml -o demo/well.las \
		--overlay demo/well.png --csv demo/well.csv --overwrite
	@echo
	@echo "The curves as LAS: demo/well.las, as CSV: demo/well.csv, painted on the scan:" demo/well*.png

test: .venv/.stamp
	$(BIN)/ruff format --check --quiet .
	$(BIN)/ruff check --quiet .
	$(BIN)/mypy
	$(BIN)/python -m pytest -q
	site=$$(mktemp -d) && $(BIN)/mkdocs build --strict --quiet --site-dir "$$site"; code=$$?; rm -rf "$$site"; exit $$code
