# The two commands are `make demo` and `make test`; the others are parts of them.
# uv sets everything up; where it is missing, it is installed into .uv, here in the checkout.

UV := $(shell command -v uv 2>/dev/null || echo .uv/bin/uv)
RUN := $(UV) run --no-sync
SYNCED := .venv/.synced

.DEFAULT_GOAL := help
.PHONY: help demo serve test lint format unit bench bench-large clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile

demo: $(SYNCED) ## Start the server with sample conversations; prints the address
	.venv/bin/turnloom demo $(ARGS)

serve: $(SYNCED) ## Start the server on its own data folder
	.venv/bin/turnloom serve $(ARGS)

test: $(SYNCED) lint unit ## Check and test everything

lint: $(SYNCED) ## Formatting, lint, types, layers
	$(RUN) ruff format --check .
	$(RUN) ruff check .
	$(RUN) pyright
	$(RUN) lint-imports

format: $(SYNCED) ## Format and fix what can be fixed
	$(RUN) ruff format .
	$(RUN) ruff check --fix .

unit: $(SYNCED)
	$(RUN) pytest -n 2 --dist loadfile

bench: $(SYNCED) ## Measure CPU a span, latency and disk (500 000 spans)
	$(RUN) python -m benchmarks.spine

bench-large: $(SYNCED) ## The same at 5 million spans
	$(RUN) python -m benchmarks.spine --spans 5000000

clean: ## Remove what was set up here
	rm -rf .venv .uv .pytest_cache .ruff_cache .hypothesis

$(SYNCED): pyproject.toml uv.lock $(if $(findstring .uv,$(UV)),.uv/bin/uv)
	@echo "Setting up (about 0.8 GB with the embedded ClickHouse, once) ..."
	$(UV) sync --frozen --quiet --extra server
	@touch $@

.uv/bin/uv:
	@python3 -m venv .uv 2>/dev/null \
		|| { python3 -m venv --clear --without-pip .uv && python3 -m pip --version >/dev/null 2>&1; } \
		|| { echo "Python cannot make environments here. On Debian: apt-get install python3-venv"; rm -rf .uv; exit 1; }
	@if [ -x .uv/bin/pip ]; then .uv/bin/pip install --quiet uv; \
		else python3 -m pip --python .uv/bin/python install --quiet uv; fi
