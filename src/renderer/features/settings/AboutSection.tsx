import { ErrorNotice } from '../../ui/ErrorNotice';
import { IconButton } from '../../ui/IconButton';
import { Seal } from '../../ui/Seal';
import { useCopy } from '../../ui/useCopy';
import { useAnswer } from '../../useAnswer';
import { useTranslate } from '../../useTranslate';

export function AboutSection() {
  const t = useTranslate();
  const { value: about, error } = useAnswer('system.about');
  const { isCopied, copy } = useCopy();
  return (
    <>
      <div className="panel about-privacy">
        <Seal />
        <div>
          <b>{t('settings.privacyTitle')}</b>
          <p>{t('settings.privacy')}</p>
        </div>
      </div>
      {error && <ErrorNotice error={error} />}
      {about && (
        <dl className="facts" data-testid="about">
          <div>
            <dt>{t('settings.version')}</dt>
            <dd>{about.appVersion}</dd>
          </div>
          <div>
            <dt>{t('settings.electron')}</dt>
            <dd>{about.electronVersion}</dd>
          </div>
          <div>
            <dt>{t('settings.onnxRuntime')}</dt>
            <dd>{about.onnxRuntimeVersion}</dd>
          </div>
          <div>
            <dt>{t('settings.systemLocale')}</dt>
            <dd>{about.systemLocale}</dd>
          </div>
          <div>
            <dt>{t('settings.dataFolder')}</dt>
            <dd className="path">
              <span>{about.dataFolder}</span>
              <IconButton
                icon={isCopied ? 'check' : 'copy'}
                label={t(isCopied ? 'action.copied' : 'action.copy')}
                onClick={() => copy(about.dataFolder)}
              />
            </dd>
          </div>
          <div>
            <dt>{t('settings.licence')}</dt>
            <dd>{t('settings.licenceText')}</dd>
          </div>
        </dl>
      )}
    </>
  );
}
