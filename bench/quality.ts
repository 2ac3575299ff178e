import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { vulkanEnvironment } from '../scripts/vulkanEnvironment';
import { Device, Precision } from '../src/shared/precision';
import { openQwenModel } from '../src/worker/runtime/openQwenModel';
import golden from '../src/worker/golden/demoModel.json' with { type: 'json' };

const modelFolder = path.resolve(import.meta.dirname, '../assets/demo-model');

/** Of one token that was foreseen: float32 [vocabularySize], and the token that came. */
type Prediction = { logits: Float32Array; id: number };

type Quality = {
  /** Mean negative log-likelihood of a reply token, nats. */
  meanNll: number;
  /** Mean Kullback-Leibler divergence of the next token's distribution from the reference's, nats. */
  divergence: number;
  /** Share of reply tokens where the likeliest token is the reference's. */
  top1Agreement: number;
  /** Largest difference from the reference in one of its 20 best logits, over all reply tokens. */
  largestError: number;
};

/** What each precision loses on each device: the demo model over the replies of its golden conversations, beside bf16 in
 *  float32 on the CPU, as the Markdown table of docs/quality.md. Without a GPU, WebGPU runs on Mesa's software driver. */
export async function benchQuality(): Promise<void> {
  Object.assign(process.env, vulkanEnvironment());
  const preparedFolder = await mkdtemp(path.join(os.tmpdir(), 'deskmate-quality-'));
  try {
    const reference = await predictReplies('bf16', 'cpu', preparedFolder);
    console.log(
      '| precision | device | nats a reply token | perplexity | divergence, nats | same best token | largest error of a top-20 logit |',
    );
    console.log(
      '| --------- | ------ | -----------------: | ---------: | ---------------: | --------------: | ------------------------------: |',
    );
    for (const device of Device.options.toSorted())
      for (const precision of Precision.options) {
        const predictions = await predictReplies(precision, device, preparedFolder);
        console.log(row(precision, device, compare(predictions, reference)));
      }
    console.log(
      `\n${reference.length} reply tokens; the reference in PyTorch has ${golden.perplexity.reply_mean_nll} nats.`,
    );
  } finally {
    await rm(preparedFolder, { recursive: true });
  }
}

async function predictReplies(precision: Precision, device: Device, preparedFolder: string): Promise<Prediction[]> {
  const options = { modelFolder, preparedFolder, fingerprint: null, precision, device, contextLength: 2048 };
  const { model } = await openQwenModel(options);
  const { text_ids, reply_spans } = golden.perplexity;
  const predictions: Prediction[] = [];
  for (const [index, ids] of text_ids.entries())
    await model.visitLogits(ids, (position, logits) => {
      const target = position + 1;
      const isReply = reply_spans[index]!.some(([start, end]) => start! <= target && target < end!);
      if (isReply) predictions.push({ logits: logits.slice(), id: ids[target]! });
    });
  await model.close();
  return predictions;
}

function compare(predictions: readonly Prediction[], reference: readonly Prediction[]): Quality {
  const nll = predictions.reduce((sum, { logits, id }) => sum + logSumExp(logits) - logits[id]!, 0);
  const agreeing = predictions.filter(({ logits }, i) => best(logits, 1)[0] === best(reference[i]!.logits, 1)[0]);
  const errors = predictions.map(({ logits }, i) => topError(logits, reference[i]!.logits));
  return {
    meanNll: nll / predictions.length,
    divergence:
      predictions.reduce((sum, { logits }, i) => sum + divergence(logits, reference[i]!.logits), 0) /
      predictions.length,
    top1Agreement: agreeing.length / predictions.length,
    largestError: Math.max(...errors),
  };
}

const topError = (logits: Float32Array, reference: Float32Array): number =>
  Math.max(...best(reference, 20).map((id) => Math.abs(logits[id]! - reference[id]!)));

/** Ids of the largest logits, largest first. */
const best = (logits: Float32Array, count: number): number[] =>
  [...logits.keys()].sort((a, b) => logits[b]! - logits[a]!).slice(0, count);

function logSumExp(logits: Float32Array): number {
  const largest = logits.reduce((a, b) => Math.max(a, b));
  return largest + Math.log(logits.reduce((sum, logit) => sum + Math.exp(logit - largest), 0));
}

function divergence(logits: Float32Array, reference: Float32Array): number {
  const total = logSumExp(reference);
  const shift = logSumExp(logits) - total;
  return reference.reduce((sum, logit, id) => sum + Math.exp(logit - total) * (logit - logits[id]! + shift), 0);
}

const deviceNames: Readonly<Record<Device, string>> = { cpu: 'CPU', gpu: 'WebGPU (float16)' };

function row(
  precision: Precision,
  device: Device,
  { meanNll, divergence, top1Agreement, largestError }: Quality,
): string {
  const share = `${(100 * top1Agreement).toFixed(1)} %`;
  const columns = [
    meanNll.toFixed(5),
    Math.exp(meanNll).toFixed(4),
    divergence.toFixed(5),
    share,
    largestError.toFixed(4),
  ];
  return `| ${[precision, deviceNames[device], ...columns].join(' | ')} |`;
}
