import type { ComponentProps } from 'react';

type Props = ComponentProps<'button'> & {
  /** `seal` for the one action that matters here, `plain` for a quiet one. */
  readonly variant?: 'paper' | 'plain' | 'seal';
};

export function Button({ variant = 'paper', className = '', ...rest }: Props) {
  return <button type="button" className={`button ${className}`} data-variant={variant} {...rest} />;
}
