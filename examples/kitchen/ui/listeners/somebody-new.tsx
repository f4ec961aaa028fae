import { notify, Refusal, SendButton } from '@carillon-examples/pages';
import { Group, Text, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useCommand } from '../live/kitchen.js';
import { Panel } from '../shell/panel.js';

/** Puts somebody on duty who was not there when the kitchen opened. */
export function SomebodyNew() {
  const [name, setName] = useState('');
  const put = useCommand('PutOnDuty');

  async function submit(event: FormEvent) {
    event.preventDefault();
    const listener = name.trim();
    if (!(await put.send({ listener }))) return;
    notify(`${listener} is called.`);
    setName('');
  }

  return (
    <Panel title="Somebody new">
      <Text size="sm">
        A listener is a file in <code>src/listeners</code>, and nothing else has to change. The README shows how in ten
        lines. One that is added while the kitchen runs is called by the name of its file:
      </Text>
      <form onSubmit={submit} noValidate>
        <Group align="flex-end" gap="xs">
          <TextInput
            label="Name"
            placeholder="critic"
            value={name}
            error={put.issue('listener')}
            onChange={(event) => {
              setName(event.currentTarget.value);
              put.clear();
            }}
          />
          <SendButton isPending={put.isPending}>Put on duty</SendButton>
        </Group>
        <Refusal problem={put.problem} />
      </form>
    </Panel>
  );
}
