import { useId } from 'react';
import type { TextKey } from '../../../shared/translate';
import { useTranslate } from '../../useTranslate';
import type { ComposerProps, Readiness } from './composerProps';
import { SendButton } from './SendButton';
import { useComposer } from './useComposer';

const hints: Readonly<Record<Readiness, TextKey>> = {
  ready: 'composer.hint',
  answering: 'composer.answering',
  modelLoading: 'composer.modelLoading',
  modelFailed: 'composer.modelFailed',
  modelUnloaded: 'composer.modelUnloaded',
};

/** Where a message is written. It holds its own text: a keystroke renders nothing else. */
export function Composer(props: ComposerProps) {
  const t = useTranslate();
  const hintId = useId();
  const { inputProps, canSend, send } = useComposer(props);
  return (
    <form
      className="composer"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <textarea
        id="composer"
        aria-label={t('composer.label')}
        aria-describedby={hintId}
        placeholder={t('composer.placeholder')}
        rows={1}
        {...inputProps}
      />
      <div className="composer-foot">
        <span id={hintId}>{t(hints[props.readiness])}</span>
        {props.children}
        <SendButton isAnswering={props.readiness === 'answering'} canSend={canSend} onStop={props.onStop} />
      </div>
    </form>
  );
}
