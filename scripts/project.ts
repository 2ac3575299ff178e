import path from 'node:path';

/** The repository's root. */
export const projectRoot = path.resolve(import.meta.dirname, '..');

/** The script of an installed tool, to be run by this very Node. */
export const toolScript = (file: string): string => path.join(projectRoot, 'node_modules', file);
