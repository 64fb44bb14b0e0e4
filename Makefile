# hfscan: find Hugging Face credentials before they are published.
# `make help` lists the targets.

VERSION := $(shell sed -n 's/^.define HFSCAN_VERSION "\(.*\)"/\1/p' src/hfscan.h)

# ---- where things go -------------------------------------------------------
B       ?= build
PREFIX  ?= /usr/local
BINDIR  ?= $(PREFIX)/bin
DATADIR ?= $(PREFIX)/share
DESTDIR ?=

# ---- the rooms, in the order a document passes them -------------------------
BASE    = alloc buf err quote lang tr names json_text small_file stream library pool wiped \
          sigbus os_linux git_offline
SOURCE  = source_files source_staged source_list name_list source_stdin walk settings folder tree \
          named visit repo repo_find repo_config git_open git_loose repo_index repo_index_file repo_ignore \
          repo_glob repo_exposure repo_staged repo_here history fresh fresh_commits oid_set \
          hooks_path range revisions git_dir refs commits connectivity \
          $(addprefix pack/,odb odb_visit odb_stretches odb_worker odb_read rebuild pack pack_index object_dirs delta inflate loose mapped oid listing seams pack_header lone_pack object_id)
VIEW    = condense text json terminal entities markup notebook notebook_parts forms form_utf \
          form_digits form_bytes form_escapes form_pieces form_counted
MATCH   = rules rules_path rules_check sample prefilter prefilter_x86 promise prefilter_neon \
          coded matcher patterns
INSIDE  = inside archive archive_input archive_members archive_hows rar archive_library database \
          xz zip_parts zip_records sevenzip sevenzip_header libsqlite git_pack whole sqlite \
          sqlite_pages sqlite_wal sqlite_format
TRACE   = trace targets reach trees last_tree paths holding origins person
VERIFY  = verify revoke whoami claims kind live http endpoint curl
JUDGE   = judge baseline mark placeholder bigrams
REPORT  = redact report report_text text_place text_class text_summary report_json json_class \
          report_csv report_html html html_class html_secret html_words forge report_sarif \
          report_gitlab report_codequality report_junit report_github report_markdown names \
          object live_text page gate group path place remedy topics say
CLI     = options options_table output generate progress verbs cmd run repos abreast cmd_scan \
          cmd_rules cmd_hook gates user_config project policy cmd_baseline gate_push cmd_ci \
          ci_range ci_change ci_github ci_gitlab hooks cmd_verify cmd_revoke cmd_explain ask given \
          secrets
HOOK    = script hook_file
FIX     = replacements

SRCS    = $(BASE:%=src/base/%.c) $(SOURCE:%=src/source/%.c) \
          $(VIEW:%=src/view/%.c) $(INSIDE:%=src/inside/%.c) $(MATCH:%=src/match/%.c) $(TRACE:%=src/trace/%.c) $(VERIFY:%=src/verify/%.c) $(FIX:%=src/fix/%.c) \
          $(JUDGE:%=src/judge/%.c) $(REPORT:%=src/report/%.c) \
          $(HOOK:%=src/hook/%.c) $(CLI:%=src/cli/%.c) src/scan.c src/scan_document.c src/scan_place.c \
          src/scan_cells.c src/scan_members.c src/scan_markup.c src/scan_coded.c \
          src/scan_repeated.c src/scan_scout.c src/result.c src/class.c src/class_people.c

# ---- how it is built --------------------------------------------------------
# MODE picks flags and a folder: release (default), debug, asan, ubsan, tsan.
MODE ?= release
O     = $(B)/$(MODE)

CC         ?= cc
PKG_CONFIG ?= pkg-config
PKGS        = libpcre2-8 libcjson nettle libdeflate zlib
CSTD        = -std=c11 -D_POSIX_C_SOURCE=200809L -D_GNU_SOURCE
WARN        = -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wpointer-arith \
              -Wwrite-strings -Wvla -Wformat=2 -Wno-unused-parameter
HARDEN      = -fstack-protector-strong -fPIE -D_FORTIFY_SOURCE=2

