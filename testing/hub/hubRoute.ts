/** What an address of the hub asks for. */
export type HubRoute = {
  readonly asks: 'commit' | 'tree' | 'files' | 'resolve' | 'bytes';
  /** `owner/name`. */
  readonly name: string;
  readonly revision: string;
  /** Empty where no file is asked for. */
  readonly path: string;
};

const name = '(?<name>[^/]+/[^/]+)';
const patterns: readonly (readonly [HubRoute['asks'], RegExp])[] = [
  // huggingface.co and its mirrors
  ['commit', new RegExp(`^/api/models/${name}(/revision/(?<revision>[^/]+))?$`)],
  ['tree', new RegExp(`^/api/models/${name}/tree/(?<revision>[^/]+)$`)],
  ['resolve', new RegExp(`^/${name}/resolve/(?<revision>[^/]+)/(?<path>.+)$`)],
  // modelscope.cn
  ['files', new RegExp(`^/api/v1/models/${name}/repo/files$`)],
  ['resolve', new RegExp(`^/api/v1/models/${name}/repo$`)],
  ['resolve', new RegExp(`^/models/${name}/resolve/(?<revision>[^/]+)/(?<path>.+)$`)],
  // where both send for the bytes
  ['bytes', new RegExp(`^/cdn/${name}/(?<revision>[^/]+)/(?<path>.+)$`)],
];

export function routeOf({ pathname, searchParams }: URL): HubRoute | null {
  for (const [asks, pattern] of patterns) {
    const groups = pattern.exec(pathname)?.groups;
    if (groups === undefined) continue;
    const revision = groups['revision'] ?? searchParams.get('Revision') ?? 'main';
    const path = groups['path'] ?? searchParams.get('FilePath') ?? '';
    return { asks, name: groups['name']!, revision, path: decodeURIComponent(path) };
  }
  return null;
}
