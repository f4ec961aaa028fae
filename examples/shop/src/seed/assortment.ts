// What the shop sells to begin with: made up for this example, a dozen shelves of everyday things.
import { shelves } from './shelves.js';

/** A product as `AddProduct` takes it. */
export interface SeedProduct {
  readonly productId: string;
  readonly name: string;
  readonly category: string;
  readonly price: { readonly amount: number; readonly currency: string };
}

/** By how much each version of a thing costs more than the one before it. */
const stepUp = 0.22;

/** Every product, shelf by shelf. The same at each call. */
export function assortment(): SeedProduct[] {
  return Object.entries(shelves).flatMap(([category, kinds]) =>
    kinds.flatMap(([kind, cents, ...versions]) =>
      versions.map((version, index) => ({
        productId: idFrom(`${kind} ${version}`),
        name: `${kind}, ${version}`,
        category,
        price: { amount: priceTag(cents * (1 + stepUp * index)), currency: 'EUR' },
      })),
    ),
  );
}

/** Prices end as prices do: on 50 cents below ten euros, on 90 below a hundred, on whole euros above. */
function priceTag(cents: number): number {
  if (cents < 1_000) return Math.max(50, Math.round(cents / 50) * 50);
  if (cents < 10_000) return Math.round(cents / 100) * 100 - 10;
  return Math.round(cents / 500) * 500;
}

function idFrom(name: string): string {
  return name
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
}
