# Two commands for everybody: `make demo` and `make test`. Both do their own set-up.
PYTHON ?= python3
# Every library comes as a wheel with a known hash: nothing that was fetched runs while it is installed.
INSTALL := python -m pip install -qq --disable-pip-version-check --root-user-action=ignore --only-binary :all: --require-hashes
VENV := .venv
BIN := $(VENV)/bin
DEMO_OUT ?= keluaran/demo

.PHONY: help demo quick test prove prove-install check fuzz bench bench-tasks setup setup-dev setup-bench compiled system system-dev format docs screenshots sbom requirements samples clean

help:
	@sed -n 's/^## //p' $(MAKEFILE_LIST)

## make demo    draft, sign, stamp and verify one sample agreement, offline
demo: setup
	@$(BIN)/pks-kit demo -o $(DEMO_OUT)

## make quick   tests that take no long time, before each commit, one process more than cores; T=path and K=words choose
quick: setup-dev
	@$(BIN)/python -m pytest -q -n $$(($$(nproc) + 1)) --dist worksteal -m "not slow" $(if $(K),-k "$(K)") $(or $(T),tests/unit tests/rules tests/contract tests/architecture)

## make test    the whole test suite, of long proofs a sample; which 25 tests took longest; SAMPLE_SEED repeats its samples
test: setup-dev
	@$(BIN)/python -m pytest -q -n $$(($$(nproc) + 1)) --dist worksteal --durations=25 $(if $(K),-k "$(K)") $(T)

## make prove   the whole suite with full proofs of which make test tries a sample: every death, story, batch, window and tampering; three hours of fuzzing
prove: setup-dev
	@$(BIN)/python -m pytest -q -n auto --dist worksteal --prove
	@FUZZ_SECONDS=$(or $(FUZZ_SECONDS),3600) $(BIN)/python tests/attacks/fuzz/verify_fuzz.py
	@FUZZ_SECONDS=$(or $(FUZZ_SECONDS),3600) $(BIN)/python tests/attacks/fuzz/protocol_fuzz.py
	@FUZZ_SECONDS=$(or $(FUZZ_SECONDS),3600) $(BIN)/python tests/attacks/fuzz/two_judges.py

## make check   ruff, mypy --strict, import contracts, template lint
check: setup-dev
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/pks-kit template lint pks_2024 pks_2023 pks_penunjang_2024 addendum_rekening surat

## make fuzz    mutate signed files, what a guarded child says, revisions of our own, each for FUZZ_SECONDS (30); FUZZ_SEED repeats a run
fuzz: setup-dev
	@FUZZ_SECONDS=$(or $(FUZZ_SECONDS),30) $(BIN)/python tests/attacks/fuzz/verify_fuzz.py
	@FUZZ_SECONDS=$(or $(FUZZ_SECONDS),30) $(BIN)/python tests/attacks/fuzz/protocol_fuzz.py
	@FUZZ_SECONDS=$(or $(FUZZ_SECONDS),30) $(BIN)/python tests/attacks/fuzz/two_judges.py

## make bench   N (20) invented facilities on the whole road, CPU seconds per stage, peers in the same run; KEEP=1 writes docs/kecepatan.md
bench: setup-bench
	@$(BIN)/python benchmarks/speed.py $(or $(N),20) $(if $(KEEP),--keep)
	@$(if $(KEEP),$(BIN)/python docs/generate.py)

## make bench-tasks   one draft, one signature, one verification, each a process; commands that start cold; known prefixes; signatures per CPU second; ledger events per second
bench-tasks: setup-dev
	@$(BIN)/python benchmarks/bench.py
	@$(BIN)/python benchmarks/starts.py
	@$(BIN)/python benchmarks/signatures.py
	@$(BIN)/python benchmarks/known_prefix.py
	@$(BIN)/python benchmarks/ledger.py

## make docs    write the generated files of docs/ again
docs: setup-dev
	@$(BIN)/python docs/generate.py

## make screenshots   take the pictures of the desk in README and docs/panduan.md again; a test says when; ONLY=meja-isian
screenshots: setup-dev
	@PYTHONPATH=tests $(BIN)/python -m support.desk_pictures docs/gambar $(ONLY)

## make samples YEAR=2028   move the sample agreements (contoh/) to the coming year; once each autumn
samples: setup-dev
	@PYTHONPATH=tests $(BIN)/python -m support.sample_years $(YEAR)

## make prove-install   deploy/install.sh in a bare Debian root: install, start, ask, install again (root, mmdebstrap)
prove-install:
	@sh deploy/prove.sh

## make sbom    write dist/pks-kit.cdx.json: every pinned library of the product, as CycloneDX
sbom: setup-dev
	@$(BIN)/python requirements/sbom.py dist/pks-kit.cdx.json
	@echo dist/pks-kit.cdx.json

## make requirements   pin the libraries again, with hashes, wheels only, and without index addresses; UPGRADE= keeps what is pinned
UPGRADE ?= --upgrade
requirements: setup-dev
	@for name in build:requirements/build.in: runtime:pyproject.toml: dev:pyproject.toml:--group=dev web:pyproject.toml:--extra=web server:pyproject.toml:--extra=server bench:requirements/bench.in:; do \
		file=$${name%%:*}; rest=$${name#*:}; source=$${rest%%:*}; group=$${rest#*:}; \
		$(BIN)/uv pip compile -q $(UPGRADE) --generate-hashes --no-strip-markers --no-emit-index-url --python-version 3.11 \
			--only-binary :all: --emit-build-options \
			--custom-compile-command "make requirements" $$group $$source -o requirements/$$file.txt || exit 1; done

format: setup-dev
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

setup: system $(VENV)/.runtime compiled
setup-dev: system-dev $(VENV)/.dev compiled
setup-bench: setup-dev $(VENV)/.bench

# An installed wheel has its modules compiled; a checkout has them so too, whatever the environment says.
compiled: $(VENV)/.runtime
	@$(BIN)/python -m compileall -q src

system:
	@sh .ci/system-packages demo

system-dev:
	@sh .ci/system-packages test

$(VENV)/.runtime: requirements/build.txt requirements/runtime.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "pks-kit needs Python 3.11 or newer")'
	@echo "Menyiapkan pustaka di $(VENV), sekali saja, beberapa menit / Installing the pinned libraries, once, some minutes ..."
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/$(INSTALL) -r requirements/build.txt
	@$(BIN)/$(INSTALL) -r requirements/runtime.txt
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --root-user-action=ignore --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.dev: $(VENV)/.runtime requirements/dev.txt
	@$(BIN)/$(INSTALL) -r requirements/dev.txt
	@touch $@

$(VENV)/.bench: $(VENV)/.dev requirements/bench.txt
	@$(BIN)/$(INSTALL) -r requirements/bench.txt
	@touch $@

clean:
	rm -rf $(VENV) keluaran dist build
