/** An open dialog has the keyboard to itself: shortcuts of what lies under it rest. */
export const isDialogOpen = (): boolean => document.querySelector('dialog[open]') !== null;
