/** What a keydown tells about an input method. */
type Keystroke = { readonly isComposing: boolean; readonly keyCode: number };

type ImeGuard = {
  readonly start: () => void;
  readonly end: () => void;
  /** True for a key that belongs to the input method: it picks, commits or cancels a candidate, and means nothing to us. */
  readonly owns: (key: Keystroke) => boolean;
};

/**
 * Tells the Enter that commits Pinyin from the Enter that sends. Three signs, since no platform gives all of them:
 * `isComposing` (keydown before compositionend), our own flag that outlives compositionend by a tick (macOS and some
 * Linux input methods send compositionend first), and key code 229, which input methods put on the keys they take.
 */
export function createImeGuard(nextTick: (work: () => void) => void): ImeGuard {
  let compositions = 0;
  let isInside = false;
  return {
    start: () => {
      compositions += 1;
      isInside = true;
    },
    end: () => {
      const ended = compositions;
      nextTick(() => {
        if (compositions === ended) isInside = false;
      });
    },
    owns: ({ isComposing, keyCode }) => isComposing || isInside || keyCode === 229,
  };
}
