# Each target sets up what it needs and says what it does; docs/building.md says how.
SHELL := bash
.PHONY: demo dev test lint bench build size map clean-cache

demo: ## everything, from a clean clone to a running demonstration on http://127.0.0.1:3000
	@scripts/setup rust wasm node
	@scripts/build-site
	@scripts/run demo

dev: ## the same, rebuilt on each change where cargo-leptos is installed
	@scripts/setup rust wasm node
	@scripts/dev

test: ## lint, all tests, in the end one line with their number
	@scripts/test

lint: ## form, clippy, documentation, licences
	@scripts/setup rust checks
	@scripts/lint

bench: ## the engine against hand-written SQL, ON DELETE CASCADE and Django, on both databases, and the rest of docs/benchmarks.md
	@scripts/setup rust postgres peers
	@scripts/bench

build: ## both halves, ready to be shipped
	@scripts/setup rust wasm node
	@scripts/build-site
	@. scripts/env && cargo build --release -p server

size: ## what the browser loads, against its budget
	@scripts/setup rust wasm node
	@scripts/build-site
	@node scripts/site.mjs sizes

map: ## every file with its first line, which says what it is for
	@git ls-files '*.rs' '*.mjs' | xargs awk 'FNR == 1 { sub(/^(\/\/!|\/\/) ?/, ""); printf "%-48s %s\n", FILENAME, $$0 }'

clean-cache: ## removes compiled code and tools; the compiler and Debian's packages stay
	@. scripts/env && rm -rf "$$CARGO_TARGET_DIR" "$$tools" "$$cache/tools-build"
