import { given } from 'carillon/testing';
import { describe, it } from 'vitest';
import { library } from '../library.js';
import { AddCopy, AddTitle, RemoveCopy } from './collection.js';
import {
  CopyAdded,
  CopyBorrowed,
  CopyHeld,
  CopyRemoved,
  MemberRegistered,
  TitleAdded,
  TitleReserved,
} from './events.js';
import { RegisterMember } from './membership.js';

const dune = TitleAdded({ titleId: 'dune', title: 'Dune', authors: ['Frank Herbert'] });
const dune1 = CopyAdded({ copyId: 'dune-1', titleId: 'dune', kind: 'book' });
const ada = MemberRegistered({ memberId: 'ada', name: 'Ada', kind: 'adult' });

describe('AddTitle', () => {
  it('adds a title once', async () => {
    const data = { titleId: 'dune', title: 'Dune', authors: ['Frank Herbert'], year: 1965, language: 'eng' };
    await given(library).when(AddTitle(data)).then(TitleAdded(data));
    await given(library, dune).when(AddTitle(data)).thenRejected('TitleExists');
  });

  it('names every wrong field', async () => {
    await given(library)
      .when(AddTitle({ titleId: '', title: '', authors: [''], year: 1.5 }))
      .thenInvalid(['/titleId', '/title', '/authors/0', '/year']);
  });
});

describe('AddCopy', () => {
  const add = AddCopy({ copyId: 'dune-1', titleId: 'dune' });

  it('adds a copy of a title once, a book unless it is said otherwise', async () => {
    await given(library, dune).when(add).then(dune1);
    await given(library, dune, dune1).when(add).thenRejected('CopyExists');
    await given(library).when(add).thenRejected('UnknownTitle');
  });

  it('does not give the id of a removed copy to another', async () => {
    await given(library, dune, dune1, CopyRemoved({ copyId: 'dune-1', titleId: 'dune' }))
      .when(add)
      .thenRejected('CopyExists');
  });
});

describe('RemoveCopy', () => {
  const remove = RemoveCopy({ copyId: 'dune-1' });
  const removed = CopyRemoved({ copyId: 'dune-1', titleId: 'dune' });

  it('removes a copy from the shelf', async () => {
    await given(library, dune, dune1).when(remove).then(removed);
    await given(library, dune, dune1, removed).when(remove).thenRejected('UnknownCopy');
    await given(library).when(remove).thenRejected('UnknownCopy');
  });

  it('leaves a copy that a member has or waits for', async () => {
    const lent = CopyBorrowed({ copyId: 'dune-1', titleId: 'dune', memberId: 'ada', dueOn: '2026-01-29' });
    await given(library, dune, dune1, ada, lent).when(remove).thenRejected('OnLoan');
    const held = CopyHeld({ copyId: 'dune-1', titleId: 'dune', memberId: 'ada' });
    await given(library, dune, dune1, ada, TitleReserved({ titleId: 'dune', memberId: 'ada' }), held)
      .when(remove)
      .thenRejected('Held');
  });
});

describe('RegisterMember', () => {
  it('registers a member once', async () => {
    const register = RegisterMember({ memberId: 'ada', name: 'Ada', kind: 'adult' });
    await given(library).when(register).then(ada);
    await given(library, ada).when(register).thenRejected('MemberExists');
  });
});
