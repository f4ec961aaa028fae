import { useState } from 'react';
import { notify } from '../notice/notices.js';
import { inWords } from './in-words.js';
import type { CommandName, DataOf } from './kitchen.js';
import { client } from './kitchen.js';
import { latestReceipt } from './latest-receipt.js';

/** Sends commands at the press of a button. */
export interface Tell {
  /** Sends one. `true` when it was accepted; otherwise a notice says why not. */
  readonly tell: <Name extends CommandName>(name: Name, data: DataOf<Name>) => Promise<boolean>;
  readonly isPending: boolean;
}

/** Sends commands for buttons, one at a time; a form has `useCommand`. */
export function useTell(): Tell {
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
        notify(inWords(error));
        return false;
      } finally {
        setPending(false);
      }
    },
  };
}
