import { useDocumentVisibility } from '@mantine/hooks';
import { useEffect, useState } from 'react';
import { remember, remembered } from './answers.js';
import { inWords } from './in-words.js';
import { type AnswerOf, client, type ParamsOf, type QueryName, type ResultOf } from './kitchen.js';
import { latestReceipt } from './latest-receipt.js';
import { setLost } from './lost-connections.js';
import { useStore } from './store.js';

/** What a component knows of a query that it shows. */
export interface LiveQuery<Result> {
  /** The latest answer. While the next question is on its way, the last one's; `undefined` before the first. */
  readonly result: Result | undefined;
  /** Whether `result` is not there yet, or answers an earlier question. */
  readonly isLoading: boolean;
  /** Why there is no answer, in words for a person. */
  readonly problem: string | undefined;
  readonly retry: () => void;
}

/**
 * Asks a query and keeps its answer up to date until the component goes, the question changes or the window is hidden. What
 * this window has changed itself is in every answer.
 *
 * A browser opens six connections to a server, whatever the number of windows: have one live query in a place, two at most.
 *
 * @param params what to ask; `undefined` asks nothing
 * @param options.live `false` asks once and leaves the answer as it is
 */
export function useLiveQuery<Name extends QueryName>(
  name: Name,
  params: ParamsOf<Name> | undefined,
  { live = true }: { live?: boolean } = {},
): LiveQuery<ResultOf<Name>> {
  const question = params === undefined ? '' : `${name} ${JSON.stringify(params)}`;
  const [latest, setLatest] = useState<Latest<Name>>({ question: '' });
  const [attempt, setAttempt] = useState(0);
  const isVisible = useDocumentVisibility() === 'visible';
  const receipt = useStore(latestReceipt);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the question stands for its params, an attempt for a retry
  useEffect(() => {
    if (params === undefined || !isVisible) return;
    const gone = new AbortController();
    const options = { signal: gone.signal, ...(receipt && { after: receipt }) };

    const show = (answer: AnswerOf<Name>) => {
      if (gone.signal.aborted) return;
      remember(question, answer);
      setLatest({ question, answer });
    };
    const ask = async () => {
      if (!live) return show(await client.query(name, params, options));
      const onConnection = (state: 'open' | 'lost') => setLost(gone, state === 'lost' && !gone.signal.aborted);
      for await (const answer of client.subscribe(name, params, { ...options, onConnection })) show(answer);
    };
    ask().catch((error: unknown) => {
      if (!gone.signal.aborted) setLatest({ question, problem: inWords(error) });
    });
    return () => {
      gone.abort();
      setLost(gone, false);
    };
  }, [name, question, live, isVisible, receipt, attempt]);

  const isAnswered = latest.question === question;
  const known = isAnswered ? undefined : (remembered(question) as AnswerOf<Name> | undefined);
  return {
    result: params === undefined ? undefined : (known ?? latest.answer)?.result,
    isLoading: params !== undefined && !isAnswered && known === undefined,
    problem: isAnswered ? latest.problem : undefined,
    retry: () => {
      setLatest({ question: '' });
      setAttempt(attempt + 1);
    },
  };
}

interface Latest<Name extends QueryName> {
  readonly question: string;
  readonly answer?: AnswerOf<Name>;
  readonly problem?: string;
}
