import { PlaceLink, useStore } from '@carillon-examples/pages';
import { VisuallyHidden } from '@mantine/core';
import { basket, piecesIn } from './basket.js';
import classes from './basket-link.module.css';

/** The way to the basket, and how much is in it. */
export function BasketLink() {
  const pieces = piecesIn(useStore(basket));
  return (
    <PlaceLink segment="basket">
      Basket
      {pieces > 0 && (
        <span className={classes.pieces}>
          {pieces}
          <VisuallyHidden>{pieces === 1 ? ' piece' : ' pieces'}</VisuallyHidden>
        </span>
      )}
    </PlaceLink>
  );
}
