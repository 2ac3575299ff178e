import { describe, expect, test } from 'vitest';
import type { Device, Precision } from '../../shared/precision';
import { Verdict } from '../../shared/verdict';
import { rankVerdicts, type Situation } from './rankVerdicts';
import { card, failed, proved, situation } from './situation.test-support';

const gibibyte = 2 ** 30;
const ranked = (facts: Partial<Situation>) => rankVerdicts(situation(facts));
const names = (verdicts: readonly Verdict[]) => verdicts.map(({ precision, device }) => `${precision} ${device}`);
const verdictOf = (precision: Precision, device: Device, facts: Partial<Situation>) =>
  ranked(facts).find((verdict) => verdict.precision === precision && verdict.device === device)!;

// Qwen-7B at 2,048 tokens. Weights of the layers 6,476,005,376, of lm_head 622,329,856, norms and biases 659,456. On the GPU keys
// and values take 1,073,741,824, and 44,957,696 + 33,554,432 + 134,217,728 are for computing; on the CPU as much and
// 12,648,448 + 83,886,080 + 4,194,304 + 134,217,728 + 32 · 650,000.
const peaks = {
  bf16: 15_484_461_056, // 2 · 7,098,994,688 + 1,286,471,680
  int8: 8_829_771_776, // 1.0625 · 7,098,335,232 + 2 · 659,456 + 1,286,471,680
  nf4: 5_389_393_920, // 0.53125 · 6,476,005,376 + 1.0625 · 622,329,856 + 2 · 659,456 + 1,286,471,680
  int4: 5_591_769_088, // 0.5625 · 6,476,005,376 + 1.0625 · 622,329,856 + 2 · 659,456 + 1,286,471,680
  int8OnCpu: 9_095_930_368, // 1.09375 · 7,098,335,232 + 4 · 659,456 + 1,329,488,384
  int4OnCpu: 5_857_927_680, // 0.59375 · 6,476,005,376 + 1.09375 · 622,329,856 + 4 · 659,456 + 1,329,488,384
};

test('the peaks are those worked out by hand', () => {
  const facts = { gpus: [card(80 * gibibyte)] };
  const peakOf = (precision: Precision, device: Device) => verdictOf(precision, device, facts).peakBytes;
  expect({
    bf16: peakOf('bf16', 'gpu'),
    int8: peakOf('int8', 'gpu'),
    nf4: peakOf('nf4', 'gpu'),
    int4: peakOf('int4', 'gpu'),
    int8OnCpu: peakOf('int8', 'cpu'),
    int4OnCpu: peakOf('int4', 'cpu'),
  }).toEqual(peaks);
});

// An eighth is left free: 17,420,018,688 for bf16, 9,933,493,248 for int8, 6,063,068,160 for nf4.
test.each([
  [24 * gibibyte, 'bf16'],
  [17_420_018_688, 'bf16'],
  [17_420_018_687, 'int8'],
  [16 * gibibyte, 'int8'], // not one byte of the card is used, and still
  [12 * gibibyte, 'int8'],
  [9_933_493_248, 'int8'],
  [9_933_493_247, 'nf4'],
  [8 * gibibyte, 'nf4'],
  [6_063_068_160, 'nf4'],
])('with %d bytes free on the GPU Auto takes %s there', (free, precision) => {
  const [best] = ranked({ gpus: [card(free)] });
  expect(best).toMatchObject({ precision, device: 'gpu', verdict: 'shouldRun', reason: 'fits', isRecommended: true });
});

test.each([6_063_068_159, 4 * gibibyte, 0])('with %d bytes free on the GPU Auto takes the CPU', (free) => {
  expect(ranked({ gpus: [card(free)] })[0]).toMatchObject({ precision: 'int8', device: 'cpu', isRecommended: true });
});

// An eighth is left free here as well: 10,232,921,664 for int8, 6,590,168,640 for int4.
test.each([
  [64 * gibibyte, 'int8'],
  [10_232_921_664, 'int8'],
  [10_232_921_663, 'int4'],
  [6_590_168_640, 'int4'],
])('without a GPU and with %d bytes of free memory Auto takes %s', (free, precision) => {
  const [best] = ranked({ ram: { total: 64 * gibibyte, free } });
  expect(best).toMatchObject({ precision, device: 'cpu', verdict: 'shouldRun', reason: 'fits', isRecommended: true });
});

test('where nothing fits with a margin, nothing is recommended', () => {
  const verdicts = ranked({ ram: { total: 16 * gibibyte, free: 6_590_168_639 } });
  expect(verdicts[0]).toMatchObject({ precision: 'int4', device: 'cpu', reason: 'fitsTightly' });
  expect(verdicts.filter(({ isRecommended }) => isRecommended)).toEqual([]);
});

