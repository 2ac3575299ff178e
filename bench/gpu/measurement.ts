import { reasonOf } from '../../scripts/failure';
import { requireGpu } from '../../src/worker/runtime/session';
import { measureCopy, type CopyWish } from './measureCopy';
import { measureProducts, type ProductsSpeed, type ProductsWish } from './measureProducts';
import { measureSpeedOnGpu, type GpuSpeed, type SpeedWish } from './measureSpeedOnGpu';

/** What a process of its own can be asked, and what it answers. */
export type Measurements = {
  probe: { wish: null; result: true };
  copy: { wish: CopyWish; result: number };
  speed: { wish: SpeedWish; result: GpuSpeed };
  products: { wish: ProductsWish; result: ProductsSpeed };
};

export type MeasurementName = keyof Measurements;

export type MeasurementAnswer = { result: unknown } | { failure: string };

const measure: { [Name in MeasurementName]: (wish: Measurements[Name]['wish']) => Promise<unknown> } = {
  probe: async () => {
    await requireGpu();
    return true;
  },
  copy: measureCopy,
  speed: measureSpeedOnGpu,
  products: measureProducts,
};

/** The child of inOwnProcess.ts: measures once what it is sent, answers, and ends. */
process.once('message', ({ name, wish }: { name: MeasurementName; wish: never }) => {
  measure[name](wish)
    .then((result): MeasurementAnswer => ({ result }))
    .catch((error: unknown): MeasurementAnswer => ({ failure: reasonOf(error) }))
    .then((answer) => process.send!(answer, () => process.exit(0)))
    .catch(console.error);
});
