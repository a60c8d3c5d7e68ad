# install.mk -- where everything goes: `make install` and `make uninstall`, with DESTDIR and the usual folders; the Debian package.
#
#   make install prefix=/usr sysconfdir=/etc DESTDIR=/tmp/tree

prefix      ?= /usr/local
bindir      ?= $(prefix)/bin
datadir     ?= $(prefix)/share
mandir      ?= $(datadir)/man
docdir      ?= $(datadir)/doc/punchwatch
unitdir     ?= $(prefix)/lib/systemd/system
sysusersdir ?= $(prefix)/lib/sysusers.d
# Whatever the prefix, so that the configuration is where everything that is written about it says. The program knows it.
sysconfdir  ?= /etc
share        = $(DESTDIR)$(datadir)/punchwatch
etc          = $(DESTDIR)$(sysconfdir)/punchwatch
MAN          = build/man/punchwatch.1 build/man/punchwatch.yaml.5

# Said once more only when it changes: what names the folder is then built anew.
build/sysconfdir: FORCE
	@mkdir -p $(@D)
	@[ "$$(cat $@ 2>/dev/null)" = "$(sysconfdir)" ] || echo "$(sysconfdir)" > $@
CPPFLAGS    += $(if $(filter-out /etc,$(sysconfdir)),-DSYSCONFDIR='"$(sysconfdir)"')
$(BUILD)/sensor/option_table.o $(BUILD)/sensor/options.o $(BUILD)/sensor/help.o $(BUILD)/sensor/signature_folder.o \
    $(BUILD)/sensor/crypto_file.o: build/sysconfdir

.PHONY: FORCE man install install-program install-data install-etc install-service uninstall deb

man: $(MAN)	## the manual pages, into build/man: from the program's own help, and from config/punchwatch.yaml
build/man/punchwatch.1: docs/man/punchwatch.1.in docs/man/help.awk $(PROGRAM)
	@mkdir -p $(@D)
	@sh docs/man/man1.sh $(abspath $(PROGRAM)) > $@
build/man/punchwatch.yaml.5: docs/man/yaml.awk config/punchwatch.yaml sensor/base/version.h
	@mkdir -p $(@D)
	@sh docs/man/man5.sh > $@

install: install-program install-data install-etc install-service	## install, by default under /usr/local; prefix=, sysconfdir=, DESTDIR=

install-program: $(PROGRAM) $(MAN)
	install -d $(DESTDIR)$(bindir) $(DESTDIR)$(mandir)/man1 $(DESTDIR)$(mandir)/man5
	install -m 755 $(PROGRAM) $(DESTDIR)$(bindir)/punchwatch
	install -m 644 build/man/punchwatch.1 $(DESTDIR)$(mandir)/man1/
	install -m 644 build/man/punchwatch.yaml.5 $(DESTDIR)$(mandir)/man5/

install-data:
	install -d $(share)/signatures $(share)/crypto $(share)/dashboards $(DESTDIR)$(docdir)/examples
	install -m 644 signatures/*.yaml $(share)/signatures/
	install -m 644 config/crypto/*.yaml $(share)/crypto/
	install -m 644 config/networks.yaml config/punchwatch.yaml config/policy.yaml $(share)/
	install -m 644 config/dashboards/* $(share)/dashboards/
	install -m 644 README.md docs/*.md $(DESTDIR)$(docdir)/
	install -m 644 signatures/README.md $(DESTDIR)$(docdir)/signatures.md
	install -m 644 config/readers/* $(DESTDIR)$(docdir)/examples/

# What is there is the administrator's: it stays, and the new one is in share/punchwatch.
install-etc:
	install -d $(etc)/signatures.d $(etc)/crypto $(DESTDIR)$(sysconfdir)/default
	test -e $(etc)/punchwatch.yaml || sh packaging/service_config.sh config/punchwatch.yaml > $(etc)/punchwatch.yaml
	test -e $(etc)/policy.yaml || install -m 644 config/policy.yaml $(etc)/
	test -e $(DESTDIR)$(sysconfdir)/default/punchwatch || \
	    install -m 644 config/service/punchwatch.default $(DESTDIR)$(sysconfdir)/default/punchwatch

install-service:
	install -d $(DESTDIR)$(unitdir) $(DESTDIR)$(sysusersdir)
	sed -e 's|@bindir@|$(bindir)|' -e 's|@sysconfdir@|$(sysconfdir)|' config/service/punchwatch.service.in > $(DESTDIR)$(unitdir)/punchwatch.service
	chmod 644 $(DESTDIR)$(unitdir)/punchwatch.service
	install -m 644 config/service/punchwatch.sysusers $(DESTDIR)$(sysusersdir)/punchwatch.conf

uninstall:	## remove what install put there; a configuration that was changed stays
	rm -f $(DESTDIR)$(bindir)/punchwatch $(DESTDIR)$(mandir)/man1/punchwatch.1 $(DESTDIR)$(mandir)/man5/punchwatch.yaml.5
	rm -f $(DESTDIR)$(unitdir)/punchwatch.service $(DESTDIR)$(sysusersdir)/punchwatch.conf
	sh packaging/service_config.sh config/punchwatch.yaml | cmp -s - $(etc)/punchwatch.yaml && rm -f $(etc)/punchwatch.yaml || :
	cmp -s config/policy.yaml $(etc)/policy.yaml && rm -f $(etc)/policy.yaml || :
	cmp -s config/service/punchwatch.default $(DESTDIR)$(sysconfdir)/default/punchwatch && rm -f $(DESTDIR)$(sysconfdir)/default/punchwatch || :
	rmdir $(etc)/signatures.d $(etc)/crypto $(etc) 2>/dev/null || :
	rm -rf $(share) $(DESTDIR)$(docdir)

deb:	## build the Debian package, into build/deb; lintian must be content with it
	@sh packaging/deb.sh
