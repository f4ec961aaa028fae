import { type Database, matching, type SearchParams } from './matching.js';

/** Where one bracket of prices ends and the next begins, in the currency's minor unit. */
const priceSteps = [1_000, 2_500, 5_000, 10_000] as const;

/** The most choices of one filter. */
const maxChoices = 50;

/** How many products each choice of a filter leaves, as if that filter were not set: choosing another one changes the choice. */
export async function facetsOf(db: Database, p: SearchParams) {
  const categories = await matching(db, { ...p, category: undefined })
    .select(({ fn }) => ['products.category as value', fn.countAll<number>().as('count')])
    .groupBy('products.category')
    .orderBy('count', 'desc')
    .orderBy('value')
    .limit(maxChoices)
    .execute();
  return { categories, prices: await priceBrackets(db, p), availability: await availability(db, p) };
}

async function priceBrackets(db: Database, p: SearchParams) {
  const found = await matching(db, { ...p, priceFrom: undefined, priceTo: undefined, currency: undefined })
    .select(({ fn }) => ['products.currency', fn.countAll<number>().as('count')])
    .select((row) =>
      row
        .case()
        .when('products.amount', '<', priceSteps[0])
        .then(0)
        .when('products.amount', '<', priceSteps[1])
        .then(1)
        .when('products.amount', '<', priceSteps[2])
        .then(2)
        .when('products.amount', '<', priceSteps[3])
        .then(3)
        .else(4)
        .end()
        .as('bracket'),
    )
    .groupBy(['products.currency', 'bracket'])
    .orderBy('products.currency')
    .orderBy('bracket')
    .limit(maxChoices)
    .execute();
  return found.map(({ currency, bracket, count }) => {
    const end = priceSteps[bracket];
    return { currency, from: priceSteps[bracket - 1] ?? 0, ...(end !== undefined && { to: end - 1 }), count };
  });
}

async function availability(db: Database, p: SearchParams) {
  const countOf = async (value: 'available' | 'sold-out') => {
    const { count } = await matching(db, { ...p, availability: value })
      .select(({ fn }) => fn.countAll<number>().as('count'))
      .executeTakeFirstOrThrow();
    return { value, count };
  };
  const counts = [await countOf('available'), await countOf('sold-out')];
  return counts.filter(({ count }) => count > 0);
}
