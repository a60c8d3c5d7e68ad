/* dpi_ndpi.c -- see dpi_lib.h. The one file that includes nDPI's headers, and that knows the differences from 4.2 to 5.x.
 *
 * A label is a fact only if it rests on the flow's own bytes. nDPI also looks addresses up in lists, and in caches that other
 * flows have filled, and in 4.2 says "DPI" to what it found there (the keys of its STUN cache are sums of address and port, with
 * no expiry). So it never sees the real addresses: each flow gets two of its own, out of space that nobody uses, and neither
 * list nor cache can know them. What remains is filtered by its confidence, and by the table of its weak tests below.
 */
#include "dpi_lib.h"

#include "../base/log.h"

#include <ndpi_api.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define AT_LEAST(major, minor) (NDPI_MAJOR * 100 + NDPI_MINOR >= (major) * 100 + (minor))

#define TEXT_OF(x) #x
#define TEXT(x) TEXT_OF(x)

enum {
	SKYPE_CALL = 38,	/* the number is stable, its name is not */
};

struct dpi_lib {
	struct ndpi_detection_module_struct *module;
	_Alignas(8) uint8_t packet[UINT16_MAX];	/* the packet in hand, with other addresses */
};

/* What nDPI calls by these names on too little evidence, unless it is known from a name in the flow (TLS, QUIC). */
static const struct weak {
	uint16_t id;
	bool keep_master;	/* the master protocol's own test is sound: keep that */
} weak[] = {
	/* Sub-protocols of STUN: 0xC057 is any libwebrtc, 0x80 as a first byte any RTP, an empty request to a Google address
	 * no Hangout. That it is STUN is tested well enough to be said. */
	{NDPI_PROTOCOL_STUN, true},
	/* Version bits and a payload type: one in forty random datagrams. */
	{NDPI_PROTOCOL_RTP, false},
	/* One byte of a datagram, and a few of its length. */
	{NDPI_PROTOCOL_SKYPE_TEAMS, false},
	{SKYPE_CALL, false},
};

/* What we want names for; the dissectors of everything else (games, databases, meters) are off: half of what nDPI costs goes
 * into finding that a flow is none of them. */
static const ndpi_protocol_category_t wanted[] = {
	NDPI_PROTOCOL_CATEGORY_VOIP, NDPI_PROTOCOL_CATEGORY_CHAT, NDPI_PROTOCOL_CATEGORY_COLLABORATIVE,
	NDPI_PROTOCOL_CATEGORY_SOCIAL_NETWORK, NDPI_PROTOCOL_CATEGORY_DOWNLOAD_FT, NDPI_PROTOCOL_CATEGORY_FILE_SHARING,
	NDPI_PROTOCOL_CATEGORY_VPN, NDPI_PROTOCOL_CATEGORY_REMOTE_ACCESS,
};

/* What carries others, and what is wanted in spite of its category. */
static const uint16_t carriers[] = {NDPI_PROTOCOL_TLS, NDPI_PROTOCOL_DTLS, NDPI_PROTOCOL_QUIC, NDPI_PROTOCOL_STUN};
static const uint16_t also_wanted[] = {NDPI_PROTOCOL_ZOOM};
/* And what is not: no call, no peer, and a fifth of all that nDPI costs on a border. */
static const uint16_t unwanted[] = {NDPI_PROTOCOL_FTP_CONTROL};

/* Found by a handshake or by text, where one packet is proof. The others go by a few bits at fixed places, and some random
 * datagrams have them: of a million, 260 were OpenVPN, 41 NOE, 18 Viber, 13 H323; of streams, none. */
static const uint16_t sound[] = {
	NDPI_PROTOCOL_TLS, NDPI_PROTOCOL_DTLS, NDPI_PROTOCOL_QUIC, NDPI_PROTOCOL_SIP, NDPI_PROTOCOL_BITTORRENT,
};

static bool is_one_of(uint16_t id, const uint16_t *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (list[i] == id)
			return true;
	return false;
}

#define IS_ONE_OF(id, list) is_one_of(id, list, sizeof(list) / sizeof(list)[0])

static bool is_wanted(struct ndpi_detection_module_struct *module, uint16_t id)
{
#if AT_LEAST(4, 11)
	ndpi_protocol p = {.proto = {.app_protocol = id}};
#else
	ndpi_protocol p = {.app_protocol = id};
#endif
	ndpi_protocol_category_t category = ndpi_get_proto_category(module, p);

	for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++)
		if (wanted[i] == category)
			return true;
	return IS_ONE_OF(id, also_wanted);
}

