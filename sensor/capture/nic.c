/* nic.c -- see nic.h. */
#include "nic.h"

#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <linux/ethtool.h>
#include <linux/sockios.h>

static int open_attribute(const char *interface, const char *attribute)
{
	char path[256];

	if (strchr(interface, '/') != NULL || interface[0] == '.')
		return -1;
	snprintf(path, sizeof path, "/sys/class/net/%s/%s", interface, attribute);
	return open(path, O_RDONLY | O_CLOEXEC);
}

void nic_open(struct nic *n, const char *interface)
{
	n->missed_fd = open_attribute(interface, "statistics/rx_missed_errors");
	n->fifo_fd = open_attribute(interface, "statistics/rx_fifo_errors");
	n->dropped_fd = open_attribute(interface, "statistics/rx_dropped");
	n->carrier_fd = open_attribute(interface, "carrier");
	n->flags_fd = open_attribute(interface, "flags");
}

void nic_close(struct nic *n)
{
	int fds[] = {n->missed_fd, n->fifo_fd, n->dropped_fd, n->carrier_fd, n->flags_fd};

	for (size_t i = 0; i < sizeof fds / sizeof *fds; i++)
		if (fds[i] >= 0)
			close(fds[i]);
}

void nic_renew(struct nic *n, const char *interface)
{
	const int to[] = {n->missed_fd, n->fifo_fd, n->dropped_fd, n->carrier_fd, n->flags_fd};
	int from[sizeof to / sizeof *to];
	struct nic new;

	nic_open(&new, interface);
	memcpy(from, (const int[]){new.missed_fd, new.fifo_fd, new.dropped_fd, new.carrier_fd, new.flags_fd}, sizeof from);
	for (size_t i = 0; i < sizeof to / sizeof *to; i++)
		if (from[i] >= 0 && to[i] >= 0)
			dup3(from[i], to[i], O_CLOEXEC);
	nic_close(&new);
}

/* False: not there, or the interface is down (errno says). */
static bool read_number(int fd, uint64_t *value)
{
	char text[64];
	ssize_t n = fd < 0 ? -1 : pread(fd, text, sizeof text - 1, 0);

	if (n <= 0)
		return false;
	text[n] = '\0';
	*value = strtoull(text, NULL, 0);
	return true;
}

uint64_t nic_lost(const struct nic *n)
{
	uint64_t missed = 0, fifo = 0;

	read_number(n->missed_fd, &missed);
	read_number(n->fifo_fd, &fifo);
	return missed + fifo;
}

/* A tagged frame of a protocol that this machine does not speak counts here, although we were handed it before. */
uint64_t nic_discarded(const struct nic *n)
{
	uint64_t dropped = 0;

	read_number(n->dropped_fd, &dropped);
	return dropped;
}

enum nic_state nic_state(const struct nic *n)
{
	uint64_t flags, carrier;

	if (n->flags_fd < 0)
		return NIC_UP;		/* not a card ("any"): nothing is known against it */
	if (!read_number(n->flags_fd, &flags))
		return NIC_GONE;
	if ((flags & IFF_UP) == 0)
		return NIC_DOWN;
	return read_number(n->carrier_fd, &carrier) && carrier == 0 ? NIC_NO_CARRIER : NIC_UP;
}

static uint32_t ethtool_get(int fd, const char *interface, uint32_t command)
{
	struct ethtool_value value = {.cmd = command};
	struct ifreq request = {0};

	if (strlen(interface) >= sizeof request.ifr_name)
		return 0;
	memcpy(request.ifr_name, interface, strlen(interface) + 1);
	request.ifr_data = (void *)&value;
	return ioctl(fd, SIOCETHTOOL, &request) < 0 ? 0 : value.data;
}

unsigned nic_merges(const char *interface)
{
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	unsigned merges = 0;

	if (fd < 0)
		return 0;
	if (ethtool_get(fd, interface, ETHTOOL_GGRO) != 0)
		merges |= NIC_GRO;
	if (ethtool_get(fd, interface, ETHTOOL_GFLAGS) & ETH_FLAG_LRO)
		merges |= NIC_LRO;
	close(fd);
	return merges;
}

void nic_list(char *to, unsigned room)
{
	struct if_nameindex *all = if_nameindex();
	size_t used = 0;

	to[0] = '\0';
	for (struct if_nameindex *i = all; i != NULL && i->if_name != NULL && used < room; i++)
		used += (size_t)snprintf(to + used, room - used, "%s%s", used > 0 ? " " : "", i->if_name);
	if (all != NULL)
		if_freenameindex(all);
}
