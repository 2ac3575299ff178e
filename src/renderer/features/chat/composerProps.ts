import type { ReactNode } from 'react';

/** Why nothing can be sent, or that it can. */
export type Readiness = 'ready' | 'answering' | 'modelLoading' | 'modelFailed' | 'modelUnloaded';

export type ComposerProps = {
  readonly readiness: Readiness;
  readonly initialText: string;
  /** Whether to write is what comes next. */
  readonly takesFocus: boolean;
  /** Every change, so that the draft outlives this component. */
  readonly onDraft: (text: string) => void;
  /** True if the message was taken; otherwise its text stays here. */
  readonly onSend: (text: string) => Promise<boolean>;
  readonly onStop: () => void;
  /** Figures at the right of the foot. */
  readonly children?: ReactNode;
};
