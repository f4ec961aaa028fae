import { SingleBar } from 'cli-progress';

/** Where progress is shown. */
export type ProgressOutput = Pick<NodeJS.WriteStream, 'write' | 'isTTY'>;

/** How many events are done, as people see it. */
export interface Progress {
  show(position: number): void;
  end(): void;
}

/** Shows how many events of `goal` are done: as a bar on a terminal, otherwise in lines. */
export function progressOn(output: ProgressOutput, goal: number, position: number): Progress {
  return output.isTTY ? barOf(output as NodeJS.WriteStream, goal, position) : linesOf(output, goal);
}

function barOf(stream: NodeJS.WriteStream, goal: number, position: number): Progress {
  const bar = new SingleBar({ format: '{bar} {percentage}% · {value}/{total} events · {eta_formatted} left', stream });
  bar.start(goal, position);
  return { show: (now) => bar.update(now), end: () => bar.stop() };
}

function linesOf(output: ProgressOutput, goal: number): Progress {
  let reported = 0;
  return {
    show(position) {
      const tenth = Math.floor((position / goal) * 10);
      if (tenth > reported) output.write(`${tenth * 10} % (${position} of ${goal} events)\n`);
      reported = Math.max(reported, tenth);
    },
    end: () => undefined,
  };
}
