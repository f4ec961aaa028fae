import { NativeSelect } from '@mantine/core';

interface SortChoiceProps<Sort extends string> {
  readonly choices: readonly { readonly value: Sort; readonly label: string }[];
  readonly chosen: Sort;
  readonly onChoose: (sort: Sort) => void;
  /** In pixels. */
  readonly width: number;
}

/** What comes first. */
export function SortChoice<Sort extends string>({ choices, chosen, onChoose, width }: SortChoiceProps<Sort>) {
  return (
    <NativeSelect
      w={width}
      aria-label="Sort by"
      value={chosen}
      data={[...choices]}
      onChange={(event) => onChoose(event.currentTarget.value as Sort)}
    />
  );
}
