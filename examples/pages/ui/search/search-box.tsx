import { CloseButton, Loader, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { useEffect, useRef, useState } from 'react';
import { Icon } from '../shell/icon.js';

interface SearchBoxProps {
  /** What screen readers call it: `Search the catalogue`. */
  readonly label: string;
  readonly placeholder: string;
  readonly text: string;
  readonly onChange: (text: string) => void;
  readonly isLoading: boolean;
}

/** Searches while somebody types: what is typed is there at once, the question follows when the fingers rest. */
export function SearchBox({ label, placeholder, text, onChange, isLoading }: SearchBoxProps) {
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
        aria-label={label}
        placeholder={placeholder}
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
    <Icon strokeWidth={2}>
      <circle cx={10.5} cy={10.5} r={6.5} />
      <path strokeLinecap="round" d="m15.5 15.5 5 5" />
    </Icon>
  );
}
