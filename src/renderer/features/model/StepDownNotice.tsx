import { errorText, saysWay } from '../../../shared/errorText';
import type { LoadedModel, StepDown } from '../../../shared/model';
import { call } from '../../ipc';
import { Button } from '../../ui/Button';
import { ErrorNotice } from '../../ui/ErrorNotice';
import { useAction } from '../../useAction';
import { type Translate, useTranslate } from '../../useTranslate';
import { wayWords } from '../../verdictWords';

type Props = {
  readonly model: LoadedModel;
  /** Where another precision or device can be chosen; absent where one already is. */
  readonly onOpenSettings?: (() => void) | undefined;
  readonly onDismiss: () => void;
};

/** What runs is less than what was wanted: what happened, and the way back. */
export function StepDownNotice({ model, onOpenSettings, onDismiss }: Props) {
  const t = useTranslate();
  const { error, isRunning, run } = useAction();
  const { steppedDownFrom, insteadOf } = model;
  const [wanted] = steppedDownFrom;
  const again = (
    <Button onClick={() => void run(() => call('model.load', {}))} disabled={isRunning}>
      {insteadOf === null && wanted ? t('stepDown.again', { way: wayWords(wanted, t) }) : t('action.retry')}
    </Button>
  );
  if (error !== null) return <ErrorNotice error={error}>{again}</ErrorNotice>;
  return (
    <div className="notice" data-tone="quiet" role="status" data-testid="step-down">
      <div>
        <b>
          {insteadOf === null
            ? wanted && t('stepDown.title', { way: wayWords(model, t), wanted: wayWords(wanted, t) })
            : t('stepDown.demo', { name: insteadOf.model.name })}
        </b>
        {insteadOf !== null && <p>{errorText(t, insteadOf.error)}</p>}
        {insteadOf === null && steppedDownFrom.map((step) => <p key={wayWords(step, t)}>{causeOf(step, t)}</p>)}
      </div>
      <div className="notice-actions">
        {again}
        {onOpenSettings && <Button onClick={onOpenSettings}>{t('model.choosePrecision')}</Button>}
        <Button variant="plain" onClick={onDismiss}>
          {t('stepDown.fine')}
        </Button>
      </div>
    </div>
  );
}

/** What happened, and with which way. */
function causeOf({ error, ...way }: StepDown, t: Translate): string {
  const problem = errorText(t, error);
  return saysWay(t, error) ? problem : t('stepDown.cause', { way: wayWords(way, t), problem });
}
