# `make` lists the commands. Each is one line of cargo: nothing here has to be installed.
.DEFAULT_GOAL := help
.PHONY: help run serve test pictures check format lint docs bench measure faults

help: ## list these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: ## build a shop's two years, run them through the engine, and serve
	cargo run --release -- demo

serve: ## serve the data folder that is there
	cargo run --release -- serve

test: ## run every test
	cargo test --workspace

pictures: ## walk through all pages in a browser, and keep their pictures in target/tmp/pages
	cargo test -p lojal --test it -- browser portal widget

ROUNDS = 20
SEED = $(shell date +%s)

faults: ## let everything go wrong, ROUNDS=20 times over, with the luck of SEED=…
	LOJAL_FAULT_ROUNDS=$(ROUNDS) LOJAL_FAULT_SEED=$(SEED) cargo test -p lojal -p lojal-server --no-fail-fast -- faults --nocapture --test-threads=2

check: ## all that must hold before a change is taken
	.ci/run

format: ## format the code
	cargo fmt --all

lint: ## look for what the compiler lets pass
	cargo clippy --workspace --all-targets -- -D warnings

docs: ## build the documentation of the code and open it
	cargo doc --workspace --no-deps --open

bench: ## measure one decision of the engine, and how it is written
	cargo bench -p lojal-core -p lojal-server

measure: ## measure this machine, beside what the bare database does
	cargo run --release -- bench
