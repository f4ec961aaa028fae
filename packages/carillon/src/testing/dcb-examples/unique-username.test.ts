// https://dcb.events/examples/unique-username/: a name is taken by one account, and free again 3 days after its release.
import { describe, it } from 'vitest';
import { z } from 'zod';
import { application, command, event, module, state } from '../../index.js';
import { given } from '../index.js';

const AccountRegistered = event('AccountRegistered', {
  data: z.object({ username: z.string() }),
  tags: (e) => ({ username: e.username }),
});
const AccountClosed = event('AccountClosed', {
  data: z.object({ username: z.string() }),
  tags: (e) => ({ username: e.username }),
});
const UsernameChanged = event('UsernameChanged', {
  data: z.object({ oldUsername: z.string(), newUsername: z.string() }),
  tags: (e) => ({ username: [e.oldUsername, e.newUsername] }),
});

const retentionMs = 3 * 24 * 60 * 60 * 1_000;

/** When a name becomes free: never taken, taken, or free from an instant on. The fold is told which name it is about. */
const claim = state('username', { initial: { takenBy: [] as string[], freeFromMs: 0 } })
  .on(AccountRegistered, (_, e) => ({ takenBy: [e.username], freeFromMs: Number.POSITIVE_INFINITY }))
  .on(AccountClosed, (_, __, event) => ({ takenBy: [], freeFromMs: event.recordedAt.getTime() + retentionMs }))
  .on(UsernameChanged, (claim, e, event) => {
    const released = claim.takenBy.includes(e.oldUsername);
    if (released) return { takenBy: [], freeFromMs: event.recordedAt.getTime() + retentionMs };
    return { takenBy: [e.newUsername], freeFromMs: Number.POSITIVE_INFINITY };
  });

const RegisterAccount = command('RegisterAccount', {
  data: z.object({ username: z.string() }),
  reads: (c) => ({ claim: claim(c.username) }),
  rejections: { UsernameTaken: 'The username is claimed' },
  decide: ({ data, claim, now, reject }) =>
    now.getTime() < claim.freeFromMs ? reject('UsernameTaken') : AccountRegistered(data),
});

const accounts = application('accounts', {
  modules: [
    module('accounts', { publishes: [AccountRegistered, AccountClosed, UsernameChanged], commands: [RegisterAccount] }),
  ],
});

const registerU1 = RegisterAccount({ username: 'u1' });
const u1 = AccountRegistered({ username: 'u1' });

describe('a unique username', () => {
  it('is taken once', async () => {
    await given(accounts).when(registerU1).then(u1);
    await given(accounts, u1).when(registerU1).thenRejected('UsernameTaken');
    await given(accounts, AccountRegistered({ username: 'u2' }))
      .when(registerU1)
      .then(u1);
  });

  it('stays claimed for 3 days after its account was closed', async () => {
    const closed = () => given(accounts, u1, AccountClosed({ username: 'u1' })).at('2026-03-01T10:00:00Z');
    await closed().later({ hours: 71 }).when(registerU1).thenRejected('UsernameTaken');
    await closed().later({ hours: 72 }).when(registerU1).then(u1);
  });

  it('stays claimed for 3 days after it was given up for another, which is taken at once', async () => {
    const changed = () =>
      given(accounts, u1, UsernameChanged({ oldUsername: 'u1', newUsername: 'u1new' })).at('2026-03-01T10:00:00Z');
    await changed().when(registerU1).thenRejected('UsernameTaken');
    await changed()
      .when(RegisterAccount({ username: 'u1new' }))
      .thenRejected('UsernameTaken');
    await changed().later({ days: 3 }).when(registerU1).then(u1);
    await changed()
      .later({ days: 3 })
      .when(RegisterAccount({ username: 'u1new' }))
      .thenRejected('UsernameTaken');
  });
});
