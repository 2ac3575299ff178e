import { expect, test } from 'vitest';
import { fastClock, hashesOf, hubWith, list, modelScopeOf, name } from './hub.test-support';
import { repositoryAt, urlOf, type HubRepository } from './hubRepository';
import { listRepository } from './listRepository';
import { probeRepository } from './probeRepository';

const files = { 'config.json': Buffer.from('{}\n'), 'model.safetensors': Buffer.alloc(1_000, 1) };
const hashes = hashesOf(files);
const network = { fetch, clock: fastClock() };
const { signal } = new AbortController();
const listAt = (at: HubRepository) => listRepository(at, network, signal);

test("Hugging Face's tree gives sizes, SHA-256 of large files, Git's name of small ones, and the commit", async () => {
  const { repository, at } = await hubWith(files);
  expect(await listAt(at)).toEqual({
    revision: repository.commits[0]!.id,
    files: [
      // `printf '{}\n' | git hash-object --stdin`
      { path: 'config.json', sizeBytes: 3, sha256: null, gitId: '0967ef424bce6791893e9a57bb952f80fd536e93' },
      { path: 'model.safetensors', sizeBytes: 1_000, sha256: hashes['model.safetensors'], gitId: null },
    ],
  });
});

test("ModelScope's list gives sizes and SHA-256 of all files, and the commit", async () => {
  const { repository, hub } = await hubWith(files);
  expect(await listAt(modelScopeOf(hub))).toEqual({
    revision: repository.commits[0]!.id,
    files: Object.entries(files).map(([path, bytes]) => ({
      path,
      sizeBytes: bytes.length,
      sha256: hashes[path],
      gitId: null,
    })),
  });
});

test('a tree of several pages is read whole, from the mirror itself', async () => {
  const { repository, at } = await hubWith(files);
  repository.treePage = 1;
  expect((await listAt(at)).files.map(({ path }) => path)).toEqual(Object.keys(files));
});

test('a pinned commit still lists what it held', async () => {
  const { repository, hub, at } = await hubWith(files);
  const { revision } = await listAt(at);
  repository.commit({ 'config.json': Buffer.from('{"new":true}') });
  for (const source of [at, modelScopeOf(hub)]) {
    const pinned = await listAt({ ...source, revision });
    expect(pinned.files.find(({ path }) => path === 'config.json')!.sizeBytes).toBe(3);
    expect((await listAt(source)).revision).not.toBe(revision);
  }
});

test.each(['../evil.safetensors', '/etc/passwd', 'a/../../b', 'C:\\b', 'a//b', 'con:x', 'a\nb', 'tail.', ''])(
  'a listing with the path %j is refused',
  async (path) => {
    const { repository, hub, at } = await hubWith(files);
    repository.lies.set('model.safetensors', { path });
    for (const source of [at, modelScopeOf(hub)])
      await expect(list(source)).rejects.toMatchObject({ code: 'download.invalidAnswer' });
  },
);

test.each([{ sizeBytes: -1 }, { sizeBytes: 2 ** 41 }, { sizeBytes: 1.5 }, { sha256: 'short' }])(
  'a listing that says %j is refused',
  async (lie) => {
    const { repository, hub, at } = await hubWith(files);
    repository.lies.set('model.safetensors', lie);
    for (const source of [at, modelScopeOf(hub)])
      await expect(list(source)).rejects.toMatchObject({ code: 'download.invalidAnswer' });
  },
);

test('a listing of endlessly many files, and one that names a file twice, is refused', async () => {
  const { repository, at } = await hubWith(files);
  const entry = { type: 'file', path: 'a', oid: '', size: 1 };
  const endless: typeof fetch = async (url, init) =>
    new Request(url).url.includes('/tree/')
      ? Response.json(Array.from({ length: 250_000 }, () => entry))
      : fetch(url, init);
  const listed = listRepository(at, { ...network, fetch: endless }, signal);
  await expect(listed).rejects.toMatchObject({ code: 'download.invalidAnswer' });
  repository.lies.set('model.safetensors', { path: 'config.json' });
  await expect(list(at)).rejects.toMatchObject({ code: 'download.invalidAnswer' });
});

test('a hash that is missing in the tree is missing here', async () => {
  const { repository, hub } = await hubWith(files);
  repository.lies.set('model.safetensors', { sha256: null });
  expect((await list(modelScopeOf(hub)))[1]).toMatchObject({ sha256: null, gitId: null });
});

test('an unknown revision, an unknown repository and a sign-in page have their codes', async () => {
  const { hub, at } = await hubWith(files);
  await expect(listAt({ ...at, revision: 'nope' })).rejects.toMatchObject({ code: 'download.refused' });
  await expect(listAt({ ...modelScopeOf(hub), revision: 'nope' })).rejects.toMatchObject({
    code: 'download.invalidAnswer',
  });
  await expect(listAt({ ...at, name: 'no/body' })).rejects.toMatchObject({ params: { status: 404 } });
  hub.faults.add({ path: 'api', fault: { kind: 'page' } });
  await expect(listAt(at)).rejects.toMatchObject({ code: 'download.invalidAnswer' });
});

test('a probe asks for one byte', async () => {
  const { hub, at } = await hubWith(files);
  for (const source of [at, modelScopeOf(hub)])
    expect(await probeRepository(source, 'config.json', { network, signal })).toBeGreaterThanOrEqual(0);
  expect(hub.served.map(({ start, end }) => [start, end])).toEqual([
    [0, 1],
    [0, 1],
  ]);
});

test('a probe tells why a source cannot be used', async () => {
  const { hub, at } = await hubWith(files);
  hub.faults.add({ path: '*', fault: { kind: 'circle' } });
  const options = { network, signal };
  await expect(probeRepository(at, 'config.json', options)).rejects.toMatchObject({ code: 'download.invalidAnswer' });
  await hub.close();
  await expect(probeRepository(at, 'config.json', options)).rejects.toMatchObject({ code: 'download.offline' });
});

test("files have the hubs' own addresses", () => {
  // As huggingface_hub's hf_hub_url and ModelScope's get_file_download_url make them.
  expect(urlOf(repositoryAt('huggingFace', name, null)!, 'a b/c.json')).toBe(
    'https://huggingface.co/Qwen/Tiny/resolve/main/a%20b/c.json',
  );
  expect(urlOf(repositoryAt('hfMirror', name, null)!, 'c.json')).toBe(
    'https://hf-mirror.com/Qwen/Tiny/resolve/main/c.json',
  );
  expect(urlOf(repositoryAt('modelscope', name, null)!, 'a/c.json')).toBe(
    'https://modelscope.cn/api/v1/models/Qwen/Tiny/repo?Revision=master&FilePath=a%2Fc.json',
  );
  expect(urlOf(repositoryAt('custom', name, 'http://nas:8080/hub/')!, 'c.json')).toBe(
    'http://nas:8080/hub/Qwen/Tiny/resolve/main/c.json',
  );
  expect(repositoryAt('custom', name, null)).toBeNull();
});
