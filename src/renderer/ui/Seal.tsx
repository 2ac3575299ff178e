/** The mark of the product: 同, cut as a seal. */
export function Seal() {
  return (
    <svg className="seal" viewBox="0 0 24 24" aria-hidden="true" fill="none">
      <rect width="24" height="24" rx="6" fill="currentColor" />
      <path
        stroke="var(--seal-ink)"
        strokeWidth="1.9"
        strokeLinecap="square"
        d="M6 18.8V5.4h12v11.8c0 1.1-.6 1.6-1.7 1.6M9.2 9.1h5.6M9.3 12.4h5.4v3.7H9.3z"
      />
    </svg>
  );
}
