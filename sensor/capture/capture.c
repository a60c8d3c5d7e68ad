/* capture.c -- see capture.h: hands each call to its source. */
#include "capture.h"

#include "infile.h"
#include "source.h"

static void hand_to(struct capture *c, frames_handler handler, void *ctx)
{
	c->out.handler = handler;
	c->out.ctx = ctx;
	c->out.handed_on = 0;
}

enum capture_state capture_read(struct capture *c, unsigned budget, frames_handler handler, void *ctx, unsigned *n)
{
	enum capture_state state;

	hand_to(c, handler, ctx);
	state = c->ops->read(c, budget);
	outlet_settle(&c->out);
	*n = c->out.handed_on;
	return state;
}

enum capture_state capture_finish(struct capture *c, frames_handler handler, void *ctx)
{
	enum capture_state state;

	hand_to(c, handler, ctx);
	state = c->ops->finish ? c->ops->finish(c) : CAPTURE_DONE;
	outlet_settle(&c->out);
	return state;
}

void capture_shut(struct capture *c)
{
	if (c->ops->shut)
		c->ops->shut(c);
}

void capture_mend(struct capture *c)
{
	if (c->ops->mend)
		c->ops->mend(c);
}

void capture_stop(void)
{
	infile_stop();
}

int capture_fd(const struct capture *c)
{
	return c->ops->fd ? c->ops->fd(c) : -1;
}

const char *capture_error(const struct capture *c)
{
	return c->error;
}

const char *capture_interface(const struct capture *c, unsigned index)
{
	/* Written once, before the first frame that has it: whoever has seen that frame may read it, in any thread. */
	return index < INTERFACE_NAMES_MAX ? c->out.names.name[index] : "";
}

void capture_progress(const struct capture *c, uint64_t *read_bytes, uint64_t *total_bytes)
{
	*read_bytes = *total_bytes = 0;
	if (c->ops->progress)
		c->ops->progress(c, read_bytes, total_bytes);
}

void capture_count_drops(struct capture *c)
{
	if (c->ops->count_drops)
		c->ops->count_drops(c);
}

uint32_t capture_ring_bytes(const struct capture *c)
{
	return c->ops->ring_bytes ? c->ops->ring_bytes(c) : 0;
}

void capture_free(struct capture *c)
{
	if (c != NULL)
		c->ops->free(c);
}
