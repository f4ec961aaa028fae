import type { CommandName, DataOfCommand } from 'carillon/client';
import { useState } from 'react';
import { notify } from '../notice/notices.js';
import { inWords } from './in-words.js';
import { latestReceipt } from './latest-receipt.js';
import type { AnyApplication, LiveApplication } from './live-application.js';

/** Sends commands at the press of a button. */
export interface Tell<App> {
  /** Sends one. `true` when it was accepted; otherwise a notice says why not. */
  readonly tell: <Name extends CommandName<App>>(name: Name, data: DataOfCommand<App, Name>) => Promise<boolean>;
  readonly isPending: boolean;
}

/** Sends commands to an application at the press of a button: see `LivePages`. */
export function useTell<App extends AnyApplication>({ name: called, client }: LiveApplication<App>): Tell<App> {
  const [isPending, setPending] = useState(false);
  return {
    isPending,
    tell: async (name, data) => {
      if (isPending) return false;
      setPending(true);
      try {
        const result = await client.execute(name, data);
        if (result.rejected) notify(result.message);
        else latestReceipt.set(result);
        return !result.rejected;
      } catch (error) {
        notify(inWords(error, called));
        return false;
      } finally {
        setPending(false);
      }
    },
  };
}
