// The one part that knows where listeners run: here, in this process.
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join, parse } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { reaction, tag } from 'carillon';
import type { RunningApplication } from 'carillon/runtime';
import { HireListener, TakeOffDuty } from '../staff/commands.js';
import { CameOnDuty, WentOffDuty } from '../staff/events.js';
import type { Listener } from '../staff/listener.js';

/** Where listeners are: a file for each. */
export const listenersFolder = fileURLToPath(new URL('../listeners/', import.meta.url));

/**
 * Lets listeners come and go. Every file in the folder is somebody who can be put on duty, now and whenever `PutOnDuty` names one.
 * Resolves when all who are on duty listen.
 *
 * @throws Error naming the file that exports no listener
 */
export async function openRoster(running: RunningApplication, folder = listenersFolder): Promise<void> {
  const hired = new Map<string, Listener>();
  const hire = async (file: string) => {
    const one = await loadListener(folder, file);
    const { name, label, isOnDuty, reaction } = one;
    const bells = reaction.on.map(({ type }) => type as string);
    await running.execute(HireListener({ listener: name, label, bells, isOnDuty }));
    hired.set(name, one);
    return one;
  };

  /** Makes it so as the last bell about him says. What was asked for twice, or long ago, does no harm. */
  const settle = async (name: string) => {
    const [last] = await running.log.read(
      { items: [{ types: [CameOnDuty.type, WentOffDuty.type], tags: [tag('listener', name)] }] },
      { backwards: true, limit: 1 },
    );
    const isOnDuty = last?.type === CameOnDuty.type;
    const file = fileOf(folder, name);
    const one = hired.get(name) ?? (file === undefined ? undefined : await hire(file));
    if (one === undefined) {
      if (isOnDuty) await running.execute(TakeOffDuty({ listener: name }));
      return;
    }
    const listens = (await running.reactions()).some((atWork) => atWork.name === one.reaction.name);
    if (isOnDuty && !listens) await running.addReaction(one.reaction);
    if (!isOnDuty && listens) await running.stopReaction(one.reaction.name);
  };

  for (const file of await filesIn(folder)) await hire(file);
  for (const name of hired.keys()) await settle(name);
  await running.addReaction(
    reaction('roster', {
      description: 'Lets listeners come and go.',
      on: [CameOnDuty, WentOffDuty],
      inOrderBy: (e) => e.listener,
      startsAt: 'beginning',
      run: (e) => settle(e.listener),
    }),
  );
}

/** The listener that a file exports. */
async function loadListener(folder: string, file: string): Promise<Listener> {
  const { default: exported } = (await import(pathToFileURL(join(folder, file)).href)) as { default?: Listener };
  const { name } = parse(file);
  if (exported?.reaction?.kind === 'reaction' && exported.name === name) return exported;
  throw new Error(`${file} exports no listener of its name: end it with "export default listener('${name}', { … })".`);
}

async function filesIn(folder: string): Promise<readonly string[]> {
  return (await readdir(folder)).filter((file) => /^[a-z0-9-]+\.[jt]s$/.test(file)).sort();
}

/** The file of a listener: as it was written, or as it was compiled. */
function fileOf(folder: string, name: string): string | undefined {
  return [`${name}.js`, `${name}.ts`].find((file) => existsSync(join(folder, file)));
}
