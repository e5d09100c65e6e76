# The two commands are `make demo` and `make test`; the others are parts of them.
# uv sets everything up; where it is missing, it is installed into .uv, here in the checkout.

UV := $(shell command -v uv 2>/dev/null || echo .uv/bin/uv)
UV_NEEDED := $(if $(findstring .uv,$(UV)),.uv/bin/uv)
RUN := $(UV) run --no-sync
READY := .venv/.ready
SYNCED := .venv/.synced

.DEFAULT_GOAL := help
.PHONY: help demo serve test lint format unit bench bench-large clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile

demo: $(READY) ## Start the server with sample conversations; prints the address
	.venv/bin/turnloom demo $(ARGS)

serve: $(READY) ## Start the server on its own data folder
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

# What users need.
$(READY): pyproject.toml uv.lock $(UV_NEEDED)
	@echo "Setting up in .venv, once: downloads 0.3 GB, takes 0.9 GB, most of it the embedded ClickHouse ..."
	@$(UV) sync --frozen --no-dev --inexact --extra server
	@touch $@

# And what developers need besides.
$(SYNCED): $(READY)
	@echo "Setting up what tests need ..."
	@$(UV) sync --frozen --extra server
	@touch $@

# Debian's python3 has no ensurepip and refuses pip outside of an environment; its pip, where it is
# installed, still fills one.
.uv/bin/uv:
	@echo "Installing uv into .uv, here in the checkout ..."
	@python3 -m venv .uv >/dev/null 2>&1 \
		|| { python3 -m venv --clear --without-pip .uv && python3 -m pip --version; } >/dev/null 2>&1 \
		|| { rm -rf .uv; echo "$$NO_VENV" >&2; exit 1; }
	@if [ -x .uv/bin/pip ]; then .uv/bin/pip install --quiet --disable-pip-version-check uv; \
		else python3 -m pip --python .uv/bin/python install --quiet --disable-pip-version-check uv; fi

define NO_VENV
This needs uv, or a python3 that can make environments.
  uv:      https://docs.astral.sh/uv/
  Debian:  apt-get install python3-venv
endef
export NO_VENV
