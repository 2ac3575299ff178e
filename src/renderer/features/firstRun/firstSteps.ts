/** In the order in which they are taken. */
export const firstSteps = ['computer', 'precision', 'source'] as const;
export type FirstStep = (typeof firstSteps)[number];
