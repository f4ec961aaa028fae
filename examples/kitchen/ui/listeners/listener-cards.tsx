import { BellChip } from '../bells/bell-chip.js';
import type { Listener } from './listener.js';
import classes from './listener-cards.module.css';

/** The same as the picture for small screens: everybody with their bells. */
export function ListenerCards({ listeners }: { listeners: readonly Listener[] }) {
  return (
    <ul className={classes.cards}>
      {listeners.map(({ id, label, hears, rings, isOnDuty }) => (
        <li key={id}>
          <strong>{label}</strong>
          {isOnDuty === false && <span className={classes.note}> off duty</span>}
          <dl className={classes.bells}>
            {hears.length > 0 && (
              <>
                <dt>hears</dt>
                <dd>
                  {hears.map((bell) => (
                    <BellChip key={bell} bell={bell} isQuiet={isOnDuty === false} />
                  ))}
                </dd>
              </>
            )}
            {rings.length > 0 && (
              <>
                <dt>rings</dt>
                <dd>
                  {rings.map((bell) => (
                    <BellChip key={bell} bell={bell} />
                  ))}
                </dd>
              </>
            )}
          </dl>
        </li>
      ))}
    </ul>
  );
}
