# make run    set everything up and extract samples/ into output/
# make test   set everything up and run what CI runs: format, lint, types, tests
# make lint   the first three only
# make docs   write docs/DATA.md anew from the row models
# make bench  processor time a page beside other readers, on samples/ and ../shared/corpus
#             (or BENCH="a folder of PDFs"); compares with docs/speed.json, then writes it anew
# make scale  thousands of documents with 1, 2 and 4 processes and on a Dask cluster (docs/SCALE.md)
# make fuzz   damaged and hostile files, any text as a value or header, kill -9 (some 10 minutes)
# make clean  remove what make made, the dataset in output/ included
#
# Needs Python 3.11 or later (PYTHON=python3.12 chooses one) and pip's package index.

PYTHON ?= python3
VENV ?= .venv
BENCH ?=
# Damaged files that make fuzz reads, and seconds that it looks for texts of each kind.
FUZZ ?= 1000
FUZZ_SECONDS ?= 120
BIN := $(VENV)/bin
# What an installation is made of; when it changes, it is made anew.
BUILT := pyproject.toml setup.py rktdata/extract/_many.c
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check

.PHONY: run test lint docs bench scale fuzz clean
.DELETE_ON_ERROR:

run: $(VENV)/.installed
	$(BIN)/rkt extract samples -o output

test: lint
	$(BIN)/python -m pytest

lint: $(VENV)/.installed-dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

docs: $(VENV)/.installed
	$(BIN)/rkt schema --markdown > docs/DATA.md

bench: $(VENV)/.installed-dev
	$(PIP) install --editable '.[bench]'
	$(BIN)/python benchmarks/speed.py $(BENCH) --growth --check docs/speed.json --out docs

scale: $(VENV)/.installed-dev
	$(BIN)/python benchmarks/batch.py --jobs 1,2,4 --cluster 2

fuzz: $(VENV)/.installed-dev
	@$(PIP) install --editable '.[fuzz]'
	RKT_FUZZ=$(FUZZ) $(BIN)/python -m pytest tests/test_fuzz.py tests/test_fuzz_text.py tests/normalize
	$(BIN)/python benchmarks/faults.py hostile --mutated $(FUZZ)
	$(BIN)/python benchmarks/faults.py kill
	$(BIN)/python benchmarks/faults.py cluster
	$(BIN)/python -m tests.fuzz_text values -max_total_time=$(FUZZ_SECONDS)
	$(BIN)/python -m tests.fuzz_text headers -max_total_time=$(FUZZ_SECONDS)

clean:
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .fuzz
	rm -rf output/dokumen output/*.json output/*.html
	find output -maxdepth 1 -name '*.csv' ! -name temuan-diterima.csv ! -name koreksi.csv -delete
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(None if sys.version_info >= (3, 11) else \
	    "rktdata needs Python 3.11 or later: make PYTHON=python3.12 chooses another")'
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); \
	    echo "no virtual environment could be made (Debian: apt-get install python3-venv)"; exit 1; }

$(VENV)/.installed: $(BUILT) | $(BIN)/python
	@echo "installing rktdata into $(VENV)"
	@$(PIP) install --editable '.[ocr]'
	@touch $@

$(VENV)/.installed-dev: $(BUILT) | $(BIN)/python
	@echo "installing rktdata and its development tools into $(VENV)"
	@$(PIP) install --editable '.[dev,ocr]'
	@touch $@ $(VENV)/.installed
