# How libgit2 is linked. Needs PKG_CONFIG; NM may be set. Gives
#   GIT           static or shared; set it to shared to force the fallback
#   LIBS_GIT      for the end of the link line, git_offline.o being among the objects
#   CPPFLAGS_GIT  -DHFSCAN_GIT_STATIC when git_offline.c has to define its names
#
# Static is the library Debian and its kin ship: built with mbedTLS and libssh2,
# and holding every name that git_offline.c puts itself in the place of. What
# else the remaining members need is read off their undefined names.
NM ?= nm

GIT_LIBDIR   := $(shell $(PKG_CONFIG) --variable=libdir libgit2 2>/dev/null)
GIT_ARCHIVE  := $(wildcard $(GIT_LIBDIR)/libgit2.a)
GIT_CRYPTO   := $(wildcard $(GIT_LIBDIR)/libmbedcrypto.a)
GIT_REPLACED  = git_transport_new git_http__expect_continue git_smart__ofs_delta_enabled \
                git_mbedtls_stream_global_init git_mbedtls__set_cert_location
GIT_WRAPPED   = p_open git_mwindow_open git_packfile_unpack git_packfile_resolve_header \
                git_fs_path_contains_file git_futils_readbuffer
GIT_CALLED    = git_str_sets
GIT_SSH_INIT  = git_transport_ssh_global_init git_transport_ssh_libssh2_global_init

ifneq ($(GIT_ARCHIVE),)
GIT_DEFINED := $(shell $(NM) -g $(GIT_ARCHIVE) 2>/dev/null | \
                   awk 'NF == 3 && $$2 ~ /[TDBR]/ { print $$3 }')
GIT_FOREIGN := $(shell $(NM) -gu $(GIT_ARCHIVE) 2>/dev/null | \
                   awk '$$2 ~ /^(http_parser_|llhttp_|mbedtls_sha256_|SSL_|gnutls_|curl_)/ { print $$2 }' | sort -u)
endif

# 1 when every name is there, the digests come from mbedTLS (or from libgit2
# itself) and no other TLS library is asked for.
GIT_FITS := $(if $(GIT_DEFINED),$(if $(filter-out $(GIT_DEFINED),$(GIT_REPLACED) $(GIT_WRAPPED) $(GIT_CALLED)),,$(if \
                $(filter $(GIT_SSH_INIT),$(GIT_DEFINED)),$(if \
                $(filter SSL_% gnutls_% curl_%,$(GIT_FOREIGN)),,1))))
ifneq ($(filter mbedtls_sha256_%,$(GIT_FOREIGN)),)
ifeq ($(GIT_CRYPTO),)
GIT_FITS :=
endif
endif

# Whatever else an environment may call GIT is not meant for us.
ifeq ($(filter static shared,$(GIT)),)
override GIT := $(if $(GIT_FITS),static,shared)
endif

ifeq ($(GIT),static)
CPPFLAGS_GIT := -DHFSCAN_GIT_STATIC
LIBS_GIT     := $(GIT_WRAPPED:%=-Wl,--wrap=%) $(GIT_ARCHIVE) \
                $(if $(filter mbedtls_sha256_%,$(GIT_FOREIGN)),$(GIT_CRYPTO)) \
                $(if $(filter http_parser_%,$(GIT_FOREIGN)),$(or \
                  $(wildcard $(GIT_LIBDIR)/libhttp_parser.a),-lhttp_parser)) \
                $(shell $(PKG_CONFIG) --libs libpcre2-8 zlib)
else
CPPFLAGS_GIT :=
LIBS_GIT     := $(shell $(PKG_CONFIG) --libs libgit2)
endif
