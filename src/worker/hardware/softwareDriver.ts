import { readdir, readFile, readlink } from 'node:fs/promises';

/** What a process holds while a GPU session is open; on Linux only, where drivers are files. */
export type DriverTraces = {
  /** Paths of open files. */
  readonly openFiles: readonly string[];
  /** Paths of loaded libraries. */
  readonly libraries: readonly string[];
};

/** Whether the GPU is Mesa's lavapipe or SwiftShader, which compute on the CPU. They are loaded beside other drivers even where
 *  those compute, but no other driver computes without opening its device. ONNX Runtime does not tell. */
export const isSoftwareDriver = ({ openFiles, libraries }: DriverTraces): boolean =>
  libraries.some((file) => softwareLibrary.test(file)) && !openFiles.some((file) => device.test(file));

const softwareLibrary = /\/(libvulkan_lvp|libvk_swiftshader)[^/]*\.so/;
/** Of graphics drivers; /dev/nvidiactl is opened even to find that there is no GPU. */
const device = /^\/dev\/(dri\/|nvidia\d|dxg|mali|kgsl|nvgpu|nvhost)/;

/** Of this process; empty where the system has no such files. */
export async function driverTraces(): Promise<DriverTraces> {
  const descriptors = await readdir('/proc/self/fd').catch(() => []);
  // Descriptors come and go; the one that lists them is gone already.
  const openFiles = await Promise.all(descriptors.map((name) => readlink(`/proc/self/fd/${name}`).catch(() => '')));
  const maps = await readFile('/proc/self/maps', 'utf8').catch(() => '');
  return { openFiles, libraries: [...maps.matchAll(/ (\/\S+)$/gm)].map(([, file]) => file!) };
}
