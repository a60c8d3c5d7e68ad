/* redis_uri.h -- where Redis is and what to do there, from one line of text.
 *
 *   redis://[user:password@]host[:port][/db][?OPTIONS]		TCP
 *   rediss://...						TLS
 *   redis+unix://[user:password@]/path/to/socket[?db=N&OPTIONS]
 *
 *   key=NAME		{host} in it becomes the sensor's name
 *   mode=list|channel|stream
 *   push=right|left	lists: RPUSH, or LPUSH
 *   maxlen=N		streams: MAXLEN ~ N; none: nobody trims
 *   batch=N		events underway at once
 *   password_file=PATH
 *   ca=PATH, cert=PATH, cert_key=PATH, cert_name=NAME	TLS: who may have signed (else whom the system trusts), who we are, and what the
 *						server's certificate has to be for, if not for the host
 *
 * Every part may be percent-encoded. Without a password in the text or a file, the environment's PUNCHWATCH_REDIS_PASSWORD is
 * used (a command line can be read by others).
 */
#ifndef PW_REDIS_URI_H
#define PW_REDIS_URI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum redis_mode { REDIS_LIST, REDIS_CHANNEL, REDIS_STREAM };

enum { REDIS_BATCH_MOST = 4096, REDIS_BATCH = 1000 };

struct redis_uri {
	bool is_unix, is_tls, left;
	char host[256];		/* name or address without brackets; of a Unix socket the path */
	uint16_t port;
	uint32_t db, maxlen, batch;
	char user[128];		/* "" = the default user */
	char password[512];	/* "" = none. Never print it */
	char password_file[256];
	char key[256];
	char ca[256], cert[256], cert_key[256], cert_name[256];
	enum redis_mode mode;
};

/* false: `error` says what is wrong, without any part that may be secret. Reads no file. */
bool redis_uri_parse(const char *text, struct redis_uri *, char *error, size_t room);
/* The password file's first line becomes the password, if there is one. */
bool redis_uri_read_password(struct redis_uri *, char *error, size_t room);
/* {host} in the key becomes the sensor's name. false: that is too long. */
bool redis_uri_set_sensor(struct redis_uri *, const char *sensor);

/* For messages: "redis://127.0.0.1:6379/0, list punchwatch". Returns `to`. */
const char *redis_uri_print(const struct redis_uri *, char *to, size_t room);

#endif
