/**
 * Does a work step after step, in as many lanes at once as are allowed at each moment, one at least,
 * until a step answers false: nothing is left. Resolves when all lanes have ended. `step` never rejects.
 */
export async function inLanes(allowed: () => number, step: () => Promise<boolean>): Promise<void> {
  const lanes: Promise<void>[] = [];
  let running = 0;
  let isOver = false;

  const open = () => {
    while (!isOver && running < allowed()) {
      running += 1;
      lanes.push(runLane());
    }
  };

  const runLane = async () => {
    while (!isOver && running <= allowed()) {
      if (!(await step())) isOver = true;
      open();
    }
    running -= 1;
  };

  open();
  // It grows while lanes open others.
  for (const lane of lanes) await lane;
}
