import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { carillon, greet, source, useHall } from './hall.fixture.js';

const hall = useHall();

describe('reactions', () => {
  const own = () => join(hall.folder, 'belfry-data');
  let belfry: string;
  let url: string;

  beforeAll(() => {
    belfry = join(hall.folder, 'belfry.mjs');
    const more = `
      import { processManager, reaction } from ${JSON.stringify(carillon)};
      const failing = { retry: { maxAttempts: 1 }, run: () => { throw new Error('no'); } };
      export const added = reaction('added', { on: Greeted, startsAt: 'beginning', ...failing });
      const stay = processManager('stay', { by: 'guest', initial: 0, startsAt: 'beginning' }).on(Greeted, (n) => n + 1);
      const herald = reaction('herald', { on: Greeted, startsAt: 'beginning', ...failing });`;
    const text = source('Hello ').replace('queries: [Guests]', 'queries: [Guests], reactions: [stay, herald]');
    writeFileSync(belfry, text.replace('export default', `${more}\n  export default`));
  });

  const told = (...args: string[]) => hall.run('reactions', ...args, '--data', own());

  /** Where the event is that waits for an operator, as soon as one does. */
  async function parkedAt(): Promise<string> {
    for (;;) {
      const { status, stdout } = told(belfry);
      if (status === 1) return /│ herald +│ (\d+) +│ Greeted/.exec(stdout)![1]!;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  it('are retried and skipped, and it is said when that is done', async () => {
    const started = await hall.serve('start', { file: belfry, data: own() });
    ({ url } = started);
    for (const guest of ['ada', 'bob']) await greet(url, guest);
    const first = await parkedAt();
    expect(told('retry', belfry, 'herald', first)).toMatchObject({
      status: 0,
      stdout: `herald tries ${first} again, and then what waits behind it, now: list the reactions to see what comes of it.\n`,
    });
    expect(await parkedAt()).toBe(first);
    expect(told('skip', belfry, 'herald', first, '--reason', 'hoarse')).toMatchObject({
      status: 0,
      stdout: expect.stringContaining(`herald gives ${first} up, and goes on with what waits behind it, now:`),
    });
    // The next one fails, too, and is parked in the place of the first.
    let second = await parkedAt();
    while (second === first) second = await parkedAt();
    const shown = hall.run('events', '--data', own(), '--no-internal', '--backwards', '--limit', '2').stdout;
    const guests = shown
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).data.guest);
    expect(guests).toEqual(['bob', 'ada']);
    await hall.stop(started.server);
    expect(told('retry', belfry, 'herald', second).stdout).toContain(
      'when the application is started: it does not run.',
    );
    expect(told('skip', belfry, 'herald', second, '--reason', 'hoarse')).toMatchObject({
      status: 1,
      stderr: expect.stringContaining(`The event at position ${second} was retried already`),
    });
    expect(told(belfry)).toMatchObject({ status: 0, stdout: expect.stringContaining('retried: goes on, or will') });
  });

  it('have processes, and say when there is none', () => {
    expect(told('processes', belfry, 'stay', 'ada').stdout).toMatch(/^stay ada: under way\nstate: 1\n/);
    expect(told('processes', belfry, 'stay', 'nope')).toEqual({
      ...{ status: 1, stdout: '' },
      stderr:
        'carillon: Process manager stay has no process nope: nothing that it looks at has happened under that key.\n',
    });
    expect(told('processes', belfry, 'herald')).toMatchObject({
      status: 1,
      stderr: 'carillon: There is no process manager herald. There are: stay.\n',
    });
  });

  it('are listed that are in the log only, and not those of modules that are not here', () => {
    expect(told(hall.module).stdout).toMatch(/│ herald +│ reaction +│ \d+ +│ ≤ /);
    expect(told(belfry, '--modules', 'door').stdout).toContain('herald');
    expect(told(belfry, '--modules', 'attic')).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('There is no module attic. Application hall has: door.'),
    });
  });
});
