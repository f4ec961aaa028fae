import { module } from 'carillon';
import { AddCopy, AddTitle, RemoveCopy } from './collection.js';
import { published } from './events.js';
import { BorrowCopy, RenewLoan, ReturnCopy } from './lending.js';
import { RegisterMember } from './membership.js';
import { CancelReservation, ReserveTitle } from './reserving.js';

/** The lending desk: who has what, who waits for what, and what is allowed. */
export const circulation = module('circulation', {
  publishes: published,
  commands: [
    AddTitle,
    AddCopy,
    RemoveCopy,
    RegisterMember,
    BorrowCopy,
    ReturnCopy,
    RenewLoan,
    ReserveTitle,
    CancelReservation,
  ],
});
