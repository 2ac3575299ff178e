import type { Licence } from '../../shared/library';
import { ModelId } from '../../shared/library';
import type { ModelShape } from '../../shared/verdict';

/** A model that Deskmate knows where to get. */
export type CatalogModel = {
  readonly id: ModelId;
  readonly name: string;
  readonly licence: Licence;
  /** Where it lies on hubs that speak Hugging Face's protocol, and on ModelScope. */
  readonly repositories: { readonly huggingFace: string; readonly modelscope: string };
  /** Of its config.json, so that verdicts need no download. */
  readonly shape: ModelShape;
};

/** As linked from each model's README. */
const agreement: Licence = {
  name: 'Tongyi Qianwen LICENSE AGREEMENT',
  url: 'https://github.com/QwenLM/Qwen/blob/main/Tongyi%20Qianwen%20LICENSE%20AGREEMENT',
};
const researchAgreement: Licence = {
  name: 'Tongyi Qianwen RESEARCH LICENSE AGREEMENT',
  url: 'https://github.com/QwenLM/Qwen/blob/main/Tongyi%20Qianwen%20RESEARCH%20LICENSE%20AGREEMENT',
};

/** The main model first. */
export const catalog: readonly CatalogModel[] = [
  {
    id: ModelId.parse('qwen-7b-chat'),
    name: 'Qwen-7B-Chat',
    licence: agreement,
    repositories: { huggingFace: 'Qwen/Qwen-7B-Chat', modelscope: 'qwen/Qwen-7B-Chat' },
    shape: { layers: 32, hiddenSize: 4096, heads: 32, feedForwardSize: 11_008, vocabularySize: 151_936 },
  },
  {
    id: ModelId.parse('qwen-1.8b-chat'),
    name: 'Qwen-1.8B-Chat',
    licence: researchAgreement,
    repositories: { huggingFace: 'Qwen/Qwen-1_8B-Chat', modelscope: 'qwen/Qwen-1_8B-Chat' },
    shape: { layers: 24, hiddenSize: 2048, heads: 16, feedForwardSize: 5504, vocabularySize: 151_936 },
  },
  {
    id: ModelId.parse('qwen-14b-chat'),
    name: 'Qwen-14B-Chat',
    licence: agreement,
    repositories: { huggingFace: 'Qwen/Qwen-14B-Chat', modelscope: 'qwen/Qwen-14B-Chat' },
    shape: { layers: 40, hiddenSize: 5120, heads: 40, feedForwardSize: 13_696, vocabularySize: 152_064 },
  },
];

/** The size of the weights as they are published, in bfloat16: what the index of the shards calls `total_size`. */
export function publishedBytes({ layers, hiddenSize, feedForwardSize, vocabularySize }: ModelShape): number {
  const matrices = hiddenSize * (4 * hiddenSize + 3 * feedForwardSize);
  const vectors = 5 * hiddenSize; // the bias of c_attn and two norms
  return 2 * (layers * (matrices + vectors) + 2 * vocabularySize * hiddenSize + hiddenSize);
}
