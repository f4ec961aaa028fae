import { besideField } from '@carillon-examples/pages';
import { Select, Text } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { type ReactNode, useState } from 'react';
import { useLiveQuery } from '../live/library.js';

interface TitleFieldProps {
  readonly label: string;
  readonly titleId: string | undefined;
  readonly onChange: (titleId: string | undefined) => void;
  readonly error?: string | undefined;
  /** What is done with the title, beside the field: the form's button. */
  readonly children?: ReactNode;
}

/** Finds a title of the catalogue while somebody types. */
export function TitleField({ label, titleId, onChange, error, children }: TitleFieldProps) {
  const [typed, setTyped] = useState('');
  const [text] = useDebouncedValue(typed.trim(), 150);
  const chosen = useLiveQuery('TitleDetails', titleId === undefined ? undefined : { titleId }, { live: false }).result;
  const isSearch = text !== '' && text !== chosen?.title;
  const search = useLiveQuery('SearchCatalogue', isSearch ? { text, limit: 8 } : undefined, { live: false });

  const found = search.result?.items ?? [];
  const titles = chosen == null || found.some((one) => one.titleId === chosen.titleId) ? found : [chosen, ...found];
  const authorsOf = (id: string) => titles.find((one) => one.titleId === id)?.authors.join(', ') || 'Anonymous';

  return (
    <Select
      label={label}
      placeholder="Title or author"
      searchable
      clearable
      clearButtonProps={{ 'aria-label': 'Clear the title' }}
      nothingFoundMessage={
        search.isLoading ? 'Searching…' : isSearch ? 'No title is called that' : 'Type a few letters'
      }
      data={titles.map((one) => ({ value: one.titleId, label: one.title }))}
      filter={({ options }) => options}
      value={titleId ?? null}
      searchValue={typed}
      onSearchChange={setTyped}
      onChange={(next) => onChange(next ?? undefined)}
      error={error}
      inputContainer={besideField(children)}
      renderOption={({ option }) => (
        <div>
          {option.label}
          <Text size="xs" c="var(--ink-soft)">
            {authorsOf(option.value)}
          </Text>
        </div>
      )}
    />
  );
}
