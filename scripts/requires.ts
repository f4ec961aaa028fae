import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

declare module 'vitest' {
  interface TaskMeta {
    /** Why a test was skipped; `npm test` prints it. */
    skipReason?: string;
  }
}

/** The programs that some tests use and npm does not install, with the Debian packages that bring them. */
const programs = { chromium: 'chromium', 'nats-server': 'nats-server' };

/** A program that tests need. */
export interface RequiredProgram {
  /** Hand it to `describe` or `test`: skips, with the reason, where the program is absent. */
  readonly options: { readonly skip?: true; readonly meta?: { readonly skipReason: string } };
  /**
   * The program's file.
   *
   * @throws Error when it is absent, with the command that installs it
   */
  readonly path: string;
}

/**
 * Looks for a program on the path. Where it is absent tests are skipped, or, with `CARILLON_REQUIRE_ALL=1`, fail.
 *
 * ```ts
 * const chromium = requires('chromium');
 * describe('the page', chromium.options, () => {
 *   beforeAll(async () => (browser = await launch(chromium.path)));
 * ```
 */
export function requires(program: keyof typeof programs): RequiredProgram {
  const path = find(program);
  if (path !== undefined) return { options: {}, path };
  const skipReason = `${program} is not installed: apt-get install -y ${programs[program]}`;
  return {
    options: process.env['CARILLON_REQUIRE_ALL'] === '1' ? {} : { skip: true, meta: { skipReason } },
    get path(): string {
      throw new Error(skipReason);
    },
  };
}

function find(program: string): string | undefined {
  return (process.env['PATH'] ?? '')
    .split(delimiter)
    .map((folder) => join(folder, program))
    .find((file) => {
      try {
        accessSync(file, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}
