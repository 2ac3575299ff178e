import { type ReactNode, useEffect, useRef } from 'react';
import { Button } from '../../ui/Button';
import { Seal } from '../../ui/Seal';
import { useTranslate } from '../../useTranslate';
import { type FirstStep, firstSteps } from './firstSteps';
import './firstRun.css';

type Props = {
  readonly step: FirstStep;
  readonly onStep: (step: FirstStep) => void;
  /** False where this step still needs an answer. */
  readonly canContinue: boolean;
  readonly onLeave: () => void;
  /** Where leaving leads: to the demo, or back to where the user was. */
  readonly leaveWords: string;
  /** What stands at the right of the head. */
  readonly headEnd: ReactNode;
  readonly children: ReactNode;
};

/** One quiet page of the three: its words, its content, and the ways on. */
export function FirstRunPage({ step, onStep, canContinue, onLeave, leaveWords, headEnd, children }: Props) {
  const t = useTranslate();
  const number = firstSteps.indexOf(step);
  const previous = firstSteps[number - 1];
  const next = firstSteps[number + 1];
  const title = useTitleFocus(step);
  return (
    <main className="first-run" data-testid="first-run" data-step={step}>
      <div className="first-run-scroll" key={step}>
        <div className="first-run-column">
          <header>
            <Seal />
            <span>{t('app.name')}</span>
            {headEnd}
          </header>
          <p className="first-run-step">{t('firstRun.step', { step: number + 1 })}</p>
          <h1 tabIndex={-1} ref={title}>
            {t(`firstRun.${step}`)}
          </h1>
          <p className="lead">{t(`firstRun.${step}Lead`)}</p>
          {children}
        </div>
      </div>
      <footer>
        <div className="first-run-column">
          <Button variant="plain" onClick={onLeave}>
            {leaveWords}
          </Button>
          <span className="first-run-later">{t('firstRun.later')}</span>
          {previous && <Button onClick={() => onStep(previous)}>{t('action.back')}</Button>}
          {next && (
            <Button variant="seal" onClick={() => onStep(next)} disabled={!canContinue}>
              {t('action.next')}
            </Button>
          )}
        </div>
      </footer>
    </main>
  );
}

/** A new step is read from its title: the focus goes there, but not when the window opens. */
function useTitleFocus(step: FirstStep) {
  const title = useRef<HTMLHeadingElement>(null);
  const shown = useRef(step);
  useEffect(() => {
    if (shown.current !== step) title.current?.focus();
    shown.current = step;
  }, [step]);
  return title;
}
