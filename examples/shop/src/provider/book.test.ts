import { appendFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { type BookEntry, fileBook, memoryBook, readBook } from './book.js';

const charge = (n: number): BookEntry => ({
  kind: 'charge',
  id: `charge-${n}`,
  idempotencyKey: `key-${n}`,
  orderId: `o${n}`,
  customerId: 'ada',
  amount: { amount: 950, currency: 'EUR' },
  status: 'charged',
});

async function newFile(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'carillon-book-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  return join(folder, 'book.jsonl');
}

it('keeps entries in memory', async () => {
  const book = memoryBook();
  await book.write(charge(1));
  expect(book.entries()).toEqual([charge(1)]);
});

it('keeps entries in a file that is made with the first of them', async () => {
  const file = await newFile();
  expect(readBook(file)).toEqual([]);
  const book = fileBook(file);
  expect(book.entries()).toEqual([]);
  await Promise.all([1, 2, 3].map((n) => book.write(charge(n))));
  await book.write(charge(4));
  expect(book.entries()).toEqual([1, 2, 3, 4].map(charge));
  expect(readBook(file)).toEqual([1, 2, 3, 4].map(charge));
  expect(fileBook(file).entries()).toEqual([1, 2, 3, 4].map(charge));
});

it('forgets a line that was cut off, which nobody was told of', async () => {
  const file = await newFile();
  await fileBook(file).write(charge(1));
  await appendFile(file, '{"kind":"charge","id":"char');
  const book = fileBook(file);
  await book.write(charge(2));
  expect(readBook(file)).toEqual([charge(1), charge(2)]);
  expect((await readFile(file, 'utf8')).split('\n')).toHaveLength(3);
});

it('does not count what could not be written', async () => {
  const file = join(await newFile(), 'not a folder');
  const book = fileBook(file);
  await expect(book.write(charge(1))).rejects.toThrow('ENOENT');
  expect(book.entries()).toEqual([]);
});
