import os from 'node:os';
import { z } from 'zod';

/** Node's SystemError, which says what the system refused. */
const Refused = z.object({ info: z.object({ code: z.enum(['EACCES', 'EPERM']) }) });

/** Lets everything else on this computer go first, where it may. Threads that are started later inherit it. */
export function lowerPriority(): void {
  try {
    os.setPriority(os.constants.priority.PRIORITY_LOW);
  } catch (error) {
    if (!Refused.safeParse(error).success) throw error;
  }
}
