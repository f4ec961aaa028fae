import type { FloorNow } from '../floor/courses.js';
import { Board } from './board.js';
import { Docket } from './docket.js';

/** What is in the dish washer. */
export function DishWashingBoard({ floor: { washing } }: { floor: FloorNow }) {
  return (
    <Board
      title="Dish washing"
      module="dish-washing"
      idle="Everything is clean."
      size="short"
      isIdle={washing.length === 0}
    >
      {washing.map(({ table, plates, since }) => (
        <Docket
          key={table}
          what={`${plates} ${plates === 1 ? 'plate' : 'plates'}`}
          table={table}
          since={since}
          note="in the washer"
        />
      ))}
    </Board>
  );
}
