import { useRef, useState } from 'react';
import type { LibraryModel, SourceId } from '../../../shared/library';
import type { Settings, SettingsChange } from '../../../shared/settings';
import { Button } from '../../ui/Button';
import { ErrorNotice } from '../../ui/ErrorNotice';
import { useTranslate } from '../../useTranslate';
import { CustomSource } from './CustomSource';
import { completeOrder, movedSource } from './sourceOrder';
import { SourceRow } from './SourceRow';
import { useSourceChecks } from './useSourceChecks';
import './library.css';

type Props = {
  /** What the sources are asked for; null until main has told. */
  readonly model: Pick<LibraryModel, 'id' | 'name'> | null;
  readonly settings: Settings;
  readonly onChange: (change: SettingsChange) => void;
};

/** Where models are fetched from, in the order in which they are tried. */
export function SourceList({ model, settings, onChange }: Props) {
  const t = useTranslate();
  const { checks, error, isRunning, check } = useSourceChecks(model?.id ?? null);
  const order = completeOrder(settings.sourceOrder);
  const [moved, setMoved] = useState<SourceId | null>(null);
  const list = useRef<HTMLOListElement>(null);
  const move = (source: SourceId, by: -1 | 1): void => {
    const next = movedSource(order, source, by);
    if (next.indexOf(source) === order.indexOf(source)) return;
    setMoved(source);
    onChange({ sourceOrder: next });
  };
  return (
    <div className="sources" data-testid="sources">
      <p className="section-lead">{t('sources.lead')}</p>
      <ol ref={list}>
        {order.map((source, index) => (
          <SourceRow
            key={source}
            source={source}
            place={index === 0 ? 'first' : index === order.length - 1 ? 'last' : 'between'}
            check={checks?.find((one) => one.source === source) ?? null}
            isMissing={source === 'custom' && settings.customSource === null}
            wasMoved={source === moved}
            onMove={move}
          />
        ))}
      </ol>
      <p role="status" className="visually-hidden">
        {moved !== null &&
          t('sources.moved', { name: t(`source.${moved}`), place: order.indexOf(moved) + 1, count: order.length })}
      </p>
      <CustomSource url={settings.customSource} onChange={onChange} />
      {error && <ErrorNotice error={error} />}
      <div className="row-actions">
        <Button onClick={check} disabled={isRunning || model === null}>
          {t(isRunning ? 'sources.checking' : 'sources.check')}
        </Button>
        {checks && model && (
          <span role="status" className="field-hint">
            {t('sources.checked', { name: model.name })}
          </span>
        )}
      </div>
    </div>
  );
}
