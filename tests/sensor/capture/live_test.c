/* live_test.c -- a real interface: what is sent on one end of a veth pair is read on the other. */
#include "made.h"

#include <linux/ethtool.h>
#include <linux/sockios.h>
#include <poll.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <time.h>

#include "own_network.h"

static bool have_network;

struct got {
	unsigned n, out_of_order;
	uint32_t next;
	struct frame last;
};

static struct counts counts;
static struct got got;

static const struct capture_settings usual = {
	.ring_bytes = 4 << 20, .snaplen_bytes = 65535, .retire_ms = 20, .promiscuous = true,
};

static void take(void *ctx, const struct frame *f, unsigned n)
{
	(void)ctx;
	for (; n > 0; n--, f++) {
		struct cursor c = cur_of(f->bytes, f->captured);
		uint32_t number;

		cur_skip(&c, 14);
		number = cur_u32(&c);
		if (number != got.next)
			got.out_of_order++;
		got.next = number + 1;
		got.last = *f;
		got.n++;
	}
}

static struct capture *open_with(const struct capture_settings *set)
{
	struct capture *c;

	memset(&got, 0, sizeof got);
	memset(&counts, 0, sizeof counts);
	c = capture_open_live(set, "pw0", &counts);
	assert_non_null(c);
	return c;
}

