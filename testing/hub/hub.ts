import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Fault, Faults } from './fault';
import { routeOf, type HubRoute } from './hubRoute';
import { huggingFaceTree, modelScopeFiles } from './listing';
import { misbehave } from './misbehave';
import type { PublishedRepository } from './publishedRepository';
import { serveFile, type ServedRange } from './serveFile';

/**
 * A hub on this machine that speaks Hugging Face's and ModelScope's protocols, misbehaves when it is told to, and remembers
 * every byte it was asked for.
 */
export class Hub {
  readonly faults = new Faults();
  readonly served: ServedRange[] = [];
  /** What every request said of whoever asked. */
  readonly asked: IncomingHttpHeaders[] = [];
  readonly #server: Server;

  /** The repositories by name, `owner/name`. */
  constructor(readonly repositories: Readonly<Record<string, PublishedRepository>>) {
    this.#server = createServer((request, response) => {
      this.#answer(request, response).catch((error: unknown) => response.destroy(error as Error)); // nothing else is thrown
    });
  }

  listen = (port = 0): Promise<void> =>
    new Promise((resolve) => {
      this.#server.listen(port, '127.0.0.1', resolve);
    });

  /** The base URL of both protocols. */
  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`; // it listens on a port, not on a pipe
  }

  /** Also breaks what is under way: as if the machine were gone. */
  close = (): Promise<void> =>
    new Promise((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
    });

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.asked.push(request.headers);
    response.setHeader('set-cookie', 'visitor=42; Path=/'); // as hubs do, to know who comes again
    const url = new URL(request.url ?? '/', this.url);
    const route = routeOf(url);
    const repository = route && this.repositories[route.name];
    if (!route || !repository) return notFound(response, 'Repository');
    const fault = this.#faultFor(route);
    if (misbehave(fault, request, response)) return;
    if (route.asks === 'resolve') return redirect(response, repository, route);
    if (route.asks !== 'bytes')
      return sendListing(response, repository, { ...route, cursor: Number(url.searchParams.get('cursor')) });
    const file = repository.at(route.revision)?.files.get(route.path);
    if (file === undefined) return notFound(response, 'Entry');
    const record = (served: ServedRange): void => void this.served.push(served);
    await serveFile(request, response, { path: route.path, file, fault, record });
  }

  #faultFor({ asks, path }: HubRoute): Fault | null {
    if (asks === 'resolve') return this.faults.next(path, 'origin');
    return this.faults.next(asks === 'bytes' ? path : 'api');
  }
}

function sendListing(
  response: ServerResponse,
  repository: PublishedRepository,
  { asks, revision, cursor }: HubRoute & { readonly cursor: number },
): void {
  const commit = repository.at(revision);
  if (asks === 'files') return sendJson(response, modelScopeFiles(repository, commit));
  if (commit === undefined) return notFound(response, 'Revision');
  if (asks === 'commit') return sendJson(response, { sha: commit.id });
  const tree = huggingFaceTree(repository, commit);
  const end = cursor + repository.treePage;
  // Also a mirror names the hub that it mirrors.
  const next = `<https://huggingface.co/api/models/of/another/tree/main?recursive=true&cursor=${end}>; rel="next"`;
  if (end < tree.length) response.setHeader('link', next);
  sendJson(response, tree.slice(cursor, end));
}

/** As the hubs do: to where the bytes are. */
function redirect(response: ServerResponse, repository: PublishedRepository, { name, revision, path }: HubRoute): void {
  const commit = repository.at(revision);
  const file = commit?.files.get(path);
  if (commit === undefined || file === undefined) return notFound(response, 'Entry');
  const headers = {
    location: `/cdn/${name}/${commit.id}/${path.split('/').map(encodeURIComponent).join('/')}`,
    'x-repo-commit': commit.id,
    'x-linked-etag': `"${file.sha256}"`,
    'x-linked-size': String(file.bytes.length),
  };
  response.writeHead(302, headers).end();
}

const notFound = (response: ServerResponse, what: string): void =>
  void response.writeHead(404).end(`${what} not found`);

const sendJson = (response: ServerResponse, value: unknown): void =>
  void response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value));
