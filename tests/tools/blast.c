/* blast.c -- sends the frames of a capture as fast as this machine can: many a system call, past the queueing.
 *
 *	blast CAPTURE INTERFACE [LOOPS]
 *
 * Classic pcap of Ethernet frames. Prints how many were sent, and frames a second.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { TOGETHER = 64 };

static void fail(const char *what)
{
	perror(what);
	exit(1);
}

static void send_all(int fd, struct mmsghdr *messages, unsigned n)
{
	for (unsigned sent = 0; sent < n;) {
		int r = sendmmsg(fd, messages + sent, n - sent, 0);

		if (r < 0 && errno != ENOBUFS && errno != EAGAIN && errno != EINTR)
			fail("sendmmsg");
		sent += r > 0 ? (unsigned)r : 0;
	}
}

static unsigned long send_capture(int fd, const uint8_t *file, size_t size)
{
	struct mmsghdr messages[TOGETHER] = {0};
	struct iovec vectors[TOGETHER];
	unsigned long frames = 0;
	unsigned n = 0;

	for (size_t at = 24; at + 16 <= size;) {
		uint32_t length;

		memcpy(&length, file + at + 8, 4);
		if (length > size - at - 16)
			break;
		vectors[n] = (struct iovec){(void *)(uintptr_t)(file + at + 16), length};
		messages[n].msg_hdr.msg_iov = &vectors[n];
		messages[n++].msg_hdr.msg_iovlen = 1;
		frames++;
		at += 16 + length;
		if (n == TOGETHER) {
			send_all(fd, messages, n);
			n = 0;
		}
	}
	send_all(fd, messages, n);
	return frames;
}

int main(int argc, char **argv)
{
	int file, fd, one = 1;
	unsigned long frames = 0;
	struct timespec from, to;
	struct sockaddr_ll at = {.sll_family = AF_PACKET};
	struct stat st;
	const uint8_t *map;
	double s;

	if (argc < 3)
		return 2;
	file = open(argv[1], O_RDONLY);
	if (file < 0 || fstat(file, &st) < 0)
		fail(argv[1]);
	map = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE | MAP_POPULATE, file, 0);
	fd = socket(AF_PACKET, SOCK_RAW, 0);
	at.sll_ifindex = (int)if_nametoindex(argv[2]);
	if (map == MAP_FAILED || fd < 0 || bind(fd, (struct sockaddr *)&at, sizeof at) < 0)
		fail(argv[2]);
	setsockopt(fd, SOL_PACKET, PACKET_QDISC_BYPASS, &one, sizeof one);
	clock_gettime(CLOCK_MONOTONIC, &from);
	for (int i = argc > 3 ? atoi(argv[3]) : 1; i > 0; i--)
		frames += send_capture(fd, map, (size_t)st.st_size);
	clock_gettime(CLOCK_MONOTONIC, &to);
	s = (double)(to.tv_sec - from.tv_sec) + (double)(to.tv_nsec - from.tv_nsec) / 1e9;
	printf("%lu %.0f\n", frames, (double)frames / s);
	return 0;
}
