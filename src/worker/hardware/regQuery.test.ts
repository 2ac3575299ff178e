import { expect, test } from 'vitest';
import { numberIn, parseRegQuery, textIn } from './regQuery';

// As on a German Windows; `reg` writes in the code page of the console.
const printed = [
  '',
  String.raw`HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Control\Class\{4d36e968-e325-11ce-bfc1-08002be10318}\0000`,
  '    DriverDesc    REG_SZ    NVIDIA GeForce RTX 4070',
  '    (Standard)    REG_SZ    ',
  '    HardwareInformation.qwMemorySize    REG_QWORD    0x2ff000000',
  '    FeatureScore    REG_DWORD    0xcd',
  '    InstalledDisplayDrivers    REG_MULTI_SZ    nvldumd.dll\\0nvldumd.dll',
  '',
  String.raw`HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Control\Class\{4d36e968-e325-11ce-bfc1-08002be10318}\0001`,
  '    HardwareInformation.qwMemorySize    REG_BINARY    000000FE03000000',
  '    ParentIdPrefix    REG_BINARY    00112233445566778899',
  '',
  'Suche beendet: 3 �bereinstimmung(en) gefunden.',
].join('\r\n');

test('keys with their values, in any language of Windows', () => {
  const [first, second] = parseRegQuery(printed);
  expect(first!.path.endsWith('0000')).toBe(true);
  expect(textIn(first!, 'DriverDesc')).toBe('NVIDIA GeForce RTX 4070');
  expect(numberIn(first!, 'HardwareInformation.qwMemorySize')).toBe(12_868_124_672);
  expect(numberIn(first!, 'FeatureScore')).toBe(205);
  expect(numberIn(second!, 'HardwareInformation.qwMemorySize')).toBe(17_146_314_752);
});

test('what is not there, empty or of another type is not known', () => {
  const [first, second] = parseRegQuery(printed);
  expect(textIn(first!, '(Standard)')).toBeNull();
  expect(textIn(first!, 'InstalledDisplayDrivers')).toBeNull();
  expect(numberIn(first!, 'DriverDesc')).toBeNull();
  expect(textIn(first!, 'FeatureScore')).toBeNull();
  expect(numberIn(second!, 'ParentIdPrefix')).toBeNull();
});

test.each([
  '',
  'FEHLER: Der angegebene Registrierungsschl�ssel wurde nicht gefunden.\r\n',
  '    a    REG_SZ    b',
  '\u0000',
])('%j has no keys', (output) => {
  expect(parseRegQuery(output)).toEqual([]);
});
