import { useDocumentVisibility } from '@mantine/hooks';
import type { AnswerOfQuery, ParamsOfQuery, QueryName } from 'carillon/client';
import { useEffect, useState } from 'react';
import { useStore } from '../store/store.js';
import { remember, remembered } from './answers.js';
import { inWords } from './in-words.js';
import { latestReceipt } from './latest-receipt.js';
import type { AnyApplication, LiveApplication, ResultOf } from './live-application.js';
import { setLost } from './lost-connections.js';

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

/** How a query is shown. */
export interface LiveQueryOptions {
  /** `false` asks once and leaves the answer as it is. */
  readonly live?: boolean;
}

/** Asks a query of an application and keeps its answer up to date: see `LivePages`. */
export function useLiveQuery<App extends AnyApplication, Name extends QueryName<App>>(
  application: LiveApplication<App>,
  name: Name,
  params: ParamsOfQuery<App, Name> | undefined,
  { live = true }: LiveQueryOptions = {},
): LiveQuery<ResultOf<App, Name>> {
  const question = params === undefined ? '' : `${name} ${JSON.stringify(params)}`;
  const [latest, setLatest] = useState<Latest<AnswerOfQuery<App, Name>>>({ question: '' });
  const [attempt, setAttempt] = useState(0);
  const isVisible = useDocumentVisibility() === 'visible';
  const receipt = useStore(latestReceipt);
  const { client } = application;

  // biome-ignore lint/correctness/useExhaustiveDependencies: the question stands for its params, an attempt for a retry
  useEffect(() => {
    if (params === undefined || !isVisible) return;
    const gone = new AbortController();
    const options = { signal: gone.signal, ...(receipt && { after: receipt }) };

    const show = (answer: AnswerOfQuery<App, Name>) => {
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
      if (!gone.signal.aborted) setLatest({ question, problem: inWords(error, application.name) });
    });
    return () => {
      gone.abort();
      setLost(gone, false);
    };
  }, [name, question, live, isVisible, receipt, attempt]);

  const isAnswered = latest.question === question;
  const known = isAnswered ? undefined : (remembered(question) as AnswerOfQuery<App, Name> | undefined);
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

interface Latest<A> {
  readonly question: string;
  readonly answer?: A;
  readonly problem?: string;
}
