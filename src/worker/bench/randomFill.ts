import { toFloat16 } from '../checkpoint/dtype';
import { seededRandom } from '../sampling/seededRandom';

/** What a span of a random model's file holds. Weights have the deviation of an initialised model, 0.02, so that logits stay finite. */
export type Fill =
  | 'bytes'
  | 'bfloat16'
  | 'weight-float16'
  | `${'ones' | 'bias' | 'scale4' | 'scale8' | 'absmax'}-${'float32' | 'float16'}`;

/** Repeated over a span. */
const poolBytes = 2 ** 22;
const deviation = 0.02;
/** Of a uniform distribution with that deviation. */
const reach = deviation * Math.sqrt(3);

/** Seeded random content of a kind, to be repeated. */
export function randomFill(fill: Fill): Uint8Array {
  const random = seededRandom(7);
  if (fill === 'bytes') return bytesOf(new Uint32Array(poolBytes / 4).map(() => random() * 2 ** 32));
  const uniform = (low: number, high: number) =>
    new Float32Array(poolBytes / 4).map(() => low + random() * (high - low));
  if (fill === 'bfloat16') return upperHalves(uniform(-reach, reach));
  const [kind, type] = fill.split('-');
  const values = uniform(...bounds(kind!));
  return bytesOf(type === 'float16' ? toFloat16(values) : values);
}

/** Codes are uniform: the deviation of 4 bits is 4.6 scales, of 8 bits 74, of NF4 0.58 of absmax. */
function bounds(kind: string): [low: number, high: number] {
  const around = (middle: number): [number, number] => [0.75 * middle, 1.25 * middle];
  switch (kind) {
    case 'weight':
      return [-reach, reach];
    case 'scale4':
      return around(deviation / 4.6);
    case 'scale8':
      return around(deviation / 74);
    case 'absmax':
      return around(deviation / 0.58);
    case 'ones':
      return around(1);
    default:
      return [-0.1, 0.1];
  }
}

function upperHalves(values: Float32Array): Uint8Array {
  const bits = new Uint32Array(values.buffer);
  return bytesOf(Uint16Array.from(bits, (word) => word >>> 16));
}

const bytesOf = ({ buffer, byteOffset, byteLength }: Float32Array | Uint16Array | Uint32Array): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);
