// The page of an issue, from a folder: citations, downloads, the picture and its table, the way to the search and back.
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { accessible } from './looks.mjs';
import { check, entrance, figure, open, scenario, until } from './lib.mjs';

const file = (page, link) => fileURLToPath(new URL(link, page.url()).href.split(/[?#]/)[0]);

await scenario(async () => {
  const context = await open({ key: false });
  const page = await context.newPage();
  await page.goto(entrance);
  const links = await page.evaluate(() => Array.from(document.querySelectorAll('a[href]'), (a) => a.getAttribute('href')));
  const own = links.filter((link) => !/^[a-z]+:|^#/.test(link));
  own.forEach((link) => check(existsSync(file(page, link)), link + ' leads nowhere'));
  const cites = own.filter((link) => link.startsWith('cite/'));
  cites.forEach((link) => check(readFileSync(file(page, link), 'utf8').startsWith('TY  - '), link + ' is no RIS'));
  for (const name of ['items.ris', 'items.bib', 'items.csv', '../feed.xml', '../index.html', '../search.html']) {
    check(own.includes(name), name + ' is linked');
  }
  const picture = async () => page.evaluate(() => {
    const rect = (what) => document.querySelector(what).getBoundingClientRect();
    return { drawn: rect('figure svg').height, width: rect('figure svg').width, table: rect('figure table').height, seen: rect('figure .sr').height };
  });
  const onScreen = await picture();
  check(onScreen.drawn > 40 && onScreen.seen <= 1, 'on a screen the drawing shows: ' + JSON.stringify(onScreen));
  await page.emulateMedia({ media: 'print' });
  const onPaper = await picture();
  check(onPaper.drawn === 0 && onPaper.seen > 40, 'on paper the tables show: ' + JSON.stringify(onPaper));
  await page.emulateMedia({ media: 'screen' });
  await page.setViewportSize({ width: 320, height: 640 });
  const narrow = await picture();
  check(narrow.width >= 270, 'words of the drawing stay as large on a phone: ' + narrow.width);
  if (process.env.SHOTS) {
    for (const colorScheme of ['light', 'dark']) for (const width of [320, 1280]) {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: 900 });
      await page.locator('figure').screenshot({ path: process.env.SHOTS + '/picture-' + colorScheme + '-' + width + '.png' });
    }
  }
  await page.click('a[href="../search.html"]');
  await page.fill('#q', 'depress');
  await page.press('#q', 'Enter');
  await until('papers are found', () => page.isVisible('#found li a'));
  await accessible(page);
  if (process.env.SHOTS) {
    await page.screenshot({ path: process.env.SHOTS + '/search.png', fullPage: true });
    await page.emulateMedia({ colorScheme: 'light' });
    await page.setViewportSize({ width: 320, height: 800 });
    await page.screenshot({ path: process.env.SHOTS + '/search-320.png', fullPage: true });
  }
  await page.click('#found a');
  await until('the item is reached', () => page.evaluate(() => document.querySelector('article:target') !== null));
  figure('bytes of the page', readFileSync(fileURLToPath(entrance)).length);
  return { cited: cites.length };
});
