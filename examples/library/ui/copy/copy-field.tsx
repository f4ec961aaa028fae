import { besideField, Refusal } from '@carillon-examples/pages';
import { Anchor, Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { type ReactNode, type RefObject, useState } from 'react';
import { useLiveQuery } from '../live/library.js';
import { TitleField } from '../title/title-field.js';
import { CopyBadge } from './copy-badge.js';

interface CopyFieldProps {
  readonly label: string;
  readonly copyId: string;
  readonly onChange: (copyId: string) => void;
  readonly error: string | undefined;
  /** Why the copy was refused. */
  readonly problem: string | undefined;
  readonly ref?: RefObject<HTMLInputElement | null>;
  /** What is done with the copy, beside the field: the form's button. */
  readonly children: ReactNode;
}

/** Names a copy: scanned, typed, or picked from the copies of a title. */
export function CopyField({ label, copyId, onChange, error, problem, ref, children }: CopyFieldProps) {
  const [isPicking, setPicking] = useState(false);
  const [titleId, setTitleId] = useState<string>();
  const book = useLiveQuery('TitleDetails', titleId === undefined ? undefined : { titleId }).result;

  return (
    <Stack gap="xs">
      <TextInput
        {...(ref && { ref })}
        label={label}
        placeholder="Scan or type the label"
        autoComplete="off"
        spellCheck={false}
        value={copyId}
        error={error}
        inputContainer={besideField(children)}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
      <Refusal problem={problem} />
      <Anchor
        component="button"
        type="button"
        size="sm"
        w="fit-content"
        aria-expanded={isPicking}
        onClick={() => setPicking(!isPicking)}
      >
        {isPicking ? 'Hide the titles' : 'No label? Find it by title'}
      </Anchor>
      {isPicking && <TitleField label="Title" titleId={titleId} onChange={setTitleId} />}
      {isPicking && book?.copies.length === 0 && <Text size="sm">The library has no copy of this title.</Text>}
      {isPicking && (
        <Group gap="xs" role="group" aria-label="Copies of the title">
          {book?.copies.map((copy) => (
            <Button
              key={copy.copyId}
              variant={copy.copyId === copyId ? 'filled' : 'default'}
              size="xs"
              aria-pressed={copy.copyId === copyId}
              rightSection={<CopyBadge copy={copy} />}
              onClick={() => onChange(copy.copyId)}
            >
              {copy.copyId}
            </Button>
          ))}
        </Group>
      )}
    </Stack>
  );
}
