import { useState } from 'react';
import type { LibraryState, ModelId } from '../../../shared/library';
import { isInCatalog } from '../../catalogModels';
import { chosenVerdict, useVerdicts, type Way } from '../../useVerdicts';
import type { FirstStep } from './firstSteps';

/** Where in the first steps the user is, and what was chosen so far. `occasion`: what changes the verdicts. */
export function useFirstRun(library: LibraryState | null, occasion: string) {
  const [step, setStep] = useState<FirstStep>('computer');
  const [modelId, setModelId] = useState<ModelId | null>(null);
  const [picked, pickWay] = useState<Way | null>(null);
  const models = library?.models.filter(isInCatalog) ?? [];
  const model = models.find(({ id }) => id === modelId) ?? models[0] ?? null;
  const access = useVerdicts(model?.id ?? null, occasion);
  const chooseModel = (id: ModelId): void => {
    setModelId(id);
    pickWay(null);
  };
  return {
    step,
    setStep,
    models,
    model,
    chooseModel,
    access,
    verdict: chosenVerdict(access.verdicts, picked),
    pickWay,
  };
}
