import type { NewEvent } from 'carillon';

/** About 200 bytes of data, and two tags, as the events of all measures and peers have. */
export function sampleData(entity: string, index: number) {
  return {
    entity,
    index,
    amount: index % 1_000,
    currency: 'EUR',
    reference: `reference-${index}`,
    note: 'A note of the length that notes have in business systems, give or take a few words of it, and then some.',
  };
}

/** An event of the log. */
export function sampleEvent(entity: string, index: number, type = 'Moved'): NewEvent {
  return { type, version: 1, data: sampleData(entity, index), tags: [`entity:${entity}`, `batch:${index % 100}`] };
}