static bool is_to_run(struct ndpi_detection_module_struct *module, uint16_t id)
{
	return (is_wanted(module, id) && !IS_ONE_OF(id, unwanted)) || IS_ONE_OF(id, carriers);
}

/* Which dissectors run. False: nDPI does not take it. */
#if AT_LEAST(5, 0)
static bool choose(struct dpi_lib *lib)
{
	/* All run that are not switched off before the end of initialization, and only then it says how many there are. So a
	 * module that is not used tells. */
	struct ndpi_detection_module_struct *all = ndpi_init_detection_module(NULL);
	bool ok = all != NULL && ndpi_finalize_initialization(all) == 0;
	unsigned n = ok ? ndpi_get_num_protocols(all) : 0;

	for (unsigned i = 1; i < n; i++)
		if (!is_to_run(all, (uint16_t)i))
			ndpi_set_config(lib->module, ndpi_get_proto_name(all, (uint16_t)i), "enable", "0");
	if (all != NULL)
		ndpi_exit_detection_module(all);
	return ok;
}
#else
static bool choose(struct dpi_lib *lib)
{
	unsigned n = ndpi_get_num_supported_protocols(lib->module);
	NDPI_PROTOCOL_BITMASK on;

	NDPI_BITMASK_RESET(on);
	for (unsigned i = 1; i < n; i++)
		if (is_to_run(lib->module, (uint16_t)i))
			NDPI_BITMASK_ADD(on, i);
#if AT_LEAST(4, 6)
	return ndpi_set_protocol_detection_bitmask2(lib->module, &on) == 0;
#else
	ndpi_set_protocol_detection_bitmask2(lib->module, &on);
	return true;
#endif
}
#endif

static bool start(struct dpi_lib *lib)
{
#if AT_LEAST(4, 10)
	return choose(lib) && ndpi_finalize_initialization(lib->module) == 0;
#else
	if (!choose(lib))
		return false;
	ndpi_finalize_initialization(lib->module);
	return true;
#endif
}

struct dpi_lib *dpi_lib_new(void)
{
	struct dpi_lib *lib;

	if (ndpi_get_api_version() != NDPI_API_VERSION) {
		/* Its flow structure is allocated by us: of another size, this would be memory corruption. */
		log_error("libndpi has API version %d, this program was built for %d: nDPI is off", ndpi_get_api_version(),
		    NDPI_API_VERSION);
		return NULL;
	}
	lib = malloc(sizeof *lib);
	if (lib == NULL)
		log_no_memory("nDPI");
#if AT_LEAST(4, 10)
	lib->module = ndpi_init_detection_module(NULL);
#else
	lib->module = ndpi_init_detection_module(ndpi_dont_load_tor_hosts);
#endif
	if (lib->module == NULL || !start(lib)) {
		log_error("nDPI does not start: it is off");
		dpi_lib_free(lib);
		return NULL;
	}
	return lib;
}

void dpi_lib_free(struct dpi_lib *lib)
{
	if (lib == NULL)
		return;
	if (lib->module != NULL)
		ndpi_exit_detection_module(lib->module);
	free(lib);
}

const char *dpi_lib_version(void)
{
	return TEXT(NDPI_MAJOR) "." TEXT(NDPI_MINOR) "." TEXT(NDPI_PATCH);
}

size_t dpi_lib_flow_bytes(void)
{
	return sizeof(struct ndpi_flow_struct);
}

void dpi_lib_flow_clear(void *flow)
{
	ndpi_free_flow_data(flow);
}

/* The two addresses that this flow has for nDPI: numbers spread over 240/4 (RFC 1112, 4: reserved), or in 100::/64 (RFC
 * 6666: discarded); spread, because the caches add ports to them. */
static void put_address(uint8_t *at, size_t n, uint32_t number, unsigned end)
{
	uint32_t spread = ((2 * number + end) * 2654435761U) & 0x0fffffff;

	memset(at, 0, n);
	at[0] = n == 4 ? 0xf0 : 0x01;
	at[n - 4] |= (uint8_t)(spread >> 24);
	at[n - 3] = (uint8_t)(spread >> 16);
	at[n - 2] = (uint8_t)(spread >> 8);
	at[n - 1] = (uint8_t)spread;
}

