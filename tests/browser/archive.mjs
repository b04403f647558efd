// The search over all issues, from a folder: real queries, what the first one costs, links, no script, dark, narrow.
import { readFileSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { accessible } from './looks.mjs';
import { check, entrance, figure, finding, home, more, open, scenario, until } from './lib.mjs';

const queries = JSON.parse(readFileSync(home + '/queries.json', 'utf8'));
const shown = (page) => page.evaluate(() => ({
  said: document.getElementById('said').textContent,
  titles: Array.from(document.querySelectorAll('#found h2'), (e) => e.textContent),
  links: Array.from(document.querySelectorAll('#found a'), (e) => e.getAttribute('href')),
  has_more: !document.getElementById('more').hidden,
}));

const ask = async (page, text, count) => {
  await page.fill('#q', text);
  await page.press('#q', 'Enter');
  return until('"' + text + '" is answered', async () => {
    const now = await shown(page);
    return now.said && !now.said.startsWith('Searching') && now.titles.length === Math.min(count, 10) ? now : null;
  });
};

await scenario(async () => {
  let most = 0;
  for (const query of queries) {
    // Each in a window of its own: what it loads is what a first query costs.
    const context = await open({ key: false });
    const page = await context.newPage();
    let bytes = 0;
    page.on('request', (request) => { bytes += statSync(fileURLToPath(request.url().split(/[?#]/)[0])).size; });
    await page.goto(entrance);
    const now = await ask(page, query.text, query.count);
    const says = query.count === 1 ? '1 paper.' : query.count ? query.count + ' papers' : '';
    check(now.said.startsWith(says), query.text + ': ' + now.said + ' instead of ' + query.count);
    check(JSON.stringify(now.titles) === JSON.stringify(query.titles), query.text + ': ' + JSON.stringify(now.titles) + ' instead of ' + JSON.stringify(query.titles));
    check(now.has_more === query.count > 10, query.text + ': more');
    figure('bytes of "' + query.text.trim() + '"', bytes);
    most = Math.max(most, bytes);
    await context.close();
  }

  const context = await open({ key: false });
  const page = await context.newPage();
  await page.goto(entrance + '#q=maternal');
  const first = await until('the address is a question', async () => { const now = await shown(page); return now.titles.length ? now : null; });
  await page.click('#more');
  const second = await until('there are more', async () => { const now = await shown(page); return now.titles.length === 20 ? now : null; });
  check(JSON.stringify(second.titles.slice(0, 10)) === JSON.stringify(first.titles), 'the first ones stay');
  check(await page.evaluate(() => document.activeElement === document.querySelectorAll('#found a')[10]), 'the focus goes to the first new one');
  const many = await ask(page, 'measure', 0);
  check(many.said.includes('whole word: measure'), 'a beginning of too much is told: ' + many.said);
  await ask(page, 'maternal', 10);
  await accessible(page);
  check(first.links[0].startsWith(more[0] + '/index.html#w'), 'the newest stands first: ' + first.links[0]);
  await page.click('#found a');
  await until('the issue is open', () => page.evaluate(() => document.querySelector(':target') !== null));
  await page.goBack();
  const again = await until('the question is still there', async () => { const now = await shown(page); return now.titles.length ? now : null; });
  check(again.titles[0] === first.titles[0], 'going back shows the same');
  await context.close();

  const plain = await open({ key: false, javaScriptEnabled: false });
  const still = await plain.newPage();
  await still.goto(entrance);
  check(!(await still.isVisible('form')), 'without scripts there is no form');
  check(await still.isVisible('noscript a[href="index.html"]'), 'without scripts a sentence leads to the issues');
  await plain.close();
  if (!queries.length) finding('there are no queries');
  return { asked: queries.length, most };
});
