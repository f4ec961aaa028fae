import { type FormEvent, useState } from 'react';
import { Card } from '../desk/card.js';
import { SendButton } from '../desk/send-button.js';
import { useCommand } from '../live/use-command.js';
import { notify } from '../notice/notices.js';
import { CopyField } from './copy-field.js';

/** Takes a copy out of the collection for good. */
export function RemoveCopyCard() {
  const [copyId, setCopyId] = useState('');
  const remove = useCommand('RemoveCopy');

  async function submit(event: FormEvent) {
    event.preventDefault();
    if (!(await remove.send({ copyId: copyId.trim() }))) return;
    notify(`${copyId.trim()} is no longer in the collection.`);
    setCopyId('');
  }

  return (
    <Card title="Remove a copy">
      <form onSubmit={submit} noValidate>
        <CopyField
          label="Copy that goes"
          copyId={copyId}
          error={remove.issue('copyId')}
          problem={remove.problem}
          onChange={(next) => {
            setCopyId(next);
            remove.clear();
          }}
        >
          <SendButton variant="default" isPending={remove.isPending}>
            Remove
          </SendButton>
        </CopyField>
      </form>
    </Card>
  );
}
