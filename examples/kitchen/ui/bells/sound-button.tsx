import { Icon, useStore } from '@carillon-examples/pages';
import { ActionIcon } from '@mantine/core';
import { isSoundOn, switchSound } from './sound.js';

/** Lets the bells be heard. They are silent until it is pressed. */
export function SoundButton() {
  const isOn = useStore(isSoundOn);
  return (
    <ActionIcon
      variant={isOn ? 'filled' : 'subtle'}
      color={isOn ? 'copper' : 'gray'}
      size="lg"
      aria-label="Hear the bells"
      aria-pressed={isOn}
      onClick={() => switchSound(!isOn)}
    >
      <Icon>
        <path strokeLinejoin="round" d="M4 9.5h3.5L12 5.5v13l-4.5-4H4Z" />
        {isOn ? (
          <path strokeLinecap="round" d="M15.5 9a4.2 4.2 0 0 1 0 6M18 6.5a7.8 7.8 0 0 1 0 11" />
        ) : (
          <path strokeLinecap="round" d="m16 9.5 5 5m0-5-5 5" />
        )}
      </Icon>
    </ActionIcon>
  );
}
