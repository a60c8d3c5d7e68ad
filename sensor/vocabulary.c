/* vocabulary.c -- see vocabulary.h. */
#include "vocabulary.h"

#include "../dissectors/dissector.h"
#include "session/derive.h"

void vocabulary_register(void)
{
	for (unsigned i = 0; dissectors[i] != NULL; i++)
		facts_base(dissectors[i]->facts, dissectors[i]->n_facts);
	for (unsigned i = 0; derivers[i] != NULL; i++)
		facts_base(derivers[i]->facts, derivers[i]->n_facts);
}

void vocabulary_walk(void (*visit)(void *ctx, const char *who, const struct fact_def *, size_t n), void *ctx)
{
	visit(ctx, NULL, fact_def(0), FACT_CORE_N);
	for (unsigned i = 0; dissectors[i] != NULL; i++)
		if (dissectors[i]->n_facts > 0)
			visit(ctx, dissectors[i]->name, dissectors[i]->facts, dissectors[i]->n_facts);
	for (unsigned i = 0; derivers[i] != NULL; i++)
		if (derivers[i]->n_facts > 0)
			visit(ctx, derivers[i]->name, derivers[i]->facts, derivers[i]->n_facts);
}
