import { Card, notify, SendButton } from '@carillon-examples/pages';
import { Text } from '@mantine/core';
import { type FormEvent, useRef, useState } from 'react';
import { useCommand } from '../live/library.js';
import { CopyField } from './copy-field.js';

/** Takes copies back. Nobody needs to say who had them. */
export function ReturnCard() {
  const [copyId, setCopyId] = useState('');
  const field = useRef<HTMLInputElement>(null);
  const giveBack = useCommand('ReturnCopy');

  async function submit(event: FormEvent) {
    event.preventDefault();
    if (!(await giveBack.send({ copyId: copyId.trim() }))) return;
    notify(`${copyId.trim()} is back.`);
    setCopyId('');
    field.current?.focus();
  }

  return (
    <Card title="Return a copy">
      <form onSubmit={submit} noValidate>
        <CopyField
          ref={field}
          label="Copy that came back"
          copyId={copyId}
          error={giveBack.issue('copyId')}
          problem={giveBack.problem}
          onChange={(next) => {
            setCopyId(next);
            giveBack.clear();
          }}
        >
          <SendButton disabled={copyId.trim() === ''} isPending={giveBack.isPending}>
            Return
          </SendButton>
        </CopyField>
      </form>
      <Text size="sm" c="var(--ink-soft)">
        A copy that somebody waits for is held for them: their account says so.
      </Text>
    </Card>
  );
}
