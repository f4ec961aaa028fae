import { courseNames, dishName } from '../../src/menu.js';
import { coursesAtThePass, type FloorNow } from '../floor/courses.js';
import { Board } from './board.js';
import { Docket } from './docket.js';

/** The courses that come together at the pass. */
export function PassBoard({ floor }: { floor: FloorNow }) {
  const courses = coursesAtThePass(floor);
  return (
    <Board title="Pass" module="pass" idle="Nothing waits here." size="middle" isIdle={courses.length === 0}>
      {courses.map(({ ticketId, table, course, items, since }) => {
        const missing = items.filter(({ status }) => status !== 'pass');
        const [next] = missing;
        return (
          <Docket
            key={`${ticketId} ${course}`}
            what={`${items.length - missing.length} of ${items.length} ${courseNames[course]}`}
            table={table}
            since={since}
            note={next === undefined ? 'complete' : `waits for ${dishName(next.dish)}${missing.length > 1 ? ' …' : ''}`}
          />
        );
      })}
    </Board>
  );
}
