VENV ?= .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.stamp
BENCH_STAMP := $(VENV)/.stamp-bench
OUT ?= out/demo
# What the peers of the study compile when they first run: 47 s in each worker that comes to it.
COMPILES := "tests/benchmarks/test_kernel.py::test_any_shape[0]" \
	"tests/benchmarks/test_peers.py::test_reports_get_better_and_beat_first_fit[2-Annealing]"

# Byte code is kept even where the environment says otherwise: it makes every later start quicker.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo test check checks types compiled peers tests format lock clean help bench-smoke bench-study bench-measures bench-proof bench-marks

help:  ## list the targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/'

$(STAMP): requirements.lock pyproject.toml
	python3 -m venv $(VENV)
	$(BIN)/python -m pip install -q --disable-pip-version-check 'uv>=0.13,<0.14'
	UV_PYTHON_DOWNLOADS=never $(BIN)/uv pip install -q --python $(BIN)/python --require-hashes -r requirements.lock
	$(BIN)/uv pip install -q --python $(BIN)/python --no-deps --no-build-isolation -e .
	touch $@

demo: $(STAMP)  ## set up, then plan a real prison layout and write its report
	$(BIN)/allocator plan scenarios/training_prison --out $(OUT) || [ $$? -eq 4 ]
	@echo "Open $(OUT)/report.html in a browser."

test: checks tests  ## set up, then format, lint, types, import contracts and tests

checks: $(STAMP)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(MAKE) -j 2 types compiled peers
	$(BIN)/lint-imports

types: $(STAMP)
	$(BIN)/mypy

# Machine and byte code of everything, made once beside mypy instead of by both workers of pytest.
compiled: $(STAMP)
	$(BIN)/python -m pytest -n 0 --collect-only -q >/dev/null

peers: types
	$(BIN)/python -m pytest -n 0 -q $(COMPILES)

tests: $(STAMP)
	$(BIN)/python -m pytest

check: test  ## the same as test

format: $(STAMP)  ## rewrite the code in the project's format
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

$(BENCH_STAMP): $(STAMP) requirements-bench.lock
	$(BIN)/uv pip install -q --python $(BIN)/python --require-hashes -r requirements-bench.lock
	touch $@

bench-smoke: $(BENCH_STAMP)  ## every method on small instances, two minutes, a table in out/bench
	$(BIN)/python -m benchmarks.study smoke

bench-study: $(BENCH_STAMP)  ## the full study, many hours; started again it does what is missing
	$(BIN)/python -m benchmarks.study study

bench-measures: $(BENCH_STAMP)  ## urgent placement, and cost from 300 to 10,000 people
	$(BIN)/python -m benchmarks.study urgent
	$(BIN)/python -m benchmarks.study scaling

bench-proof: $(BENCH_STAMP)  ## proven gaps by night and in full mode, seeds 1-10, hours
	$(BIN)/python -m benchmarks.study proof

bench-marks: $(STAMP)  ## every mark of the solver with what the rows in out/bench say of it
	$(BIN)/python -m benchmarks.study marks

lock: pyproject.toml  ## remake both lock files from pyproject.toml
	$(BIN)/uv lock --exclude-newer "$$(date -u -d '7 days ago' +%Y-%m-%dT00:00:00Z)"
	$(BIN)/uv export -q --no-emit-project --all-groups --no-group bench --all-extras --format requirements-txt --no-header -o requirements.lock
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --exclude-newer "$$(date -u -d '7 days ago' +%Y-%m-%dT00:00:00Z)" -c requirements.lock --generate-hashes --no-header --no-annotate --group bench -o requirements-bench.lock

clean:  ## remove what the targets made
	find allocator benchmarks -name "*.nb[ci]" -delete
	rm -rf $(VENV) out .mypy_cache .ruff_cache .pytest_cache
