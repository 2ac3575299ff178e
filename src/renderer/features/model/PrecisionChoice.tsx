import type { KeyboardEvent } from 'react';
import type { Device, Precision, PrecisionSetting } from '../../../shared/precision';
import { useTranslate } from '../../useTranslate';
import { PrecisionCard } from './PrecisionCard';

type Props = {
  readonly value: PrecisionSetting;
  readonly running: Precision | null;
  readonly recommended: Precision | null;
  readonly device: Device | null;
  readonly onChange: (precision: PrecisionSetting) => void;
};

const choices: readonly PrecisionSetting[] = ['auto', 'bf16', 'int8', 'nf4', 'int4'];
const steps: Readonly<Record<string, number>> = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

/** One card a precision. Arrow keys only look: choosing loads a model, so it takes a click, Space or Enter. */
export function PrecisionChoice({ value, running, recommended, device, onChange }: Props) {
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
      {choices.map((precision) => (
        <PrecisionCard
          key={precision}
          precision={precision}
          isChosen={precision === value}
          isRunning={precision === running}
          isRecommended={precision === recommended}
          isTabStop={precision === value}
          device={device}
          onChoose={onChange}
        />
      ))}
    </div>
  );
}
