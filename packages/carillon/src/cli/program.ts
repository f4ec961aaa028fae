import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { copyCommand } from './copy-command.js';
import { devCommand } from './dev-command.js';
import { eventsCommand } from './events-command.js';
import { withExamples } from './examples.js';
import { reactionsCommand } from './reactions-command.js';
import { readModelsCommand } from './read-models-command.js';
import { startCommand } from './start-command.js';
import { preferTyped } from './storage-options.js';

/** The command line `carillon`. */
export function program(): Command {
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
    version: string;
  };
  const command = new Command('carillon')
    .description('Event-driven systems with separate write and read sides, on one folder.')
    .version(version)
    .configureHelp({ sortSubcommands: false, showGlobalOptions: false })
    .showHelpAfterError('(add --help for help)')
    .exitOverride()
    .hook('preAction', (_, command) => preferTyped(command));
  startCommand(command);
  devCommand(command);
  eventsCommand(command);
  readModelsCommand(command);
  reactionsCommand(command);
  copyCommand(command);
  withExamples(command, [
    'dev src/library.ts                       work on an application',
    'events --tail                            watch the bells ring',
    'read-models dist/library.js              see whether read models keep up',
    'reactions dist/shop.js                   see whether reactions do, and what is parked',
  ]);
  return command;
}
