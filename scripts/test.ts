import { runScript } from './runScript';
import { testRun } from './testRun';
import { buildStep, journeysStep, lintStep, typesStep, unitStep } from './testSteps';

/** `npm test`: everything a change must pass, in the order in which it is quickest to know. */
runScript(() => testRun((display) => [lintStep, typesStep, unitStep, buildStep, journeysStep(display)]));
