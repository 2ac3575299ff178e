import { contextBridge, ipcRenderer } from 'electron';
import type { Bridge } from '../shared/ipc/bridge';
import { channels } from '../shared/ipc/bridge';
import type { Result, StreamFrame } from '../shared/ipc/define';

const listeners = new Map<number, (frame: StreamFrame) => void>();
let lastId = 0;

ipcRenderer.on(channels.frame, (_event, id: number, frame: StreamFrame) => {
  listeners.get(id)?.(frame);
  if (frame.kind === 'end') listeners.delete(id);
});

const bridge: Bridge = {
  // Main answers every call with a Result; the type is its promise.
  call: (route, input) => ipcRenderer.invoke(channels.call, route, input) as Promise<Result<unknown>>,
  openStream: (route, input, onFrame) => {
    const id = ++lastId;
    listeners.set(id, onFrame);
    ipcRenderer.send(channels.openStream, { id, route, input });
    return () => {
      if (listeners.delete(id)) ipcRenderer.send(channels.closeStream, id);
    };
  },
};

contextBridge.exposeInMainWorld('deskmate', bridge);
