/** Where the program of a thread is, as seen from whoever starts it: beside that file in the sources; beside the bundle, or above its
 *  chunks, in the built app. */
export const threadPlaces = (name: string): readonly string[] => [`./${name}.ts`, `./${name}.js`, `../${name}.js`];

/** A program that runs a TypeScript file. Only tests and tools run the sources themselves, by tsx, which is not part of the
 *  app and does not reach into threads by itself; `tsx` is the address of its `tsx/esm/api`. */
export const importingTypeScript = (tsx: string, entry: string): string =>
  `import('${tsx}').then(({ register }) => { register(); return import('${entry}'); });`;
