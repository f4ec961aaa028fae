import { memoryLog } from '../log/memory-log.js';
import { openSqliteReadDatabaseWriter } from '../read-database/sqlite/open.js';
import { library, libraryEvents } from './library.fixture.js';
import { Projector } from './projector.js';

// A process to be killed: projects the library's events into the file given, and says how far it has got.
const [file, count] = process.argv.slice(2) as [string, string];
const log = memoryLog();
for (let events = libraryEvents(Number(count)); events.length > 0; ) await log.append(events.splice(0, 5_000));
const database = openSqliteReadDatabaseWriter({ file });
const onProgress = ({ readModel, position }: { readModel: string; position: number }) => {
  process.stdout.write(`${readModel} ${position}\n`);
};
const projector = new Projector({ application: library, log, database, onProgress });
process.stdout.write('ready\n');
await projector.start();
