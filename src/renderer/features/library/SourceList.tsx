import { useRef, useState } from 'react';
import type { SourceId } from '../../../shared/library';
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
  readonly settings: Settings;
  readonly onChange: (change: SettingsChange) => void;
};

/** Where models are fetched from, in the order in which they are tried. */
export function SourceList({ settings, onChange }: Props) {
  const t = useTranslate();
  const { checks, error, isRunning, check } = useSourceChecks();
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
            check={checks.find((one) => one.source === source) ?? null}
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
      <CustomSource key={settings.customSource} url={settings.customSource} onChange={onChange} />
      {error && <ErrorNotice error={error} />}
      <Button onClick={check} disabled={isRunning}>
        {t(isRunning ? 'sources.checking' : 'sources.check')}
      </Button>
    </div>
  );
}
