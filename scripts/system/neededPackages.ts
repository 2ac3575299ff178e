/** What Electron's binary links to (`ldd` on it), what ONNX Runtime needs beside it, and a font with Chinese characters. */
const appPackages = [
  'libasound2',
  'libatk-bridge2.0-0',
  'libatk1.0-0',
  'libatspi2.0-0',
  'libcairo2',
  'libcups2',
  'libdbus-1-3',
  'libdrm2',
  'libexpat1',
  'libgbm1',
  'libglib2.0-0',
  'libgtk-3-0',
  'libnspr4',
  'libnss3',
  'libpango-1.0-0',
  'libstdc++6',
  'libudev1',
  'libx11-6',
  'libxcb1',
  'libxcomposite1',
  'libxdamage1',
  'libxext6',
  'libxfixes3',
  'libxkbcommon0',
  'libxrandr2',
  'libvulkan1', // how WebGPU finds the graphics driver
  'fonts-noto-cjk | fonts-wqy-microhei | fonts-wqy-zenhei | fonts-droid-fallback',
];

/** Tests bring their own screen. */
const testPackages = [...appPackages, 'xvfb'];

/** Debian packages, by what is to be run. */
export const neededPackages = { app: appPackages, tests: testPackages } as const;

export type Purpose = keyof typeof neededPackages;
