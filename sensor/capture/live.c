/* live.c -- one network interface, through libpcap's TPACKET_V3 ring.
 *
 * The kernel fills blocks of the ring and hands over a block when it is full or retire_ms have passed. Immediate mode would
 * give up TPACKET_V3 and wake us for each packet. A blocking read never returns on an idle interface, so reads do not
 * block and the caller polls capture_fd().
 */
#include <errno.h>
#include <limits.h>
#include <net/if.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <linux/filter.h>
#include <linux/if_packet.h>
#include <pcap/pcap.h>

#include "../base/log.h"
#include "linktype.h"
#include "nic.h"
#include "source.h"

enum {
	NS_PER_S = 1000000000,
	SNAPLEN_MAX = 262144,
};

struct live {
	struct capture capture;
	pcap_t *pcap;
	int fd;
	char interface[INTERFACE_NAME];
	uint16_t link_type;
	uint32_t fraction_ns;		/* what one unit of the time stamp's fraction is */
	uint32_t ring_bytes, retire_ms;
	bool promiscuous;
	bool away;			/* the last attempt to read failed */
	struct nic nic;
	enum nic_state state;		/* as last said */
	uint32_t kernel_drops;		/* libpcap's total, which wraps */
	uint64_t card_lost, discarded;	/* the card's totals */
};

/* ---- reading */

static void on_packet(u_char *live, const struct pcap_pkthdr *h, const u_char *bytes)
{
	struct live *l = (struct live *)(void *)live;
	struct frame f = {
		.ts_ns = (uint64_t)h->ts.tv_sec * NS_PER_S + (uint64_t)h->ts.tv_usec * l->fraction_ns,
		.bytes = bytes,
		.captured = h->caplen,
		.length = h->len,
		.link_type = l->link_type,
	};

	outlet_frame(&l->capture.out, &f);
	outlet_settle(&l->capture.out);	/* the block may go back to the kernel when we return */
}

/* An interface that is down or gone gives errors until it is back. That is said (say_state), and is no reason to give up: the others go
 * on, and it is mended. */
static enum capture_state live_read(struct capture *c, unsigned budget)
{
	struct live *l = (struct live *)c;

	l->away = pcap_dispatch(l->pcap, (int)budget, on_packet, (u_char *)l) < 0;
	if (!l->away)
		return CAPTURE_MORE;
	if (c->error[0] == '\0' && nic_state(&l->nic) == NIC_UP)
		log_warn("%s: cannot be read now: %s", l->interface, pcap_geterr(l->pcap));
	snprintf(c->error, sizeof c->error, "%s: %.200s", l->interface,
	    nic_state(&l->nic) == NIC_GONE ? "the interface is gone" : pcap_geterr(l->pcap));
	return CAPTURE_MORE;
}

static void live_shut(struct capture *c)
{
	struct sock_filter nothing = {BPF_RET | BPF_K, 0, 0, 0};
	struct sock_fprog program = {1, &nothing};

	setsockopt(((struct live *)c)->fd, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program);
}

/* The last packets lie in a block that the kernel has not handed over: let no more in, and wait until it does. */
static enum capture_state live_finish(struct capture *c)
{
	struct live *l = (struct live *)c;
	struct pollfd p = {.fd = l->fd, .events = POLLIN};
	unsigned before;

	live_shut(c);
	do {
		before = c->out.handed_on;
		poll(&p, 1, (int)(2 * l->retire_ms + 10));
		live_read(c, INT_MAX);
	} while (c->out.handed_on > before);
	return CAPTURE_DONE;
}

static int live_fd(const struct capture *c)
{
	const struct live *l = (const struct live *)c;

	return l->away ? -1 : l->fd;
}

/* What arrives is not what was on the wire: lengths, duplicates and the moment are wrong. */
static void say_merges(const char *interface)
{
	unsigned merges = nic_merges(interface);

	if (merges != 0)
		log_warn("%s: the card puts packets together before we see them; to switch it off: ethtool -K %s%s%s", interface,
		    interface, merges & NIC_GRO ? " gro off" : "", merges & NIC_LRO ? " lro off" : "");
}

/* ---- replaced interfaces */

/* The socket is the old one, bound anew: that needs no privilege, and libpcap does not mind. (A member of a fan-out group could not be
 * bound again.) */
static void live_mend(struct capture *c)
{
	struct live *l = (struct live *)c;
	struct sockaddr_ll at = {0};
	socklen_t n = sizeof at;
	int index = (int)if_nametoindex(l->interface);
	struct packet_mreq all = {.mr_ifindex = index, .mr_type = PACKET_MR_PROMISC};

	if (index == 0 || getsockname(l->fd, (struct sockaddr *)&at, &n) < 0 || at.sll_ifindex == index || at.sll_ifindex == 0)
		return;
	at.sll_ifindex = index;
	if (bind(l->fd, (struct sockaddr *)&at, sizeof at) < 0) {
		log_warn("%s: is another interface now, and cannot be watched: %s", l->interface, strerror(errno));
		return;
	}
	if (l->promiscuous && setsockopt(l->fd, SOL_PACKET, PACKET_ADD_MEMBERSHIP, &all, sizeof all) < 0)
		log_warn("%s: cannot be made promiscuous: only its own traffic will be seen", l->interface);
	nic_renew(&l->nic, l->interface);
	log_warn("%s: is another interface now; it is watched", l->interface);
	say_merges(l->interface);
}

