/* hosts_file.c -- see hosts.h: the forms in which sites keep the names of their hosts. */
#include "hosts_list.h"

#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

enum {
	LINE = 1024, FIELDS = 24,
	LEASE_TIME_DIGITS = 5,		/* dnsmasq: a first field of at least so many digits is a time */
};

enum column { COLUMN_OTHER, COLUMN_ADDRESS, COLUMN_CARD, COLUMN_NAME };

struct reader {
	struct hosts *to;
	const char *file;
	struct mistakes *mistakes;
	unsigned line;
	bool ok;
	bool has_columns;
	uint8_t column[FIELDS];
	/* ISC dhcpd: of the lease that is open */
	bool in_lease;
	struct addr address;
	bool has_card;
	uint8_t card[6];
	char name[HOST_NAME];
};

bool mac_parse(const char *text, uint8_t to[static 6])
{
	for (unsigned i = 0; i < 6; i++) {
		unsigned v = 0;

		for (unsigned k = 0; k < 2; k++, text++) {
			char c = *text;

			if (c >= '0' && c <= '9')
				v = v << 4 | (unsigned)(c - '0');
			else if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f')
				v = v << 4 | (unsigned)((c | 0x20) - 'a' + 10);
			else
				return false;
		}
		to[i] = (uint8_t)v;
		if (i < 5 && *text != ':' && *text != '-')
			return false;
		text += i < 5;
	}
	return *text == '\0';
}

static void wrong(struct reader *r, const char *what)
{
	mistake(r->mistakes, r->file, r->line, NULL, "%s", what);
	r->ok = false;
}

/* --- fields --- */

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

static char *trimmed(char *text)
{
	size_t n;

	while (is_blank(*text))
		text++;
	n = strlen(text);
	while (n > 0 && is_blank(text[n - 1]))
		text[--n] = '\0';
	if (n >= 2 && text[0] == '"' && text[n - 1] == '"') {
		text[n - 1] = '\0';
		text++;
	}
	return text;
}

/* Cut a line at `between`, or at blanks (0). Returns how many fields there are. */
static unsigned split(char *line, char between, char *field[FIELDS])
{
	unsigned n = 0;

	while (n < FIELDS) {
		char *end;

		if (between == 0)
			line += strspn(line, " \t\r");
		if (between == 0 && *line == '\0')
			break;
		end = line + (between != 0 ? strcspn(line, (char[]){between, '\0'}) : strcspn(line, " \t\r"));
		field[n] = line;
		line = end + (*end != '\0');
		if (*end == '\0') {
			field[n] = trimmed(field[n]);
			n++;
			break;
		}
		*end = '\0';
		field[n] = trimmed(field[n]);
		n++;
	}
	return n;
}

static bool is_name(const char *text)
{
	return text[0] != '\0' && strcmp(text, "*") != 0 && strcmp(text, "-") != 0;
}

/* --- a host --- */

static void add(struct reader *r, const struct addr *a, const uint8_t *mac, const char *name)
{
	bool room = true;

	if (!is_name(name))
		return;
	if (a != NULL)
		room = hosts_add_address(r->to, a, name);
	if (mac != NULL)
		room = hosts_add_card(r->to, mac, name) && room;
	if (!room && r->ok)
		wrong(r, "there are more hosts than are kept: this one and all that follow are left out");
}

static bool parse_address(const char *text, struct addr *to)
{
	char alone[ADDR_TEXT];
	size_t n = strcspn(text, "%/");		/* a zone, or a prefix length */

	if (n >= sizeof alone)
		return false;
	memcpy(alone, text, n);
	alone[n] = '\0';
	return addr_parse(alone, to);
}

/* --- rows --- */

static enum column column_of(const char *title)
{
	static const struct {
		const char *title;
		enum column column;
	} titles[] = {
		{"address", COLUMN_ADDRESS}, {"ip", COLUMN_ADDRESS}, {"ip_address", COLUMN_ADDRESS}, {"ip-address", COLUMN_ADDRESS},
		{"ip address", COLUMN_ADDRESS}, {"ipaddress", COLUMN_ADDRESS}, {"mac", COLUMN_CARD}, {"hwaddr", COLUMN_CARD},
		{"mac_address", COLUMN_CARD}, {"mac-address", COLUMN_CARD}, {"mac address", COLUMN_CARD}, {"hardware", COLUMN_CARD},
		{"ethernet", COLUMN_CARD}, {"name", COLUMN_NAME}, {"host", COLUMN_NAME}, {"hostname", COLUMN_NAME},
		{"host_name", COLUMN_NAME}, {"host-name", COLUMN_NAME}, {"host name", COLUMN_NAME},
	};

	for (size_t i = 0; i < sizeof titles / sizeof *titles; i++)
		if (strcasecmp(title, titles[i].title) == 0)
			return titles[i].column;
	return COLUMN_OTHER;
}

/* A first row with neither address names the columns. */
static bool read_titles(struct reader *r, char *field[FIELDS], unsigned n)
{
	bool key = false, name = false;

	for (unsigned i = 0; i < n; i++) {
		r->column[i] = (uint8_t)column_of(field[i]);
		key = key || r->column[i] == COLUMN_ADDRESS || r->column[i] == COLUMN_CARD;
		name = name || r->column[i] == COLUMN_NAME;
	}
	r->has_columns = key && name;
	return r->has_columns;
}

