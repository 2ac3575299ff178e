import { type ComponentProps, useId, useState } from 'react';
import { Button } from './Button';

type Props = {
  readonly label: string;
  /** As it is stored, in words; empty for none. Give this component that as its key. */
  readonly value: string;
  readonly hint: string;
  /** What is wrong with a text, blanks around it aside; null where it can be stored. */
  readonly problemOf: (text: string) => string | null;
  readonly onSave: (text: string) => void;
  readonly field: Pick<ComponentProps<'input'>, 'inputMode' | 'placeholder' | 'size'>;
  /** Said after the field. */
  readonly unit?: string;
  /** Of a button that takes the text over; without one that is done when the field is left. */
  readonly saveWords?: string;
};

/** A setting that is typed in a line. It is taken over on Enter, and said to be wrong only then. */
export function TextSetting({ label, value, hint, problemOf, onSave, field, unit, saveWords }: Props) {
  const id = useId();
  const [text, setText] = useState(value);
  const [problem, setProblem] = useState<string | null>(null);
  const trimmed = text.trim();
  const save = (): void => {
    const found = problemOf(trimmed);
    setProblem(found);
    if (found === null && trimmed !== value) onSave(trimmed);
  };
  return (
    <form
      className="field-line"
      onSubmit={(event) => {
        event.preventDefault();
        save();
      }}
    >
      <label htmlFor={`${id}-field`}>{label}</label>
      <div className="field-row">
        <input
          id={`${id}-field`}
          className="text-field"
          type="text"
          spellCheck={false}
          {...field}
          value={text}
          aria-invalid={problem !== null}
          aria-describedby={`${id}-hint`}
          onChange={(event) => setText(event.currentTarget.value)}
          onBlur={saveWords === undefined ? save : undefined}
        />
        {unit !== undefined && <span>{unit}</span>}
        {saveWords !== undefined && (
          <Button type="submit" disabled={trimmed === value}>
            {saveWords}
          </Button>
        )}
      </div>
      <p
        id={`${id}-hint`}
        role={problem === null ? undefined : 'alert'}
        className={problem === null ? 'field-hint' : 'field-problem'}
      >
        {problem ?? hint}
      </p>
    </form>
  );
}
