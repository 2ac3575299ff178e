/** What the language knows of WebAssembly without the browser's types, as far as it is needed here. */
declare const WebAssembly: {
  readonly Memory: new (limits: { initial: number }) => WasmMemory;
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: unknown };
};

export type WasmMemory = {
  /** Another one after `grow`. */
  readonly buffer: ArrayBuffer;
  grow(pages: number): number;
};

export const pageBytes = 1 << 16;

/** Starts a module of assembly/, given in base64, with `bytes` of memory. The caller knows what it exports. */
export function instantiate(module: string, bytes: number): { memory: WasmMemory; exports: unknown } {
  const memory = new WebAssembly.Memory({ initial: Math.ceil(bytes / pageBytes) });
  const compiled = new WebAssembly.Module(Buffer.from(module, 'base64'));
  return { memory, exports: new WebAssembly.Instance(compiled, { env: { memory } }).exports };
}
