# punchwatch: build, try, test, measure. `make help` says what there is.
#
# A new .c file under sensor/ or dissectors/ is found by itself; so is a test, a fuzz target, a dissector.
# BUILD names the folder of the objects; SAN=address,undefined (or thread) builds with sanitizers into one of its own.

ifeq ($(origin CC),default)
CC      := gcc
endif
SAN     ?=
AR      := $(if $(findstring clang,$(CC)),ar,gcc-ar)
BUILD   ?= build/$(notdir $(CC))$(if $(SAN),-$(subst $(comma),-,$(SAN)))
PROGRAM ?= $(if $(SAN),$(BUILD)/punchwatch,punchwatch)
comma   := ,

PKGS     = libpcap libndpi libevent libevent_pthreads libevent_openssl hiredis libcjson yaml-0.1 zlib libzstd libssl libcrypto libmaxminddb libseccomp
WARN     = -Wall -Wextra -Werror -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wpointer-arith \
           -Wwrite-strings -Wvla -Wundef
# gcc asks that no snprintf could ever cut its text; texts for people are cut on purpose.
ifeq ($(findstring clang,$(CC)),)
WARN    += -Wno-format-truncation
endif
OPT      = $(if $(SAN),-O1 -fno-omit-frame-pointer -fsanitize=$(SAN) -fno-sanitize-recover=all,-O3 -flto=auto)
CPPFLAGS += -D_GNU_SOURCE -MMD -MP
CFLAGS  += -std=c11 -g $(OPT) $(WARN)
LDFLAGS += $(OPT) -pthread
# Asked once, not once a file.
PKG_CFLAGS := $(shell pkg-config --cflags $(PKGS) 2>/dev/null)
PKG_LIBS   := $(shell pkg-config --libs $(PKGS) 2>/dev/null)

ifeq ($(findstring clang,$(CC)),clang)
OPT      = $(if $(SAN),-O1 -fno-omit-frame-pointer -fsanitize=$(SAN) -fno-sanitize-recover=all,-O3)
endif

