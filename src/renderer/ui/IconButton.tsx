import type { ComponentProps } from 'react';
import { Icon, type IconName } from './Icon';

type Props = Omit<ComponentProps<'button'>, 'children' | 'aria-label'> & {
  readonly icon: IconName;
  /** Its name, read aloud and shown on hover. */
  readonly label: string;
};

export function IconButton({ icon, label, title, className = '', ...rest }: Props) {
  return (
    <button type="button" className={`icon-button ${className}`} aria-label={label} title={title ?? label} {...rest}>
      <Icon name={icon} />
    </button>
  );
}
