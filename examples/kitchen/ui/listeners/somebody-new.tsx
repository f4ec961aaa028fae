import { besideField, Refusal, SendButton } from '@carillon-examples/pages';
import { Text, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useCommand, useLiveQuery } from '../live/kitchen.js';
import { Panel } from '../shell/panel.js';

/** Puts somebody on duty who was not there when the kitchen opened. */
export function SomebodyNew() {
  const [name, setName] = useState('');
  const [called, setCalled] = useState<string>();
  const put = useCommand('PutOnDuty');

  async function submit(event: FormEvent) {
    event.preventDefault();
    const listener = name.trim();
    setCalled(undefined);
    if (await put.send({ listener })) setCalled(listener);
  }

  return (
    <Panel title="Somebody new">
      <Text size="sm">
        A listener is a file in <code>src/listeners</code>, and nothing else has to change. The README shows how in ten
        lines. One that is added while the kitchen runs is called by the name of its file:
      </Text>
      <form onSubmit={submit} noValidate>
        <TextInput
          label="Name"
          placeholder="critic"
          value={name}
          error={put.issue('listener')}
          inputContainer={besideField(
            <SendButton disabled={name.trim() === ''} isPending={put.isPending}>
              Put on duty
            </SendButton>,
          )}
          onChange={(event) => {
            setName(event.currentTarget.value);
            setCalled(undefined);
            put.clear();
          }}
        />
        <Refusal problem={put.problem} />
      </form>
      {called !== undefined && <WhatBecameOf listener={called} />}
    </Panel>
  );
}

/** Whoever rings does not know who comes: so it is looked up. */
function WhatBecameOf({ listener }: { listener: string }) {
  const { result, problem } = useLiveQuery('WhetherOnDuty', { listener });
  if (problem !== undefined) return <Refusal problem={problem} />;
  if (result?.duty === 'unknown') {
    return (
      <Refusal
        problem={
          <>
            {listener} did not come: there is no listener of that name. It would be in{' '}
            <code>examples/kitchen/src/listeners/{listener}.ts</code>; <code>npm run build</code> makes it known.
          </>
        }
      />
    );
  }
  return (
    <Text size="sm" role="status">
      {result?.duty === 'on' && `${listener} is on duty.`}
      {result?.duty === 'off' && `${listener} was here, and has been sent home again.`}
      {(result === undefined || result.duty === 'called') && `${listener} is called …`}
    </Text>
  );
}
