import type { Hardware } from '../../../shared/hardware';
import { formatBytes } from '../../formatFigures';
import { useLanguage, useTranslate } from '../../useTranslate';

/** The processors of this computer with their memory. */
export function HardwareFound({ hardware }: { readonly hardware: Hardware | null }) {
  const t = useTranslate();
  const language = useLanguage();
  if (hardware === null) return <p className="quiet">{t('settings.hardwareLooking')}</p>;
  const { gpus, cpu, ram } = hardware;
  const gpuMemory = (total: number | null, free: number | null): string =>
    total === null || free === null
      ? t('settings.gpuMemoryUnknown')
      : t('settings.gpuMemory', { total: formatBytes(total, language), free: formatBytes(free, language) });
  return (
    <dl className="hardware" data-testid="hardware">
      {gpus.map(({ name, vramTotal, vramFree }, index) => (
        <div key={index}>
          <dt>GPU</dt>
          <dd>
            {name}
            <span>{gpuMemory(vramTotal, vramFree)}</span>
          </dd>
        </div>
      ))}
      {gpus.length === 0 && (
        <div>
          <dt>GPU</dt>
          <dd>{t('settings.noGpu')}</dd>
        </div>
      )}
      <div>
        <dt>CPU</dt>
        <dd>
          {cpu.name}
          <span>
            {t('settings.cpu', {
              cores: cpu.cores,
              total: formatBytes(ram.total, language),
              free: formatBytes(ram.free, language),
            })}
          </span>
        </dd>
      </div>
    </dl>
  );
}
