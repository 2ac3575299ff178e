/**
 * Whether `url` lies at `origin`, compared by its parsed parts. `URL.origin` would not do: it is "null" for every
 * scheme that is not the web's own. A user name or port is never ours.
 */
export function isOf(origin: string, url: string): boolean {
  if (!URL.canParse(url)) return false;
  const [ours, theirs] = [new URL(origin), new URL(url)];
  return (
    theirs.protocol === ours.protocol && theirs.host === ours.host && theirs.username === '' && theirs.password === ''
  );
}
