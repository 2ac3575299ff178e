/** The address if it may become a link: https or mailto, whole, without a user name that disguises the host. Else null. */
export function safeUrl(address: string): string | null {
  if (!URL.canParse(address)) return null;
  const url = new URL(address);
  if (url.username !== '' || url.password !== '') return null;
  return url.protocol === 'https:' || url.protocol === 'mailto:' ? url.href : null;
}