static uint32_t live_ring_bytes(const struct capture *c)
{
	return ((const struct live *)c)->ring_bytes;
}

/* ---- what is lost */

static void say_state(struct live *l)
{
	enum nic_state state = nic_state(&l->nic);

	if (state == l->state)
		return;
	l->state = state;
	switch (state) {
	case NIC_UP:
		log_warn("%s: is up again", l->interface);
		return;
	case NIC_NO_CARRIER:
		log_warn("%s: has no carrier: nothing can be seen; is the cable in, the SPAN port on?", l->interface);
		return;
	case NIC_DOWN:
		log_warn("%s: is down: nothing can be seen; to bring it up: ip link set %s up", l->interface, l->interface);
		return;
	case NIC_GONE:
		log_warn("%s: is gone; it will be watched again when it is back", l->interface);
	}
}

/* A total that fell started again, or its interface is gone. */
static void count_growth(struct counts *counts, enum count what, uint64_t *last, uint64_t total)
{
	if (total > *last)
		count_more(counts, what, total - *last);
	*last = total;
}

/* Asked of the socket itself, which counts from one time to the next: libpcap would open files of /sys, each time, and may not. */
static bool count_socket_drops(struct live *l)
{
	struct tpacket_stats_v3 stats;
	socklen_t len = sizeof stats;

	if (getsockopt(l->fd, SOL_PACKET, PACKET_STATISTICS, &stats, &len) < 0)
		return false;
	count_more(l->capture.out.counts, COUNT_KERNEL_DROPS, stats.tp_drops);
	return true;
}

static void live_count_drops(struct capture *c)
{
	struct live *l = (struct live *)c;
	struct pcap_stat stat;

	if (!count_socket_drops(l) && pcap_stats(l->pcap, &stat) == 0) {
		count_more(c->out.counts, COUNT_KERNEL_DROPS, (uint32_t)(stat.ps_drop - l->kernel_drops));
		l->kernel_drops = stat.ps_drop;
	}
	count_growth(c->out.counts, COUNT_IFACE_DROPS, &l->card_lost, nic_lost(&l->nic));
	count_growth(c->out.counts, COUNT_IFACE_DISCARDS, &l->discarded, nic_discarded(&l->nic));
	say_state(l);
}

/* ---- opening */

/* libpcap takes a smaller ring than asked for without a word. The mapping of the socket is the ring. */
static uint32_t mapped_bytes(int fd)
{
	char line[512], socket[64], *end;
	unsigned long from, bytes = 0;
	struct stat st;
	FILE *maps;

	if (fstat(fd, &st) < 0 || (maps = fopen("/proc/self/maps", "re")) == NULL)
		return 0;
	snprintf(socket, sizeof socket, "socket:[%lu]", (unsigned long)st.st_ino);
	while (fgets(line, sizeof line, maps) != NULL)
		if (strstr(line, socket) != NULL) {		/* "from-to rw-s ... socket:[inode]" */
			from = strtoul(line, &end, 16);
			bytes += strtoul(end + 1, NULL, 16) - from;
		}
	fclose(maps);
	return bytes < UINT32_MAX ? (uint32_t)bytes : UINT32_MAX;
}

/* With the program's whole path, so that it can be pasted. */
static void say_no_permission(const char *interface)
{
	char program[512];
	ssize_t n = readlink("/proc/self/exe", program, sizeof program - 1);

	program[n > 0 ? n : 0] = '\0';
	log_error("%s: no permission to capture: start it as root, or allow it once, as root: setcap cap_net_raw,cap_net_admin+ep %s",
	    interface, n > 0 ? program : "punchwatch");
}

static void say_why_not(const char *interface, int status, const char *detail)
{
	char names[512];

	switch (status) {
	case PCAP_ERROR_NO_SUCH_DEVICE:
		nic_list(names, sizeof names);
		log_error("%s: there is no such interface; there are: %s", interface, names);
		return;
	case PCAP_ERROR_PERM_DENIED:
	case PCAP_ERROR_PROMISC_PERM_DENIED:
		say_no_permission(interface);
		return;
	case PCAP_ERROR_IFACE_NOT_UP:
		log_error("%s: the interface is down; to bring it up: ip link set %s up", interface, interface);
		return;
	default:
		log_error("%s: cannot capture: %s%s%s", interface, pcap_statustostr(status), detail[0] ? ": " : "", detail);
	}
}