static void read_row(struct reader *r, char *field[FIELDS], unsigned n, bool first)
{
	const char *name = "";
	struct addr address;
	uint8_t mac[6], *has_mac = NULL;
	struct addr *has_address = NULL;

	if (first && read_titles(r, field, n))
		return;
	for (unsigned i = 0; i < n; i++) {
		enum column c = r->has_columns ? r->column[i] : COLUMN_OTHER;

		if ((c == COLUMN_ADDRESS || !r->has_columns) && has_address == NULL && parse_address(field[i], &address))
			has_address = &address;
		else if ((c == COLUMN_CARD || !r->has_columns) && has_mac == NULL && mac_parse(field[i], mac))
			has_mac = mac;
		else if ((c == COLUMN_NAME || !r->has_columns) && !is_name(name))
			name = field[i];
	}
	if (has_address == NULL && has_mac == NULL)
		wrong(r, "neither an address nor an Ethernet address");
	else
		add(r, has_address, has_mac, name);
}

/* --- blanks between: dnsmasq's leases, /etc/hosts --- */

static bool is_time(const char *text)
{
	size_t n = strspn(text, "0123456789");

	return text[n] == '\0' && (n >= LEASE_TIME_DIGITS || strcmp(text, "0") == 0);
}

static void read_words(struct reader *r, char *field[FIELDS], unsigned n)
{
	struct addr address;
	uint8_t mac[6];

	if (n == 2 && strcmp(field[0], "duid") == 0)
		return;			/* dnsmasq: the server's own; IPv6 leases follow */
	if (n >= 4 && is_time(field[0]) && parse_address(field[2], &address)) {
		add(r, &address, mac_parse(field[1], mac) ? mac : NULL, field[3]);
		return;
	}
	if (n >= 2 && parse_address(field[0], &address))
		add(r, &address, NULL, field[1]);
	else
		read_row(r, field, n, false);
}

/* --- ISC dhcpd --- */

static void close_lease(struct reader *r)
{
	add(r, &r->address, r->has_card ? r->card : NULL, r->name);
	r->in_lease = false;
}

static void read_lease(struct reader *r, char *line)
{
	char *field[FIELDS];
	unsigned n;

	line[strcspn(line, ";")] = '\0';
	n = split(line, 0, field);
	if (n >= 3 && strcmp(field[0], "lease") == 0 && strcmp(field[2], "{") == 0) {
		r->in_lease = parse_address(field[1], &r->address);
		r->has_card = false;
		r->name[0] = '\0';
		if (!r->in_lease)
			wrong(r, "no address behind `lease`");
	} else if (n >= 1 && strcmp(field[0], "}") == 0 && r->in_lease) {
		close_lease(r);
	} else if (r->in_lease && n >= 3 && strcmp(field[0], "hardware") == 0 && strcmp(field[1], "ethernet") == 0) {
		r->has_card = mac_parse(field[2], r->card);
	} else if (r->in_lease && n >= 2 && strcmp(field[0], "client-hostname") == 0) {
		snprintf(r->name, sizeof r->name, "%.*s", (int)sizeof r->name - 1, field[1]);
	}
}

/* --- a file --- */

/* The next line without its end, cut if it is too long; zero bytes become blanks. False: there is none. */
static bool next_line(struct reader *r, struct cursor *c, char line[static LINE])
{
	size_t n = 0;

	if (c->left == 0)
		return false;
	r->line++;
	while (c->left > 0) {
		char b = (char)cur_u8(c);

		if (b == '\n')
			break;
		if (n < LINE - 1)
			line[n++] = b != '\0' ? b : ' ';
	}
	line[n] = '\0';
	return true;
}

static bool is_isc(struct cursor c)
{
	struct reader r = {.line = 0};
	char line[LINE];

	while (next_line(&r, &c, line))
		if (strncmp(line, "lease ", 6) == 0 && strchr(line, '{') != NULL)
			return true;
	return false;
}

static void read_line(struct reader *r, char *line, bool first)
{
	char *field[FIELDS];
	char between = strchr(line, ',') != NULL ? ',' : strchr(line, ';') != NULL ? ';' : 0;

	if (between == 0 && (r->has_columns || (first && strchr(line, '\t') != NULL)))
		between = '\t';
	if (between != 0)
		read_row(r, field, split(line, between, field), first);
	else
		read_words(r, field, split(line, 0, field));
}

bool hosts_read(struct hosts *h, const char *name, struct cursor text, struct mistakes *mistakes)
{
	struct reader r = {.to = h, .file = name, .mistakes = mistakes, .ok = true};
	bool isc = is_isc(text), first = true;
	char line[LINE];

	if (cur_starts(&text, "\xef\xbb\xbf", 3))	/* a byte order mark */
		cur_skip(&text, 3);
	while (next_line(&r, &text, line)) {
		char *at;

		line[strcspn(line, "#")] = '\0';
		at = trimmed(line);
		if (*at == '\0')
			continue;
		if (isc)
			read_lease(&r, at);
		else
			read_line(&r, at, first);
		first = false;
	}
	return r.ok;
}
