import type { SourceId } from '../../shared/library';

/** The two ways in which hubs list repositories and name files. Mirrors speak Hugging Face's. */
export type HubProtocol = 'huggingFace' | 'modelscope';

/** One model's repository at one source. */
export type HubRepository = {
  readonly source: SourceId;
  readonly protocol: HubProtocol;
  /** Without a slash at its end. */
  readonly baseUrl: string;
  /** `owner/name`. */
  readonly name: string;
  /** A branch, or the commit that was pinned. */
  readonly revision: string;
};

const hubs = {
  modelscope: { protocol: 'modelscope', baseUrl: 'https://modelscope.cn', revision: 'master' },
  huggingFace: { protocol: 'huggingFace', baseUrl: 'https://huggingface.co', revision: 'main' },
  hfMirror: { protocol: 'huggingFace', baseUrl: 'https://hf-mirror.com', revision: 'main' },
} as const;

/** The newest state of the repository `name` at `source`. `customUrl` is the base URL behind the source `custom`. */
export function repositoryAt(source: SourceId, name: string, customUrl: string | null): HubRepository | null {
  if (source !== 'custom') return { source, name, ...hubs[source] };
  if (customUrl === null) return null;
  return { source, name, protocol: 'huggingFace', baseUrl: customUrl.replace(/\/+$/, ''), revision: 'main' };
}

/** Where a file of the repository is fetched from. */
export function urlOf({ protocol, baseUrl, name, revision }: HubRepository, path: string): string {
  if (protocol === 'huggingFace')
    return `${baseUrl}/${name}/resolve/${encodeURIComponent(revision)}/${escapePath(path)}`;
  const query = new URLSearchParams({ Revision: revision, FilePath: path });
  return `${baseUrl}/api/v1/models/${name}/repo?${query.toString()}`;
}

/** What is shown of a source in messages. */
export const hostOf = ({ baseUrl }: HubRepository): string => new URL(baseUrl).host;

const escapePath = (path: string): string => path.split('/').map(encodeURIComponent).join('/');
