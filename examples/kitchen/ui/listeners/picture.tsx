import { useStore } from '@carillon-examples/pages';
import { bellOf } from '../bells/bell.js';
import { BellChip } from '../bells/bell-chip.js';
import { lastRung } from '../bells/ringing.js';
import { allBells, type Listener } from './listener.js';
import classes from './picture.module.css';

/** Who rings what, and who hears it: a row for each bell, a column for everybody who listens. */
export function Picture({ listeners }: { listeners: readonly Listener[] }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached with the keyboard
    <section className={classes.frame} tabIndex={0} aria-label="Picture of the bells and who hears them">
      <table className={classes.picture}>
        <thead>
          <tr>
            <th scope="col">Bell</th>
            {listeners.map(({ id, label, isOnDuty }) => (
              <th key={id} scope="col" data-is-off={isOnDuty === false || undefined}>
                <span>{label}</span>
                {isOnDuty === false && <span className={classes.off}>off duty</span>}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {allBells(listeners).map((bell) => (
            <Row key={bell} bell={bell} listeners={listeners} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Row({ bell, listeners }: { bell: string; listeners: readonly Listener[] }) {
  const rangAt = useStore(lastRung)[bell];
  return (
    <tr>
      <th scope="row">
        <BellChip bell={bell} />
      </th>
      {listeners.map(({ id, label, hears, rings, isOnDuty }) => {
        const isHeard = hears.includes(bell);
        const what = rings.includes(bell) ? 'rings' : isHeard ? (isOnDuty === false ? 'off' : 'hears') : 'nothing';
        return (
          <td key={id}>
            {what !== 'nothing' && (
              <span
                key={rangAt}
                className={classes.sign}
                data-what={what}
                data-rings={(rangAt !== undefined && what !== 'off') || undefined}
                role="img"
                aria-label={`${label} ${words[what]} ${bellOf(bell).name}`}
              />
            )}
          </td>
        );
      })}
    </tr>
  );
}

const words = { rings: 'rings', hears: 'hears', off: 'is off duty and would hear' };

/** What the signs in the picture mean. */
export function PictureLegend() {
  return (
    <p className={classes.legend}>
      <span>
        <span className={classes.sign} data-what="rings" aria-hidden="true" /> rings
      </span>
      <span>
        <span className={classes.sign} data-what="hears" aria-hidden="true" /> hears
      </span>
      <span>
        <span className={classes.sign} data-what="off" aria-hidden="true" /> would hear, and is off duty
      </span>
    </p>
  );
}
