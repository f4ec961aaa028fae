import { Card, notify, SendButton } from '@carillon-examples/pages';
import { type FormEvent, useRef, useState } from 'react';
import { useCommand } from '../live/library.js';
import { CopyField } from './copy-field.js';

/** Takes a copy out of the collection for good. */
export function RemoveCopyCard() {
  const [copyId, setCopyId] = useState('');
  const field = useRef<HTMLInputElement>(null);
  const remove = useCommand('RemoveCopy');

  async function submit(event: FormEvent) {
    event.preventDefault();
    if (!(await remove.send({ copyId: copyId.trim() }))) return;
    notify(`${copyId.trim()} is no longer in the collection.`);
    setCopyId('');
    field.current?.focus();
  }

  return (
    <Card title="Remove a copy">
      <form onSubmit={submit} noValidate>
        <CopyField
          ref={field}
          label="Copy that goes"
          copyId={copyId}
          error={remove.issue('copyId')}
          problem={remove.problem}
          onChange={(next) => {
            setCopyId(next);
            remove.clear();
          }}
        >
          <SendButton variant="default" disabled={copyId.trim() === ''} isPending={remove.isPending}>
            Remove
          </SendButton>
        </CopyField>
      </form>
    </Card>
  );
}
