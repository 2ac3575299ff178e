import { readFileSync, writeFileSync } from 'node:fs';
import { z } from 'zod';

const Bounds = z.object({ x: z.int(), y: z.int(), width: z.int().positive(), height: z.int().positive() });
const SavedBounds = z.object({ bounds: Bounds, isMaximized: z.boolean() });
export type Bounds = z.infer<typeof Bounds>;
export type SavedBounds = z.infer<typeof SavedBounds>;

/** What was saved; null the first time, or when the file is of no use: a window's place is not worth a word. */
export function readBounds(file: string): SavedBounds | null {
  try {
    const json: unknown = JSON.parse(readFileSync(file, 'utf8'));
    return SavedBounds.parse(json);
  } catch {
    return null;
  }
}

/** Where it cannot be written, that is reported: it must not hinder a window from closing. */
export function writeBounds(file: string, bounds: SavedBounds, reportBug: (bug: unknown) => void): void {
  try {
    writeFileSync(file, JSON.stringify(bounds));
  } catch (error) {
    reportBug(error);
  }
}

/** Whether enough of the window's top lies on a display to be seen and dragged. */
export function isVisible(bounds: Bounds, workAreas: readonly Bounds[]): boolean {
  return workAreas.some((area) => {
    const seen = Math.min(bounds.x + bounds.width, area.x + area.width) - Math.max(bounds.x, area.x);
    const isTopInside = bounds.y >= area.y && bounds.y <= area.y + area.height - 50;
    return seen >= 100 && isTopInside;
  });
}
