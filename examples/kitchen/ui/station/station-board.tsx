import { courseNames, dishName, dishOf } from '../../src/menu.js';
import { useMinutesSince } from '../clock/age.js';
import { type FloorNow, type Item, workOf } from '../floor/courses.js';
import { Board } from './board.js';
import { Docket } from './docket.js';

/** What a station cooks, and what waits for a place there. */
export function StationBoard({ floor, station, title }: { floor: FloorNow; station: string; title: string }) {
  const work = workOf(floor, station);
  const waiting = work.filter(({ status }) => status === 'queued').length;
  return (
    <Board
      title={title}
      module={station}
      aside={waiting === 0 ? `${work.length} cooking` : `${waiting} waiting`}
      idle="Nothing to do."
      size="long"
      isIdle={work.length === 0}
    >
      {work.map((item) =>
        item.status === 'cooking' ? (
          <Cooking key={item.itemId} item={item} />
        ) : (
          <Waiting key={item.itemId} item={item} />
        ),
      )}
    </Board>
  );
}

function Cooking({ item: { dish, table, course, since, firedAt } }: { item: Item }) {
  const minutes = dishOf(dish)?.minutes ?? 1;
  const done = useMinutesSince(since) / minutes;
  return (
    <Docket
      what={dishName(dish)}
      table={table}
      since={firedAt ?? since}
      note={`${courseNames[course]} · takes ${minutes} min`}
      done={done}
    />
  );
}

function Waiting({ item: { dish, table, since, firedAt } }: { item: Item }) {
  return <Docket what={dishName(dish)} table={table} since={firedAt ?? since} note="waits for a place" />;
}
