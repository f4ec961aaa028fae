import { notify, Refusal, SendButton } from '@carillon-examples/pages';
import { Stack } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useCommand } from '../live/library.js';
import { TitleField } from '../title/title-field.js';

interface ReserveFormProps {
  readonly memberId: string;
  readonly name: string;
  /** The title to begin with, when somebody comes from its page. */
  readonly proposedTitleId: string | undefined;
}

/** Puts a member into the queue of a title that is out. */
export function ReserveForm({ memberId, name, proposedTitleId }: ReserveFormProps) {
  const [titleId, setTitleId] = useState(proposedTitleId);
  const reserve = useCommand('ReserveTitle');

  async function submit(event: FormEvent) {
    event.preventDefault();
    if (!(await reserve.send({ titleId: titleId ?? '', memberId }))) return;
    notify(`The title is reserved for ${name}.`);
    setTitleId(undefined);
  }

  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="sm">
        <TitleField
          label="Reserve a title"
          titleId={titleId}
          onChange={(next) => {
            setTitleId(next);
            reserve.clear();
          }}
          error={reserve.issue('titleId')}
        >
          <SendButton variant="default" disabled={titleId === undefined} isPending={reserve.isPending}>
            Reserve
          </SendButton>
        </TitleField>
        <Refusal problem={reserve.problem} />
      </Stack>
    </form>
  );
}
