import type { IpcMain, IpcMainEvent, IpcMainInvokeEvent, WebContents } from 'electron';
import { z } from 'zod';
import { channels } from '../../shared/ipc/bridge';
import type { Result, StreamFrame } from '../../shared/ipc/define';
import { isTrustedSender } from '../app/security';
import { OpenStreams } from './openStreams';
import type { Router } from './router';

const StreamId = z.int().nonnegative();
const StreamRequest = z.object({ id: StreamId, route: z.unknown(), input: z.unknown() });

type Options = {
  readonly ipc: IpcMain;
  readonly router: Router;
  /** Where our own page lies. */
  readonly origin: string;
};

/** Puts the router on Electron's channels: checks who asks, and ends a page's streams with the page. */
export function serveIpc({ ipc, router, origin }: Options): void {
  const streams = new OpenStreams();
  const known = new WeakSet<WebContents>();
  const isTrusted = ({ sender, senderFrame }: IpcMainEvent | IpcMainInvokeEvent): boolean =>
    isTrustedSender(sender, senderFrame, origin);

  ipc.handle(channels.call, (event, route: unknown, input: unknown): Result<unknown> | Promise<Result<unknown>> =>
    isTrusted(event) ? router.call(route, input) : refused,
  );
  ipc.on(channels.openStream, (event, raw: unknown) => {
    const request = StreamRequest.safeParse(raw);
    if (!isTrusted(event) || !request.success) return;
    const { id, route, input } = request.data;
    const { sender } = event;
    if (!known.has(sender)) {
      known.add(sender);
      closeWithPage(sender, streams);
    }
    const send = (frame: StreamFrame): void => {
      if (!sender.isDestroyed()) sender.send(channels.frame, id, frame);
    };
    streams.add(sender.id, id, router.openStream(route, input, send));
  });
  ipc.on(channels.closeStream, (event, rawId: unknown) => {
    const id = StreamId.safeParse(rawId);
    if (isTrusted(event) && id.success) streams.close(event.sender.id, id.data);
  });
}

/** Reload, crash or close: whatever ends the page ends what it listened to. */
function closeWithPage(contents: WebContents, streams: OpenStreams): void {
  const { id } = contents;
  contents.on('did-start-navigation', ({ isMainFrame, isSameDocument }) => {
    if (isMainFrame && !isSameDocument) streams.closeAll(id);
  });
  contents.on('render-process-gone', () => streams.closeAll(id));
  contents.on('destroyed', () => streams.closeAll(id));
}

const refused: Result<unknown> = { ok: false, error: { code: 'ipc.untrustedSender', params: {} } };
