# Two commands do everything: `make run` and `make test`.
export PATH := $(CURDIR)/.venv/bin:$(PATH)

BINARY := target/release/isocenter
WEB_SOURCES := $(shell git ls-files web 2>/dev/null)

.PHONY: help run build web test check rust-tests e2e web-e2e fuzz bench docs screenshots clean

help: ## What there is
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

run: build ## Build everything and start the product on this machine, with a demo hospital
	@$(BINARY) serve --demo

build: web ## The one binary, pages inside: target/release/isocenter
	@scripts/tools build
	@cargo build --release --locked --package isocenter-app

web: web/dist/index.html.gz ## The pages and the viewer, into web/dist

web/dist/index.html.gz: $(WEB_SOURCES)
	@scripts/web build

test: ## Install what the tests need and run every check and test
	@scripts/test all

check: ## Format, lints, licences, rooms, types
	@scripts/test check

rust-tests: ## The Rust tests alone
	@scripts/test rust

e2e: ## Other people's DICOM programs against the binary
	@scripts/test e2e

web-e2e: ## The pages in headless Chromium
	@scripts/test browser

fuzz: ## Damaged input for every parser, for a bounded time
	@scripts/test fuzz

bench: build ## Measure against Orthanc and the physical limit; prints ratios
	@scripts/tools bench
	@bench/run

screenshots: build ## Pictures for README.md, taken from the demo hospital
	@cd web && ISOCENTER_BIN=../$(BINARY) node scripts/screenshots.mjs

docs: ## Pages made from the code: settings, conformance, the HTTP API
	@scripts/docs

clean: ## Remove what was built; data stays
	@cargo clean --quiet
	@rm -rf web/dist web/node_modules web/.viewer .venv e2e/out web/e2e/out bench/out
