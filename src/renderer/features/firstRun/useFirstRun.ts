import { useState } from 'react';
import type { LibraryModel, LibraryState, ModelId } from '../../../shared/library';
import { chosenVerdict, useVerdicts, type Way } from '../../useVerdicts';
import type { FirstStep } from './firstSteps';

/** Where in the first steps the user is, and what was chosen so far. `occasion`: what changes the verdicts. */
export function useFirstRun(library: LibraryState | null, occasion: string) {
  const [step, setStep] = useState<FirstStep>('computer');
  const [modelId, setModelId] = useState<ModelId | null>(null);
  const [picked, pickWay] = useState<Way | null>(null);
  const models = library?.models.filter(isOffered) ?? [];
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

/** What can be fetched; the catalog names the main model first. */
const isOffered = ({ isDemo, licence }: LibraryModel): boolean => !isDemo && licence !== null;
