import { createContext, useContext } from 'react';

/** What an application's page is called, and what people see of that. */
export interface Site {
  /** As a heading: `Library`. */
  readonly name: string;
  /** Its first place, as one says where one goes: `the catalogue`. */
  readonly home: string;
  /** The address of its picture. */
  readonly icon: string;
}

/** The site around a component; `Page` says which it is. */
export const SiteContext = createContext<Site | undefined>(undefined);

/**
 * The site that the component belongs to.
 *
 * @throws Error when there is no `Page` around it
 */
export function useSite(): Site {
  const site = useContext(SiteContext);
  if (site === undefined) throw new Error('There is no <Page> around this.');
  return site;
}
