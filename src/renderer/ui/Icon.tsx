/** Line drawings on a 16-unit grid, in the colour of the text around them. */
const drawings = {
  menu: 'M2.5 4.5h11M2.5 8h11M2.5 11.5h11',
  plus: 'M8 3v10M3 8h10',
  pencil: 'M3 13l.6-2.6 7.2-7.2a1.1 1.1 0 0 1 1.6 0l.4.4a1.1 1.1 0 0 1 0 1.6l-7.2 7.2L3 13zM9.6 4.4l2 2',
  trash: 'M3 4.5h10M6.4 4.2V3h3.2v1.2M4.4 4.7l.6 8.3h6l.6-8.3M6.8 7.2v3.4M9.2 7.2v3.4',
  copy: 'M6 6h7v7H6zM10 6V3H3v7h3',
  check: 'M3.2 8.4l3.2 3.2 6.4-7',
  anew: 'M12.8 8a4.8 4.8 0 1 1-1.5-3.5M12.9 2.4v2.7h-2.7',
  send: 'M8 13V3.4M3.8 7.4L8 3.2l4.2 4.2',
  up: 'M8 13V3.4M3.8 7.4L8 3.2l4.2 4.2',
  down: 'M8 3v9.6M3.8 8.6L8 12.8l4.2-4.2',
  close: 'M4 4l8 8M12 4l-8 8',
  settings:
    'M2.5 5h6M12.5 5h1M2.5 11h1M7.5 11h6M10.5 3.2a1.8 1.8 0 1 0 0 3.6 1.8 1.8 0 0 0 0-3.6zM5.5 9.2a1.8 1.8 0 1 0 0 3.6 1.8 1.8 0 0 0 0-3.6z',
} as const;

export type IconName = keyof typeof drawings;

/** Decorative: the control around it carries the name. */
export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg
      className="icon"
      viewBox="0 0 16 16"
      aria-hidden="true"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.4"
      strokeLinecap="round"
      strokeLinejoin="round"
    >
      <path d={drawings[name]} />
    </svg>
  );
}
