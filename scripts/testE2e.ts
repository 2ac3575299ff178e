import { runScript } from './runScript';
import { testRun } from './testRun';
import { buildStep, journeysStep } from './testSteps';

/** `npm run test:e2e`: the journeys alone; what follows `--` goes to Playwright. */
runScript(() => testRun((display) => [buildStep, journeysStep(display, process.argv.slice(2))]));
