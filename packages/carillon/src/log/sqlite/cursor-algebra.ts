import type { OffsetCursor } from './posting-cursor.js';

/** What all of the cursors have. */
export function intersection(cursors: readonly OffsetCursor[]): OffsetCursor {
  if (cursors.length === 1) return cursors[0] as OffsetCursor;
  return {
    seek(target) {
      let wanted = target;
      for (let agreed = 0; agreed < cursors.length; ) {
        agreed = 0;
        for (const cursor of cursors) {
          const found = cursor.seek(wanted);
          if (found === undefined) return undefined;
          if (found === wanted) agreed++;
          wanted = found;
        }
      }
      return wanted;
    },
  };
}

/** What any of the cursors has. */
export function union(cursors: readonly OffsetCursor[], backwards: boolean): OffsetCursor {
  if (cursors.length === 1) return cursors[0] as OffsetCursor;
  return {
    seek(target) {
      let nearest: number | undefined;
      for (const cursor of cursors) {
        const found = cursor.seek(target);
        if (found === undefined) continue;
        if (nearest === undefined || (backwards ? found > nearest : found < nearest)) nearest = found;
      }
      return nearest;
    },
  };
}
