import path from 'node:path';
import { floatTypeOn, preparedFormName } from '../shared/preparedForm';
import type { WorkerInput, WorkerOutput } from '../shared/workerProtocol';
import { layOutCheckpoint } from './checkpoint/checkpoint';
import { inspectFolder } from './checkpoint/inspectFolder';
import { Arrivals, nothingArrives } from './prepare/arrivals';
import { lowerPriority } from './prepare/lowerPriority';
import { prepareArriving, type DoneTensors } from './prepare/prepareArriving';
import { filesBytesOf } from './prepare/preparedManifest';
import type { Methods } from './serve';

type ArrivingMethods = Pick<Methods, 'inspect' | 'layOut' | 'prepareArriving' | 'arrive' | 'forget' | 'conclude'>;

/** The methods of a process that looks at checkpoints, and prepares one while it arrives. */
export function createArrivingMethods(): ArrivingMethods {
  let arrivals: Arrivals | null = null;
  return {
    inspect: async ({ folder }) => {
      const { shape, files } = await inspectFolder(folder);
      return { shape, files: [...files] };
    },

    layOut,

    async prepareArriving(input, { emit, signal }) {
      if (arrivals !== null) throw new Error('this process prepares a checkpoint already');
      arrivals = new Arrivals();
      try {
        return await prepare(input, { arrivals, signal, onDone: emit });
      } finally {
        arrivals = null;
      }
    },

    async arrive({ tensors }) {
      await arrivals?.arrive(tensors);
      return {};
    },

    async forget({ tensors }) {
      if (arrivals === null) throw nothingArrives();
      await arrivals.forget(tensors);
      return {};
    },

    async conclude() {
      await arrivals?.conclude();
      return {};
    },
  };
}

async function layOut(input: WorkerInput<'layOut'>): Promise<WorkerOutput<'layOut'>> {
  const { tensors, inShards } = await layOutCheckpoint(input);
  const places = inShards.map(({ name, shard, offset, byteLength }) => {
    const isNeeded = tensors.get(name)?.shard === shard;
    return { name, shard, offset, byteLength, isNeeded };
  });
  return { tensors: places.filter(({ byteLength }) => byteLength > 0) };
}

type Follow = { arrivals: Arrivals; signal: AbortSignal; onDone: (done: DoneTensors) => void };

async function prepare(input: WorkerInput<'prepareArriving'>, follow: Follow): Promise<{ bytes: number }> {
  const { preparedFolder, precision, device, fingerprint, keepsShards = false } = input;
  lowerPriority();
  try {
    const { config, tensors } = await layOutCheckpoint(input);
    const checkpoint = { config, tensors, fingerprint };
    const folder = path.join(preparedFolder, preparedFormName(precision, device));
    const form = { precision, floatType: floatTypeOn[device], isStandalone: !keepsShards };
    const { manifest } = await prepareArriving({ checkpoint, folder, ...form, ...follow });
    return { bytes: filesBytesOf(manifest) };
  } finally {
    await follow.arrivals.end();
  }
}