static bool activate(struct live *l, const struct capture_settings *set)
{
	uint32_t snaplen = set->snaplen_bytes > 0 && set->snaplen_bytes < SNAPLEN_MAX ? set->snaplen_bytes : SNAPLEN_MAX;
	int status;

	pcap_set_snaplen(l->pcap, (int)snaplen);
	pcap_set_promisc(l->pcap, set->promiscuous);
	pcap_set_timeout(l->pcap, (int)l->retire_ms);
	if (set->ring_bytes > 0)
		pcap_set_buffer_size(l->pcap, set->ring_bytes < INT_MAX ? (int)set->ring_bytes : INT_MAX);
	l->fraction_ns = pcap_set_tstamp_precision(l->pcap, PCAP_TSTAMP_PRECISION_NANO) == 0 ? 1 : 1000;
	status = pcap_activate(l->pcap);
	if (status < 0) {
		say_why_not(l->interface, status, pcap_geterr(l->pcap));
		return false;
	}
	if (status == PCAP_WARNING_PROMISC_NOTSUP)
		log_warn("%s: cannot be made promiscuous: only its own traffic will be seen", l->interface);
	else if (status > 0)
		log_warn("%s: %s", l->interface, pcap_geterr(l->pcap));
	if (pcap_get_tstamp_precision(l->pcap) != PCAP_TSTAMP_PRECISION_NANO)
		l->fraction_ns = 1000;
	if (strcmp(l->interface, "any") == 0)
		pcap_set_datalink(l->pcap, DLT_LINUX_SLL2);	/* names the real interface in each packet */
	l->link_type = linktype_of_dlt(pcap_datalink(l->pcap));
	return true;
}

static bool set_filter(struct live *l, const char *expression)
{
	struct bpf_program program;
	bool done = false;

	if (expression[0] == '\0')
		return true;
	if (pcap_compile(l->pcap, &program, expression, 1, PCAP_NETMASK_UNKNOWN) == 0) {
		done = pcap_setfilter(l->pcap, &program) == 0;
		pcap_freecode(&program);
	}
	if (!done)
		log_error("%s: filter \"%s\": %s", l->interface, expression, pcap_geterr(l->pcap));
	return done;
}

static bool make_pollable(struct live *l)
{
	char why[PCAP_ERRBUF_SIZE] = "";

	if (pcap_setnonblock(l->pcap, 1, why) < 0) {
		log_error("%s: cannot read without blocking: %s", l->interface, why);
		return false;
	}
	l->fd = pcap_get_selectable_fd(l->pcap);
	if (l->fd < 0)
		log_error("%s: this kind of interface cannot be polled", l->interface);
	return l->fd >= 0;
}

static void say_what_is_odd(const struct live *l, uint32_t asked_bytes)
{
	int version = -1;
	socklen_t len = sizeof version;

	say_merges(l->interface);
	if (getsockopt(l->fd, SOL_PACKET, PACKET_VERSION, &version, &len) == 0 && version != TPACKET_V3)
		log_warn("%s: the kernel gave no TPACKET_V3 ring: expect losses", l->interface);
	if (l->ring_bytes == 0)
		log_warn("%s: the size of the ring is not known", l->interface);
	else if (l->ring_bytes < asked_bytes - asked_bytes / 16)
		log_warn("%s: asked for a ring of %u KiB, got %u KiB: not enough memory in one piece", l->interface, asked_bytes / 1024,
		    l->ring_bytes / 1024);
	else
		log_debug("%s: ring of %u KiB", l->interface, l->ring_bytes / 1024);
}

static void live_free(struct capture *c)
{
	struct live *l = (struct live *)c;

	if (l->pcap != NULL)
		pcap_close(l->pcap);
	nic_close(&l->nic);
	free(l);
}

struct capture *capture_open_live(const struct capture_settings *set, const char *interface, struct counts *counts)
{
	static const struct source_ops ops = {
		.read = live_read, .finish = live_finish, .free = live_free, .fd = live_fd, .shut = live_shut, .mend = live_mend,
		.count_drops = live_count_drops, .ring_bytes = live_ring_bytes,
	};
	struct live *l = calloc(1, sizeof *l);
	char why[PCAP_ERRBUF_SIZE] = "";

	if (l == NULL) {
		log_error("%s: no memory", interface);
		return NULL;
	}
	l->capture.ops = &ops;
	snprintf(l->interface, sizeof l->interface, "%s", interface);
	outlet_init(&l->capture.out, l->interface, NULL, counts);
	l->retire_ms = set->retire_ms > 0 ? set->retire_ms : 1;	/* 0 would mean: wait for a full block */
	l->promiscuous = set->promiscuous;
	nic_open(&l->nic, interface);
	l->pcap = pcap_create(interface, why);
	if (l->pcap == NULL)
		log_error("%s: cannot capture: %s", interface, why);
	if (l->pcap == NULL || !activate(l, set) || !set_filter(l, set->filter) || !make_pollable(l)) {
		live_free(&l->capture);
		return NULL;
	}
	l->card_lost = nic_lost(&l->nic);
	l->discarded = nic_discarded(&l->nic);
	l->ring_bytes = mapped_bytes(l->fd);
	say_what_is_odd(l, set->ring_bytes);
	say_state(l);
	return &l->capture;
}
