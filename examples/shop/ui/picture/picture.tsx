import type { CSSProperties } from 'react';
import { pictogramOf } from './pictograms.js';
import classes from './picture.module.css';

interface PictureProps {
  readonly name: string;
  readonly category: string;
}

/** A picture made of nothing but the product's name and category: things of one category have related colours. */
export function Picture({ name, category }: PictureProps) {
  const [kind = name, version = ''] = name.split(', ');
  const hue = ((hash(category) % 24) * 15 + (hash(kind) % 5) * 7) % 360;
  return (
    <div
      className={classes.picture}
      style={{ '--hue': hue } as CSSProperties}
      data-pattern={hash(kind) % 3}
      aria-hidden="true"
    >
      <svg viewBox="0 0 48 48" className={classes.drawing} focusable="false">
        <title>{kind}</title>
        <path d={pictogramOf(kind)} />
      </svg>
      {version !== '' && <span className={classes.version}>{version}</span>}
    </div>
  );
}

function hash(text: string): number {
  let sum = 7;
  for (let i = 0; i < text.length; i += 1) sum = (sum * 31 + text.charCodeAt(i)) >>> 0;
  return sum;
}
