import { CloseButton, Loader, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { useEffect, useRef, useState } from 'react';

interface SearchBoxProps {
  readonly text: string;
  readonly onChange: (text: string) => void;
  readonly isLoading: boolean;
}

/** Searches while somebody types: what is typed is there at once, the question follows when the fingers rest. */
export function SearchBox({ text, onChange, isLoading }: SearchBoxProps) {
  const [typed, setTyped] = useState(text);
  const asked = useRef(text);
  const ask = useDebouncedCallback((next: string) => {
    asked.current = next.trim();
    onChange(next);
  }, 150);

  // The text can also change from outside: "back", or a filter that is cleared.
  useEffect(() => {
    if (text === asked.current) return;
    asked.current = text;
    setTyped(text);
  }, [text]);

  const type = (next: string) => {
    setTyped(next);
    ask(next);
  };

  return (
    <search>
      <TextInput
        type="search"
        size="lg"
        radius="xl"
        aria-label="Search the shop"
        placeholder="What are you looking for?"
        maxLength={200}
        autoComplete="off"
        spellCheck={false}
        value={typed}
        onChange={(event) => type(event.currentTarget.value)}
        leftSection={isLoading ? <Loader size="xs" /> : <MagnifyingGlass />}
        rightSection={
          typed !== '' && <CloseButton radius="xl" aria-label="Clear the search" onClick={() => type('')} />
        }
        styles={{ input: { backgroundColor: 'var(--sheet)' } }}
      />
    </search>
  );
}

function MagnifyingGlass() {
  return (
    <svg
      viewBox="0 0 24 24"
      width={20}
      height={20}
      fill="none"
      stroke="currentColor"
      strokeWidth={2}
      aria-hidden="true"
    >
      <circle cx={10.5} cy={10.5} r={6.5} />
      <path strokeLinecap="round" d="m15.5 15.5 5 5" />
    </svg>
  );
}
