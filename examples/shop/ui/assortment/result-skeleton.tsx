import { Skeleton } from '@mantine/core';
import classes from './found-products.module.css';

/** The shape of an answer that is not there yet. */
export function ResultSkeleton() {
  return (
    <div className={classes.grid} role="status" aria-label="Searching">
      {['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].map((key) => (
        <Skeleton key={key} radius="md" style={{ aspectRatio: '3 / 4.4' }} />
      ))}
    </div>
  );
}
