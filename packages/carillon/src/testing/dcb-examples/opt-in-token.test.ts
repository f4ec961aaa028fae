// https://dcb.events/examples/opt-in-token/: a token is good once and for an hour, without a table of tokens.
import { it } from 'vitest';
import { z } from 'zod';
import { application, command, event, module, state } from '../../index.js';
import { given } from '../index.js';

const SignUpInitiated = event('SignUpInitiated', {
  data: z.object({ email: z.string(), token: z.string(), name: z.string() }),
  tags: (e) => ({ email: e.email, token: e.token }),
});
const SignUpConfirmed = event('SignUpConfirmed', {
  data: z.object({ email: z.string(), token: z.string(), name: z.string() }),
  tags: (e) => ({ email: e.email, token: e.token }),
});

const signUp = state(['email', 'token'], {
  initial: undefined as { name: string; atMs: number; used: boolean } | undefined,
})
  .on(SignUpInitiated, (_, e, event) => ({ name: e.name, atMs: event.recordedAt.getTime(), used: false }))
  .on(SignUpConfirmed, (signUp) => signUp && { ...signUp, used: true });

const validForMs = 60 * 60 * 1_000;

const ConfirmSignUp = command('ConfirmSignUp', {
  data: z.object({ email: z.string(), token: z.string() }),
  reads: (c) => ({ signUp: signUp(c) }),
  rejections: {
    UnknownToken: 'No sign-up waits for this token',
    TokenUsed: 'The token was used',
    TokenExpired: 'The token has expired',
  },
  decide: ({ data, signUp, now, reject }) => {
    if (signUp === undefined) return reject('UnknownToken');
    if (signUp.used) return reject('TokenUsed');
    if (now.getTime() - signUp.atMs > validForMs) return reject('TokenExpired');
    return SignUpConfirmed({ ...data, name: signUp.name });
  },
});

const newsletter = application('newsletter', {
  modules: [module('sign-up', { publishes: [SignUpInitiated, SignUpConfirmed], commands: [ConfirmSignUp] })],
});

const ada = { email: 'ada@example.org', token: '444444' };
const initiated = SignUpInitiated({ ...ada, name: 'Ada' });
const confirmed = SignUpConfirmed({ ...ada, name: 'Ada' });

it('is accepted once', async () => {
  await given(newsletter, initiated).when(ConfirmSignUp(ada)).then(confirmed);
  await given(newsletter, initiated, confirmed).when(ConfirmSignUp(ada)).thenRejected('TokenUsed');
});

it('is accepted from its own address only', async () => {
  await given(newsletter).when(ConfirmSignUp(ada)).thenRejected('UnknownToken');
  await given(newsletter, initiated)
    .when(ConfirmSignUp({ ...ada, email: 'bob@example.org' }))
    .thenRejected('UnknownToken');
});

it('expires after an hour', async () => {
  await given(newsletter, initiated)
    .at('2026-03-01T10:00:00Z')
    .later({ minutes: 60 })
    .when(ConfirmSignUp(ada))
    .then(confirmed);
  await given(newsletter, initiated)
    .at('2026-03-01T10:00:00Z')
    .later({ minutes: 61 })
    .when(ConfirmSignUp(ada))
    .thenRejected('TokenExpired');
});