static uint64_t clock_ms(clockid_t which)
{
	struct timespec t;

	clock_gettime(which, &t);
	return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

/* Until `n` frames are there, two seconds at most. */
static void read_until(struct capture *c, unsigned n)
{
	uint64_t end = clock_ms(CLOCK_MONOTONIC) + 2000;
	struct pollfd p = {.fd = capture_fd(c), .events = POLLIN};
	unsigned k;

	while (got.n < n && clock_ms(CLOCK_MONOTONIC) < end) {
		poll(&p, 1, 50);
		assert_int_equal(capture_read(c, 64, take, NULL, &k), CAPTURE_MORE);
		assert_true(k <= 64);
	}
	assert_int_equal(got.n, n);
}

static void frames_arrive(void **state)
{
	struct capture *c;
	uint64_t now;

	(void)state;
	if (!have_network)
		skip();
	c = open_with(&usual);
	send_frames("pw1", TEST_PROTOCOL, 0, 1000, 100);
	read_until(c, 1000);
	assert_int_equal(got.out_of_order, 0);
	assert_int_equal(got.last.number, 1000);
	assert_int_equal(got.last.captured, 100);
	assert_int_equal(got.last.length, 100);
	assert_int_equal(got.last.link_type, 1);
	assert_int_equal(got.last.interface, 0);
	assert_string_equal(capture_interface(c, 0), "pw0");
	now = clock_ms(CLOCK_REALTIME);
	assert_true(got.last.ts_ns / 1000000 <= now && got.last.ts_ns / 1000000 + 5000 > now);
	assert_true(got.last.ts_ns % 1000 != 0 || got.last.ts_ns % 1000000 != 0);
	assert_int_equal(counts.n[COUNT_PACKETS], 1000);
	assert_int_equal(counts.n[COUNT_BYTES], 100000);
	assert_string_equal(capture_error(c), "");
	capture_free(c);
}

/* Both directions of a mirrored link may come in either way: outgoing ones count. */
static void outgoing_frames_too(void **state)
{
	struct capture *c;

	(void)state;
	if (!have_network)
		skip();
	c = open_with(&usual);
	send_frames("pw0", TEST_PROTOCOL, 0, 10, 100);
	read_until(c, 10);
	capture_free(c);
}

static void an_idle_interface_does_not_block(void **state)
{
	struct capture *c;
	uint64_t before;
	unsigned k;

	(void)state;
	if (!have_network)
		skip();
	c = open_with(&usual);
	before = clock_ms(CLOCK_MONOTONIC);
	for (unsigned i = 0; i < 100; i++) {
		assert_int_equal(capture_read(c, 64, take, NULL, &k), CAPTURE_MORE);
		assert_int_equal(k, 0);
	}
	assert_true(clock_ms(CLOCK_MONOTONIC) - before < 500);
	assert_int_equal(capture_finish(c, take, NULL), CAPTURE_DONE);
	assert_true(clock_ms(CLOCK_MONOTONIC) - before < 1000);
	capture_free(c);
}

/* The kernel holds the last ones back until the block's time is over. */
static void the_last_frames_are_read(void **state)
{
	struct capture_settings slow = usual;
	struct capture *c;
	unsigned k;

	(void)state;
	if (!have_network)
		skip();
	slow.retire_ms = 400;
	c = open_with(&slow);
	send_frames("pw1", TEST_PROTOCOL, 0, 100, 200);
	assert_int_equal(capture_read(c, 1000, take, NULL, &k), CAPTURE_MORE);
	assert_int_equal(got.n, 0);
	assert_int_equal(capture_finish(c, take, NULL), CAPTURE_DONE);
	assert_int_equal(got.n, 100);
	assert_int_equal(got.out_of_order, 0);
	capture_free(c);
}

/* It takes what came up to now: traffic that never stops does not keep it from ending. */
static void finishing_ends_under_traffic(void **state)
{
	struct capture *c;
	uint64_t before;
	pid_t sender;

	(void)state;
	if (!have_network)
		skip();
	c = open_with(&usual);
	sender = fork();
	if (sender == 0)
		for (;;)
			send_frames("pw1", TEST_PROTOCOL, 0, 10, 100);
	usleep(100000);
	before = clock_ms(CLOCK_MONOTONIC);
	assert_int_equal(capture_finish(c, take, NULL), CAPTURE_DONE);
	assert_true(clock_ms(CLOCK_MONOTONIC) - before < 1000);
	kill(sender, SIGKILL);
	waitpid(sender, NULL, 0);
	assert_true(got.n > 0);
	capture_free(c);
}

static void what_the_kernel_dropped(void **state)
{
	struct capture_settings small = usual;
	struct capture *c;
	const unsigned sent = 20000;

	(void)state;
	if (!have_network)
		skip();
	small.ring_bytes = 1 << 20;
	c = open_with(&small);
	send_frames("pw1", TEST_PROTOCOL, 0, sent, 1000);
	assert_int_equal(capture_finish(c, take, NULL), CAPTURE_DONE);
	capture_count_drops(c);
	capture_count_drops(c);
	assert_true(got.n > 500 && got.n < sent);
	assert_int_equal(counts.n[COUNT_KERNEL_DROPS], sent - got.n);
	assert_int_equal(counts.n[COUNT_IFACE_DROPS], 0);
	capture_free(c);
}

static void the_real_size_of_the_ring(void **state)
{
	static const uint32_t asked[] = {1 << 20, 3 << 20, 8 << 20};

	(void)state;
	if (!have_network)
		skip();
	for (unsigned i = 0; i < 3; i++) {
		struct capture_settings set = usual;
		struct capture *c;

		set.ring_bytes = asked[i];
		c = open_with(&set);
		assert_true(capture_ring_bytes(c) > asked[i] - (512 << 10) && capture_ring_bytes(c) <= asked[i] + (512 << 10));
		capture_free(c);
	}
}

static void a_filter_in_the_kernel(void **state)
{
	struct capture_settings set = usual;
	struct capture *c;
	const char *said;
	int saved;

	(void)state;
	if (!have_network)
		skip();
	snprintf(set.filter, sizeof set.filter, "ether proto 0x88b5");
	c = open_with(&set);
	send_frames("pw1", TEST_PROTOCOL + 1, 0, 10, 100);
	send_frames("pw1", TEST_PROTOCOL, 0, 10, 100);
	send_frames("pw1", TEST_PROTOCOL + 1, 0, 10, 100);
	assert_int_equal(capture_finish(c, take, NULL), CAPTURE_DONE);
	assert_int_equal(got.n, 10);
	assert_int_equal(got.out_of_order, 0);
	capture_free(c);

	snprintf(set.filter, sizeof set.filter, "ether protocoll 7");
	saved = stderr_catch();
	c = capture_open_live(&set, "pw0", &counts);
	said = stderr_release(saved);
	assert_null(c);
	assert_has(said, "ether protocoll 7");
}

static void a_short_snap_length(void **state)
{
	struct capture_settings set = usual;
	struct capture *c;

	(void)state;
	if (!have_network)
		skip();
	set.snaplen_bytes = 64;
	c = open_with(&set);
	send_frames("pw1", TEST_PROTOCOL, 0, 5, 1000);
	read_until(c, 5);
	assert_int_equal(got.last.captured, 64);
	assert_int_equal(got.last.length, 1000);
	assert_int_equal(counts.n[COUNT_BYTES], 5000);
	capture_free(c);
}

static void what_to_do_is_said(void **state)
{
	struct capture *c;
	const char *said;
	int saved;

	(void)state;
	if (!have_network)
		skip();
	saved = stderr_catch();
	c = capture_open_live(&usual, "nosuch0", &counts);
	said = stderr_release(saved);
	assert_null(c);
	assert_has(said, "nosuch0: there is no such interface; there are: ");
	assert_has(said, "pw0");

	run("ip link set pw0 down");
	saved = stderr_catch();
	c = capture_open_live(&usual, "pw0", &counts);
	said = stderr_release(saved);
	run("ip link set pw0 up");
	assert_null(c);
	assert_has(said, "ip link set pw0 up");
}

static void set_gro(uint32_t on)
{
	struct ethtool_value value = {.cmd = ETHTOOL_SGRO, .data = on};
	struct ifreq request = {.ifr_name = "pw0"};
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	request.ifr_data = (void *)&value;
	assert_int_equal(ioctl(fd, SIOCETHTOOL, &request), 0);
	close(fd);
}

static void a_card_that_merges(void **state)
{
	(void)state;
	if (!have_network)
		skip();
	for (uint32_t on = 0; on < 2; on++) {
		const char *said;
		struct capture *c;
		int saved;

		set_gro(on);
		saved = stderr_catch();
		c = capture_open_live(&usual, "pw0", &counts);
		said = stderr_release(saved);
		assert_non_null(c);
		assert_true(text_has(said, "ethtool -K pw0 gro off") == (on == 1));
		capture_free(c);
	}
	set_gro(0);
}

static void down_and_up_again(void **state)
{
	struct capture *c;
	const char *said;
	int saved;
	unsigned k;

	(void)state;
	if (!have_network)
		skip();
	c = open_with(&usual);
	run("ip link set pw0 down");
	saved = stderr_catch();
	assert_int_equal(capture_read(c, 64, take, NULL, &k), CAPTURE_MORE);
	capture_count_drops(c);
	capture_count_drops(c);
	said = stderr_release(saved);
	assert_has(said, "pw0: is down");
	assert_null(strstr(strstr(said, "is down") + 1, "is down"));	/* once */
	run("ip link set pw0 up");
	saved = stderr_catch();
	capture_count_drops(c);
	said = stderr_release(saved);
	assert_has(said, "is up again");
	/* The kernel drops what is sent before the carrier is there. */
	run("for i in $(seq 50); do grep -q up /sys/class/net/pw1/operstate && break; sleep 0.1; done");
	send_frames("pw1", TEST_PROTOCOL, 0, 10, 100);
	read_until(c, 10);
	capture_free(c);
}

/* As the program runs: root goes, the capture stays. */
static void after_root_was_given_up(void **state)
{
	int status;
	pid_t child;

	(void)state;
	if (!have_network)
		skip();
	child = fork();
	if (child == 0) {
		struct capture *c = open_with(&usual);

		send_frames("pw1", TEST_PROTOCOL, 0, 100, 100);
		if (privilege_drop("nobody") != 0)
			_exit(1);
		if (socket(AF_PACKET, SOCK_RAW, 0) >= 0)
			_exit(2);
		read_until(c, 100);
		capture_count_drops(c);
		if (capture_finish(c, take, NULL) != CAPTURE_DONE)
			_exit(3);
		capture_free(c);
		_exit(got.n == 100 ? 0 : 4);
	}
	waitpid(child, &status, 0);
	assert_int_equal(status, 0);
}

/* Deleted, and made anew under its name: another interface, which a process without privileges goes on watching. */
static void an_interface_that_is_replaced(void **state)
{
	const char *said;
	struct capture *c;
	unsigned k;
	int saved;

	(void)state;
	if (!have_network)
		skip();
	c = open_with(&usual);
	run("ip link del pw0");
	saved = stderr_catch();
	for (unsigned i = 0; i < 10; i++) {
		usleep(20000);
		assert_int_equal(capture_read(c, 64, take, NULL, &k), CAPTURE_MORE);
		assert_int_equal(k, 0);
	}
	assert_int_equal(capture_fd(c), -1);
	assert_string_equal(capture_error(c), "pw0: the interface is gone");
	capture_count_drops(c);
	capture_mend(c);	/* nothing to be done yet */
	run("ip link add pw0 type veth peer name pw1 && ip link set pw0 up && ip link set pw1 up");
	fflush(NULL);
	k = (unsigned)getuid();
	assert_int_equal(seteuid(65534), 0);
	capture_mend(c);
	capture_mend(c);
	assert_int_equal(seteuid(k), 0);
	capture_count_drops(c);
	said = stderr_release(saved);
	assert_has(said, "pw0: is gone; it will be watched again when it is back");
	assert_has(said, "pw0: is another interface now; it is watched");
	assert_null(strstr(strstr(said, "is another") + 1, "is another"));	/* once */
	assert_has(said, "pw0: is up again");
	assert_int_equal(capture_read(c, 64, take, NULL, &k), CAPTURE_MORE);
	send_frames("pw1", TEST_PROTOCOL, 0, 100, 100);
	read_until(c, 100);
	capture_free(c);
}

static int make_network(void **state)
{
	(void)state;
	have_network = own_network();
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(frames_arrive), cmocka_unit_test(outgoing_frames_too), cmocka_unit_test(an_idle_interface_does_not_block),
		cmocka_unit_test(the_last_frames_are_read), cmocka_unit_test(finishing_ends_under_traffic),
		cmocka_unit_test(what_the_kernel_dropped), cmocka_unit_test(the_real_size_of_the_ring),
		cmocka_unit_test(a_filter_in_the_kernel), cmocka_unit_test(a_short_snap_length), cmocka_unit_test(what_to_do_is_said),
		cmocka_unit_test(a_card_that_merges), cmocka_unit_test(down_and_up_again), cmocka_unit_test(after_root_was_given_up),
		cmocka_unit_test(an_interface_that_is_replaced),
	};

	return cmocka_run_group_tests(tests, make_network, NULL);
}
