import type { KeyboardEvent } from 'react';
import type { LibraryModel } from '../../../shared/library';
import type { DeviceSetting, Precision, PrecisionSetting } from '../../../shared/precision';
import type { Verdict } from '../../../shared/verdict';
import { useTranslate } from '../../useTranslate';
import { PrecisionCard } from './PrecisionCard';
import { autoVerdictHere, isWayHere, verdictFor } from './verdictFor';

type Props = {
  readonly value: PrecisionSetting;
  readonly running: Precision | null;
  readonly verdicts: readonly Verdict[] | null;
  readonly device: DeviceSetting;
  /** The chosen model as the library has it; null until it has told. */
  readonly chosen: LibraryModel | null;
  readonly onChange: (precision: PrecisionSetting) => void;
  /** A precision was chosen of which the weights have to be fetched. */
  readonly onElsewhere: () => void;
};

const choices: readonly PrecisionSetting[] = ['auto', 'bf16', 'int8', 'nf4', 'int4'];
const steps: Readonly<Record<string, number>> = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

/** One card a precision. Arrow keys only look: choosing loads a model, so it takes a click, Space or Enter. */
export function PrecisionChoice({ value, running, onChange, onElsewhere, ...situation }: Props) {
  const t = useTranslate();
  const onKeyDown = (event: KeyboardEvent<HTMLElement>): void => {
    const step = Object.hasOwn(steps, event.key) ? steps[event.key] : undefined;
    if (step === undefined) return;
    event.preventDefault();
    const cards = [...event.currentTarget.querySelectorAll<HTMLElement>('[role=radio]')];
    const index = cards.findIndex((card) => card === document.activeElement);
    cards[(index + step + cards.length) % cards.length]?.focus();
  };
  return (
    <div className="precisions" role="radiogroup" aria-label={t('model.precision')} onKeyDown={onKeyDown}>
      {choices.map((precision) => {
        const verdict = verdictFor(precision, situation);
        const isElsewhere = verdict !== null && !isWayHere(situation.chosen, verdict);
        return (
          <PrecisionCard
            key={precision}
            precision={precision}
            isChosen={precision === value}
            isRunning={precision === running}
            isTabStop={precision === value}
            isAwaited={situation.verdicts === null}
            verdict={verdict}
            autoWay={precision === 'auto' ? autoVerdictHere(situation) : null}
            isElsewhere={isElsewhere}
            onChoose={isElsewhere ? onElsewhere : onChange}
          />
        );
      })}
    </div>
  );
}
