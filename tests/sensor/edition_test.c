/* edition_test.c -- threads that work by editions while others are published: what they read is whole and not freed, and what nobody
 * reads any more is. Run under ThreadSanitizer and AddressSanitizer, too. */
#include "../../sensor/edition.h"
#include "../test.h"

#include <pthread.h>
#include <stdatomic.h>

enum { READERS = 3, ROUNDS = 3000 };

static struct editions *editions;
static atomic_bool over;
static atomic_uint alive;

/* Stands for what an edition holds: both numbers are the same while it lives. */
struct held {
	struct edition edition;
	struct settings settings;
	unsigned long a, b;
};

static void held_free(struct edition *e)
{
	struct held *h = (struct held *)(void *)e;

	h->a = 1;
	h->b = 2;
	atomic_fetch_sub(&alive, 1);
}

static struct held *held_new(unsigned long n)
{
	struct held *h = calloc(1, sizeof *h);

	h->edition.settings = &h->settings;
	h->edition.free = held_free;
	h->a = h->b = n;
	atomic_fetch_add(&alive, 1);
	return h;
}

static void *reader(void *ctx)
{
	struct seat *s = ctx;
	const struct held *mine = NULL;
	unsigned long last = 0;

	while (!atomic_load(&over)) {
		const struct edition *e = edition_offered(s);

		if (e != NULL) {
			mine = (const struct held *)(const void *)e;
			edition_taken(s, e);
		}
		if (mine == NULL)
			continue;
		if (mine->a != mine->b || mine->a < last)
			abort();
		last = mine->a;
	}
	return NULL;
}

static void many_editions(void **state)
{
	struct settings first_settings;
	const struct edition first = {.settings = &first_settings};
	pthread_t threads[READERS];
	unsigned published = 0;

	(void)state;
	editions = editions_new(&first);
	assert_non_null(editions);
	for (unsigned i = 0; i < READERS; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, reader, editions_seat(editions)), 0);
	for (unsigned i = 1; i <= ROUNDS; i++) {
		struct held *h = held_new(i);

		if (editions_publish(editions, &h->edition)) {
			published++;
			assert_ptr_equal(editions_newest(editions), h);
		} else {
			held_free(&h->edition);
			free(h);
			usleep(100);
		}
		assert_true(editions_n(editions) <= EDITIONS_WAITING + 1);
	}
	assert_true(published > 10);
	for (unsigned i = 0; i < 5000 && editions_n(editions) > 1; i++) {
		usleep(1000);
		editions_sweep(editions);
	}
	assert_int_equal(editions_n(editions), 1);	/* all have come along */
	assert_int_equal(atomic_load(&alive), 1);
	atomic_store(&over, true);
	for (unsigned i = 0; i < READERS; i++)
		pthread_join(threads[i], NULL);
	editions_free(editions);
	assert_int_equal(atomic_load(&alive), 0);
}

static void one_who_does_not_come_along(void **state)
{
	struct settings settings;
	const struct edition first = {.settings = &settings};
	struct seat *slow, *quick;
	struct held *h = NULL;
	unsigned n = 0;

	(void)state;
	editions = editions_new(&first);
	slow = editions_seat(editions);
	quick = editions_seat(editions);
	for (;; n++) {
		h = held_new(n);
		if (!editions_publish(editions, &h->edition))
			break;
		edition_taken(quick, edition_offered(quick));
		assert_null(edition_offered(quick));
	}
	assert_int_equal(n, EDITIONS_WAITING);
	edition_taken(slow, edition_offered(slow));		/* the newest, whatever lay between */
	assert_true(editions_publish(editions, &h->edition));
	assert_int_equal(editions_n(editions), 2);
	assert_int_equal(atomic_load(&alive), 2);
	editions_free(editions);
	assert_int_equal(atomic_load(&alive), 0);
}

static void seats_are_bounded(void **state)
{
	struct settings settings;
	const struct edition first = {.settings = &settings};

	(void)state;
	editions = editions_new(&first);
	for (unsigned i = 0; i < SEATS_MAX; i++)
		assert_non_null(editions_seat(editions));
	assert_null(editions_seat(editions));
	editions_free(editions);
	editions_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(many_editions),
		cmocka_unit_test(one_who_does_not_come_along),
		cmocka_unit_test(seats_are_bounded),
	};

	return cmocka_run_group_tests_name("edition", tests, NULL, NULL);
}
