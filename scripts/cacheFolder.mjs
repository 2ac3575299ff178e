import os from 'node:os';
import path from 'node:path';

/**
 * Deskmate's folder for what its scripts download or compile: outside the repository, so that a second clone is fast.
 *
 * @returns {string}
 */
export function cacheFolder() {
  return path.join(systemCacheFolder(), 'deskmate');
}

function systemCacheFolder() {
  if (process.platform === 'win32') return process.env.LOCALAPPDATA ?? path.join(os.homedir(), 'AppData', 'Local');
  if (process.platform === 'darwin') return path.join(os.homedir(), 'Library', 'Caches');
  return process.env.XDG_CACHE_HOME || path.join(os.homedir(), '.cache');
}
