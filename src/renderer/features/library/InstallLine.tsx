import type { LibraryState } from '../../../shared/library';
import { formatDuration } from '../../formatDuration';
import { useTranslate } from '../../useTranslate';
import { installationFraction, installationWords } from './describeInstallation';
import { modelName } from './describeInstalled';
import './library.css';

type Props = {
  readonly library: LibraryState | null;
  readonly onOpen: () => void;
};

/** What is being fetched, at the foot of the sidebar; leads to its details. Nothing while nothing is. */
export function InstallLine({ library, onOpen }: Props) {
  const t = useTranslate();
  const model = library?.models.find(({ installation }) => installation !== null);
  const installation = model?.installation ?? null;
  const words = installation === null ? '' : installationWords(installation, t);
  return (
    <>
      {model && installation && (
        <button
          type="button"
          className="install-line"
          data-pause={installation.pause ?? undefined}
          title={t('installation.open')}
          onClick={onOpen}
        >
          <span className="install-line-head">
            <span>{modelName(model, t)}</span>
            <span>{percentOf(installationFraction(installation))}</span>
          </span>
          <Bar fraction={installationFraction(installation)} isPaused={installation.pause !== null} />
          <span className="install-line-foot">
            <span>{words}</span>
            {installation.pause === null && installation.secondsLeft !== null && (
              <span>{t('installation.left', { time: formatDuration(installation.secondsLeft, t) })}</span>
            )}
          </span>
        </button>
      )}
      {/* Stages and pauses are announced, figures are not. */}
      <p role="status" className="visually-hidden">
        {words}
      </p>
    </>
  );
}

/** For the eye: the words beside it say the same. */
const Bar = ({ fraction, isPaused }: { readonly fraction: number | null; readonly isPaused: boolean }) => (
  <span className="progress" data-unknown={fraction === null && !isPaused ? '' : undefined}>
    <i style={fraction === null ? undefined : { width: `${fraction * 100}%` }} />
  </span>
);

const percentOf = (fraction: number | null): string => (fraction === null ? '' : `${Math.floor(fraction * 100)}%`);
