import { store } from '@carillon-examples/pages';

/** Whether bells are heard. A browser lets a page sound only after somebody has pressed something. */
export const isSoundOn = store(false);

/** How long a stroke sounds, in seconds, and how long after it the next one comes. */
const strokeSeconds = 0.9;
const gapSeconds = 0.13;

let audio: AudioContext | undefined;

/** Switches the sound on or off. */
export function switchSound(isOn: boolean): void {
  isSoundOn.set(isOn);
  if (isOn) {
    audio ??= new AudioContext();
    void audio.resume();
    play([988]);
  } else void audio?.suspend();
}

/** Strikes a bell: a tone and its overtones, which die away. */
export function play(tones: readonly number[], afterSeconds = 0): void {
  if (audio === undefined) return;
  for (const [nth, hertz] of tones.entries()) {
    const begin = audio.currentTime + afterSeconds + nth * gapSeconds;
    strike(audio, hertz, begin, 0.12);
    strike(audio, hertz * 2.76, begin, 0.035);
  }
}

function strike(context: AudioContext, hertz: number, begin: number, loudness: number): void {
  const tone = new OscillatorNode(context, { frequency: hertz });
  const volume = new GainNode(context, { gain: 0 });
  volume.gain.setValueAtTime(0, begin);
  volume.gain.linearRampToValueAtTime(loudness, begin + 0.005);
  volume.gain.exponentialRampToValueAtTime(0.0001, begin + strokeSeconds);
  tone.connect(volume).connect(context.destination);
  tone.start(begin);
  tone.stop(begin + strokeSeconds);
}
