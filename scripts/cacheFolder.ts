import os from 'node:os';
import path from 'node:path';

/** Deskmate's folder for what its scripts download or compile: outside the repository, so that a second clone is fast. */
export const cacheFolder = (): string => path.join(systemCacheFolder(), 'deskmate');

function systemCacheFolder(): string {
  const { LOCALAPPDATA, XDG_CACHE_HOME } = process.env;
  if (process.platform === 'win32') return LOCALAPPDATA ?? path.join(os.homedir(), 'AppData', 'Local');
  if (process.platform === 'darwin') return path.join(os.homedir(), 'Library', 'Caches');
  return XDG_CACHE_HOME || path.join(os.homedir(), '.cache');
}
