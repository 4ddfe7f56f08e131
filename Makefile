# backbone-migrate. `make` alone says what there is.

SHELL := /bin/bash
CACHE := $(or $(BACKBONE_MIGRATE_CACHE),$(or $(XDG_CACHE_HOME),$(HOME)/.cache)/backbone-migrate)
# Outside the clone, so that a fresh clone need not build the dependencies again. Nothing depends on
# it being there.
SCRATCH ?= $(CACHE)/swift-build
PREFIX ?= /usr/local
SWIFT_BUILD = swift build --scratch-path $(SCRATCH)
BINARY = $(SCRATCH)/debug/backbone-migrate
OPTIMISED = $(SCRATCH)/release/backbone-migrate
HELM3 = $(CACHE)/helm/3.17.2/helm
HELM41 = $(CACHE)/helm/4.1.4/helm
HELM4 = $(CACHE)/helm/4.3.1/helm
KUBECTL = $(CACHE)/kubectl/1.32.3/kubectl
# Thousands of helms and kubectls end before their memory is full; a third of their time went into
# tidying it.
FEW_COLLECTIONS = GOGC=off GOMEMLIMIT=256MiB
SOURCES = Sources Tests Package.swift

.PHONY: help demo test unit-test build release install package test-package reproduce image docs plugin sandbox tracer \
  screenshots bench fuzz hostile chaos forecast forecast-fields \
  forecast-merge lint format embed setup clean

help:
	@sed -n 's/^## //p' $(MAKEFILE_LIST)

## make demo      set up, build, and show the main job: plan, apply, rollback
demo: build
	@sandbox/setup tools
	@scripts/demo $(BINARY) $(HELM4) $(KUBECTL)

## make test      set up, then every test, with a real control plane
test:
	@sandbox/setup packages
	@sandbox/setup tools
	@sandbox/setup control-plane --background
	@sandbox/setup browser & browser=$$!; $(SWIFT_BUILD) --build-tests && wait $$browser
	@$(MAKE) --no-print-directory release
	@sandbox/setup control-plane
	sandbox/control-plane run -- env $(FEW_COLLECTIONS) $(MAKE) --no-print-directory test-in-sandbox

.PHONY: test-in-sandbox
test-in-sandbox: export BACKBONE_SANDBOX_BINARY = $(OPTIMISED)
test-in-sandbox:
	scripts/check-chart $(HELM3)
	[ -z "$$BACKBONE_SANDBOX_EVERY_HELM" ] || scripts/check-chart $(HELM41)
	scripts/check-chart --install $(HELM4)
	scripts/forecast $(OPTIMISED) --quiet --seed 1883 \
	  --releases $(if $(BACKBONE_SANDBOX_EVERY_HELM),20,10)
	swift test --scratch-path $(SCRATCH) --skip-build --parallel

## make unit-test every test that needs no control plane
unit-test: setup
	@sandbox/setup browser
	@sandbox/setup tools
	swift test --scratch-path $(SCRATCH) --parallel --skip SandboxTests

## make build     the binary, for trying things
build: setup
	$(SWIFT_BUILD) --product backbone-migrate

# Wherever it is built, the binary is the same. The libraries in C name their files in what they say of
# mistakes, Swift keeps a hash of each module with its paths, and for one file the length of its path:
# so the folder is built in under a name of always the same length.
NAMED = $(abspath $(SCRATCH))-
RELEASE_NAME := $(NAMED)$(shell n=$$((128 - $$(printf %s '$(NAMED)' | wc -c))); printf '%0*d' $$((n > 0 ? n : 1)) 0)
ANYWHERE = -Xcc -ffile-prefix-map=$(RELEASE_NAME)= -Xcxx -ffile-prefix-map=$(RELEASE_NAME)= \
  -Xswiftc -Xfrontend -Xswiftc -disable-incremental-llvm-codegen

## make release   the binary, optimised, without anything that a bare Debian 12 lacks
release: setup
	@mkdir -p $(CACHE)/static && ln -sf "$$(gcc -print-file-name=libsqlite3.a)" $(CACHE)/static/libsqlite3.a
	@mkdir -p $(SCRATCH) && ln -sfn $(notdir $(abspath $(SCRATCH))) $(RELEASE_NAME)
	swift build --scratch-path $(RELEASE_NAME) --configuration release --product backbone-migrate \
	  --static-swift-stdlib $(ANYWHERE) -Xlinker --strip-all -Xlinker -L$(CACHE)/static

