import type { App, Event, Session, WebContents, WebFrameMain } from 'electron';
import { isOf } from './origin';

/** The window's page may copy to the clipboard after a click; nothing else is ever granted. */
const granted = 'clipboard-sanitized-write';

/** Locks every page down, whatever window it is in: no way to other pages, windows or webviews. */
export function lockNavigation(app: App, origin: string): void {
  app.on('web-contents-created', (_event, contents) => {
    const stayHome = (event: Event<{ url: string }>): void => {
      if (!isOf(origin, event.url)) event.preventDefault();
    };
    contents.on('will-navigate', stayHome);
    contents.on('will-frame-navigate', stayHome);
    contents.on('will-redirect', stayHome);
    contents.on('will-attach-webview', (event) => event.preventDefault());
    contents.setWindowOpenHandler(() => ({ action: 'deny' }));
  });
}

/** No permission but one, and no network but the development server's. */
export function lockSession(session: Session, origin: string): void {
  session.setPermissionRequestHandler((_contents, permission, answer) => answer(permission === granted));
  session.setPermissionCheckHandler((_contents, permission) => permission === granted);
  session.setDevicePermissionHandler(() => false);
  const network = ['http://*/*', 'https://*/*', 'ws://*/*', 'wss://*/*', 'ftp://*/*'];
  session.webRequest.onBeforeRequest({ urls: network }, ({ url }, answer) =>
    answer({ cancel: !isOf(origin, url.replace(/^ws/, 'http')) }),
  );
}

/** Only the page of our own window, and no frame inside it, may ask anything of main. */
export const isTrustedSender = (
  sender: Pick<WebContents, 'mainFrame'>,
  frame: WebFrameMain | null,
  origin: string,
): boolean => frame !== null && frame === sender.mainFrame && isOf(origin, frame.url);
