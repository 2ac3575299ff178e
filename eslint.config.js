// @ts-check
import reactHooks from 'eslint-plugin-react-hooks';
import tseslint from 'typescript-eslint';

/** The layer table of ARCHITECTURE.md. Every layer may also import itself; `bans` are packages it must never load. */
const layers = {
  shared: { imports: [], bans: '^(node:|electron|react|onnxruntime|sqlite3)' },
  preload: { imports: ['shared'], bans: '^(node:|react|onnxruntime|sqlite3)' },
  main: { imports: ['shared'], bans: '^(react|onnxruntime)' },
  worker: { imports: ['shared'], bans: '^(electron|react|sqlite3|node:(http|https|net|tls|dgram))' },
  cli: { imports: ['worker', 'shared'], bans: '^(electron|react|sqlite3)' },
  renderer: { imports: ['shared'], bans: '^(node:|electron|onnxruntime|sqlite3)' },
};

/** Inside main, imports run one way: ipc → topics → db, inference, app. The one link between topics is chat → conversations. */
const mainFolders = {
  app: [],
  db: ['app'],
  inference: ['app'],
  settings: ['app', 'db'],
  conversations: ['app', 'db'],
  model: ['app', 'inference', 'settings'],
  library: ['app', 'inference', 'model', 'settings', 'download', 'system'],
  download: ['app'],
  chat: ['app', 'db', 'inference', 'conversations', 'model', 'settings'],
  system: ['app', 'inference'],
};

const restrict = (files, patterns) => ({
  files,
  rules: { '@typescript-eslint/no-restricted-imports': ['error', { patterns }] },
});

const layerRules = Object.entries(layers).map(([name, { imports, bans }]) => {
  const others = Object.keys(layers).filter((other) => other !== name && !imports.includes(other));
  return restrict(
    [`src/${name}/**`],
    [
      { regex: bans, message: `The ${name} layer never loads this package.` },
      { regex: `^\\.\\.?/(.*/)?(${others.join('|')})/`, message: `The ${name} layer does not import that layer.` },
    ],
  );
});

const mainFolderRules = Object.entries(mainFolders).map(([name, allowed]) => {
  const others = [...Object.keys(mainFolders), 'ipc'].filter((other) => other !== name && !allowed.includes(other));
  return restrict(
    [`src/main/${name}/**`],
    [
      { regex: layers.main.bans, message: 'The main layer never loads this package.' },
      {
        regex: `^\\.\\./(\\.\\./)*(preload|worker|cli|renderer)/`,
        message: 'The main layer does not import that layer.',
      },
      { regex: `^(\\.\\./)+(${others.join('|')})/`, message: `src/main/${name} does not import that folder.` },
    ],
  );
});

const featureRule = restrict(
  ['src/renderer/features/*/**'],
  [
    { regex: layers.renderer.bans, message: 'The renderer layer never loads this package.' },
    { regex: '(^|/)(main|preload|worker|cli)/', message: 'The renderer layer does not import that layer.' },
    { regex: '^\\.\\./(?!\\.\\.)', message: 'Features never import each other; App.tsx composes them.' },
  ],
);

export default tseslint.config(
  { ignores: ['node_modules/', 'out/', 'dist/', 'test-results/', 'assets/', 'tools/', 'assembly/'] },
  ...tseslint.configs.strict,
  {
    files: ['**/*.ts', '**/*.tsx'],
    extends: [tseslint.configs.recommendedTypeCheckedOnly],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-non-null-assertion': 'off', // index access after a bounds check; noUncheckedIndexedAccess is on
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
    },
  },
  {
    files: ['src/**/*.{ts,tsx}', 'scripts/**/*.ts', 'e2e/**/*.ts', 'bench/**/*.ts', 'testing/**/*.ts'],
    rules: {
      eqeqeq: 'error',
      'no-console': 'error',
      'max-lines': ['error', { max: 300, skipBlankLines: true, skipComments: true }],
      'max-lines-per-function': ['error', { max: 60, skipBlankLines: true, skipComments: true }],
      'max-params': ['error', 3],
      'no-restricted-syntax': [
        'error',
        { selector: 'ExportDefaultDeclaration', message: 'Named exports only.' },
        { selector: 'ExportAllDeclaration', message: 'No barrels.' },
        { selector: 'CatchClause > BlockStatement[body.length=0]', message: 'Never swallow an error.' },
      ],
    },
  },
  { files: ['src/renderer/**/*.{ts,tsx}'], ...reactHooks.configs.flat.recommended },
  ...layerRules,
  ...mainFolderRules,
  featureRule,
  { files: ['scripts/**', 'bench/**', 'src/cli/**'], rules: { 'no-console': 'off' } },
  {
    files: ['**/*.test.{ts,tsx}', '**/*.test-support.ts', 'e2e/**'],
    rules: { 'max-lines-per-function': 'off', 'max-lines': 'off' },
  },
);
