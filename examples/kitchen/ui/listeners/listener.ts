import { moduleName, type useHouse } from '../house/house.js';

/** Somebody who listens: a module, or one of the staff who come and go. */
export interface Listener {
  readonly id: string;
  readonly label: string;
  readonly hears: readonly string[];
  readonly rings: readonly string[];
  /** Undefined for modules, which are always there. */
  readonly isOnDuty: boolean | undefined;
}

/** Everybody who listens, modules first. */
export function allListeners({ bells, modules }: ReturnType<typeof useHouse>): readonly Listener[] {
  const staff = bells.result?.staff ?? [];
  return [
    ...modules.map(({ module, listensFor, rings }) => ({
      id: module,
      label: moduleName(module),
      hears: listensFor,
      rings,
      isOnDuty: undefined,
    })),
    ...staff.map(({ listener, label, bells: hears, isOnDuty }) => ({
      id: listener,
      label,
      hears,
      rings: [],
      isOnDuty,
    })),
  ];
}

/** Every bell that somebody of them rings, in the order of who rings it. */
export function allBells(listeners: readonly Listener[]): readonly string[] {
  return listeners.flatMap(({ rings }) => rings);
}