static bool hide_addresses(struct dpi_lib *lib, const uint8_t *ip, uint16_t len, unsigned from, uint32_t number)
{
	if (len < 20 || (ip[0] >> 4 == 6 && len < 40))
		return false;
	memcpy(lib->packet, ip, len);
	if (ip[0] >> 4 == 6) {
		put_address(lib->packet + 8, 16, number, from);
		put_address(lib->packet + 24, 16, number, !from);
	} else {
		put_address(lib->packet + 12, 4, number, from);
		put_address(lib->packet + 16, 4, number, !from);
	}
	return true;
}

static uint16_t app_of(const ndpi_protocol *p)
{
#if AT_LEAST(4, 11)
	return p->proto.app_protocol;
#else
	return p->app_protocol;
#endif
}

static uint16_t master_of(const ndpi_protocol *p)
{
#if AT_LEAST(4, 11)
	return p->proto.master_protocol;
#else
	return p->master_protocol;
#endif
}

static bool names_itself(uint16_t master)
{
	return master == NDPI_PROTOCOL_TLS || master == NDPI_PROTOCOL_QUIC;
}

void dpi_lib_name(struct dpi_lib *lib, struct dpi_label l, char text[static DPI_TEXT])
{
	if (l.master != NDPI_PROTOCOL_UNKNOWN)
		snprintf(text, DPI_TEXT, "%s.%s", ndpi_get_proto_name(lib->module, l.master), ndpi_get_proto_name(lib->module, l.app));
	else
		snprintf(text, DPI_TEXT, "%s", ndpi_get_proto_name(lib->module, l.app));
}

const char *dpi_lib_confidence(void)
{
	return ndpi_confidence_get_name(NDPI_CONFIDENCE_DPI);
}

static enum dpi_answer judge(struct dpi_lib *lib, const struct ndpi_flow_struct *flow, uint16_t master, uint16_t app,
    struct dpi_label *label)
{
	if (master == NDPI_PROTOCOL_UNKNOWN && app == NDPI_PROTOCOL_UNKNOWN)
		return DPI_OPEN;
	if (flow->confidence != NDPI_CONFIDENCE_DPI)
		return DPI_NO_FACT;	/* by port, by address, from a cache, in part */
	for (size_t i = 0; i < sizeof weak / sizeof weak[0] && !names_itself(master); i++) {
		if (weak[i].id != master && weak[i].id != app)
			continue;
		if (!weak[i].keep_master)
			return DPI_NO_FACT;
		app = weak[i].id;
		master = NDPI_PROTOCOL_UNKNOWN;
	}
	if (app == NDPI_PROTOCOL_UNKNOWN || app == master) {
		app = master;
		master = NDPI_PROTOCOL_UNKNOWN;
	}
	*label = (struct dpi_label){.master = master, .app = app, .wanted = is_wanted(lib->module, app) || is_wanted(lib->module, master)};
	return IS_ONE_OF(app, sound) || IS_ONE_OF(master, sound) ? DPI_LABEL : DPI_LIKELY;
}

enum dpi_answer dpi_lib_packet(struct dpi_lib *lib, void *flow, const uint8_t *ip, uint16_t len, unsigned from,
    uint32_t number, uint64_t ts_ns, struct dpi_label *label)
{
	ndpi_protocol p;

	if (!hide_addresses(lib, ip, len, from, number))
		return DPI_OPEN;
#if AT_LEAST(4, 6)
	p = ndpi_detection_process_packet(lib->module, flow, lib->packet, len, ts_ns / 1000000, NULL);
#else
	p = ndpi_detection_process_packet(lib->module, flow, lib->packet, len, ts_ns / 1000000);
#endif
	return judge(lib, flow, master_of(&p), app_of(&p), label);
}

enum dpi_answer dpi_lib_end(struct dpi_lib *lib, void *flow, struct dpi_label *label)
{
	ndpi_protocol p;
#if !AT_LEAST(5, 0)
	uint8_t guessed = 0;
#endif

#if AT_LEAST(5, 0)
	p = ndpi_detection_giveup(lib->module, flow);
#elif AT_LEAST(4, 10)
	p = ndpi_detection_giveup(lib->module, flow, &guessed);
#else
	p = ndpi_detection_giveup(lib->module, flow, 0, &guessed);
#endif
	return judge(lib, flow, master_of(&p), app_of(&p), label);
}
