// Pictures of the desk: board, paper, preview; on a computer and on a phone, in the light and in the dark.
import { address, board, check, issueOf, look, more, open, ready, scenario, until } from '../tests/browser/lib.mjs';

const [folder] = more;
// What is shown: a window's size, as a computer and a phone have it.
const WINDOWS = [['', { width: 1280, height: 900 }], ['-phone', { width: 390, height: 844 }]];

await scenario(async () => {
  const context = await open();
  const page = await context.newPage();
  // A little was done already: that is how a board looks when people work on it.
  await page.goto(board);
  await ready(page);
  const { lists } = await look(page);
  const [[, [first]]] = issueOf({ lists });
  for (const [n, name] of ['keep', 'keep', 'maybe', 'drop'].entries()) {
    if (lists.open[n]) await page.locator('.card[data-id="' + lists.open[n] + '"] button[name=' + name + ']').click();
  }
  await until('all is saved', async () => (await look(page)).said.startsWith('Saved'));
  // Of each page the part that it is for.
  const shots = [
    ['board', board, '.cols'], ['paper', address('/m/2026-10/paper/' + first), '.trail'], ['preview', address('/m/2026-10/preview'), '#email'],
  ];
  for (const [name, path, part] of shots) {
    for (const colorScheme of ['light', 'dark']) {
      for (const [kind, size] of WINDOWS) {
        // A phone in the dark shows nothing that the other pictures do not.
        if (colorScheme === 'dark' && (kind || name === 'board')) continue;
        await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
        await page.setViewportSize(size);
        await page.goto(path, { waitUntil: 'networkidle' });
        // Which paper is first in line for a key is not for the picture, nor is what was saved when.
        await page.evaluate((selector) => {
          document.activeElement.blur();
          document.querySelector(selector).scrollIntoView();
        }, part);
        for (const frame of page.frames()) await until('all frames are there', () => frame.evaluate(() => document.readyState === 'complete'));
        await page.waitForTimeout(500);
        const file = folder + '/desk-' + name + kind + (colorScheme === 'dark' ? '-dark' : '') + '.png';
        await page.screenshot({ path: file, animations: 'disabled', caret: 'hide', scale: 'css' });
      }
    }
  }
  check(page.url().startsWith(board), 'the pictures end elsewhere: ' + page.url());
});
