// @vitest-environment happy-dom
import { act, renderHook } from '@testing-library/react';
import { expect, test } from 'vitest';
import type { LibraryModel, LibraryState } from '../../../shared/library';
import { aLibrary, aModel, anInstallation, installed } from '../../fixtures.test-support';
import { useReadyModel } from './useReadyModel';

const here = installed();
const damaged = installed({ problem: { code: 'checkpoint.missingFile', params: { file: 'config.json' } } });
const work = anInstallation();

/** The name of the model that is offered after these states, one after the other. */
function offeredAfter(...states: readonly (readonly LibraryModel[])[]): string | undefined {
  const { result, rerender } = renderHook((library: LibraryState | null) => useReadyModel(library), {
    initialProps: null as LibraryState | null,
  });
  for (const models of states) act(() => rerender(aLibrary(...models)));
  return result.current.ready?.name;
}

type State = readonly Partial<LibraryModel>[];
const offered: readonly { what: string; states: readonly State[] }[] = [
  { what: 'was downloaded', states: [[{}], [{ installation: work }], [{}], [{ installed: here }]] },
  {
    what: 'is whole before the work on it ends',
    states: [[{ installation: work }], [{ installation: work, installed: here }], [{ installed: here }]],
  },
  {
    what: 'was repaired',
    states: [[{ installed: damaged }], [{ installed: damaged, installation: work }], [{ installed: here }]],
  },
  { what: 'was taken in', states: [[], [{ installed: here }]] },
];
const notOffered: typeof offered = [
  { what: 'was there all along', states: [[{ installed: here }]] },
  {
    what: 'was only checked',
    states: [[{ installed: here }], [{ installed: here, installation: work }], [{ installed: here }]],
  },
  { what: 'is still being worked on', states: [[{}], [{ installed: here, installation: work }]] },
  { what: 'was chosen meanwhile', states: [[{}], [{ installed: here, isChosen: true }]] },
];

test.each(offered)('a model that $what is offered', ({ states }) => {
  expect(offeredAfter(...states.map((models) => models.map(aModel)))).toBe('Qwen-7B-Chat');
});

test.each(notOffered)('a model that $what is not offered', ({ states }) => {
  expect(offeredAfter(...states.map((models) => models.map(aModel)))).toBeUndefined();
});
