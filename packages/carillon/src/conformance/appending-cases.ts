import assert from 'node:assert/strict';
import { allEvents } from '../log/log-query.js';
import { eventually } from './expectations.js';
import type { CaseList } from './log-case.js';
import { everything, happened, numbered, oneTo, positionsOf, typesOf } from './sample-events.js';

export const appendingCases: CaseList = [
  [
    'a new log is empty and its head is 0',
    async ({ log }) => {
      assert.equal(await log.head(), 0);
      assert.deepEqual(await everything(log), []);
    },
  ],
  [
    'positions are 1, 2, 3, … and the append says which ones its events got',
    async ({ log }) => {
      assert.deepEqual(await log.append([happened('A')]), { first: 1, last: 1 });
      assert.deepEqual(await log.append([happened('B'), happened('C'), happened('D')]), { first: 2, last: 4 });
      assert.deepEqual(positionsOf(await everything(log)), [1, 2, 3, 4]);
      assert.equal(await log.head(), 4);
    },
  ],
  [
    'the events of one append stay together and in order',
    async ({ log }) => {
      await log.append([happened('A'), happened('B'), happened('C')]);
      assert.deepEqual(typesOf(await everything(log)), ['A', 'B', 'C']);
    },
  ],
  [
    'an event comes back with everything it was given, and with position and time',
    async ({ log, setTime }) => {
      setTime(new Date('2026-05-04T03:02:01.234Z'));
      await log.append([
        {
          type: 'CopyBorrowed',
          version: 3,
          data: { copyId: 'c1' },
          tags: ['copy:c1', 'member:ada'],
          id: '0192d0a1-7c5e-7b1a-9f3e-0123456789ab',
          metadata: { commandId: 'k1', nested: { list: [1, null, 'x'] } },
        },
      ]);
      assert.deepEqual(await everything(log), [
        {
          type: 'CopyBorrowed',
          version: 3,
          data: { copyId: 'c1' },
          tags: ['copy:c1', 'member:ada'],
          id: '0192d0a1-7c5e-7b1a-9f3e-0123456789ab',
          metadata: { commandId: 'k1', nested: { list: [1, null, 'x'] } },
          position: 1,
          recordedAt: new Date('2026-05-04T03:02:01.234Z'),
        },
      ]);
    },
  ],
  [
    'an event without an id gets a UUIDv7 of its own, which stays the same',
    async ({ log, setTime }) => {
      const now = new Date('2026-05-04T03:02:01.234Z');
      setTime(now);
      await log.append(numbered('A', 100));
      const ids = (await everything(log)).map((event) => event.id);
      assert.equal(new Set(ids).size, 100);
      for (const id of ids) {
        assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
        assert.equal(Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16), now.getTime());
      }
      assert.deepEqual(
        (await everything(log)).map((event) => event.id),
        ids,
      );
    },
  ],
  [
    'an event without metadata has an empty object of it, and one without tags an empty list',
    async ({ log }) => {
      await log.append([happened('A')]);
      const [event] = await everything(log);
      assert.deepEqual(event?.metadata, {});
      assert.deepEqual(event?.tags, []);
    },
  ],
  [
    'what the caller does to an event after the append changes nothing',
    async ({ log }) => {
      const data = { list: [1] };
      const tags = ['a:1'];
      const appended = log.append([happened('A', tags, data)]);
      data.list.push(2);
      tags.push('b:2');
      await appended;
      const [event] = await everything(log);
      assert.deepEqual(event?.data, { list: [1] });
      assert.deepEqual(event?.tags, ['a:1']);
    },
  ],
  [
    'what a reader does to an event changes it for nobody else',
    async ({ log }) => {
      await log.append([happened('A', ['a:1'], { list: [1] })]);
      for (const { data } of await everything(log)) (data as { list: number[] }).list.push(2);
      assert.deepEqual((await everything(log))[0]?.data, { list: [1] });
      const [loaded] = (await log.load([{ query: allEvents, after: 0 }])).events[0] ?? [];
      assert.deepEqual(loaded?.data, { list: [1] });
    },
  ],
  [
    'an append is in the next read and in the head as soon as it returned',
    async ({ log }) => {
      for (const n of oneTo(30)) {
        const { last } = await log.append([happened('A')]);
        assert.equal(last, n);
        assert.equal(await log.head(), n);
        assert.equal((await log.read(allEvents, { after: n - 1 })).length, 1);
      }
    },
  ],
  [
    'listeners hear of new events, at least of the last, and not after they left',
    async ({ log }) => {
      const heard: number[] = [];
      const others: number[] = [];
      const leave = log.onAppend((head) => heard.push(head));
      log.onAppend((head) => others.push(head));
      await log.append([happened('A'), happened('B')]);
      await log.append([happened('C')]);
      await eventually('the listener heard of position 3', () => heard.at(-1) === 3);
      leave();
      await log.append([happened('D')]);
      await eventually('the other listener heard of position 4', () => others.at(-1) === 4);
      assert.equal(heard.at(-1), 3);
      assert.deepEqual(
        heard,
        heard.toSorted((a, b) => a - b),
      );
    },
  ],
  [
    'when a listener hears of a position, it can be read',
    async ({ log }) => {
      const seen: Promise<readonly [heard: number, head: number, read: number]>[] = [];
      log.onAppend((head) => {
        const read = Promise.all([head, log.head(), log.read(allEvents, { backwards: true, limit: 1 })]);
        seen.push(read.then(([heard, now, newest]) => [heard, now, newest[0]?.position ?? 0]));
      });
      await Promise.all(numbered('A', 50).map((event) => log.append([event])));
      await eventually('a listener was called', () => seen.length > 0);
      for (const [heard, head, read] of await Promise.all(seen)) {
        assert.ok(head >= heard, `head was ${head} when ${heard} was announced`);
        assert.ok(read >= heard, `the newest event read was ${read} when ${heard} was announced`);
      }
    },
  ],
];
