import { app, BrowserWindow, dialog, ipcMain, Menu, nativeTheme, net, Notification } from 'electron';
import { powerMonitor, protocol, session, shell } from 'electron';
import { AppError } from '../shared/appError';
import { errorText } from '../shared/errorText';
import type { Language } from '../shared/translate';
import { languageOf, translate } from '../shared/translate';
import { appHost, appScheme, appUrl, serveApp } from './app/appProtocol';
import { downloadFetch } from './app/downloadFetch';
import { Log } from './app/log';
import { contextMenuTemplate, menuTemplate } from './app/menu';
import { pathsFrom } from './app/paths';
import { lockNavigation, lockSession } from './app/security';
import { bringToFront, openWindow } from './app/window';
import { systemClock } from './download/clock';
import { utilityWorker } from './inference/utilityWorker';
import { createHandlers } from './ipc/handlers';
import { Router } from './ipc/router';
import { serveIpc } from './ipc/serveIpc';
import type { ModelLibrary } from './library/modelLibrary';
import { progressOf } from './library/overallProgress';
import { type Notice, tellNews } from './library/tellNews';
import type { Parts } from './parts';
import { startParts } from './parts';
import { SettingsFile } from './settings/settingsFile';
import { onnxRuntimeVersion } from './system/about';
import { linkOpener } from './system/openLink';

/** Set by the development server; a packaged app never listens to it. */
const developmentUrl = app.isPackaged ? undefined : process.env['ELECTRON_RENDERER_URL'];
const origin = developmentUrl === undefined ? `${appScheme}://${appHost}` : new URL(developmentUrl).origin;

const paths = pathsFrom({
  userData: app.getPath('userData'),
  program: import.meta.dirname,
  resources: process.resourcesPath,
  isPackaged: app.isPackaged,
  home: app.getPath('home'),
});

/** The main window while it is open; on macOS the app lives on without one. */
let window: BrowserWindow | null = null;
let language: Language = languageOf(app.getLocale());
/** From here on there is something to end in order before the app goes. */
let endsInOrder = false;
/** The window may be there before: the conversations can be used. */
let hasStarted = false;
let hasFailed = false;

