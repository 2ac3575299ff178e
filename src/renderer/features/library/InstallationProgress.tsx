import { useState } from 'react';
import { errorText } from '../../../shared/errorText';
import type { Installation, LibraryModel, PauseReason } from '../../../shared/library';
import { formatBytes } from '../../formatFigures';
import { Button } from '../../ui/Button';
import { ErrorNotice } from '../../ui/ErrorNotice';
import { joinSentences } from '../../ui/joinSentences';
import { Progress } from '../../ui/Progress';
import { Question } from '../../ui/Question';
import { useLanguage, useTranslate } from '../../useTranslate';
import { installationFigures, installationFraction, installationWords } from './describeInstallation';
import { modelName } from './describeInstalled';
import { useModelActions } from './useModelActions';

type Props = {
  readonly model: LibraryModel;
  readonly installation: Installation;
};

/** An installation with its figures and what can be done with it. */
export function InstallationProgress({ model, installation }: Props) {
  const t = useTranslate();
  const language = useLanguage();
  const { error, isRunning, pause, resume, cancel } = useModelActions(model.id);
  const [isAsking, setIsAsking] = useState(false);
  const words = installationWords(installation, t);
  const figures = installationFigures(installation, t, language);
  return (
    <div className="installation" data-testid="installation" data-pause={installation.pause ?? undefined}>
      <p className="installation-head">
        <b role="status">{words}</b>
        <span className="latin-marks">{figures.join(' · ')}</span>
      </p>
      <Progress
        label={`${modelName(model, t)}, ${words}`}
        fraction={installationFraction(installation) ?? (installation.pause === null ? null : 0)}
      />
      <InstallationTrouble installation={installation} />
      {error && <ErrorNotice error={error} />}
      <div className="row-actions">
        {installation.pause === null ? (
          <Button onClick={pause} disabled={isRunning}>
            {t('installation.pause')}
          </Button>
        ) : (
          <Button onClick={resume} disabled={isRunning}>
            {t(installation.pause === 'failed' ? 'action.retry' : 'installation.resume')}
          </Button>
        )}
        <Button variant="plain" aria-expanded={isAsking} onClick={() => setIsAsking(true)}>
          {t(model.installed === null ? 'installation.cancel' : 'installation.stop')}
        </Button>
      </div>
      {isAsking && (
        <Question
          text={
            model.installed === null
              ? t('installation.cancelQuestion', { size: formatBytes(installation.doneBytes, language) })
              : t('installation.stopQuestion')
          }
          yes={t(model.installed === null ? 'installation.cancelYes' : 'installation.stopYes')}
          no={t(model.installed === null ? 'library.keep' : 'installation.stopNo')}
          onYes={() => {
            setIsAsking(false);
            cancel();
          }}
          onNo={() => setIsAsking(false)}
        />
      )}
    </div>
  );
}

/** The sentence of an error says what to do; without one we do. Only of the network we do not wait for the user. */
function nextAfter(pause: PauseReason, problem: string | null): PauseReason | 'again' {
  if (problem === null) return pause;
  return pause === 'diskFull' ? 'user' : pause === 'offline' ? 'again' : pause;
}

/** Why nothing moves and what is next, or what is being overcome right now. */
function InstallationTrouble({ installation: { pause, error } }: Pick<Props, 'installation'>) {
  const t = useTranslate();
  const problem = error === null ? null : errorText(t, error);
  if (pause === 'failed' && error !== null)
    return <ErrorNotice error={error} addition={t('installation.next.failed')} />;
  if (pause !== null)
    return (
      <p className="installation-next">
        {joinSentences(...(problem === null ? [] : [problem]), t(`installation.next.${nextAfter(pause, problem)}`))}
      </p>
    );
  return problem === null ? null : <p className="installation-next">{t('installation.retrying', { problem })}</p>;
}