FLAGS_release   = -O3 -g -flto=auto $(HARDEN)
FLAGS_debug     = -Og -g3 -DHFSCAN_DEBUG
FLAGS_asan      = -O1 -g3 -fno-omit-frame-pointer -fsanitize=address -DHFSCAN_DEBUG
FLAGS_ubsan     = -O1 -g3 -fsanitize=undefined -fno-sanitize-recover=all -DHFSCAN_DEBUG
FLAGS_tsan      = -O1 -g3 -fsanitize=thread -DHFSCAN_DEBUG
FLAGS_fuzz      = -O2 -g3 -fno-omit-frame-pointer -fsanitize=address,undefined,fuzzer-no-link \
                  -fno-sanitize-coverage=trace-cmp -fno-sanitize-recover=undefined -DHFSCAN_DEBUG
LDFLAGS_release = -pie -Wl,-z,relro -Wl,-z,now -Wl,-z,noexecstack

include src/base/git_link.mk

ALL_CFLAGS  = $(CSTD) $(WARN) $(FLAGS_$(MODE)) -pthread -MMD -MP -Isrc \
              $(shell $(PKG_CONFIG) --cflags $(PKGS) libgit2) $(CPPFLAGS_GIT) $(CPPFLAGS) $(CFLAGS)
ALL_LDFLAGS = $(FLAGS_$(MODE)) $(LDFLAGS_$(MODE)) -pthread $(LDFLAGS)
LIBS       := $(shell $(PKG_CONFIG) --libs $(PKGS)) $(LIBS_GIT) -ldl

OBJS  = $(SRCS:%.c=$(O)/%.o) $(O)/rules_data.o $(O)/page_data.o $(O)/catalogs_data.o
UNITS = $(patsubst tests/unit/%.c,%,$(sort $(wildcard tests/unit/test_*.c)))

.PHONY: all
all: $(B)/hfscan

$(B)/hfscan: $(O)/hfscan always
	@cmp -s $< $@ || cp -f $< $@
.PHONY: always

$(O)/hfscan: $(O)/src/main.o $(OBJS)
	$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LIBS)

$(O)/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -c -o $@ $<

# How libgit2 is linked decides what this object defines.
$(O)/src/base/git_offline.o: $(O)/git-$(GIT)
$(O)/git-$(GIT):
	@mkdir -p $(@D)
	@rm -f $(O)/git-*
	@touch $@