## make install   the optimised binary to PREFIX/bin (PREFIX=/usr/local)
install: release
	install -d $(DESTDIR)$(PREFIX)/bin
	install -m 755 $(OPTIMISED) $(DESTDIR)$(PREFIX)/bin/backbone-migrate

## make package   a .deb, an archive, the plugins, their checksums and components, in dist/
package: release
	scripts/package $(OPTIMISED) dist

## make test-package  installs that on a bare Debian 12, removes it again, and builds the image (root)
test-package: package
	@sandbox/setup packaging
	@sandbox/setup tools
	scripts/test-package $(OPTIMISED) dist $(CACHE) $(HELM4)
	scripts/test-image $(OPTIMISED) $(HELM4) $(KUBECTL) $(CACHE)

## make reproduce  builds and packs the commit again in other folders, and compares
reproduce: package
	scripts/reproduce dist

## make image     a container image with helm and kubectl: its folder in dist/, built with podman, docker
##                or buildah
image: release
	@sandbox/setup tools
	scripts/image $(OPTIMISED) $(HELM4) $(KUBECTL) dist/image

## make plugin    the helm plugin for Helm 3 and for Helm 4, as folders and archives in dist/
plugin: release
	scripts/plugin $(OPTIMISED) 3 dist
	scripts/plugin $(OPTIMISED) 4 dist

## make sandbox   a real control plane until Ctrl-C
sandbox:
	@sandbox/setup tools
	@sandbox/setup control-plane
	@sandbox/control-plane up

## make tracer    where secrets go, watched by strace; writes docs/reliability/tracer.md
tracer: setup
	@sandbox/setup tools
	@sandbox/setup control-plane
	$(SWIFT_BUILD) --build-tests
	@mkdir -p docs/reliability
	BACKBONE_TRACER_REPORT=$(CURDIR)/docs/reliability/tracer.md sandbox/control-plane run -- \
		swift test --scratch-path $(SCRATCH) --skip-build --filter SandboxTests.TracerTests

## make screenshots  the pictures of the HTML report, docs/images/
screenshots: setup
	@sandbox/setup browser
	@sandbox/setup tools
	BACKBONE_SCREENSHOTS=$(CURDIR)/docs/images swift test --scratch-path $(SCRATCH) \
	  --filter ReportBrowserTests

## make bench     what plan, apply and rollback cost, beside the same by hand and helm alone
##                (BENCH_ROUNDS=11 BENCH_BEFORE=BINARY BENCH_REPORT=docs/performance.md)
BENCH_ROUNDS ?=
BENCH_BEFORE ?=
BENCH_REPORT ?=
bench: release
	@sandbox/setup tools
	@sandbox/setup control-plane
	sandbox/control-plane run -- scripts/bench $(OPTIMISED) \
	  $(if $(BENCH_ROUNDS),--rounds $(BENCH_ROUNDS)) $(if $(BENCH_BEFORE),--before $(BENCH_BEFORE)) \
	  $(if $(BENCH_REPORT),--report $(BENCH_REPORT))

## make fuzz      a million hostile inputs (FUZZ_INPUTS=… FUZZ_SEED=… FUZZ_JOBS=…), and the report
FUZZ_INPUTS ?= 1000000
FUZZ_SEED ?= 1
FUZZ_JOBS ?= $(shell nproc)
FUZZ_FOUND ?= $(CACHE)/fuzz-found
fuzz: setup
	$(SWIFT_BUILD) --configuration release --product fuzz
	scripts/fuzz $(SCRATCH)/release/fuzz --inputs $(FUZZ_INPUTS) --seed $(FUZZ_SEED) \
	  --jobs $(FUZZ_JOBS) --found $(FUZZ_FOUND) --report docs/reliability/fuzz.md

## make hostile   what large and endless inputs cost the binary
hostile: release
	@sandbox/setup tools
	scripts/hostile $(OPTIMISED) $(HELM4)

