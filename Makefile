# SPDX-License-Identifier: Apache-2.0
#
#     make demo    the whole main job on real files, over real ssh, in a lab of five sites
#     make test    everything that is tested
#     make lab     the same lab, left running, with a workspace to play in (make lab-down stops it)
#
# Both install what is missing through apt (with sudo where they must) and share one build, in release:
# no test needs @testable, so what is tested is what is shipped.

DATA ?= /usr/share/doc
DEMO ?= .demo
LAB  ?= .lab

SWIFT_BUILD = swift build --configuration release --build-tests --explicit-target-dependency-import-check error
LIFEBOAT = $(CURDIR)/.build/release/lifeboat

# What the program is built and linked with; then what a lab, a restore by hand and the peers' benchmark need.
PACKAGES = ca-certificates git make pkg-config binutils libc6-dev libgcc-12-dev libstdc++-12-dev zlib1g-dev tzdata \
	libarchive-dev libcurl4-openssl-dev libssh2-1-dev libzstd-dev libsqlite3-dev \
	age acl attr borgbackup busybox-static curl iproute2 libcap2-bin nftables openssh-client openssh-server pgbackrest \
	postgresql procps python3 python3-jsonschema restic tar util-linux zstd

.PHONY: all setup build test test-long demo lab lab-down bench bench-scale examples model lint clean
all: build

setup:
	@Tests/Lab/setup $(PACKAGES)

build: setup
	$(SWIFT_BUILD)

test: build
	swift test --configuration release --skip-build --disable-xctest
	Tests/Lab/selftest
	LIFEBOAT="$(LIFEBOAT)" Tests/Lab/drills

# Suites that take many minutes: crash windows of copies, the program killed at its calls, large files, and
# the heal timer of every kind of fault.
test-long: build
	LIFEBOAT_LONG=1 swift test --configuration release --skip-build --disable-xctest --no-parallel \
		--filter 'CrashWindowTests|KilledProgramTests|AgeLargeTests|FaultTests'

demo: build
	DATA="$(DATA)" LIFEBOAT="$(LIFEBOAT)" Tests/Lab/demo "$(DEMO)"

lab: build
	DATA="$(DATA)" Tests/Lab/lab up "$(LAB)"
	@echo "try: Tests/Lab/lab exec $(LAB) ops -- $(LIFEBOAT) plan show --workspace $(LAB)"

lab-down:
	Tests/Lab/lab down "$(LAB)"

# Each third-party module in the one place that may know it.
CONFINED = ArgumentParser=lifeboat CArchive=Archiving CCurl=Operations CSSH2=SecureShell CZstd=Archiving FlyingFox=Dashboard FlyingSocks=Dashboard GRDB=Ledger GRDBSQLite=Ledger Yams=Operations

# Lifeboat beside tar|zstd|ssh, restic and Borg; ROUNDS, SCENES and BENCH_DATA may be given.
ROUNDS ?= 5
SCENES ?= tree large small link three
BENCH_DATA ?= /usr/share
bench: build
	DATA="$(BENCH_DATA)" LIFEBOAT="$(LIFEBOAT)" Tests/Lab/bench $(ROUNDS) $(SCENES)

# A year of a large organisation on the real ledger, held to its floors; BENCH_SCALE names the folder.
BENCH_SCALE ?= .bench-scale
bench-scale: build
	Tests/Bench/bench-scale "$(CURDIR)/.build/release/scale-bench" "$(CURDIR)/.build/release/lifeboat" "$(BENCH_SCALE)"

# Damaged manifests, indexes, age files, members and plans for SECONDS; SEED and ROUND repeat a crash.
SECONDS ?= 60
fuzz: build
	.build/release/Fuzz $(SECONDS) $(SEED) $(ROUND)

# The files of 'lifeboat init', written into the program; and the schemas, as the program prints them.
examples: build
	Tests/Tools/embed-examples
	$(LIFEBOAT) drill schema >Drills/scenario.schema.json
	$(LIFEBOAT) plan schema >Plans/plan.schema.json

# The example reports, written anew from the example history; look at them before you commit them.
goldens: build
	LIFEBOAT_RENEW_GOLDENS=1 swift test --configuration release --skip-build --disable-xctest --filter ExampleReportTests

lint: setup
	swift format lint --strict --recursive --parallel Package.swift Sources Tests
	@for pair in $(CONFINED); do \
		! grep -rnE --include='*.swift' "^[^/]*\bimport +([a-z]+ +)?$${pair%=*}\b" Sources Tests \
			| grep -v "^Sources/$${pair#*=}/" || { echo "$${pair%=*} belongs to Sources/$${pair#*=} alone"; exit 1; }; \
	done
	$(SWIFT_BUILD)
	@if command -v shellcheck >/dev/null; then cd Tests/Lab && shellcheck -x lab site file-service selftest setup demo bench drills ../Tools/embed-examples ../Bench/bench-scale; \
	else echo "shellcheck is not installed: the scripts were not checked"; fi

# The maturity model, from its source file into the literal that is compiled (Decisions/0060).
model:
	LIFEBOAT_RENEW_MODEL=1 swift test --configuration release --disable-xctest --filter 'ShippedModelTests.*word for word'

clean:
	@for folder in "$(DEMO)" "$(LAB)"; do \
		[ ! -d "$$folder/lab" ] || { Tests/Lab/lab down "$$folder" && chmod -R u+w "$$folder" && rm -rf "$$folder"; }; \
	done
	rm -rf "$(DEMO).safe" .build
