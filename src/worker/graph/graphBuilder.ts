import type { Attribute, Graph, GraphNode, Initializer, OnnxType, ValueInfo } from './onnxFile';

/** The name of a value in the graph. */
export type Value = string;

type NodeLinks = {
  from: readonly Value[];
  /** Output names; an empty one leaves an optional output out. */
  to: Value | readonly Value[];
  attributes?: Readonly<Record<string, Attribute>>;
};

/** Operators of ONNX Runtime's own domain that our graphs use. Source: onnxruntime's ContribOperators.md. */
const microsoftOps = new Set([
  'FusedMatMul',
  'GroupQueryAttention',
  'MatMulBnb4',
  'MatMulNBits',
  'RotaryEmbedding',
  'SkipSimplifiedLayerNormalization',
]);

/** Collects nodes, constants, inputs and outputs of one graph. */
export class GraphBuilder {
  readonly #nodes: GraphNode[] = [];
  readonly #initializers = new Map<string, Initializer>();
  readonly #inputs: ValueInfo[] = [];
  readonly #outputs: ValueInfo[] = [];

  input(name: string, type: OnnxType, dims: ValueInfo['dims']): Value {
    this.#inputs.push({ name, type, dims });
    return name;
  }

  /** Declares a value that some node makes as an output of the graph. */
  output(name: Value, type: OnnxType, dims: ValueInfo['dims']): void {
    this.#outputs.push({ name, type, dims });
  }

  /** Adds a node and returns its first output. */
  add(op: string, { from, to, attributes = {} }: NodeLinks): Value {
    const outputs = typeof to === 'string' ? [to] : to;
    this.#nodes.push({ op, domain: microsoftOps.has(op) ? 'com.microsoft' : '', inputs: from, outputs, attributes });
    return outputs[0]!;
  }

  /** Adds a constant once; later calls with the same name refer to it. */
  constant(initializer: Initializer): Value {
    if (!this.#initializers.has(initializer.name)) this.#initializers.set(initializer.name, initializer);
    return initializer.name;
  }

  /** A small int64 constant: shapes, split sizes, indices. */
  int64(name: string, values: readonly number[]): Value {
    const bytes = new Uint8Array(BigInt64Array.from(values, BigInt).buffer);
    return this.constant({ name, type: 'int64', dims: [values.length], bytes });
  }

  graph(): Graph {
    return {
      nodes: this.#nodes,
      initializers: [...this.#initializers.values()],
      inputs: this.#inputs,
      outputs: this.#outputs,
    };
  }
}
