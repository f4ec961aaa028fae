import { Card, notify, Refusal, SendButton } from '@carillon-examples/pages';
import { Group, NativeSelect, Stack, TextInput } from '@mantine/core';
import type { DataOfCommand } from 'carillon/client';
import { type FormEvent, useState } from 'react';
import type { Book } from '../book/book.js';
import { type Library, useCommand, useLiveQuery } from '../live/library.js';
import { TitleField } from '../title/title-field.js';

type Kind = NonNullable<DataOfCommand<Library, 'AddCopy'>['kind']>;

const kinds: { value: Kind; label: string }[] = [
  { value: 'book', label: 'Book' },
  { value: 'audiobook', label: 'Audiobook' },
  { value: 'magazine', label: 'Magazine' },
];

/** Adds a copy of a title that is in the catalogue. */
export function AddCopyCard({ proposedTitleId }: { proposedTitleId: string | undefined }) {
  const [titleId, setTitleId] = useState(proposedTitleId);
  const [typedId, setTypedId] = useState<string>();
  const [kind, setKind] = useState<Kind>('book');
  const book = useLiveQuery('TitleDetails', titleId === undefined ? undefined : { titleId }, { live: false }).result;
  const add = useCommand('AddCopy');
  const copyId = typedId ?? (book == null ? '' : freeCopyId(book));

  async function submit(event: FormEvent) {
    event.preventDefault();
    if (!(await add.send({ copyId: copyId.trim(), titleId: titleId ?? '', kind }))) return;
    notify(`${copyId.trim()} is on the shelf.`);
    setTypedId(undefined);
  }

  return (
    <Card title="Add a copy">
      <form onSubmit={submit} noValidate>
        <Stack gap="sm">
          <TitleField label="Title of the copy" titleId={titleId} onChange={setTitleId} error={add.issue('titleId')} />
          <TextInput
            label="Copy id"
            description="What its label says."
            autoComplete="off"
            spellCheck={false}
            value={copyId}
            error={add.issue('copyId')}
            onChange={(event) => setTypedId(event.currentTarget.value)}
          />
          <NativeSelect
            label="Kind"
            description="Decides for how long it is lent."
            data={kinds}
            value={kind}
            error={add.issue('kind')}
            onChange={(event) => setKind(event.currentTarget.value as Kind)}
          />
          <Refusal problem={add.problem} />
          <Group>
            <SendButton isPending={add.isPending}>Add copy</SendButton>
          </Group>
        </Stack>
      </form>
    </Card>
  );
}

/** A label that no copy of the title has yet. */
function freeCopyId(book: Book): string {
  const taken = new Set(book.copies.map((copy) => copy.copyId));
  let number = book.copies.length + 1;
  while (taken.has(`${book.titleId}-${number}`)) number += 1;
  return `${book.titleId}-${number}`;
}
