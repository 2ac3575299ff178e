import type { ReactNode } from 'react';
import type { Gpu, Hardware } from '../../../shared/hardware';
import { formatBytes } from '../../formatFigures';
import { type Translate, useLanguage, useTranslate } from '../../useTranslate';
import './hardware.css';

type Props = {
  readonly hardware: Hardware | null;
  /** What a test of the GPU gave, under the GPUs. */
  readonly children?: ReactNode;
};

/** The parts of this computer that count, with the numbers and where they come from. */
export function HardwareFacts({ hardware, children }: Props) {
  const t = useTranslate();
  const language = useLanguage();
  if (hardware === null) return <p className="quiet">{t('hardware.looking')}</p>;
  const { gpus, cpu, ram, disk } = hardware;
  const words = (bytes: number): string => formatBytes(bytes, language);
  return (
    <dl className="hardware" data-testid="hardware">
      <div>
        <dt>GPU</dt>
        <dd>
          {gpus.map((gpu, index) => (
            <Fact
              key={index}
              name={gpu.name}
              figures={[gpuMemory(gpu, words, t), ...gpuKind(gpu, t)]}
              source={t('hardware.from', { source: gpu.source })}
            />
          ))}
          {gpus.length === 0 && <Fact name={t('hardware.noGpu')} figures={[t('hardware.noGpuHint')]} source={null} />}
          {children}
        </dd>
      </div>
      <div>
        <dt>{t('hardware.ram')}</dt>
        <dd>
          <Fact
            name={t('hardware.ramFigures', { total: words(ram.total), free: words(ram.free) })}
            figures={[]}
            source={t('hardware.fromSystem')}
          />
        </dd>
      </div>
      <div>
        <dt>{t('hardware.cpu')}</dt>
        <dd>
          <Fact
            name={cpu.name}
            figures={[t('hardware.threads', { cores: cpu.cores })]}
            source={t('hardware.fromSystem')}
          />
        </dd>
      </div>
      <div>
        <dt>{t('hardware.disk')}</dt>
        <dd>
          <Fact
            name={
              disk === null
                ? t('hardware.diskUnknown')
                : t('hardware.ramFigures', { total: words(disk.total), free: words(disk.free) })
            }
            figures={disk === null ? [] : [disk.folder]}
            source={disk === null ? null : t('hardware.fromSystem')}
          />
        </dd>
      </div>
    </dl>
  );
}

type FactProps = {
  readonly name: string;
  readonly figures: readonly string[];
  readonly source: string | null;
};

function Fact({ name, figures, source }: FactProps) {
  return (
    <p className="hardware-fact latin-marks">
      <b>{name}</b>
      {figures.length > 0 && <span>{figures.join(' · ')}</span>}
      {source !== null && <small>{source}</small>}
    </p>
  );
}

function gpuMemory({ vramTotal, vramFree }: Gpu, words: (bytes: number) => string, t: Translate): string {
  if (vramTotal === null) return t('hardware.gpuMemoryUnknown');
  if (vramFree === null) return t('hardware.gpuMemoryTotal', { total: words(vramTotal) });
  return t('hardware.gpuMemory', { total: words(vramTotal), free: words(vramFree) });
}

const gpuKind = ({ kind, driver }: Gpu, t: Translate): readonly string[] => [
  ...(kind === null ? [] : [t(`hardware.kind.${kind}`)]),
  ...(driver === null ? [] : [t('hardware.driver', { driver })]),
];
