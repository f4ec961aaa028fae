import { serif } from '../theme.js';
import classes from './cover.module.css';
import { widestWord } from './widest-word.js';

/** Cloth colours, dark enough for pale letters. */
const cloths = [
  '#7a3b2e',
  '#1f5f57',
  '#2d4a73',
  '#6a4a7c',
  '#8a6118',
  '#3f5d34',
  '#913f55',
  '#33525c',
  '#5d4a3a',
  '#474a86',
];

/** How wide a word may be, of the width of a cover, in percent: a little less than the margins in the style sheet leave. */
const wordWidth = 68;

/** A cover made of nothing but the title and its author: books of one author are bound in the same cloth. */
export function Cover({ title, authors }: { title: string; authors: readonly string[] }) {
  const [author = ''] = authors;
  const [short = title] = title.split(/ \(|: /);
  // As wide as what the margins leave; smaller than the last it would not be read, and a word is rather broken.
  const fitting = `max(${wordWidth / widestWord(short, serif)}cqw, 6cqw)`;
  return (
    <div
      className={classes.cover}
      style={{ backgroundColor: cloths[hash(author) % cloths.length] }}
      data-pattern={hash(title) % 4}
      aria-hidden="true"
    >
      <span className={classes.title} style={{ fontSize: `min(11cqw, ${fitting}, 26px)` }}>
        {short}
      </span>
      <span className={classes.initial}>{title.replace(/^(The|A|An) /, '').charAt(0)}</span>
      <span className={classes.author}>{author}</span>
    </div>
  );
}

function hash(text: string): number {
  let sum = 7;
  for (let i = 0; i < text.length; i += 1) sum = (sum * 31 + text.charCodeAt(i)) >>> 0;
  return sum;
}
