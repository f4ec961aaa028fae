import { notify, Refusal, SendButton } from '@carillon-examples/pages';
import { ActionIcon, Button, Group, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { courseNames, type Dish, menu } from '../../src/menu.js';
import { Dialog } from '../form/dialog.js';
import { useCommand } from '../live/kitchen.js';

interface OrderDialogProps {
  /** Whose order it is; undefined when nobody orders. */
  readonly table: string | undefined;
  /** Dishes that cannot be had. */
  readonly off: readonly string[];
  readonly onClose: () => void;
}

/** The menu, from which a table chooses. */
export function OrderDialog({ table, off, onClose }: OrderDialogProps) {
  return (
    <Dialog title={`What does table ${table ?? ''} want?`} isOpen={table !== undefined} onClose={onClose}>
      {table !== undefined && <OrderForm table={table} off={off} onSent={onClose} />}
    </Dialog>
  );
}

type Wanted = Readonly<Record<string, number>>;

function OrderForm({ table, off, onSent }: { table: string; off: readonly string[]; onSent: () => void }) {
  const [wanted, setWanted] = useState<Wanted>({});
  const order = useCommand('TakeOrder');
  const items = menu.flatMap(({ dish, course }) => Array.from({ length: wanted[dish] ?? 0 }, () => ({ dish, course })));
  const change = (dish: string, by: number) => setWanted({ ...wanted, [dish]: Math.max(0, (wanted[dish] ?? 0) + by) });

  async function send() {
    if (!(await order.send({ ticketId: newTicketId(), table, items }))) return;
    notify(`The order of table ${table} is in.`);
    onSent();
  }

  return (
    <Stack gap="sm">
      {[1, 2, 3].map((course) => (
        <fieldset key={course} style={{ border: 0, margin: 0, padding: 0 }}>
          <Text component="legend" fw={600} size="sm" tt="capitalize">
            {courseNames[course]}
          </Text>
          {menu
            .filter((dish) => dish.course === course)
            .map((dish) => (
              <DishRow
                key={dish.dish}
                dish={dish}
                count={wanted[dish.dish] ?? 0}
                isOff={off.includes(dish.dish)}
                onChange={(by) => change(dish.dish, by)}
              />
            ))}
        </fieldset>
      ))}
      <Refusal problem={order.problem} />
      <Group justify="space-between">
        <Button variant="default" onClick={() => setWanted(anything(off))}>
          Choose for me
        </Button>
        <SendButton isPending={order.isPending} disabled={items.length === 0} onClick={() => void send()}>
          {items.length === 0 ? 'Send the order' : `Send ${items.length} ${items.length === 1 ? 'dish' : 'dishes'}`}
        </SendButton>
      </Group>
    </Stack>
  );
}

interface DishRowProps {
  readonly dish: Dish;
  readonly count: number;
  readonly isOff: boolean;
  readonly onChange: (by: number) => void;
}

function DishRow({ dish: { name, minutes }, count, isOff, onChange }: DishRowProps) {
  return (
    <Group justify="space-between" wrap="nowrap" py={3}>
      <Text size="sm" {...(isOff && { c: 'dimmed' })}>
        {name}{' '}
        <Text span size="xs" c="dimmed">
          {isOff ? 'sold out' : `${minutes} min`}
        </Text>
      </Text>
      <Group gap={6} wrap="nowrap">
        <ActionIcon
          variant="default"
          aria-label={`One ${name} less`}
          disabled={count === 0}
          onClick={() => onChange(-1)}
        >
          −
        </ActionIcon>
        <Text size="sm" w={18} ta="center" aria-label={`${count} ${name}`} role="status">
          {count}
        </Text>
        <ActionIcon variant="default" aria-label={`One more ${name}`} disabled={isOff} onClick={() => onChange(1)}>
          +
        </ActionIcon>
      </Group>
    </Group>
  );
}

/** Two guests who cannot decide: one dish of each course for each. */
function anything(off: readonly string[]): Wanted {
  const wanted: Record<string, number> = {};
  for (const course of [1, 1, 2, 2, 3]) {
    const dishes = menu.filter((dish) => dish.course === course && !off.includes(dish.dish));
    const chosen = dishes[Math.floor(Math.random() * dishes.length)];
    if (chosen !== undefined) wanted[chosen.dish] = (wanted[chosen.dish] ?? 0) + 1;
  }
  return wanted;
}

function newTicketId(): string {
  const random = crypto.getRandomValues(new Uint32Array(2));
  return `ticket-${Date.now().toString(36)}-${[...random].map((part) => part.toString(36)).join('')}`;
}
