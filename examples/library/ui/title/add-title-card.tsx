import { Card, href, idFrom, notify, Refusal, SendButton } from '@carillon-examples/pages';
import { Anchor, Group, NumberInput, Stack, TagsInput, Text, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useCommand } from '../live/library.js';

const blank = { title: '', authors: [] as string[], year: '' as number | '', language: '', isbn: '', typedId: '' };

/** Adds a title to the catalogue. Its copies come after. */
export function AddTitleCard() {
  const [form, setForm] = useState(blank);
  const [added, setAdded] = useState<string>();
  const add = useCommand('AddTitle');
  const titleId = form.typedId || idFrom(form.title);
  const fill = (part: Partial<typeof blank>) => setForm({ ...form, ...part });

  async function submit(event: FormEvent) {
    event.preventDefault();
    const accepted = await add.send({
      titleId,
      title: form.title.trim(),
      authors: form.authors,
      ...(form.year !== '' && { year: form.year }),
      ...(form.language.trim() !== '' && { language: form.language.trim() }),
      ...(form.isbn.trim() !== '' && { isbn: form.isbn.trim() }),
    });
    if (!accepted) return;
    notify(`${form.title.trim()} is in the catalogue.`);
    setAdded(titleId);
    setForm(blank);
  }

  return (
    <Card title="Add a title">
      <form onSubmit={submit} noValidate>
        <Stack gap="sm">
          <TextInput
            label="Title"
            autoComplete="off"
            value={form.title}
            error={add.issue('title')}
            onChange={(event) => fill({ title: event.currentTarget.value })}
          />
          <TagsInput
            label="Authors"
            description="Enter after each"
            acceptValueOnBlur
            value={form.authors}
            error={add.issue('authors')}
            onChange={(authors) => fill({ authors })}
          />
          <Group grow align="start" gap="sm">
            <NumberInput
              label="Year"
              hideControls
              allowDecimal={false}
              value={form.year}
              error={add.issue('year')}
              onChange={(year) => fill({ year: typeof year === 'number' ? year : '' })}
            />
            <TextInput
              label="Language"
              placeholder="en"
              autoComplete="off"
              value={form.language}
              error={add.issue('language')}
              onChange={(event) => fill({ language: event.currentTarget.value })}
            />
          </Group>
          <TextInput
            label="ISBN"
            autoComplete="off"
            value={form.isbn}
            error={add.issue('isbn')}
            onChange={(event) => fill({ isbn: event.currentTarget.value })}
          />
          <TextInput
            label="Title id"
            description="Made from the title if you leave it."
            autoComplete="off"
            spellCheck={false}
            value={titleId}
            error={add.issue('titleId')}
            onChange={(event) => fill({ typedId: event.currentTarget.value })}
          />
          <Refusal problem={add.problem} />
          <Group>
            <SendButton isPending={add.isPending}>Add title</SendButton>
          </Group>
          {added !== undefined && (
            <Text size="sm">
              <Anchor href={href(['titles', added])}>See it in the catalogue</Anchor>, or{' '}
              <Anchor href={href(['desk', 'collection'], new URLSearchParams({ title: added }))}>
                add a copy of it
              </Anchor>
              .
            </Text>
          )}
        </Stack>
      </form>
    </Card>
  );
}
