/** One of apt's source files. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

/**
 * The apt source that adds `codename`-backports to this machine: its own entry for `codename`, from the same mirror and
 * with the same keys, with the suite changed. Undefined when the machine has it already, or has no such entry.
 */
export function backportsSource(files: readonly SourceFile[], codename: string): SourceFile | undefined {
  const suite = `${codename}-backports`;
  const entries = files.flatMap(readEntries);
  if (entries.some((entry) => entry.suites.includes(suite))) return undefined;
  const own = entries.find((entry) => entry.suites.includes(codename));
  return own && { path: `/etc/apt/sources.list.d/deskmate-backports${own.extension}`, text: own.withSuite(suite) };
}

interface Entry {
  readonly extension: '.sources' | '.list';
  readonly suites: readonly string[];
  readonly withSuite: (suite: string) => string;
}

const readEntries = (file: SourceFile): Entry[] =>
  file.path.endsWith('.sources') ? readStanzas(file.text) : readLines(file.text);

/** deb822: fields in stanzas; see sources.list(5). Comments are left behind, continuation lines (keys) are kept. */
function readStanzas(text: string): Entry[] {
  const uncommented = text.replace(/^#.*\n?/gm, '');
  return uncommented
    .split(/\n\s*\n/)
    .filter((stanza) => /^Types:.*\bdeb\b/m.test(stanza) && !/^Enabled:\s*no/m.test(stanza))
    .map((stanza) => ({
      extension: '.sources',
      suites: /^Suites:(.*)$/m.exec(stanza)?.[1]?.trim().split(/\s+/) ?? [],
      withSuite: (suite) => stanza.trim().replace(/^Suites:.*$/m, `Suites: ${suite}`) + '\n',
    }));
}

/** One-line style: `deb [options] uri suite component…`. */
function readLines(text: string): Entry[] {
  return [...text.matchAll(/^\s*(deb\s+(?:\[[^\]]*\]\s+)?\S+\s+)(\S+)(\s.*)$/gm)].map(([, before, suite, after]) => ({
    extension: '.list',
    suites: [suite!], // all three groups take part in every match
    withSuite: (other) => `${before!}${other}${after!}\n`,
  }));
}
