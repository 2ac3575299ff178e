import { detectHardware, qwen7bChat } from '../worker/hardware/detectHardware';
import { thisMachine } from '../worker/hardware/machine';
import type { Command } from './command';
import { writeLine } from './output';

/** What the computer has, and what Auto would choose on it for Qwen-7B-Chat. */
export const hardware: Command = {
  usage: '',
  data: 'nothing → {"gpus", "ram", "disk", "cpu", "recommended", "probes"}',
  options: {},
  async run() {
    await writeLine(await detectHardware(thisMachine, qwen7bChat));
  },
};
