import type { NewEvent } from 'carillon';
import {
  CopyAdded,
  CopyBorrowed,
  CopyReturned,
  MemberRegistered,
  TitleAdded,
} from '../../examples/library/dist/circulation/events.js';

/** The life of a library of 10,000 titles and 25,000 copies, in batches: acquisitions, then loans and returns. */
export function* libraryEvents(count: number): Generator<NewEvent[]> {
  let batch: NewEvent[] = [];
  let made = 0;
  for (const event of events()) {
    batch.push(event);
    if (batch.length === 1_000 || ++made === count) {
      yield batch;
      batch = [];
    }
    if (made >= count) return;
  }
}

function* events(): Generator<NewEvent> {
  const copies: { copyId: string; titleId: string }[] = [];
  for (let title = 0; title < 10_000; title++) {
    const titleId = `t${title}`;
    yield TitleAdded({
      titleId,
      title: `The book of ${title} and other tales`,
      authors: [`Author ${title % 900}`],
      year: 1900 + (title % 120),
      language: 'eng',
    });
    for (let copy = 0; copy < (title % 2 === 0 ? 2 : 3); copy++) {
      copies.push({ copyId: `${titleId}-${copy}`, titleId });
      yield CopyAdded({ copyId: `${titleId}-${copy}`, titleId, kind: 'book' });
    }
  }
  for (let member = 0; member < 1_000; member++) {
    yield MemberRegistered({ memberId: `m${member}`, name: `Member ${member}`, kind: 'adult' });
  }
  for (let loan = 0; ; loan++) {
    const copy = copies[(loan * 7_919) % copies.length]!;
    const memberId = `m${(loan * 31) % 1_000}`;
    yield CopyBorrowed({ ...copy, memberId, dueOn: '2026-12-24' });
    yield CopyReturned({ ...copy, memberId });
  }
}
