import { expect, test } from 'vitest';
import { isLiving, markOf, type System } from './processMark';

const boot = '8d2c5b7e-1f4a-4f0e-9c57-0a7f2f1d6f33\n';
/** As proc(5) prints it: a program's name may hold anything, and field 22 is the start. */
const stat = (pid: number, start: number, { name = 'electron', state = 'S' } = {}): string =>
  `${pid} (${name}) ${state} 1 1 1 0 -1 4194560 100 0 0 0 5 2 0 0 20 0 30 0 ${start} 1000000 2000 18446744073709551615\n`;

/** A Linux with these processes. */
const linux = (processes: Readonly<Record<number, string>>, bootId = boot): System => {
  const files: Record<string, string> = { '/proc/sys/kernel/random/boot_id': bootId, '/proc/1/stat': stat(1, 7) };
  for (const [pid, text] of Object.entries(processes)) files[`/proc/${pid}/stat`] = text;
  return {
    read: (file) => files[file] ?? null,
    hostName: 'desk',
    isRunning: (pid) => `/proc/${pid}/stat` in files,
  };
};
/** A system that tells no more than which numbers are taken. */
const other = (running: readonly number[], hostName = "Anna's Mac-2"): System => ({
  read: () => null,
  hostName,
  isRunning: (pid) => running.includes(pid),
});

test('on Linux a process is known by its start, whoever has its number', () => {
  const mark = markOf(42, linux({ 42: stat(42, 5_000, { name: 'a ) R 9 (b' }) }));
  expect(mark).toBe('42-5000-8d2c5b7e.7');
  expect(isLiving(mark, linux({ 42: stat(42, 5_000) }))).toBe(true);
  expect(isLiving(mark, linux({ 42: stat(42, 9_000) }))).toBe(false); // another one
  expect(isLiving(mark, linux({}))).toBe(false);
  expect(isLiving(mark, linux({ 42: stat(42, 5_000, { state: 'Z' }) }))).toBe(false); // dead, and nobody asked how it ended
});

test('numbers of another start of the computer, of a container or of another computer say nothing', () => {
  const mark = markOf(42, linux({ 42: stat(42, 5_000) }));
  expect(isLiving(mark, linux({}, '00000000-1f4a-4f0e-9c57-0a7f2f1d6f33\n'))).toBeNull();
  expect(isLiving(mark, linux({ 1: stat(1, 8_000) }))).toBeNull();
  expect(isLiving(mark, other([]))).toBeNull();
  expect(isLiving('42', linux({}))).toBeNull(); // as older versions wrote it
  expect(isLiving('', linux({}))).toBeNull();
});

test('of a process that is hidden from us only its heartbeat tells', () => {
  const mark = markOf(42, linux({ 42: stat(42, 5_000) }));
  expect(isLiving(mark, { ...linux({}), isRunning: () => true })).toBeNull();
});

test('where starts are not told, a number that nobody has is of the dead, and any other says nothing', () => {
  const mark = markOf(42, other([42]));
  expect(mark).toBe('42-unknown-Anna_s_Mac_2');
  expect(isLiving(mark, other([]))).toBe(false);
  expect(isLiving(mark, other([42]))).toBeNull();
  expect(isLiving(mark, other([], 'another'))).toBeNull();
});
