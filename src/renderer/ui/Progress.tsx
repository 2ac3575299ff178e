type Props = {
  readonly label: string;
  /** 0 to 1; null where it cannot be known. */
  readonly fraction: number | null;
};

/** The bar of what is known is another one than the bar that travels: it would shrink from that one's width while the number says otherwise. */
export function Progress({ label, fraction }: Props) {
  if (fraction === null) {
    return (
      <div className="progress" role="progressbar" aria-label={label} data-unknown="">
        <i key="unknown" />
      </div>
    );
  }
  const percent = Math.round(fraction * 100);
  return (
    <div
      className="progress"
      role="progressbar"
      aria-label={label}
      aria-valuenow={percent}
      aria-valuemin={0}
      aria-valuemax={100}
    >
      <i key="known" style={{ width: `${percent}%` }} />
    </div>
  );
}
