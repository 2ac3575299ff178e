/** What the engine and the graphics drivers need of our environment; proxies, tokens and the like stay here. */
const passedOn = [
  ...['PATH', 'HOME', 'LANG', 'LC_ALL', 'TZ', 'TMPDIR', 'TEMP', 'TMP'],
  ...['SystemRoot', 'windir', 'SystemDrive', 'USERPROFILE', 'LOCALAPPDATA', 'APPDATA', 'ProgramFiles', 'ProgramData'],
  ...['LD_LIBRARY_PATH', 'DISPLAY', 'WAYLAND_DISPLAY', 'XDG_RUNTIME_DIR', 'XDG_CACHE_HOME', 'XDG_DATA_DIRS'],
  ...[
    'VK_DRIVER_FILES',
    'VK_ICD_FILENAMES',
    'VK_LOADER_DEBUG',
    'CUDA_VISIBLE_DEVICES',
    'CUDA_PATH',
    'DESKMATE_MEMORY_LIMIT',
  ],
];

/** ONNX Runtime's own way to send what it runs to its makers. The engine turns it off too; here it is off before anything is loaded. */
const privacy = { ORT_DISABLE_TELEMETRY: '1' };

export function workerEnvironment(environment: NodeJS.ProcessEnv): Record<string, string> {
  const known = new Set(passedOn.map((name) => name.toUpperCase())); // Windows spells names in any case
  const entries = Object.entries(environment).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && known.has(entry[0].toUpperCase()),
  );
  return { ...Object.fromEntries(entries), ...privacy };
}
