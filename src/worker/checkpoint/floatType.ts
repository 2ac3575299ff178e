/** The number format that a graph computes in. */
export type FloatType = 'float32' | 'float16';
