import autocannon from 'autocannon';

/** Asks one query as often as it is answered, on 16 connections, until it is told to stop. */
const readers = autocannon({ url: process.argv[2]!, connections: 16, duration: 3_600 }, () => process.exit());
readers.once('response', () => process.send?.('begun'));
process.on('message', () => (readers as unknown as { stop(): void }).stop());
