/* program.c -- see program.h. */
#include "program.h"

#include "../base/log.h"

#include <stdlib.h>

void *room_for(void *array, uint32_t n, uint32_t more, uint32_t *room, size_t item_bytes)
{
	if (n + more <= *room)
		return array;
	*room = *room * 2 > n + more ? *room * 2 : n + more + 16;
	array = realloc(array, *room * item_bytes);
	if (array == NULL)
		log_no_memory("signatures");
	return array;
}

#define ADD(p, list, item) \
	((p)->list = room_for((p)->list, (p)->n_##list, 1, &(p)->room_##list, sizeof *(p)->list), \
	    (p)->list[(p)->n_##list] = (item), (p)->n_##list++)

uint32_t program_expr(struct program *p, struct expr e)
{
	return ADD(p, exprs, e);
}

uint32_t program_term(struct program *p, struct term t)
{
	return ADD(p, terms, t);
}

uint32_t program_text(struct program *p, const void *bytes, size_t n)
{
	struct text t = {p->n_pool, (uint32_t)n};

	p->pool = room_for(p->pool, p->n_pool, t.length + 1, &p->room_pool, 1);	/* never NULL, were all texts empty */
	if (n > 0)
		memcpy(p->pool + t.at, bytes, n);
	p->n_pool += t.length;
	return ADD(p, texts, t);
}

uint32_t program_text_again(struct program *p, struct text t)
{
	return ADD(p, texts, t);
}

uint32_t program_range(struct program *p, struct range r)
{
	return ADD(p, ranges, r);
}

uint32_t program_network(struct program *p, struct network n)
{
	return ADD(p, networks, n);
}

void program_free(struct program *p)
{
	free(p->exprs);
	free(p->terms);
	free(p->texts);
	free(p->ranges);
	free(p->networks);
	free(p->pool);
	memset(p, 0, sizeof *p);
}
