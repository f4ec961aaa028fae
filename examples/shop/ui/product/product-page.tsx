import { Empty, PageHeading, Problem } from '@carillon-examples/pages';
import { Anchor, Skeleton, Stack } from '@mantine/core';
import { useLiveQuery } from '../live/shop.js';
import { BoughtTogether } from './bought-together.js';
import { ProductSummary } from './product-summary.js';

/** One product: what it is, what it costs, whether it can be had now, and what others bought with it. */
export function ProductPage({ productId }: { productId: string }) {
  const { result: product, isLoading, problem, retry } = useLiveQuery('ProductDetails', { productId });
  if (problem !== undefined) return <Problem what="The product could not be shown" why={problem} onRetry={retry} />;
  if (isLoading) return <ProductSkeleton />;
  if (product == null) return <UnknownProduct productId={productId} />;
  return (
    <Stack gap={44}>
      <ProductSummary product={product} />
      <BoughtTogether productId={productId} />
    </Stack>
  );
}

function UnknownProduct({ productId }: { productId: string }) {
  return (
    <Stack>
      <PageHeading place={productId}>Not in the shop</PageHeading>
      <Empty title={`There is no product ${productId}`}>
        <Anchor href="#/">Search the shop</Anchor>
      </Empty>
    </Stack>
  );
}

function ProductSkeleton() {
  return (
    <Stack role="status" aria-label="Opening the product" gap="md">
      <Skeleton width={260} height={260} radius="md" />
      <Skeleton width="60%" height={34} />
      <Skeleton width="35%" height={18} />
    </Stack>
  );
}