## make chaos     kills, cuts off and refuses runs at drawn moments (CHAOS_POINTS=200 CHAOS_SEED=1;
##                CHAOS_ONLY=17,23 for those alone), and writes docs/reliability/chaos.md
CHAOS_POINTS ?= 200
CHAOS_SEED ?= 1
CHAOS_ONLY ?=
CHAOS_REPORT ?= $(if $(CHAOS_ONLY),,$(CURDIR)/docs/reliability/chaos.md)
chaos: setup
	@sandbox/setup tools
	@sandbox/setup control-plane
	$(SWIFT_BUILD) --build-tests
	@mkdir -p docs/reliability
	CHAOS_POINTS=$(CHAOS_POINTS) CHAOS_SEED=$(CHAOS_SEED) CHAOS_ONLY=$(CHAOS_ONLY) \
	  CHAOS_REPORT=$(CHAOS_REPORT) sandbox/control-plane run -- env $(FEW_COLLECTIONS) \
	  swift test --scratch-path $(SCRATCH) --skip-build --filter ChaosTests

## make forecast  what plans predict, against what plain helm breaks; writes docs/forecast.md
##                (FORECAST_RELEASES=600 FORECAST_SEED=1, FORECAST_ONLY="Helm 3:17")
FORECAST_RELEASES ?= 600
FORECAST_SEED ?= 1
FORECAST_ONLY ?=
forecast: release
	@sandbox/setup tools
	@sandbox/setup control-plane
	sandbox/control-plane run -- env $(FEW_COLLECTIONS) scripts/forecast $(OPTIMISED) --quiet \
	  --releases $(FORECAST_RELEASES) --seed $(FORECAST_SEED) --only "$(FORECAST_ONLY)" \
	  $(if $(FORECAST_ONLY),,--kept $(CACHE)/forecast.jsonl --report docs/forecast.md)

## make forecast-fields  the same with any field of the API set, in the old chart or by hand, and any
##                objects beside the workload; writes docs/forecast-fields.md (FIELDS_RELEASES=600
##                FIELDS_SEED=1, FIELDS_ONLY="Helm 3:17"; FIELDS_SHARD=1/2 writes a file, to be merged
##                by make forecast-merge FIELDS_FILES="…")
FIELDS_RELEASES ?= 600
FIELDS_SEED ?= 1
FIELDS_ONLY ?=
FIELDS_SHARD ?=
FIELDS_FILES ?= $(CACHE)/forecast-fields-*.jsonl
FIELDS_KEPT = $(CACHE)/forecast-fields$(if $(FIELDS_SHARD),-$(subst /,-of-,$(FIELDS_SHARD))).jsonl
forecast-fields: release
	@sandbox/setup tools
	@sandbox/setup control-plane
	sandbox/control-plane run -- env $(FEW_COLLECTIONS) scripts/forecast-fields $(OPTIMISED) \
	  --quiet --releases $(FIELDS_RELEASES) --seed $(FIELDS_SEED) --only "$(FIELDS_ONLY)" \
	  $(if $(FIELDS_ONLY),,--kept $(FIELDS_KEPT)) $(if $(FIELDS_SHARD),--shard $(FIELDS_SHARD)) \
	  $(if $(FIELDS_ONLY)$(FIELDS_SHARD),,--report docs/forecast-fields.md)

## make forecast-merge  the files of shards as one docs/forecast-fields.md
forecast-merge:
	scripts/forecast-fields --quiet --seed $(FIELDS_SEED) --merge $(FIELDS_FILES) \
	  --report docs/forecast-fields.md

## make docs      the documentation of the modules, from their doc comments (DocC), in dist/docs
docs: setup
	$(SWIFT_BUILD)
	scripts/api-docs $(SCRATCH) dist/docs

## make lint      formatting, generated files, scripts
lint:
	swift format lint --strict --parallel --recursive $(SOURCES)
	scripts/embed --check
	scripts/catalogue --check
	scripts/check-sources

## make format    put the formatting right, and the generated files
format: embed
	swift format format --in-place --parallel --recursive $(SOURCES)

embed:
	scripts/embed
	scripts/catalogue

setup:
	@sandbox/setup packages

clean:
	rm -rf $(SCRATCH) $(RELEASE_NAME)
