import { expect, test } from 'vitest';
import { type LibraryModel, ModelId } from '../shared/library';
import { aLibrary, aModel, anInstallation, installed, mainModelId, theDemo } from './fixtures.test-support';
import { modelInQuestion } from './catalogModels';

const small = ModelId.parse('qwen-1.8b-chat');
const idOf = (...models: readonly LibraryModel[]) => modelInQuestion(aLibrary(...models))?.id;

test('what is being fetched is in question before what answers, and that before the main model', () => {
  expect(idOf(theDemo(), aModel(), aModel({ id: small }))).toBe(mainModelId);
  expect(idOf(aModel(), aModel({ id: small, isChosen: true, installed: installed() }))).toBe(small);
  expect(idOf(aModel({ isChosen: true }), aModel({ id: small, installation: anInstallation() }))).toBe(small);
});

test('a folder of the user and the demo can be fetched from nowhere', () => {
  const folder = aModel({ id: ModelId.parse('mine'), licence: null, isChosen: true });
  expect(idOf(folder, theDemo(), aModel())).toBe(mainModelId);
  expect(modelInQuestion(null)).toBeNull();
});
