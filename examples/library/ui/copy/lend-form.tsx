import { notify, SendButton } from '@carillon-examples/pages';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { useCommand } from '../live/library.js';
import { CopyField } from './copy-field.js';

interface LendFormProps {
  readonly memberId: string;
  readonly name: string;
  /** The copy to begin with, when somebody comes from its page; may be empty. */
  readonly proposedCopyId: string;
}

/** Lends a copy to the member at the desk. */
export function LendForm({ memberId, name, proposedCopyId }: LendFormProps) {
  const [copyId, setCopyId] = useState(proposedCopyId);
  const field = useRef<HTMLInputElement>(null);
  const borrow = useCommand('BorrowCopy');

  // The next thing in front of somebody who opened an account is the scanner.
  useEffect(() => field.current?.focus({ preventScroll: true }), []);

  async function submit(event: FormEvent) {
    event.preventDefault();
    if (!(await borrow.send({ copyId: copyId.trim(), memberId }))) return;
    notify(`${copyId.trim()} is lent to ${name}.`);
    setCopyId('');
    field.current?.focus();
  }

  return (
    <form onSubmit={submit} noValidate>
      <CopyField
        ref={field}
        label="Lend a copy"
        copyId={copyId}
        error={borrow.issue('copyId')}
        problem={borrow.problem}
        onChange={(next) => {
          setCopyId(next);
          borrow.clear();
        }}
      >
        <SendButton disabled={copyId.trim() === ''} isPending={borrow.isPending}>
          Lend
        </SendButton>
      </CopyField>
    </form>
  );
}
