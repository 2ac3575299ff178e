import { Icon } from '../../ui/Icon';
import { useTranslate } from '../../useTranslate';

type Props = {
  readonly isAnswering: boolean;
  readonly canSend: boolean;
  readonly onStop: () => void;
};

/** Submits the form around it; while an answer is written, it stops that instead. */
export function SendButton({ isAnswering, canSend, onStop }: Props) {
  const t = useTranslate();
  const label = t(isAnswering ? 'composer.stop' : 'composer.send');
  // Two keys, two buttons: a double click on Send must not stop the answer it has asked for.
  return isAnswering ? (
    <button key="stop" type="button" className="send" data-stop="" aria-label={label} title={label} onClick={onStop}>
      <span className="stop-mark" />
    </button>
  ) : (
    <button key="send" type="submit" className="send" aria-label={label} title={label} aria-disabled={!canSend}>
      <Icon name="send" />
    </button>
  );
}
