// The switch of the simulated customers: a module of its own, which knows no other. Whether anybody heeds it is not its business.
import { command, event, integer, module, query, readModel, state, table, text } from 'carillon';
import { z } from 'zod';

/** The most orders a minute. */
export const maxOrdersPerMinute = 3_000;

export const SimulatedCustomersSet = event('SimulatedCustomersSet', {
  description: 'From here on simulated customers place so many orders a minute; 0 sends them home.',
  data: z.object({ ordersPerMinute: z.int() }),
});

const rate = state([], { initial: 0 }).on(SimulatedCustomersSet, (_, e) => e.ordersPerMinute);

export const SetSimulatedCustomers = command('SetSimulatedCustomers', {
  description: 'Lets simulated customers place so many orders a minute; 0 sends them home.',
  data: z.object({ ordersPerMinute: z.int().min(0).max(maxOrdersPerMinute) }),
  reads: () => ({ rate: rate() }),
  decide: ({ data, rate }) => (data.ordersPerMinute === rate ? undefined : SimulatedCustomersSet(data)),
});

const switches = table({ columns: { name: text(), ordersPerMinute: integer() }, key: 'name' });

const simulatedCustomers = readModel('simulated-customers', { tables: { switches } }).on(
  SimulatedCustomersSet,
  ({ ordersPerMinute }, db) => db.switches.upsert({ name: 'customers', ordersPerMinute }),
);

export const SimulatedCustomers = query('SimulatedCustomers', {
  description: 'How many orders a minute simulated customers place.',
  params: z.object({}),
  from: simulatedCustomers,
  result: z.object({ ordersPerMinute: z.int() }),
  run: async (db) => {
    const found = await db.selectFrom('switches').select('ordersPerMinute').executeTakeFirst();
    return found ?? { ordersPerMinute: 0 };
  },
});

export const customers = module('customers', {
  events: [SimulatedCustomersSet],
  commands: [SetSimulatedCustomers],
  readModels: [simulatedCustomers],
  queries: [SimulatedCustomers],
});
