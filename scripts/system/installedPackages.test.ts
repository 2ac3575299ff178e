import { expect, test } from 'vitest';
import { missingPackages, parseInstalled } from './installedPackages';

/** As dpkg-query prints them on Debian 12 (first three) and Debian 13 (the fourth). */
const output = `ii \tlibnss3\t2:3.87.1-1+deb12u4\t
rc \tlibgbm1\t22.3.6-1+deb12u1\t
ii \tmesa-vulkan-drivers\t25.0.7-2~bpo12+1\tvulkan-icd
ii \tlibgtk-3-0t64\t3.24.49-3\tgtk3-binver-3.0.0, libgtk-3-0 (= 3.24.49-3)
`;

test('only packages that are really installed count', () => {
  expect(missingPackages(['libnss3', 'libgbm1', 'xvfb'], parseInstalled(output))).toEqual(['libgbm1', 'xvfb']);
});

test('a package counts under the name that another one provides', () => {
  expect(missingPackages(['libgtk-3-0'], parseInstalled(output))).toEqual([]);
});

test('of alternatives one is enough, and the first is proposed', () => {
  const installed = parseInstalled('ii \tfonts-wqy-zenhei\t0.9.45-8\t\n');
  expect(missingPackages(['fonts-noto-cjk | fonts-wqy-zenhei'], installed)).toEqual([]);
  expect(missingPackages(['fonts-noto-cjk | fonts-wqy-zenhei'], new Map())).toEqual(['fonts-noto-cjk']);
});

test('the version is kept', () => {
  expect(parseInstalled(output).get('mesa-vulkan-drivers')).toBe('25.0.7-2~bpo12+1');
});
