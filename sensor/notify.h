/* notify.h -- tells the service manager how the sensor does, as sd_notify(3) has it: one datagram a word.
 *
 * Started by hand there is no service manager, and nothing here does anything. Main thread only.
 */
#ifndef PW_NOTIFY_H
#define PW_NOTIFY_H

#include <stdint.h>

/* Connect to whom the environment names (NOTIFY_SOCKET), and take both words out of the environment. Before root and files
 * are given up. 0, also if nobody is named; or -errno. */
int notify_open(void);
void notify_close(void);

/* `status`: one line for people (`systemctl status` shows it); NULL: none. What does not fit is cut. */
void notify_ready(const char *status);
void notify_status(const char *status);
void notify_reloading(void);	/* then, when it is done, notify_ready() */
void notify_stopping(void);

/* How often to call notify_alive(), in ms: half of what the service manager waits for; 0: it does not. */
uint32_t notify_alive_ms(void);
void notify_alive(void);

#endif
