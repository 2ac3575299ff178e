import { AppError } from '../../shared/appError';

export type OpenLink = (url: string) => Promise<boolean>;

type Edges = {
  /** Shows where the link leads; resolves to whether the user wants to go there. */
  readonly confirm: (target: string) => Promise<boolean>;
  readonly openExternal: (url: string) => Promise<void>;
};

/**
 * Opens a link outside, after the user has seen where it leads. Answers come from a model that may have been told
 * anything: only https and mailto are opened, and the host shown is the parsed one, not what the text looks like.
 */
export const linkOpener =
  ({ confirm, openExternal }: Edges): OpenLink =>
  async (text) => {
    const { target, url } = parseLink(text);
    if (!(await confirm(target))) return false;
    await openExternal(url);
    return true;
  };

function parseLink(text: string): { target: string; url: string } {
  if (!URL.canParse(text)) throw new AppError('link.refused');
  const url = new URL(text);
  // "https://bank.example@evil.example" is a link to evil.example.
  const isPlain = url.username === '' && url.password === '';
  if (url.protocol === 'https:' && isPlain) return { target: url.host, url: url.href };
  if (url.protocol === 'mailto:') return { target: url.pathname, url: url.href };
  throw new AppError('link.refused');
}
