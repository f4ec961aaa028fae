import type { LiveQuery } from '@carillon-examples/pages';
import { createContext, type ReactNode, useContext, useEffect } from 'react';
import { hear } from '../bells/ringing.js';
import { type ResultOf, useLiveQuery } from '../live/kitchen.js';

/** What can be heard everywhere in the house. */
interface Sounds {
  readonly bells: LiveQuery<ResultOf<'Bells'>>;
  /** Who works here all day, with the bells that they ring and listen for. */
  readonly modules: ResultOf<'WhoListens'>;
}

const sounds = createContext<Sounds | undefined>(undefined);

/** So many of the last bells are asked for. */
const lastBells = 40;

/** Listens to the bells for everything in it. */
export function House({ children }: { children: ReactNode }) {
  const bells = useLiveQuery('Bells', { limit: lastBells });
  const { result: modules = [] } = useLiveQuery('WhoListens', {}, { live: false });
  const rung = bells.result?.rung;
  useEffect(() => {
    if (rung !== undefined) hear(rung);
  }, [rung]);
  return <sounds.Provider value={{ bells, modules }}>{children}</sounds.Provider>;
}

/** What can be heard in the house. */
export function useHouse(): Sounds {
  const heard = useContext(sounds);
  if (heard === undefined) throw new Error('There is no house around this.');
  return heard;
}

/** Who listens for a bell now: by what people call them. */
export function listenersOf({ bells, modules }: Sounds, bell: string): readonly string[] {
  const staff = bells.result?.staff ?? [];
  return [
    ...modules.filter(({ listensFor }) => listensFor.includes(bell)).map(({ module }) => moduleName(module)),
    ...staff.filter((one) => one.isOnDuty && one.bells.includes(bell)).map(({ label }) => label),
  ];
}

/** What people call a module. */
export function moduleName(module: string): string {
  const words = module.replaceAll('-', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
