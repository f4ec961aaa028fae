// https://dcb.events/examples/invoice-number/: consecutive numbers without gaps, from a boundary without any tag.
import { expect, it } from 'vitest';
import { z } from 'zod';
import { application, command, event, module, state } from '../../index.js';
import { given, testApplication } from '../index.js';

const InvoiceCreated = event('InvoiceCreated', {
  data: z.object({ invoiceNumber: z.int(), customer: z.string() }),
  tags: (e) => ({ invoice: e.invoiceNumber }),
});
const lastNumber = state([], { initial: 0 }).on(InvoiceCreated, (_, e) => e.invoiceNumber);
const CreateInvoice = command('CreateInvoice', {
  data: z.object({ customer: z.string() }),
  reads: () => ({ lastNumber: lastNumber() }),
  decide: ({ data, lastNumber }) => InvoiceCreated({ ...data, invoiceNumber: lastNumber + 1 }),
});
const invoicing = application('invoicing', {
  modules: [module('invoicing', { publishes: [InvoiceCreated], commands: [CreateInvoice] })],
});

it('numbers invoices consecutively', async () => {
  await given(invoicing)
    .when(CreateInvoice({ customer: 'a' }))
    .then(InvoiceCreated({ invoiceNumber: 1, customer: 'a' }));
  await given(invoicing, InvoiceCreated({ invoiceNumber: 1, customer: 'a' }))
    .when(CreateInvoice({ customer: 'b' }))
    .then(InvoiceCreated({ invoiceNumber: 2, customer: 'b' }));
});

it('leaves no gap and gives no number twice when 100 are created at once', async () => {
  const running = await testApplication(invoicing);
  await Promise.all(Array.from({ length: 100 }, (_, i) => running.execute(CreateInvoice({ customer: `c${i}` }))));
  const events = await running.log.read({ items: [{ types: ['InvoiceCreated'] }] });
  await running.close();
  const numbers = events.map((event) => (event.data as { invoiceNumber: number }).invoiceNumber);
  expect(numbers).toEqual(Array.from({ length: 100 }, (_, i) => i + 1));
});
