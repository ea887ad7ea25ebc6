# Rekey. Each target installs what it misses; beforehand only Go, make and git are needed.
#   make demo    both demonstration renewals, from an empty folder to a signed form and a new certificate
#   make test    all tests, without a display and without a reader
#   make run     the window, with the cards in your readers
#   make bench   the measured promises
#   make pictures  every page in every language and look, into pictures/
#   make lint    formatting and static checks
#   make clean   removes what was built

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

# One set of tags everywhere: another set is another full compile of the toolkit.
TAGS := x11,gles,migrated_fynedo
GO := go
GOFLAGS_BUILD := -trimpath -tags $(TAGS)

# The C toolkit of the window and of the PKCS#11 driver.
BUILD_PACKAGES := gcc libc6-dev pkg-config libgl-dev libx11-dev libxcursor-dev libxrandr-dev libxinerama-dev libxi-dev libxxf86vm-dev
# Cards, a display without a screen, and judges that are not ours.
CARD_PACKAGES := softhsm2 opensc opensc-pkcs11 pcscd vsmartcard-vpcd vsmartcard-vpicc python3-pycryptodome \
	libtpm2-pkcs11-1 swtpm tpm2-tools tpm2-abrmd libtss2-tcti-tabrmd0 libtss2-tcti-swtpm0 dbus-daemon dbus-bin gnome-keyring \
	libssl-dev libbotan-2-dev g++ libengine-gost-openssl postgresql cups-daemon cups-client python3-xlib
BENCH_PACKAGES := $(CARD_PACKAGES) chromium openssl poppler-utils qpdf zbar-tools libfribidi-bin liblcms2-utils \
	xvfb x11-xkb-utils libgl1-mesa-dri openbox xdotool imagemagick
DEMO_PACKAGES := softhsm2 opensc openssl libengine-gost-openssl libssl-dev libbotan-2-dev g++ poppler-utils qpdf xvfb x11-xkb-utils libgl1-mesa-dri openbox xdotool imagemagick

# A mock server of the contract that is not ours, for the tests of the client.
PRISM := .bench/prism/node_modules/.package-lock.json

.PHONY: help demo test run bench lint pictures clean build packages-build packages-demo packages-bench

help:
	@sed -n 's/^#   //p' Makefile

packages-build:
	@$(call install,$(BUILD_PACKAGES),to compile the window and the card driver)

packages-bench: packages-build
	@$(call install,$(BENCH_PACKAGES),for the demonstration cards and the tests)

packages-demo: packages-build
	@$(call install,$(DEMO_PACKAGES),for the demonstration cards and its judges)

build: packages-build
	@mkdir -p bin
	$(GO) build $(GOFLAGS_BUILD) -o bin/ ./cmd/...

demo: packages-demo build
	bin/rekey-demo --dir demo

$(PRISM): app/central/testdata/prism/package.json app/central/testdata/prism/package-lock.json
	@command -v npm >/dev/null || { $(call install,nodejs npm,for the mock server of the tests); }
	mkdir -p .bench/prism && cp $^ .bench/prism/
	cd .bench/prism && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

test: packages-bench build $(PRISM)
	$(GO) vet -tags $(TAGS) ./...
	REKEY_BIN=$(CURDIR)/bin $(GO) test -tags $(TAGS) -timeout 30m ./...

run: build
	bin/rekey

bench: packages-bench build
	@kept=0; \
	REKEY_BIN=$(CURDIR)/bin $(GO) test -tags $(TAGS),promises -run Promise -count 1 -p 1 -v ./store/ ./cmd/rekey-demo/ ./cmd/rekey-demo/endure/ ./token/gosttest/ || kept=1; \
	REKEY_BENCH=1 $(GO) test -tags $(TAGS) -run 'Promise|CostOfWatching|HotPlug' -count 1 -v ./token/pkcs11 || kept=1; \
	$(GO) test -tags $(TAGS) -run '^$$' -bench . -benchtime 50x ./store ./app/... ./token/... || kept=1; \
	exit $$kept

pictures: packages-bench
	REKEY_PICTURES=$(CURDIR)/pictures CGO_ENABLED=0 $(GO) test -count=1 -timeout 20m -run NothingIsCut ./ui

lint: packages-build
	@test -z "$$(gofmt -l $$(git ls-files '*.go'))" || { echo "not formatted:"; gofmt -l $$(git ls-files '*.go'); exit 1; }
	$(GO) vet -tags $(TAGS) ./...
	$(GO) mod verify
	$(GO) mod tidy -diff

clean:
	rm -rf bin demo pictures

# install PACKAGES,WHY: what of it is missing comes from apt; on other systems the list is printed.
define install
missing=(); for p in $(1); do dpkg-query -W -f '$${Status}' $$p 2>/dev/null | grep -q 'ok installed' || missing+=($$p); done; \
if [ $${#missing[@]} -gt 0 ]; then \
  if ! command -v apt-get >/dev/null; then echo "These packages (Debian's names) are needed $(2): $${missing[*]}"; exit 1; fi; \
  root=(); if [ "$$(id -u)" != 0 ]; then root=(sudo); fi; \
  echo "Installing $(2): $${missing[*]}"; \
  "$${root[@]}" apt-get update -qq; \
  "$${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$${missing[@]}" >/dev/null; \
fi
endef
