import type { Issue } from 'carillon';
import { type CommandName, type DataOfCommand, HttpProblemError } from 'carillon/client';
import { useRef, useState } from 'react';
import { inWords } from './in-words.js';
import { latestReceipt } from './latest-receipt.js';
import type { AnyApplication, LiveApplication } from './live-application.js';

/** A command that a form sends, and what came of it. */
export interface Command<Data> {
  /** Sends it, one at a time. `true` when it was accepted; why it was not is then found below. */
  readonly send: (data: Data) => Promise<boolean>;
  readonly isPending: boolean;
  /** Why it was refused or could not be sent, in words for a person. */
  readonly problem: string | undefined;
  /** What is wrong with one field, in words for a person. */
  readonly issue: (field: string) => string | undefined;
  /** Forgets what came of the last one. */
  readonly clear: () => void;
}

interface Outcome {
  readonly problem?: string;
  readonly issues?: readonly Issue[];
}

/** Sends commands of one kind to an application: see `LivePages`. */
export function useCommand<App extends AnyApplication, Name extends CommandName<App>>(
  application: LiveApplication<App>,
  name: Name,
): Command<DataOfCommand<App, Name>> {
  const isSending = useRef(false);
  const [isPending, setPending] = useState(false);
  const [outcome, setOutcome] = useState<Outcome>({});

  async function send(data: DataOfCommand<App, Name>): Promise<boolean> {
    if (isSending.current) return false;
    isSending.current = true;
    setPending(true);
    try {
      const result = await application.client.execute(name, data);
      setOutcome(result.rejected ? { problem: result.message } : {});
      if (result.rejected) return false;
      latestReceipt.set(result);
      return true;
    } catch (error) {
      const issues = error instanceof HttpProblemError ? error.issues : [];
      setOutcome(issues.length > 0 ? { issues } : { problem: inWords(error, application.name) });
      return false;
    } finally {
      isSending.current = false;
      setPending(false);
    }
  }

  return {
    send,
    isPending,
    problem: outcome.problem,
    issue: (field) => outcome.issues?.find((issue) => issue.path.split('/')[1] === field)?.message,
    clear: () => setOutcome({}),
  };
}
