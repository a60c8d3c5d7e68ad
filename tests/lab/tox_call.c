/* tox_call.c -- one side of a conversation over Tox: finds the other in the hash table, connects, sends messages and counts
 * those that come back. Prints what it did; exits 0 if messages came.
 *
 *	tox_call called|caller OWN_FILE OTHER_FILE BOOTSTRAP_ADDRESS PORT PUBLIC_KEY
 *
 * Each writes its public key into its own file and reads the other's. The called one runs until it is ended.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <tox/tox.h>

enum { MESSAGES = 10, PATIENCE_S = 90 };

struct talk {
	bool caller, connected;
	uint32_t other;
	unsigned sent, received;
};

static void unhex(const char *hex, uint8_t *to, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		char byte[3] = {hex[2 * i], hex[2 * i + 1], '\0'};

		to[i] = (uint8_t)strtoul(byte, NULL, 16);
	}
}

static void on_status(Tox *tox, uint32_t other, TOX_CONNECTION how, void *arg)
{
	struct talk *t = arg;

	(void)tox, (void)other;
	t->connected = how == TOX_CONNECTION_UDP;
	printf("connected %s\n", how == TOX_CONNECTION_UDP ? "udp" : how == TOX_CONNECTION_TCP ? "tcp" : "no more");
	fflush(stdout);
}

static void on_message(Tox *tox, uint32_t other, TOX_MESSAGE_TYPE type, const uint8_t *text, size_t n, void *arg)
{
	struct talk *t = arg;

	(void)type;
	t->received++;
	if (!t->caller)
		tox_friend_send_message(tox, other, TOX_MESSAGE_TYPE_NORMAL, text, n, NULL);
}

static Tox *begin(char **argv)
{
	struct Tox_Options *options = tox_options_new(NULL);
	uint8_t key[TOX_PUBLIC_KEY_SIZE];
	Tox *tox;

	tox_options_set_ipv6_enabled(options, false);
	tox_options_set_local_discovery_enabled(options, false);
	tox_options_set_hole_punching_enabled(options, true);
	tox = tox_new(options, NULL);
	if (tox == NULL)
		exit(1);
	unhex(argv[6], key, sizeof key);
	tox_bootstrap(tox, argv[4], (uint16_t)atoi(argv[5]), key, NULL);
	tox_callback_friend_connection_status(tox, on_status);
	tox_callback_friend_message(tox, on_message);
	tox_options_free(options);
	return tox;
}

static void tell_key(const Tox *tox, const char *path)
{
	uint8_t key[TOX_PUBLIC_KEY_SIZE];
	FILE *f = fopen(path, "w");

	if (f == NULL)
		exit(1);
	tox_self_get_public_key(tox, key);
	for (size_t i = 0; i < sizeof key; i++)
		fprintf(f, "%02x", key[i]);
	fclose(f);
}

/* Their users have asked each other already. False: its key is not there yet. */
static bool add_other(Tox *tox, struct talk *t, const char *path)
{
	char text[2 * TOX_PUBLIC_KEY_SIZE + 1] = "";
	uint8_t key[TOX_PUBLIC_KEY_SIZE];
	FILE *f = fopen(path, "r");
	bool whole;

	if (f == NULL)
		return false;
	whole = fgets(text, sizeof text, f) != NULL && strlen(text) == 2 * sizeof key;
	fclose(f);
	if (whole) {
		unhex(text, key, sizeof key);
		t->other = tox_friend_add_norequest(tox, key, NULL);
	}
	return whole;
}

int main(int argc, char **argv)
{
	struct talk t = {.caller = argc > 1 && strcmp(argv[1], "caller") == 0};
	time_t start = time(NULL);
	uint64_t ticks = 0;
	Tox *tox;

	if (argc != 7)
		return 2;
	tox = begin(argv);
	tell_key(tox, argv[2]);
	while (!add_other(tox, &t, argv[3]))
		nanosleep(&(struct timespec){.tv_nsec = 50000000}, NULL);
	while (time(NULL) - start < PATIENCE_S && (!t.caller || t.received < MESSAGES)) {
		uint32_t ms = tox_iteration_interval(tox);

		tox_iterate(tox, &t);
		if (t.caller && t.connected && ++ticks % 4 == 0 && t.sent < MESSAGES + 5) {
			static const uint8_t text[] = "a message between two hosts behind NATs";

			t.sent += tox_friend_send_message(tox, t.other, TOX_MESSAGE_TYPE_NORMAL, text, sizeof text - 1, NULL) > 0;
		}
		nanosleep(&(struct timespec){.tv_nsec = (long)ms * 1000000}, NULL);
	}
	printf("sent %u received %u\n", t.sent, t.received);
	tox_kill(tox);
	return t.received >= MESSAGES ? 0 : 1;
}
