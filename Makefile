# hfscan: find Hugging Face credentials before they are published.
# `make help` lists the targets.

VERSION := $(shell sed -n 's/^.define HFSCAN_VERSION "\(.*\)"/\1/p' src/hfscan.h)

# ---- where things go -------------------------------------------------------
B       ?= build

# ---- the rooms, in the order a document passes them -------------------------
BASE    = alloc buf err quote lang stream pool os_linux git_offline
SOURCE  = source_files source_list source_stdin walk folder tree named visit \
          repo repo_index repo_index_file repo_ignore repo_glob repo_exposure
MATCH   = rules rules_path rules_check sample prefilter prefilter_x86 prefilter_neon matcher
JUDGE   = judge placeholder bigrams
REPORT  = redact report report_text report_json page group path place remedy say

SRCS    = $(BASE:%=src/base/%.c) $(SOURCE:%=src/source/%.c) \
          $(MATCH:%=src/match/%.c) $(JUDGE:%=src/judge/%.c) $(REPORT:%=src/report/%.c) \
         

# ---- how it is built --------------------------------------------------------
# MODE picks flags and a folder: release (default), debug, asan, ubsan, tsan.
MODE ?= release
O     = $(B)/$(MODE)

CC         ?= cc
PKG_CONFIG ?= pkg-config
PKGS        = libpcre2-8 libcjson nettle
CSTD        = -std=c11 -D_POSIX_C_SOURCE=200809L -D_GNU_SOURCE
WARN        = -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wpointer-arith \
              -Wwrite-strings -Wvla -Wformat=2 -Wno-unused-parameter
HARDEN      = -fstack-protector-strong -fPIE -D_FORTIFY_SOURCE=2

FLAGS_release   = -O3 -g -flto=auto $(HARDEN)
FLAGS_debug     = -Og -g3 -DHFSCAN_DEBUG
FLAGS_asan      = -O1 -g3 -fno-omit-frame-pointer -fsanitize=address -DHFSCAN_DEBUG
FLAGS_ubsan     = -O1 -g3 -fsanitize=undefined -fno-sanitize-recover=all -DHFSCAN_DEBUG
FLAGS_tsan      = -O1 -g3 -fsanitize=thread -DHFSCAN_DEBUG
LDFLAGS_release = -pie -Wl,-z,relro -Wl,-z,now -Wl,-z,noexecstack

include src/base/git_link.mk

ALL_CFLAGS  = $(CSTD) $(WARN) $(FLAGS_$(MODE)) -pthread -MMD -MP -Isrc \
              $(shell $(PKG_CONFIG) --cflags $(PKGS) libgit2) $(CPPFLAGS_GIT) $(CPPFLAGS) $(CFLAGS)
ALL_LDFLAGS = $(FLAGS_$(MODE)) $(LDFLAGS_$(MODE)) -pthread $(LDFLAGS)
LIBS       := $(shell $(PKG_CONFIG) --libs $(PKGS)) $(LIBS_GIT) -lm

OBJS  = $(SRCS:%.c=$(O)/%.o) $(O)/rules_data.o
UNITS = $(patsubst tests/unit/%.c,%,$(sort $(wildcard tests/unit/test_*.c)))

.PHONY: all
all: $(OBJS)

$(O)/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -c -o $@ $<

# The rules travel inside the program: every rules/*.json as an array of C.
RULES = $(sort $(wildcard rules/*.json))
$(O)/rules_data.c: $(RULES) src/match/embed.sh
	@mkdir -p $(@D)
	sh src/match/embed.sh $(RULES) > $@.tmp
	@mv $@.tmp $@
$(O)/rules_data.o: $(O)/rules_data.c
	$(CC) $(ALL_CFLAGS) -c -o $@ $<

# ---- checks -----------------------------------------------------------------
$(O)/unit/%: tests/unit/%.c $(OBJS)
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -o $@ $< $(OBJS) $(LIBS) $(shell $(PKG_CONFIG) --libs cmocka)
.PHONY: check check-units
check: check-units                              ## everything there is

check-units: $(UNITS:%=$(O)/unit/%)             ## unit tests (cmocka)
	@set -e; for t in $(UNITS:%=$(O)/unit/%); do echo "== $$t"; $(RUN) $$t; done

.PHONY: check-asan check-ubsan check-tsan check-valgrind
check-asan check-ubsan check-tsan: check-%:     ## units under a sanitizer
	$(MAKE) MODE=$* CC=clang check-units

check-valgrind:                                 ## unit tests under valgrind
	$(MAKE) MODE=debug RUN="valgrind -q --error-exitcode=99 --leak-check=full" check-units

.PHONY: fmt clean help
fmt:                                            ## lay out the sources
	clang-format -i $$(git ls-files '*.c' '*.h')

clean:                                          ## takes away what was built
	rm -rf $(B)

help:                                           ## lists the targets
	@echo "make                builds the rooms ($(VERSION))"
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1|\2/p' Makefile | \
	    while IFS='|' read -r t d; do printf 'make %-14s %s\n' "$$t" "$$d"; done
	@echo "make check-asan, check-ubsan, check-tsan: units under a sanitizer"

-include $(OBJS:.o=.d) $(UNITS:%=$(O)/unit/%.d)
