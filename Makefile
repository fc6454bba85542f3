# One-liners over `python -m sim`; the first target that needs the environment builds it.
CONFIG ?= pilot.yaml
SWEEP ?= returns.yaml
RUN ?= pilot
LEVER ?= exchange.weekly_target
METRIC ?= arrivals
TARGET ?= -10%
OVER ?= exchange,legal_route
CALIBRATION ?= channel.yaml
DATA_UNTIL ?= 2025-06-30
UNTIL ?= 2026-06-30
OPTIONS ?=
VENV := .venv
BENCH := .venv-bench
PYTHON := $(VENV)/bin/python
UV := $(VENV)/bin/uv
export UV_PYTHON_DOWNLOADS = never
export MPLBACKEND = Agg

.DEFAULT_GOAL := help
.PHONY: help run sweep needs breakeven tornado patterns calibrate natural rolling forecast figures gallery accept-figures test check lint types imports docs assumptions dictionary verify bench clean

help: ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 24

run: $(VENV)/ready ## one scenario against its baseline: make run CONFIG=pilot.yaml
	$(PYTHON) -m sim run $(CONFIG) $(OPTIONS)

sweep: $(VENV)/ready ## a design over scenarios, levers and uncertainties: make sweep SWEEP=returns.yaml
	$(PYTHON) -m sim sweep $(SWEEP) $(OPTIONS)

breakeven: $(VENV)/ready ## lever value that meets a target: make breakeven LEVER=exchange.weekly_target METRIC=arrivals TARGET=-10%
	$(PYTHON) -m sim breakeven $(CONFIG) --lever $(LEVER) --metric $(METRIC) --target=$(TARGET) $(OPTIONS)

needs: $(VENV)/ready ## what binds and what is needed at 50 to 1,000 returns a week: make needs CONFIG=pilot.yaml
	$(PYTHON) -m sim needs $(CONFIG) $(OPTIONS)

tornado: $(VENV)/ready ## one setting at a time over its range: make tornado CONFIG=pilot.yaml METRIC=returned OVER=exchange
	$(PYTHON) -m sim tornado $(CONFIG) --metric $(METRIC) --over $(OVER) $(OPTIONS)

patterns: $(VENV)/ready ## the pattern scorecard: what is known to happen, against what the model does
	$(PYTHON) -m sim patterns $(OPTIONS)

calibrate: $(VENV)/ready ## settings fitted to the data of 2022 to mid 2024: half an hour; make calibrate OPTIONS=--ship renews what ships
	$(PYTHON) -m sim calibrate $(CALIBRATION) $(OPTIONS)

natural: $(VENV)/ready ## the natural experiments: Albania 2022-23 and the Greek islands 2016
	$(PYTHON) -m sim natural $(OPTIONS)

rolling: $(VENV)/ready ## forecasts from three past origins against four statistical rivals; make calibrate goes before
	$(PYTHON) -m sim rolling $(basename $(CALIBRATION)) $(OPTIONS)

forecast: $(VENV)/ready ## what to expect from a date on: make forecast CONFIG=pilot.yaml DATA_UNTIL=2025-06-30 UNTIL=2026-06-30
	$(PYTHON) -m sim forecast $(CONFIG) --data-until $(DATA_UNTIL) --until $(UNTIL) $(OPTIONS)

figures: $(VENV)/ready ## re-draw figures from the tables, no simulation: make figures RUN=pilot
	$(PYTHON) -m sim figures $(RUN)

gallery: $(VENV)/ready ## draw the figures of docs/gallery.md anew from the runs of shipped scenarios: make gallery OPTIONS="--only map"
	$(PYTHON) -m sim gallery $(OPTIONS)

accept-figures: $(VENV)/ready-dev ## the look of the figures is meant to be new: renew the pictures it is compared with
	$(PYTHON) -m pytest tests/figures --mpl-generate-path=tests/figures/baseline

test: $(VENV)/ready-dev ## the fast suite
	$(PYTHON) -m pytest -n 2 tests sim --doctest-modules

check: test lint types imports docs ## test, lint, types, imports, docs: what .ci/run calls

lint: $(VENV)/ready-dev ## ruff, rules and format
	$(VENV)/bin/ruff check . && $(VENV)/bin/ruff format --check .

types: $(VENV)/ready-dev ## mypy, strict
	$(VENV)/bin/mypy sim

imports: $(VENV)/ready-dev ## imports point down
	$(VENV)/bin/lint-imports

assumptions: $(VENV)/ready ## every setting with its source and confidence: docs/assumptions.md
	$(PYTHON) -m sim assumptions --out docs/assumptions.md

dictionary: $(VENV)/ready ## every table and column with unit and meaning: docs/data_dictionary.md
	$(PYTHON) -m sim dictionary --out docs/data_dictionary.md

docs: $(VENV)/ready ## every example scenario is valid, the pages written from configuration and code are up to date
	for scenario in $(filter-out configs/patterns.yaml configs/natural.yaml,$(wildcard configs/*.yaml)); do $(PYTHON) -m sim check $$scenario || exit 1; done
	$(PYTHON) -m sim assumptions | cmp -s - docs/assumptions.md \
	  || { echo "docs/assumptions.md is not what the configuration says: make assumptions, and commit the page" >&2; exit 1; }
	$(PYTHON) -m sim dictionary | cmp -s - docs/data_dictionary.md \
	  || { echo "docs/data_dictionary.md is not what the code says: make dictionary, and commit the page" >&2; exit 1; }

verify: $(VENV)/ready-dev ## statistical checks against known answers (slow)
	$(PYTHON) -m pytest -n 2 verification

bench: $(VENV)/ready-dev $(BENCH)/ready ## speed and memory against the budget, beside other tools: benchmarks/RESULTS.md
	$(PYTHON) -m benchmarks.bench $(OPTIONS)

clean: ## remove the environments and caches, keep results
	rm -rf $(VENV) $(BENCH) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache

# pip installs a pinned uv, which installs the rest in seconds; where uv does not work, pip itself does.
$(VENV)/bin/python:
	python3 -m venv $(VENV)

$(VENV)/ready: pyproject.toml constraints.txt | $(VENV)/bin/python
	$(PYTHON) -m pip install -q --disable-pip-version-check -c constraints.txt uv || true
	$(UV) pip install -q --python $(PYTHON) -c constraints.txt -e . \
	  || $(PYTHON) -m pip install -q --disable-pip-version-check -c constraints.txt -e .
	touch $@

$(VENV)/ready-dev: pyproject.toml constraints.txt $(VENV)/ready
	$(UV) pip install -q --python $(PYTHON) -c constraints.txt --group dev \
	  || $(PYTHON) -m pip install -q --disable-pip-version-check -c constraints.txt $$($(PYTHON) -c "import tomllib; \
	     print(' '.join(f'\"{d.split(\";\")[0].split(\">=\")[0].strip()}\"' for d in tomllib.load(open('pyproject.toml','rb'))['dependency-groups']['dev']))" | tr -d '"')
	touch $@

# The other toolkits live in an environment of their own: the product does not depend on them.
$(BENCH)/ready: pyproject.toml constraints.txt benchmarks/requirements.txt benchmarks/constraints.txt
	python3 -m venv $(BENCH)
	$(BENCH)/bin/python -m pip install -q --disable-pip-version-check -c constraints.txt -c benchmarks/constraints.txt \
	  -e . -r benchmarks/requirements.txt
	touch $@
