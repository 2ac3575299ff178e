import { ProtobufWriter } from './protobufWriter';

/** TensorProto.DataType of onnx.proto. */
export const onnxTypes = { float32: 1, uint8: 2, int32: 6, int64: 7, float16: 10, bfloat16: 16 } as const;
export type OnnxType = keyof typeof onnxTypes;

/** A dimension is a size or the name of a size that is known at run time. */
export type ValueInfo = { name: string; type: OnnxType; dims: readonly (number | string)[] };

export type Attribute = number | { float: number } | { graph: Graph } | readonly number[];

export type GraphNode = {
  op: string;
  domain: '' | 'com.microsoft';
  /** An empty name is an absent optional input or output. */
  inputs: readonly string[];
  outputs: readonly string[];
  /** Numbers are integers; `float` marks the others. */
  attributes: Readonly<Record<string, Attribute>>;
};

/** A constant: small ones inside the model, weights as bytes of a file in the external data folder. */
export type Initializer = { name: string; type: OnnxType; dims: readonly number[] } & (
  { bytes: Uint8Array } | { location: string; offset: number; byteLength: number }
);

export type Graph = {
  nodes: readonly GraphNode[];
  initializers: readonly Initializer[];
  inputs: readonly ValueInfo[];
  outputs: readonly ValueInfo[];
};

const beginOfModel = (): ProtobufWriter => new ProtobufWriter().integer(1, 10).string(2, 'deskmate');

/** Whether an ONNX file says that Deskmate made it. */
export function isOwnModel(bytes: Uint8Array): boolean {
  const begin = beginOfModel().finish();
  return Buffer.compare(bytes.subarray(0, begin.byteLength), begin) === 0;
}

/** Encodes a ModelProto (IR 10, opset 21, com.microsoft 1). Field numbers: onnx.proto. */
export function encodeOnnxModel(graph: Graph): Uint8Array {
  return beginOfModel()
    .message(7, (message) => writeGraph(message, graph))
    .message(8, (opset) => opset.string(1, '').integer(2, 21))
    .message(8, (opset) => opset.string(1, 'com.microsoft').integer(2, 1))
    .finish();
}

function writeGraph(message: ProtobufWriter, { nodes, initializers, inputs, outputs }: Graph): void {
  for (const node of nodes) message.message(1, (m) => writeNode(m, node));
  message.string(2, 'qwen');
  for (const initializer of initializers) message.message(5, (m) => writeInitializer(m, initializer));
  for (const input of inputs) message.message(11, (m) => writeValueInfo(m, input));
  for (const output of outputs) message.message(12, (m) => writeValueInfo(m, output));
}

function writeNode(message: ProtobufWriter, { op, domain, inputs, outputs, attributes }: GraphNode): void {
  for (const input of inputs) message.string(1, input);
  for (const output of outputs) message.string(2, output);
  message.string(3, `${outputs.find((name) => name !== '') ?? ''}/${op}`).string(4, op);
  for (const [name, value] of Object.entries(attributes)) message.message(5, (m) => writeAttribute(m, name, value));
  message.string(7, domain);
}

const attributeTypes = { float: 1, int: 2, graph: 5, ints: 7 } as const;

function writeAttribute(message: ProtobufWriter, name: string, value: Attribute): void {
  message.string(1, name);
  if (typeof value === 'number') message.integer(3, value).integer(20, attributeTypes.int);
  else if ('graph' in value) message.message(6, (m) => writeGraph(m, value.graph)).integer(20, attributeTypes.graph);
  else if ('float' in value) message.float(2, value.float).integer(20, attributeTypes.float);
  else {
    for (const item of value) message.integer(8, item);
    message.integer(20, attributeTypes.ints);
  }
}

function writeInitializer(message: ProtobufWriter, initializer: Initializer): void {
  for (const dim of initializer.dims) message.integer(1, dim);
  message.integer(2, onnxTypes[initializer.type]).string(8, initializer.name);
  if ('bytes' in initializer) {
    message.bytes(9, initializer.bytes);
    return;
  }
  const { location, offset, byteLength } = initializer;
  for (const [key, value] of Object.entries({ location, offset: String(offset), length: String(byteLength) }))
    message.message(13, (entry) => entry.string(1, key).string(2, value));
  message.integer(14, 1); // data_location = EXTERNAL
}

function writeValueInfo(message: ProtobufWriter, { name, type, dims }: ValueInfo): void {
  message.string(1, name).message(2, (valueType) =>
    valueType.message(1, (tensor) =>
      tensor.integer(1, onnxTypes[type]).message(2, (shape) => {
        for (const dim of dims)
          shape.message(1, (m) => (typeof dim === 'number' ? m.integer(1, dim) : m.string(2, dim)));
      }),
    ),
  );
}
