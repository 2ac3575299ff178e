import { type ReactNode, useId } from 'react';

type Props = {
  readonly label: string;
  readonly isChecked: boolean;
  readonly onChange: (isChecked: boolean) => void;
  /** What follows from it; may hold links. */
  readonly children?: ReactNode;
};

/** Something that holds or does not, with a line of what that means. */
export function CheckLine({ label, isChecked, onChange, children }: Props) {
  const hintId = useId();
  return (
    <div className="check-line">
      <label>
        <input
          type="checkbox"
          checked={isChecked}
          aria-describedby={children ? hintId : undefined}
          onChange={(event) => onChange(event.currentTarget.checked)}
        />
        <span>{label}</span>
      </label>
      {children && (
        <div className="check-hint" id={hintId}>
          {children}
        </div>
      )}
    </div>
  );
}
