import type { Receipt } from 'carillon';
import { store } from '../store/store.js';

/** The receipt of the last command that this window sent. Every query is asked `after` it: we read our own writes. */
export const latestReceipt = store<Receipt | undefined>(undefined);
