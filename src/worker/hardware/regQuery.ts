/** Values of one key of the Windows registry, by name: numbers for DWORD and QWORD, and for BINARY of up to eight bytes. */
export type RegistryKey = { readonly path: string; readonly values: ReadonlyMap<string, string | number> };

/** What `reg query … /s` prints: a line with each key, then lines of `    name    type    value`. Words around them are in the
 *  language of Windows and in its code page; names and types are not. Numbers beyond 2^53 do not occur for sizes. */
export function parseRegQuery(output: string): RegistryKey[] {
  const keys: { path: string; values: Map<string, string | number> }[] = [];
  for (const line of output.split(/\r?\n/)) {
    if (/^HKEY_/.test(line)) keys.push({ path: line.trim(), values: new Map() });
    const [, name, type, text] = /^ {4}(.+?) {4}(REG_\w+)(?: {4}(.*))?$/.exec(line) ?? [];
    const value = name === undefined ? null : valueOf(type!, text ?? '');
    if (value !== null) keys.at(-1)?.values.set(name!, value);
  }
  return keys;
}

function valueOf(type: string, text: string): string | number | null {
  switch (type) {
    case 'REG_SZ':
      return text;
    case 'REG_DWORD':
    case 'REG_QWORD':
      return /^0x[\da-f]+$/i.test(text) ? Number(text) : null;
    case 'REG_BINARY':
      return littleEndian(text);
    default:
      return null;
  }
}

/** Some drivers store a number of eight bytes as it lies in memory. */
function littleEndian(hexadecimal: string): number | null {
  if (!/^([\da-f]{2}){1,8}$/i.test(hexadecimal)) return null;
  return Number(`0x${hexadecimal.match(/../g)!.reverse().join('')}`);
}

export const textIn = ({ values }: RegistryKey, name: string): string | null => {
  const value = values.get(name);
  return typeof value === 'string' && value !== '' ? value : null;
};

export const numberIn = ({ values }: RegistryKey, name: string): number | null => {
  const value = values.get(name);
  return typeof value === 'number' ? value : null;
};