// enableSandbox() overrides --no-sandbox, which root needs in development and tests. A packaged app never goes without.
if (app.isPackaged || !app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox();
protocol.registerSchemesAsPrivileged([
  { scheme: appScheme, privileges: { standard: true, secure: true, supportFetchAPI: true } },
]);
if (app.requestSingleInstanceLock()) {
  const log = new Log(paths.log);
  process.on('unhandledRejection', log.bug);
  process.on('uncaughtException', (error) => fail(error, log));
  start(log).catch((error: unknown) => fail(error, log));
} else {
  app.quit();
}

async function start(log: Log): Promise<void> {
  lockNavigation(app, origin);
  await app.whenReady();
  log.info(`Deskmate ${app.getVersion()}, Electron ${process.versions.electron}, ${process.platform} ${process.arch}`);
  lockSession(session.defaultSession, origin);
  protocol.handle(appScheme, (request) => serveApp(paths.rendererFolder, request));
  const settings = await SettingsFile.open(paths.settings, log.bug);
  settings.watch(({ theme, language: chosen }) => {
    nativeTheme.themeSource = theme;
    language = chosen === 'system' ? languageOf(app.getLocale()) : chosen;
    Menu.setApplicationMenu(createMenu());
  });
  const spawn = utilityWorker({ program: paths.worker, takeOutput: log.worker });
  const downloads = session.fromPartition('downloads', { cache: false }); // shares nothing with the page's, keeps nothing
  const parts = await startParts({
    ...{ paths, settings, log, spawn, appVersion: app.getVersion(), pickFolder },
    network: { fetch: downloadFetch(downloads, app.getVersion()), clock: systemClock },
  });
  wakeDownloads(parts.library);
  showProgress(parts.library);
  announceNews(parts.library, log);
  endInOrder(parts, log);
  serveIpc({ ipc: ipcMain, router: new Router(handlersOf(parts, settings), log.bug), origin });
  showWindow(log);
  app.on('second-instance', () => showWindow(log));
  app.on('activate', () => showWindow(log));
  await parts.storeOpened;
  hasStarted = true;
  if (settings.problem !== null) {
    log.bug(settings.problem);
    await dialog.showMessageBox({ type: 'warning', message: textOf(settings.problem) });
  }
}

const handlersOf = (parts: Parts, settings: SettingsFile) =>
  createHandlers({
    ...parts,
    settings,
    about: () => ({
      appVersion: app.getVersion(),
      electronVersion: process.versions.electron,
      onnxRuntimeVersion: onnxRuntimeVersion(),
      systemLocale: app.getLocale(),
      dataFolder: paths.dataFolder,
    }),
    openLink: linkOpener({ confirm: confirmLink, openExternal: (url) => shell.openExternal(url) }),
  });

/** Opens the window, or brings the one that is open to the front. */
function showWindow(log: Log): void {
  if (window !== null) return bringToFront(window);
  const opened = openWindow({
    url: developmentUrl ?? appUrl,
    preload: paths.preload,
    boundsFile: paths.windowBounds,
    isDevelopment: !app.isPackaged,
    log,
  });
  window = opened;
  opened.on('closed', () => (window = null));
  opened.webContents.on('context-menu', (_event, { isEditable, selectionText }) => {
    const template = contextMenuTemplate(language, { isEditable, hasSelection: selectionText.trim() !== '' });
    if (template.length > 0) Menu.buildFromTemplate(template).popup({ window: opened });
  });
}

function createMenu(): Menu {
  const isMac = process.platform === 'darwin';
  return Menu.buildFromTemplate(
    menuTemplate({
      language,
      isMac,
      isDevelopment: !app.isPackaged,
      pressShortcut: (keyCode) =>
        window?.webContents.sendInputEvent({ type: 'keyDown', keyCode, modifiers: [isMac ? 'meta' : 'control'] }),
      showLog: () => shell.showItemInFolder(paths.log),
    }),
  );
}

/** Null when the user chose none. */
async function pickFolder(): Promise<string | null> {
  const options = { properties: ['openDirectory' as const, 'createDirectory' as const] };
  const { filePaths } = await (window === null
    ? dialog.showOpenDialog(options)
    : dialog.showOpenDialog(window, options));
  return filePaths[0] ?? null;
}

/** What waits for the network hears of it when the computer wakes or is connected again. Only the first is told of. */
function wakeDownloads(library: ModelLibrary): void {
  powerMonitor.on('resume', () => library.nudge());
  let wasOnline = net.isOnline();
  setInterval(() => {
    const isOnline = net.isOnline();
    if (isOnline && !wasOnline) library.nudge();
    wasOnline = isOnline;
  }, 5_000).unref();
}

/** In the task bar and the dock. */
function showProgress(library: ModelLibrary): void {
  library.watch((state) => {
    const { fraction, mode } = progressOf(state);
    window?.setProgressBar(fraction, { mode });
  });
}

/** Kept until they are clicked or closed: one that is collected as garbage hears of no click. */
const notifications = new Set<Notification>();

function showNotice(notice: Notice, onClick: () => void): void {
  const notification = new Notification(notice);
  notifications.add(notification);
  notification.on('click', onClick);
  for (const end of ['click', 'close'] as const)
    notification.on(end as 'close', () => notifications.delete(notification));
  notification.show();
}

/** By the system, while no window of ours is in front. A click brings it there. */
function announceNews(library: ModelLibrary, log: Log): void {
  tellNews({
    watch: (listener) => library.watch(listener),
    isWatched: () => BrowserWindow.getFocusedWindow() !== null,
    language: () => language,
    show: (notice) => {
      if (Notification.isSupported()) showNotice(notice, () => showWindow(log));
    },
  });
}

async function confirmLink(target: string): Promise<boolean> {
  const options = {
    type: 'question' as const,
    message: translate(language, 'openLink.question'),
    detail: translate(language, 'openLink.target', { target }),
    buttons: [translate(language, 'openLink.open'), translate(language, 'openLink.cancel')],
    defaultId: 1,
    cancelId: 1,
  };
  const asked = window === null ? dialog.showMessageBox(options) : dialog.showMessageBox(window, options);
  return (await asked).response === 0;
}

/** Once all windows are closed: what runs is stored and ended before the app goes. */
function endInOrder(parts: Parts, log: Log): void {
  endsInOrder = true;
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit();
  });
  app.on('will-quit', (event) => {
    event.preventDefault();
    parts
      .close()
      .catch(log.bug)
      .finally(() => app.exit(hasFailed ? 1 : 0));
  });
}

/**
 * Nothing can be done but say why, once. The store in particular is never replaced by an empty one. Where something runs
 * already, the app closes in order, so that no answer is lost.
 */
function fail(error: unknown, log: Log): void {
  const isFirst = !hasFailed;
  hasFailed = true;
  if (isFirst) dialog.showErrorBox(translate(language, hasStarted ? 'app.failed' : 'start.failed'), textOf(error));
  log.bug(error);
  if (!endsInOrder) app.exit(1);
  else if (isFirst) app.quit();
}

const textOf = (error: unknown): string =>
  error instanceof AppError ? errorText(translate.bind(null, language), error) : translate(language, 'errors.internal');
