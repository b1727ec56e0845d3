# Everything that is done to this tree. 'make' lists it.

GO      ?= go
VERSION := $(shell sed -n 's/^const Product = "\(.*\)"$$/\1/p' internal/protocol/version.go)
# End-to-end tests and commands are no unit tests.
UNIT    := $$($(GO) list ./... | grep -v /internal/e2e)
SOAK    ?= 30m
FUZZ    ?= 20s

.DEFAULT_GOAL := help
.PHONY: help deps build run test js race check drift lint fuzz bench e2e soak dist windows speech clean

help: ## List what can be made
	@awk -F ':.*## ' '/^[a-z0-9]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' Makefile

build: ## Build the native messaging host and the extension into dist
	@.ci/deps build
	@mkdir -p dist
	$(GO) build -trimpath -o dist/nativehost ./nativehost
	$(GO) run ./internal/distbuild

run: build ## Make a redirected call: in a window, or measured when there is no display
	@.ci/deps run
	$(GO) run ./internal/rig/run

test: ## All tests, as continuous integration runs them
	@.ci/deps build run test windows
	@.ci/test

race: ## Go unit tests with the race detector
	$(GO) test -race -p 2 $(UNIT)

js: internal/jstools/node_modules ## JavaScript unit tests, type check and lint
	timeout 5m node --test --test-reporter=spec $$(git ls-files 'shim/*.test.js' 'extension/*.test.js')
	npm --prefix internal/jstools run --silent types
	npm --prefix internal/jstools run --silent lint

e2e: build internal/e2e/web/node_modules ## End-to-end tests in real Chromium
	@.ci/deps run test
	$(GO) test -count=1 -timeout 10m ./internal/e2e

check: drift js ## Formatting, vet, static analysis, vulnerabilities, generated files, JavaScript
	@test -z "$$(gofmt -l $$(git ls-files '*.go'))" || { echo "not formatted:"; gofmt -l $$(git ls-files '*.go'); exit 1; }
	$(GO) vet ./...
	$(GO) tool staticcheck ./...
	@.ci/vulnerabilities

drift: ## Refuse generated files that differ from their source
	@.ci/drift

fuzz: ## Fuzz every fuzz target for FUZZ each (20s)
	@.ci/fuzz $(FUZZ)

bench: build ## Compare with native Chromium, ONLY these rows (all); writes dist/bench.json
	@.ci/deps run
	$(GO) run ./internal/bench -only '$(ONLY)'

soak: build ## Hold a redirected call for SOAK (30m) and watch it for leaks
	@.ci/deps run
	$(GO) run ./internal/bench -soak $(SOAK)

dist: build windows ## Everything that is handed out: binaries and the extension's archive
	@cp LICENSE NOTICE dist/
	@.ci/licences dist/THIRD-PARTY.txt
	@ls -l dist

windows: ## Cross-compile nativehost.exe and start it under wine
	@.ci/deps build windows
	@mkdir -p dist
	GOOS=windows GOARCH=amd64 CGO_ENABLED=1 CC=x86_64-w64-mingw32-gcc $(GO) build -trimpath -o dist/nativehost.exe ./nativehost
	@.ci/wine/check dist/nativehost.exe $(VERSION)

speech: ## Record the test speech anew with espeak-ng
	@.ci/deps speech
	testdata/speech/generate

deps: ## Install the Debian packages that all of this needs
	@.ci/deps build run test windows

clean: ## Remove what was built
	rm -rf dist internal/jstools/node_modules internal/e2e/web/node_modules

%/node_modules: %/package-lock.json
	@.ci/deps test
	npm --prefix $* ci --no-audit --no-fund --silent
	@touch $@
