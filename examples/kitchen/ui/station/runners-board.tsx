import { coursesUnderWay, type FloorNow, inWords } from '../floor/courses.js';
import { Board } from './board.js';
import { Docket } from './docket.js';

/** What is on its way to a table. */
export function RunnersBoard({ floor }: { floor: FloorNow }) {
  const courses = coursesUnderWay(floor);
  return (
    <Board title="Runners" module="runners" idle="All hands are free." size="short" isIdle={courses.length === 0}>
      {courses.map(({ ticketId, table, course, items, since }) => (
        <Docket
          key={`${ticketId} ${course}`}
          what={inWords({ course, items })}
          table={table}
          since={since}
          note="on its way"
        />
      ))}
    </Board>
  );
}