SOURCES    := $(sort $(wildcard sensor/*.c sensor/*/*.c dissectors/*.c))
DISSECTORS := $(sort $(shell grep -l '^const struct dissector [a-z0-9_]*_dissector = ' dissectors/*.c 2>/dev/null))
OBJECTS    := $(SOURCES:%.c=$(BUILD)/%.o) $(BUILD)/dissector_table.o
LIBRARY    := $(BUILD)/punchwatch.a
TESTS      := $(patsubst %.c,$(BUILD)/%,$(sort $(wildcard tests/sensor/*_test.c tests/sensor/*/*_test.c tests/dissectors/*_test.c)))
FUZZERS    := $(sort $(wildcard tests/fuzz/*_fuzz.c))

.DELETE_ON_ERROR:
.SECONDARY:
.PHONY: all deps demo test tests unit golden golden-update live lint fuzzers fuzz tools bench soak eval lab clean help

all: $(PROGRAM)	## build ./punchwatch

$(PROGRAM): $(OBJECTS)
	@echo "  LD      $@"
	@$(CC) $(LDFLAGS) -o $@ $(OBJECTS) $(PKG_LIBS)

# An archive, so that a test links what it uses and no more.
$(LIBRARY): $(filter-out $(BUILD)/sensor/main.o,$(OBJECTS))
	@rm -f $@
	@$(AR) rcs $@ $^

$(BUILD)/%.o: %.c
	@mkdir -p $(@D)
	@echo "  CC      $<"
	@$(CC) $(CPPFLAGS) $(PKG_CFLAGS) $(CFLAGS) -c -o $@ $<

# The table of dissectors is the listing of their folder.
$(BUILD)/dissector_table.c: $(DISSECTORS) Makefile
	@mkdir -p $(@D)
	@{ echo '#include "dissectors/dissector.h"'; \
	   for d in $(notdir $(basename $(DISSECTORS))); do echo "extern const struct dissector $${d}_dissector;"; done; \
	   echo 'const struct dissector *const dissectors[] = {'; \
	   for d in $(notdir $(basename $(DISSECTORS))); do echo "	&$${d}_dissector,"; done; \
	   echo '	0'; echo '};'; } > $@

$(BUILD)/dissector_table.o: $(BUILD)/dissector_table.c
	@$(CC) -I. $(CPPFLAGS) $(CFLAGS) -c -o $@ $<

# Unit tests: one program a file, with everything of the sensor but main.
$(BUILD)/tests/%_test: $(BUILD)/tests/%_test.o $(LIBRARY)
	@echo "  LD      $@"
	@$(CC) $(LDFLAGS) -o $@ $^ $(PKG_LIBS) -lcmocka

deps:			## install what building needs (Debian packages)
	@sh tests/install-deps.sh build

demo: deps		## install, build, read a bundled call, and show what was found and why
	@$(MAKE) --no-print-directory -j2 all
	@sh tests/demo.sh

# What `make test` runs besides the unit tests; each says why if it skips.
SCRIPTS = $(wildcard tests/layers.sh tests/layers_test.sh tests/mirror.sh tests/docs.sh tests/golden.sh tests/signatures.sh tests/applications.sh tests/same.sh tests/cli_test.sh tests/install_test.sh tests/dashboards.sh tests/policy.sh tests/eve_schema.sh tests/skype_test.sh tests/crypto.sh tests/mutate.sh \
          tests/quiet.sh tests/privilege.sh tests/flood.sh tests/soak.sh tests/lab/live.sh tests/lab/readers.sh)

test:			## install what tests need, build, and run everything (sanitized unit tests, golden captures, live)
	@sh tests/install-deps.sh test
	@$(MAKE) --no-print-directory -j2 all tools
	@$(MAKE) --no-print-directory -j2 SAN=address,undefined tests all
	@$(MAKE) --no-print-directory -j2 SAN=thread $(THREAD_TESTS:%=build/$(notdir $(CC))-thread/%)
	@sh tests/run.sh $(TESTS:$(BUILD)/%=build/$(notdir $(CC))-address-undefined/%) \
	    $(THREAD_TESTS:%=build/$(notdir $(CC))-thread/%) $(SCRIPTS)

# Where threads meet.
THREAD_TESTS = tests/sensor/ring_test tests/sensor/base/meter_test tests/sensor/edition_test tests/sensor/engine_test tests/sensor/crew_test tests/sensor/renewal_test tests/sensor/output/redis_test tests/sensor/output/journal_test tests/sensor/output/line_stream_test

tests: $(TESTS)
unit: tests		## the unit tests alone (SAN=address,undefined for the sanitized ones)
	@sh tests/run.sh $(TESTS)

lint:			## cppcheck and clang-tidy; the exceptions are in .cppcheck and .clang-tidy
	@sh tests/lint.sh

# --- fuzzing: clang's libFuzzer, every parser of foreign bytes; FUZZ_SECONDS each ---
FUZZ_SECONDS ?= 60
FUZZ_BUILD    = CC=clang SAN=fuzzer-no-link,address,undefined BUILD=build/fuzz PROGRAM=build/fuzz/punchwatch

$(BUILD)/tests/fuzz/%_fuzz: $(BUILD)/tests/fuzz/%_fuzz.o $(LIBRARY)
	@echo "  LD      $@"
	@$(CC) $(LDFLAGS) -fsanitize=fuzzer,address,undefined -o $@ $^ $(PKG_LIBS)

fuzzers:		## build the fuzz targets
	@$(MAKE) --no-print-directory -j2 $(FUZZ_BUILD) $(FUZZERS:%.c=build/fuzz/%)

fuzz: fuzzers		## run each fuzz target for FUZZ_SECONDS (default 60); FUZZ=name for one
	@sh tests/fuzz/run.sh $(FUZZ_SECONDS) $(or $(FUZZ:%=tests/fuzz/%_fuzz.c),$(FUZZERS))

# --- measuring ---
build/bench/gen: tests/bench/gen.c tests/bench/packet.c tests/bench/packet.h
	@mkdir -p $(@D)
	@$(CC) -std=c11 -O2 $(WARN) -o $@ $(filter %.c,$^) -lz
build/bench/measure: tests/bench/measure.c
	@mkdir -p $(@D)
	@$(CC) -std=c11 -O2 -D_GNU_SOURCE $(WARN) -o $@ $<
build/bench/mangle: tests/tools/mangle.c
	@mkdir -p $(@D)
	@$(CC) -std=c11 -O2 $(WARN) -o $@ $<
build/bench/blast: tests/tools/blast.c
	@mkdir -p $(@D)
	@$(CC) -std=gnu11 -O2 -D_GNU_SOURCE $(WARN) -o $@ $<
build/bench/handshake: tests/tools/handshake.c tests/bench/packet.c tests/bench/packet.h
	@mkdir -p $(@D)
	@$(CC) -std=gnu11 -O2 $(WARN) -o $@ $(filter %.c,$^) -lssl -lcrypto -lz
build/bench/deliver: tests/bench/deliver.c $(LIBRARY)
	@mkdir -p $(@D)
	@$(CC) $(CPPFLAGS) -MF $@.d $(PKG_CFLAGS) $(CFLAGS) $(LDFLAGS) -o $@ tests/bench/deliver.c $(LIBRARY) $(PKG_LIBS)
tools: build/bench/deliver build/bench/gen build/bench/measure build/bench/mangle build/bench/blast build/bench/handshake

bench: all tools	## CPU, packets/s, instructions a packet, memory a flow, beside ndpiReader in the same run
	@sh tests/bench/bench.sh
	@tests/soak.sh -n 200000 throughput

soak: all tools	## everything that can go wrong between the journal and Redis, 324,000 alerts each time; a full disk takes root
	@tests/soak.sh -n 324000 -k 20

eval: all		## score against labelled captures, where a folder with them stands beside the project
	@sh tests/eval.sh

golden: $(PROGRAM)	## every capture of pcaps/, against what it said before and what is true
	@tests/golden.sh $(abspath $(PROGRAM))

golden-update: $(PROGRAM)	## rewrite the golden outputs; then read the diff
	@tests/golden.sh -u $(abspath $(PROGRAM))

lab:	## make the captures of pcaps/ again, with real programs in network namespaces (root)
	@sh tests/install-deps.sh lab
	@tests/lab/lab.sh

live: $(PROGRAM) tools	## captures played into a mirrored port and watched (root)
	@tests/lab/live.sh $(abspath $(PROGRAM))

clean:
	rm -rf build punchwatch

help:	## this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1|\2/p' $(MAKEFILE_LIST) | awk -F'|' '{printf "  make %-14s %s\n", $$1, $$2}' 

include packaging/install.mk

-include $(OBJECTS:.o=.d) $(TESTS:=.d) $(FUZZERS:%.c=$(BUILD)/%.d)
