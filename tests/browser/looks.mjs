// Looks at a page by the rules of accessibility: light and dark, wide and narrow.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { check, finding } from './lib.mjs';

const axe = readFileSync(createRequire(import.meta.url).resolve('../checkers/node_modules/axe-core/axe.min.js'), 'utf8');

export const accessible = async (page) => {
  for (const [colorScheme, width] of [['light', 1280], ['dark', 1280], ['light', 320], ['dark', 320]]) {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width, height: 900 });
    const where = page.url().split('/').slice(-2).join('/') + ', ' + colorScheme + ', ' + width + ': ';
    const found = await page.evaluate(async (source) => {
      if (!window.axe) (0, eval)(source);
      const { violations } = await window.axe.run(document, { iframes: false, rules: { 'target-size': { enabled: true } }, resultTypes: ['violations'] });
      return violations.map((v) => v.id + ': ' + v.nodes.slice(0, 3).map((n) => n.target.join(' ') + ' ' + (n.any[0] || n.all[0] || n.none[0])?.message).join(' | '));
    }, axe);
    found.forEach((text) => finding(where + text));
    const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    check(over <= 0, where + 'it scrolls sideways by ' + over);
  }
  await page.setViewportSize({ width: 1280, height: 900 });
};
