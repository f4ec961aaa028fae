// A shop under siege: customers who order what is short and change their minds, a provider that declines, answers late and whose
// answers get lost; and copies of the shop with a bug in them.
import { type AnyReaction, type Application, application, type CommandDefinition } from 'carillon';
import type { Simulation } from 'carillon/testing';
import { problems, problemsAtRest } from './invariants.js';
import { ReceiveStock } from './inventory/commands.js';
import { CancelOrder, RequestRefund } from './ordering/cancelling.js';
import { PlaceOrder } from './ordering/placing.js';
import type { PaymentProvider } from './payment/payment-provider.js';
import { type Book, memoryBook } from './provider/book.js';
import { seededPlan } from './provider/plan.js';
import { SimulatedProvider } from './provider/simulated-provider.js';
import { shopWith } from './shop.js';
import { AddProduct } from './storefront/commands.js';

const products = ['mug', 'pan', 'pot'];
const orderCount = 12;
const mishaps = { declined: 0.15, late: 0.3, lost: 0.3, lateMs: 8 * 60_000 };

/** Something that is wrong in a copy of the shop. */
export interface Bug {
  /** Commands that take the place of those of the same name. */
  readonly commands?: readonly CommandDefinition<string, any, any>[];
  /** Reactions that take the place of those of the same name; others come to those of inventory. */
  readonly reactions?: (provider: PaymentProvider) => readonly AnyReaction[];
}

/** What `simulate` takes to run a shop, or a copy of it with a bug. */
export function siege(bug: Bug = {}) {
  let book: Book;
  const { commands = [], reactions = () => [] } = bug;
  const execute = (simulation: Simulation, request: Parameters<Simulation['execute']>[0]) =>
    simulation.execute(swapped(request, commands));
  return {
    application: (simulation: Simulation) => {
      book = memoryBook();
      const provider = new SimulatedProvider({
        book,
        plan: seededPlan(simulation.below(1_000_000), mishaps),
        latencyMs: 300,
        sleep: (milliseconds) => simulation.sleep({ milliseconds }),
      });
      return copyOf(shopWith({ provider }), commands, reactions(provider));
    },
    workload: async (simulation: Simulation) => {
      const { below, pick, chance, sleep } = simulation;
      for (const productId of products) {
        const price = { amount: 100 + below(900), currency: 'EUR' };
        await execute(simulation, AddProduct({ productId, name: productId, category: 'Kitchen', price }));
        await execute(simulation, ReceiveStock({ productId, quantity: 4 + below(8) }));
      }
      const order = async (orderId: string) => {
        await sleep({ milliseconds: below(20_000) });
        const wanted = products.filter(() => chance(0.6));
        const lines = (wanted.length > 0 ? wanted : [pick(products)]).map((productId) => ({
          productId,
          quantity: 1 + below(3),
        }));
        await execute(simulation, PlaceOrder({ orderId, customerId: `c${below(3)}`, lines }));
        for (let wishes = below(3); wishes > 0; wishes--) {
          // While it is set aside, while it leaves, or whenever.
          await sleep({ milliseconds: pick([below(20), 2_300 + below(80), below(600_000)]) });
          await execute(simulation, pick([CancelOrder({ orderId }), RequestRefund({ orderId })]));
        }
      };
      await Promise.all(Array.from({ length: orderCount }, (_, n) => order(`o${n}`)));
    },
    invariants: {
      'nothing happens that must not': ({ events }: Simulation) => none(problems(events(), book.entries())),
    },
    finally: {
      'every order stands where its events lead': ({ events }: Simulation) =>
        none(problemsAtRest(events(), book.entries())),
    },
  };
}

function none(found: readonly string[]): void {
  if (found.length > 0) throw new Error(found.join('; '));
}

type AnyCommand = CommandDefinition<string, any, any>;

/** The same application, but for some commands and reactions. */
function copyOf(
  original: Application,
  commands: readonly AnyCommand[],
  reactions: readonly AnyReaction[],
): Application {
  const byName = new Map(reactions.map((one) => [one.name, one]));
  const extra = reactions.filter(({ name }) => !original.reactions.has(name));
  return application(original.name, {
    modules: original.modules.map((one) => ({
      ...one,
      commands: one.commands.map((command) => commands.find(({ type }) => type === command.type) ?? command),
      reactions: [...one.reactions, ...(one.name === 'inventory' ? extra : [])].map((reaction) =>
        issuing(byName.get(reaction.name) ?? reaction, commands),
      ),
    })),
  });
}

/** The same reaction, but that it issues the other commands. Processes name theirs anyway. */
function issuing(reaction: AnyReaction, commands: readonly AnyCommand[]): AnyReaction {
  if (reaction.kind === 'process-manager') return reaction;
  return {
    ...reaction,
    run: (data, context) =>
      reaction.run(data, {
        ...context,
        issue: (request, options) => context.issue(swapped(request, commands), options),
      }),
  };
}

function swapped<Request extends { readonly command: AnyCommand; readonly data: any }>(
  request: Request,
  commands: readonly AnyCommand[],
): Request {
  const command = commands.find(({ type }) => type === request.command.type);
  return command === undefined ? request : { ...request, command };
}
