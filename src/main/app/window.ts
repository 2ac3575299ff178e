import { BrowserWindow, nativeTheme, screen } from 'electron';
import type { Log } from './log';
import { isVisible, readBounds, writeBounds } from './windowBounds';

type Options = {
  readonly url: string;
  readonly preload: string;
  readonly boundsFile: string;
  readonly isDevelopment: boolean;
  readonly log: Log;
};

/** The paper of each theme, so that a window never flashes white before its page is there. */
const paper = () => (nativeTheme.shouldUseDarkColors ? '#191816' : '#faf8f3');

/** The main window, where it was last time, shown once there is something to see. */
export function openWindow({ url, preload, boundsFile, isDevelopment, log }: Options): BrowserWindow {
  const saved = readBounds(boundsFile);
  const workAreas = screen.getAllDisplays().map(({ workArea }) => workArea);
  const window = new BrowserWindow({
    width: 1180,
    height: 780,
    ...(saved !== null && isVisible(saved.bounds, workAreas) ? saved.bounds : {}),
    minWidth: 640,
    minHeight: 480,
    show: false,
    backgroundColor: paper(),
    autoHideMenuBar: true,
    webPreferences: {
      preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webviewTag: false,
      spellcheck: false, // its dictionaries would be downloaded
      devTools: isDevelopment,
    },
  });
  window.once('ready-to-show', () => {
    if (saved?.isMaximized === true) window.maximize();
    window.show();
  });
  window.on('close', () => {
    const place = { bounds: window.getNormalBounds(), isMaximized: window.isMaximized() };
    writeBounds(boundsFile, place, log.bug);
  });
  reloadAfterCrash(window, log);
  const followTheme = (): void => window.setBackgroundColor(paper());
  nativeTheme.on('updated', followTheme);
  window.on('closed', () => nativeTheme.off('updated', followTheme));
  window.loadURL(url).catch((error: unknown) => {
    log.bug(error);
    window.show(); // an empty window can at least be closed
  });
  return window;
}

/** A second start or a click in the dock: the window comes to the front. */
export function bringToFront(window: BrowserWindow): void {
  if (window.isMinimized()) window.restore();
  window.show();
  window.focus();
}

/** Conversations and answers live in main, so a page that crashed loses nothing by a reload; once a minute at most. */
function reloadAfterCrash(window: BrowserWindow, log: Log): void {
  let lastReloadMs = -Infinity;
  window.webContents.on('render-process-gone', (_event, details) => {
    log.bug(new Error(`The page ended: ${details.reason}, exit code ${details.exitCode}.`));
    if (details.reason === 'clean-exit' || performance.now() - lastReloadMs < 60_000) return;
    lastReloadMs = performance.now();
    window.webContents.reload();
  });
}
