/** The most events of one append. */
export const maxEventsPerAppend = 10_000;

/** The largest event: its data and metadata as JSON, in bytes of UTF-8. */
export const maxEventBytes = 1_048_576;

/** The most that Carillon adds to an event that comes in from another service, in bytes of UTF-8. */
export const maxAddedBytes = 1_024;

/** The most events that one read returns. */
export const maxReadLimit = 10_000;

/** How many events may wait to be written before appends are refused with `log-overloaded`. */
export const maxPendingEvents = 100_000;

/** How many bytes of events may wait to be written before appends are refused with `log-overloaded`; also the largest append. */
export const maxPendingBytes = 268_435_456;

/** The longest event type, in UTF-16 code units. */
export const maxEventTypeLength = 256;

/** The longest event id, in UTF-16 code units. */
export const maxEventIdLength = 256;

/** The highest version of an event: databases keep it in 32 bits. */
export const maxEventVersion = 2_147_483_647;
