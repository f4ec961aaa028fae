import { Card, href, notify, Problem, SendButton } from '@carillon-examples/pages';
import { Anchor, Text } from '@mantine/core';
import { useCommand, useLiveQuery } from '../live/shop.js';
import classes from './sold-out-card.module.css';

/** How many pieces come in at a press of the button. */
const usualQuantity = 20;

/** What is sold out, the most wanted first, and the way to have it again. */
export function SoldOutCard() {
  const { result, problem, retry } = useLiveQuery('SearchProducts', { availability: 'sold-out', limit: 8 });
  if (problem !== undefined) return <Problem what="The list could not be made" why={problem} onRetry={retry} />;
  return (
    <Card
      title="Sold out"
      aside={result !== undefined && result.total > 0 && <Text c="var(--ink-soft)">{result.total}</Text>}
    >
      {result?.total === 0 && <Text size="sm">Every product is on the shelf.</Text>}
      {result !== undefined && result.items.length > 0 && (
        <ul className={classes.products}>
          {result.items.map(({ productId, name }) => (
            <li key={productId} className={classes.product}>
              <a href={href(['counter', 'stock', productId])} className={`${classes.name} quiet-link`}>
                {name}
              </a>
              <ReceiveButton productId={productId} name={name} />
            </li>
          ))}
        </ul>
      )}
      {result !== undefined && result.total > result.items.length && (
        <Anchor size="sm" w="fit-content" href={href([], new URLSearchParams({ availability: 'sold-out' }))}>
          {`All ${result.total.toLocaleString('en')} that are sold out`}
        </Anchor>
      )}
    </Card>
  );
}

function ReceiveButton({ productId, name }: { productId: string; name: string }) {
  const receive = useCommand('ReceiveStock');
  return (
    <SendButton
      variant="default"
      size="xs"
      isPending={receive.isPending}
      aria-label={`Receive ${usualQuantity} × ${name}`}
      onClick={async () => {
        if (await receive.send({ productId, quantity: usualQuantity })) notify(`${usualQuantity} × ${name} came in.`);
      }}
    >
      {`Receive ${usualQuantity}`}
    </SendButton>
  );
}
