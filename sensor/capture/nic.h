/* nic.h -- what the system knows about a network interface that libpcap does not tell. */
#ifndef PW_NIC_H
#define PW_NIC_H

#include <stdbool.h>
#include <stdint.h>

/* Files of /sys/class/net/NAME, kept open: they can be read again after root was given up. -1 where there is none. */
struct nic {
	int missed_fd, fifo_fd, dropped_fd, carrier_fd, flags_fd;
};

void nic_open(struct nic *, const char *interface);
void nic_close(struct nic *);
/* Another interface has the name now. Others may read meanwhile. */
void nic_renew(struct nic *, const char *interface);

/* Frames the card lost: no free buffer when they came. A total since the card's start. */
uint64_t nic_lost(const struct nic *);
/* rx_dropped: some drivers count losses there, but the kernel also frames that we saw and nobody else wanted. A total. */
uint64_t nic_discarded(const struct nic *);

enum nic_state { NIC_UP, NIC_NO_CARRIER, NIC_DOWN, NIC_GONE };
enum nic_state nic_state(const struct nic *);

/* Does it put packets together before we see them (GRO, LRO)? */
enum { NIC_GRO = 1, NIC_LRO = 2 };
unsigned nic_merges(const char *interface);

/* "eth0 lo ..." */
void nic_list(char *to, unsigned room);

#endif
