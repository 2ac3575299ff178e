import { homedir, platform } from 'node:os';
import { join } from 'node:path';

/** Where this system's programs keep what they can make anew. */
export function cacheFolder(): string {
  if (platform() === 'win32') return process.env['LOCALAPPDATA'] ?? join(homedir(), 'AppData', 'Local');
  if (platform() === 'darwin') return join(homedir(), 'Library', 'Caches');
  return process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache');
}