describe('the list', () => {
  test('has every way once, each as the contract says', () => {
    const verdicts = ranked({ gpus: [card(12 * gibibyte)] });
    expect(verdicts).toHaveLength(8);
    expect(new Set(names(verdicts)).size).toBe(8);
    for (const verdict of verdicts) Verdict.strict().parse(verdict);
  });

  test('goes from what Auto takes over what runs with a warning to what will not run', () => {
    expect(
      names(ranked({ gpus: [card(10.5 * gibibyte)], ram: { total: 16 * gibibyte, free: 9.25 * gibibyte } })),
    ).toEqual([
      'int8 gpu',
      'nf4 gpu',
      'int4 cpu',
      'int8 cpu', // tight
      'int4 gpu', // fits, but is a choice
      'nf4 cpu', // slow
      'bf16 gpu',
      'bf16 cpu',
    ]);
  });

  test('says what is missing', () => {
    const facts = { gpus: [card(12 * gibibyte)], ram: { total: 16 * gibibyte, free: 8 * gibibyte } };
    const free = 12 * gibibyte;
    expect(verdictOf('bf16', 'gpu', facts)).toMatchObject({
      ...{ verdict: 'wontRun', reason: 'tooLarge', freeBytes: free, missingBytes: peaks.bf16 - free },
    });
    expect(verdictOf('int8', 'cpu', facts)).toMatchObject({
      ...{ verdict: 'wontRun', reason: 'tooLarge', missingBytes: peaks.int8OnCpu - 8 * gibibyte },
    });
    expect(verdictOf('nf4', 'gpu', facts).missingBytes).toBe(0);
  });

  test('a tight fit is no refusal: the user may try', () => {
    const tight = verdictOf('bf16', 'gpu', { gpus: [card(16 * gibibyte)] });
    expect(tight).toMatchObject({ verdict: 'shouldRun', reason: 'fitsTightly', missingBytes: 0, isRecommended: false });
  });

  test('NF4 on a CPU is slow, BF16 a matter of memory, and Auto takes neither', () => {
    expect(verdictOf('nf4', 'cpu', {})).toMatchObject({ verdict: 'shouldRun', reason: 'slowOnCpu' });
    expect(verdictOf('bf16', 'cpu', {})).toMatchObject({ verdict: 'shouldRun', reason: 'fits', isRecommended: false });
    const little = { ram: { total: 32 * gibibyte, free: 24 * gibibyte } };
    expect(verdictOf('bf16', 'cpu', little)).toMatchObject({ verdict: 'wontRun', reason: 'tooLarge' });
    expect(names(ranked({})).slice(0, 2)).toEqual(['int8 cpu', 'int4 cpu']);
  });

  test('a small model runs in every way', () => {
    const shape = { layers: 6, hiddenSize: 192, heads: 3, feedForwardSize: 512, vocabularySize: 4096 };
    const verdicts = ranked({ shape, gpus: [card(2 * gibibyte)] });
    expect(verdicts[0]).toMatchObject({ precision: 'bf16', device: 'gpu', isRecommended: true });
    expect(verdicts.every(({ verdict }) => verdict === 'shouldRun')).toBe(true);
  });
});

describe('what unloading frees', () => {
  test('counts', () => {
    const facts = { gpus: [{ ...card(2 * gibibyte), vramTotal: 12 * gibibyte }] };
    expect(verdictOf('int8', 'gpu', facts)).toMatchObject({ verdict: 'wontRun', freeBytes: 2 * gibibyte });
    const released = { ramBytes: 0, vramBytes: 9 * gibibyte };
    expect(verdictOf('int8', 'gpu', { ...facts, released })).toMatchObject({
      reason: 'fits',
      freeBytes: 11 * gibibyte,
    });
  });

  test('is never more than there is', () => {
    const facts = { gpus: [card(12 * gibibyte)], ram: { total: 16 * gibibyte, free: 12 * gibibyte } };
    const released = { ramBytes: 9 * gibibyte, vramBytes: 9 * gibibyte };
    expect(verdictOf('int8', 'gpu', { ...facts, released }).freeBytes).toBe(12 * gibibyte);
    expect(verdictOf('int8', 'cpu', { ...facts, released }).freeBytes).toBe(16 * gibibyte);
  });

  test('on a chip with one memory it comes back for both', () => {
    const gpus = [{ ...card(4 * gibibyte), kind: 'unified' as const, vramTotal: 24 * gibibyte }];
    const ram = { total: 24 * gibibyte, free: 4 * gibibyte };
    const released = { ramBytes: gibibyte, vramBytes: 8 * gibibyte };
    expect(verdictOf('int8', 'gpu', { gpus, ram, released }).freeBytes).toBe(13 * gibibyte);
    expect(verdictOf('int8', 'cpu', { gpus, ram, released }).freeBytes).toBe(13 * gibibyte);
  });
});

