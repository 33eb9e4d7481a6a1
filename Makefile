# make run    sets everything up and opens the bundled session (headless, with pictures in out/, without a display)
# make test   sets everything up and runs the tests
# make check  lint, types and the import contract        make bench  the benchmarks
# WORKERS=1 runs the tests one after the other.
# make test-training  the tests that need torch (training, and the torch backend), in an environment of their own

PYTHON ?= python3
VENV ?= .venv
TRAIN_VENV ?= .venv-train
TORCH ?= torch==2.13.0
WORKERS ?= 2
PYTEST = -m pytest -n $(WORKERS) --dist loadfile
PIP_INSTALL = -m pip install --quiet --disable-pip-version-check

.PHONY: run test check bench format test-training soak clean prerequisites-run prerequisites-test prerequisites-train

run: prerequisites-run $(VENV)/.gui
	$(VENV)/bin/tapetum --out out

test: prerequisites-test $(VENV)/.test
	$(VENV)/bin/python $(PYTEST)
	PYTEST_QT_API=pyside6 PYQTGRAPH_QT_LIB=PySide6 $(VENV)/bin/python $(PYTEST) tests/gui

check: $(VENV)/.test
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/ruff check .
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports

format: $(VENV)/.test
	$(VENV)/bin/ruff format .
	$(VENV)/bin/ruff check --fix .

bench: $(VENV)/.test
	$(VENV)/bin/python -m pytest benchmarks --benchmark-only

soak: $(VENV)/.test
	$(VENV)/bin/python -m pytest -m slow

test-training: prerequisites-train $(TRAIN_VENV)/.train
	$(TRAIN_VENV)/bin/python $(PYTEST) tests/training tests/engines/test_torch_cuda*.py tests/engines/test_torch_graph.py tests/engines/test_torch_parity.py

prerequisites-run:
	@sh scripts/prerequisites.sh run $(PYTHON) $(VENV)

prerequisites-test:
	@sh scripts/prerequisites.sh test $(PYTHON) $(VENV)

prerequisites-train: prerequisites-test
	@sh scripts/prerequisites.sh train $(PYTHON) $(TRAIN_VENV)

$(VENV)/.base: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(VENV)/bin/python $(PIP_INSTALL) -e .
	@touch $@

$(VENV)/.gui: $(VENV)/.base
	$(VENV)/bin/python $(PIP_INSTALL) -e ".[gui]"
	@touch $@

$(VENV)/.test: $(VENV)/.base
	$(VENV)/bin/python $(PIP_INSTALL) -e ".[gui,test]"
	@touch $@ $(VENV)/.gui

# What needs torch stands on the tests' environment, which has no torch: 1 GB in place of 2.2, and no second download.
# tapetum itself is there already: what its extra lacks is installed.
$(TRAIN_VENV)/.train: pyproject.toml $(VENV)/.test
	$(PYTHON) -m venv --clear $(TRAIN_VENV)
	$(VENV)/bin/python scripts/stand_on.py $(TRAIN_VENV)
	$(TRAIN_VENV)/bin/python $(PIP_INSTALL) "$(TORCH)"
	$(TRAIN_VENV)/bin/python $(PIP_INSTALL) "tapetum[train]"
	@touch $@

clean:
	rm -rf $(VENV) $(TRAIN_VENV) build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