# The rules travel inside the program: every rules/*.json as an array of C.
RULES = $(sort $(wildcard rules/*.json))
$(O)/rules_data.c: $(RULES) src/base/embed.sh
	@mkdir -p $(@D)
	sh src/base/embed.sh match/rules.h 'struct rules_data' rules_data $(RULES) > $@.tmp
	@mv $@.tmp $@
# So do the style and the script of the html report.
PAGE = src/report/page.css src/report/page.js
$(O)/page_data.c: $(PAGE) src/report/embed.sh
	@mkdir -p $(@D)
	sh src/report/embed.sh $(PAGE) > $@.tmp
	@mv $@.tmp $@
# So do the translations: po/*.po, compiled.
CATALOGS = $(patsubst po/%.po,$(O)/%.mo,$(sort $(wildcard po/*.po)))
$(O)/%.mo: po/%.po
	@mkdir -p $(@D)
	msgfmt --check-format --endianness=little -o $@ $<
$(O)/catalogs_data.c: $(CATALOGS) src/base/embed.sh
	sh src/base/embed.sh base/tr.h 'struct tr_catalog' tr_catalogs $(CATALOGS) > $@.tmp
	@mv $@.tmp $@
$(O)/rules_data.o $(O)/page_data.o $(O)/catalogs_data.o: %.o: %.c
	$(CC) $(ALL_CFLAGS) -c -o $@ $<

# ---- checks -----------------------------------------------------------------
# Programs of the tests: each unit test, and `expand`, which writes sample tokens.
$(O)/unit/%: tests/unit/%.c $(OBJS)
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -o $@ $< $(OBJS) $(LIBS) $(shell $(PKG_CONFIG) --libs cmocka)
$(O)/expand: tests/expand.c $(OBJS)
	$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -o $@ $< $(OBJS) $(LIBS)
# Fuzz targets: replayed by any compiler, searched with by clang's libFuzzer.
FUZZERS   = pack delta notebook lone database wal markup forms scan zip_parts sevenzip xz rar
FUZZ_SRCS = tests/fuzz/exact_map.c $(if $(filter fuzz,$(MODE)),,tests/fuzz/standalone.c)
FUZZ_OBJS = $(filter-out %/pack/mapped.o,$(OBJS))
$(O)/fuzz_%: tests/fuzz/fuzz_%.c tests/fuzz/scratch.h $(FUZZ_SRCS) $(FUZZ_OBJS)
	$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) $(LDFLAGS_FUZZER) -o $@ $< $(FUZZ_SRCS) $(FUZZ_OBJS) $(LIBS)
$(O)/bench_%: tests/bench/bench_%.c $(OBJS)
	$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -o $@ $< $(OBJS) $(LIBS)

.PHONY: check check-units check-cases check-cli check-git check-fuzz check-notebooks check-office check-live check-precommit check-pages check-real check-po
check: check-po check-units check-cases check-cli check-git check-fuzz  ## everything that is fast

check-po:                                       ## no message without a translation
	python3 tests/po.py

check-units: $(UNITS:%=$(O)/unit/%)             ## unit tests (cmocka)
	@set -e; for t in $(UNITS:%=$(O)/unit/%); do echo "== $$t"; $(RUN) $$t; done

check-fuzz: $(FUZZERS:%=$(O)/fuzz_%)            ## the fuzz targets' corpora, replayed
	@set -e; for f in $(FUZZERS); do $(RUN) $(O)/fuzz_$$f tests/fuzz/corpus/$$f; done

# New inputs go to the build folder; tests/fuzz/README.md says which are kept.
FUZZ_SECONDS ?= 60
.PHONY: fuzz run-fuzz
fuzz:                                           ## look for new inputs, FUZZ_SECONDS each (clang)
	@echo 'int LLVMFuzzerTestOneInput(void) { return 0; }' | \
	    clang -fsanitize=fuzzer,address -x c -o /dev/null - 2>/dev/null || { \
	    echo "make fuzz: needs clang with libFuzzer (Debian: clang and libclang-rt-dev)" >&2; \
	    exit 1; }
	$(MAKE) MODE=fuzz CC=clang LDFLAGS_FUZZER=-fsanitize=fuzzer run-fuzz
run-fuzz: $(FUZZERS:%=$(O)/fuzz_%)
	set -e; for f in $(FUZZERS); do mkdir -p $(O)/corpus/$$f; \
	    $(O)/fuzz_$$f -max_total_time=$(FUZZ_SECONDS) -timeout=10 -rss_limit_mb=1024 \
	        -artifact_prefix=$(O)/corpus/ $(O)/corpus/$$f tests/fuzz/corpus/$$f; done

check-cases: $(O)/hfscan $(O)/expand            ## golden cases, and the rules' own examples
	$(O)/hfscan rules check
	HFSCAN=$(O)/hfscan EXPAND=$(O)/expand sh tests/run_cases.sh

check-cli: $(O)/hfscan $(O)/expand              ## the command line (bats)
	HFSCAN=$(abspath $(O)/hfscan) EXPAND=$(abspath $(O)/expand) bats tests/cli

check-git: $(O)/hfscan $(O)/expand              ## histories, held to what git says (bats)
	HFSCAN=$(abspath $(O)/hfscan) EXPAND=$(abspath $(O)/expand) bats tests/git

check-notebooks: $(O)/hfscan $(O)/expand        ## notebooks; fetches what writes them from PyPI, once
	HFSCAN=$(abspath $(O)/hfscan) EXPAND=$(abspath $(O)/expand) bats tests/notebooks

check-office: $(O)/hfscan $(O)/expand           ## office documents; fetches what writes them from PyPI, once
	HFSCAN=$(abspath $(O)/hfscan) EXPAND=$(abspath $(O)/expand) bats tests/office

check-precommit: $(O)/hfscan $(O)/expand        ## the pre-commit framework; fetches it from PyPI, once
	HFSCAN=$(abspath $(O)/hfscan) EXPAND=$(abspath $(O)/expand) bats tests/precommit

check-pages: $(O)/hfscan $(O)/expand            ## the html report in a headless Chromium
	HFSCAN=$(abspath $(O)/hfscan) EXPAND=$(abspath $(O)/expand) bats tests/pages

check-live: $(O)/hfscan $(O)/expand             ## asking whether tokens work, of a server on the loopback
	HFSCAN=$(abspath $(O)/hfscan) EXPAND=$(abspath $(O)/expand) bats tests/live

check-real: $(B)/hfscan $(B)/release/expand     ## on big real trees; fetches them from package registries
	HFSCAN=$(abspath $(B)/hfscan) EXPAND=$(abspath $(B)/release/expand) bats tests/real

# A test asks for more memory than there is.
MAY_FAIL = allocator_may_return_null=1

.PHONY: check-asan check-ubsan check-tsan check-valgrind
check-asan check-ubsan check-tsan: check-%:     ## units and cases under a sanitizer
	ASAN_OPTIONS=$(MAY_FAIL) TSAN_OPTIONS=$(MAY_FAIL) $(MAKE) MODE=$* check-units check-cases check-fuzz

check-valgrind:                                 ## unit tests under valgrind
	$(MAKE) MODE=debug RUN="valgrind -q --error-exitcode=99 --leak-check=full" check-units

.PHONY: bench fmt install uninstall clean help
bench: $(B)/hfscan                              ## time it against the peers that are installed
	sh ci/bench.sh

fmt:                                            ## lay out the sources
	clang-format -i $$(git ls-files '*.c' '*.h')

install: $(B)/hfscan                            ## into $(DESTDIR)$(PREFIX)
	install -d $(DESTDIR)$(BINDIR) $(DESTDIR)$(DATADIR)/man/man1 \
	    $(DESTDIR)$(DATADIR)/man/es/man1 \
	    $(DESTDIR)$(DATADIR)/bash-completion/completions \
	    $(DESTDIR)$(DATADIR)/zsh/site-functions $(DESTDIR)$(DATADIR)/fish/vendor_completions.d
	install -m 755 $(B)/hfscan $(DESTDIR)$(BINDIR)/hfscan
	$(B)/hfscan --lang en --generate man  > $(DESTDIR)$(DATADIR)/man/man1/hfscan.1
	$(B)/hfscan --lang es --generate man  > $(DESTDIR)$(DATADIR)/man/es/man1/hfscan.1
	$(B)/hfscan --lang en --generate bash > $(DESTDIR)$(DATADIR)/bash-completion/completions/hfscan
	$(B)/hfscan --lang en --generate zsh  > $(DESTDIR)$(DATADIR)/zsh/site-functions/_hfscan
	$(B)/hfscan --lang en --generate fish > $(DESTDIR)$(DATADIR)/fish/vendor_completions.d/hfscan.fish

uninstall:                                      ## takes away what install put there
	rm -f $(DESTDIR)$(BINDIR)/hfscan $(DESTDIR)$(DATADIR)/man/man1/hfscan.1 \
	    $(DESTDIR)$(DATADIR)/man/es/man1/hfscan.1 \
	    $(DESTDIR)$(DATADIR)/bash-completion/completions/hfscan \
	    $(DESTDIR)$(DATADIR)/zsh/site-functions/_hfscan \
	    $(DESTDIR)$(DATADIR)/fish/vendor_completions.d/hfscan.fish

clean:                                          ## takes away what was built
	rm -rf $(B)

help:                                           ## lists the targets
	@echo "make                builds $(B)/hfscan ($(VERSION))"
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1|\2/p' Makefile | \
	    while IFS='|' read -r t d; do printf 'make %-14s %s\n' "$$t" "$$d"; done
	@echo "make check-asan, check-ubsan, check-tsan: units and cases under a sanitizer"

-include $(OBJS:.o=.d) $(O)/src/main.d $(UNITS:%=$(O)/unit/%.d)