describe('the GPU', () => {
  test('that no probe has found is none', () => {
    expect(verdictOf('nf4', 'gpu', {})).toMatchObject({ verdict: 'wontRun', reason: 'noGpu', freeBytes: null });
  });

  test('that no probe has found, and that computes, is one of unknown memory', () => {
    expect(verdictOf('nf4', 'gpu', { proof: proved })).toMatchObject({ verdict: 'unknown', reason: 'memoryUnknown' });
  });

  test('that was not tested may be taken, and it is said', () => {
    const verdict = verdictOf('int8', 'gpu', { gpus: [card(12 * gibibyte)], proof: null });
    expect(verdict).toMatchObject({ verdict: 'shouldRun', reason: 'gpuUnproved', isRecommended: true });
  });

  test('that failed its test is out, whatever its memory', () => {
    const proof = { ...proved, isUsable: false, largestError: null };
    expect(verdictOf('nf4', 'gpu', { gpus: [card(24 * gibibyte)], proof })).toMatchObject({
      ...{ verdict: 'wontRun', reason: 'gpuBroken', missingBytes: 0 },
    });
    expect(ranked({ gpus: [card(24 * gibibyte)], proof })[0]).toMatchObject({ precision: 'int8', device: 'cpu' });
  });

  test('that the CPU stands in for is none', () => {
    const proof = { ...proved, isSoftware: true };
    expect(verdictOf('nf4', 'gpu', { proof }).reason).toBe('noGpu');
    expect(verdictOf('nf4', 'gpu', { gpus: [card(null)], proof }).reason).toBe('gpuBroken');
  });

  test('that does not tell its memory is unknown, not refused, and not for Auto', () => {
    const verdicts = ranked({ gpus: [card(null)] });
    expect(verdicts.filter(({ device }) => device === 'gpu').map(({ verdict }) => verdict)).toEqual(
      Array<string>(4).fill('unknown'),
    );
    expect(verdicts[0]!.device).toBe('cpu');
  });

  test('that tells only what it has in all is refused what is larger than that', () => {
    const gpus = [{ ...card(null), vramTotal: 8 * gibibyte }];
    expect(verdictOf('bf16', 'gpu', { gpus })).toMatchObject({
      reason: 'tooLarge',
      missingBytes: peaks.bf16 - 8 * gibibyte,
    });
    expect(verdictOf('nf4', 'gpu', { gpus }).reason).toBe('memoryUnknown');
  });
});

describe('what was measured here', () => {
  const measured = (peakBytes: number, contextLength = 2048) => ({
    ...{ precision: 'int8' as const, device: 'gpu' as const, contextLength, peakBytes },
  });

  test('replaces the estimate', () => {
    const facts = { gpus: [card(12 * gibibyte)], measurements: [measured(9.5e9)] };
    expect(verdictOf('int8', 'gpu', facts)).toMatchObject({
      ...{ verdict: 'runs', reason: 'measured', peakBytes: 9.5e9, isMeasured: true, isRecommended: true },
    });
    const more = { gpus: [card(12 * gibibyte)], measurements: [measured(11.5e9)] };
    expect(verdictOf('int8', 'gpu', more)).toMatchObject({
      verdict: 'runs',
      reason: 'fitsTightly',
      isRecommended: false,
    });
  });

  test('does not run when others have taken the memory', () => {
    const facts = { gpus: [card(8 * gibibyte)], measurements: [measured(9.5e9)] };
    expect(verdictOf('int8', 'gpu', facts)).toMatchObject({ verdict: 'wontRun', missingBytes: 9.5e9 - 8 * gibibyte });
  });

  test('with a short conversation, it counts the keys and values of an ordinary one', () => {
    // 2 · 32 · 4,096 values of 2 bytes a token, and twice one layer's while they grow
    const perToken = 524_288 + 16_384;
    const facts = { gpus: [card(12 * gibibyte)], measurements: [measured(8e9, 256)] };
    expect(verdictOf('int8', 'gpu', facts).peakBytes).toBe(8e9 + 1792 * perToken);
  });

  test('without a reading of the memory it still ran', () => {
    const facts = { gpus: [card(null)], measurements: [measured(9.5e9)] };
    expect(verdictOf('int8', 'gpu', facts)).toMatchObject({ verdict: 'runs', reason: 'measured', freeBytes: null });
  });

  test('a failure puts a way last, and Auto steps down', () => {
    const gpus = [card(24 * gibibyte)];
    const steps = [
      [failed('bf16', 'gpu')],
      [failed('bf16', 'gpu'), failed('int8', 'gpu')],
      [failed('bf16', 'gpu'), failed('int8', 'gpu'), failed('nf4', 'gpu')],
    ].map((measurements) => names(ranked({ gpus, measurements }))[0]);
    expect(steps).toEqual(['int8 gpu', 'nf4 gpu', 'int4 cpu']);
    const measurements = [failed('bf16', 'gpu')];
    expect(verdictOf('bf16', 'gpu', { gpus, measurements })).toMatchObject({
      ...{ verdict: 'wontRun', reason: 'failedBefore', missingBytes: 0, isMeasured: false },
    });
    expect(names(ranked({ gpus, measurements })).at(-1)).toBe('bf16 gpu');
  });

  test('Auto never steps up from a failure', () => {
    expect(names(ranked({ gpus: [card(24 * gibibyte)], measurements: [failed('int8', 'gpu')] }))[0]).toBe('nf4 gpu');
  });

  test('the latest try counts', () => {
    const facts = { gpus: [card(12 * gibibyte)], measurements: [failed('int8', 'gpu'), measured(9e9)] };
    expect(verdictOf('int8', 'gpu', facts)).toMatchObject({ verdict: 'runs', reason: 'measured' });
  });
});
