// Every page: rules of accessibility, light and dark, wide and narrow; every link and button by keyboard.
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { address, board, check, figure, finding, home, look, more, open, ready, scenario, until } from './lib.mjs';

const axe = readFileSync(createRequire(import.meta.url).resolve('../checkers/node_modules/axe-core/axe.min.js'), 'utf8');
const WIDE = { width: 1280, height: 900 };
const NARROW = { width: 320, height: 640 };
// All rules where layout and colours are other ones, and what hangs on colours and sizes in between.
const LOOKS = [['light', WIDE, 'all'], ['dark', WIDE, 'some'], ['light', NARROW, 'some'], ['dark', NARROW, 'all']];
const SOME = ['color-contrast', 'target-size', 'link-in-text-block', 'scrollable-region-focusable'];
const TABS_MAX = 3000;

const violations = (page, which) => page.evaluate(async ([source, all, some]) => {
  if (!window.axe) (0, eval)(source);
  const options = all ? { rules: { 'target-size': { enabled: true } } } : { runOnly: { type: 'rule', values: some } };
  const { violations } = await window.axe.run(document, { ...options, iframes: false, resultTypes: ['violations'] });
  return violations.map((v) => v.id + ': ' + v.help + ', ' + v.nodes.length + ' times: ' +
    v.nodes.slice(0, 3).map((n) => n.target.join(' ') + ' ' + (n.any[0] || n.all[0] || n.none[0])?.message).join(' | '));
}, [axe, which === 'all', SOME]);

// What a person must be able to reach by Tab; of the cards one at a time can be.
const marked = (page) => page.evaluate(() => {
  const all = 'a[href],button:not([disabled]),input:not([type=hidden]):not([disabled]),select,textarea,summary,iframe,[tabindex="0"]';
  window.reachable = Array.from(document.querySelectorAll(all))
    .filter((e) => e.tabIndex >= 0 && !e.matches('.card') && e.checkVisibility({ visibilityProperty: true }));
  window.reached = new Set();
  // The next Tab is the first one of the page, wherever the last round ended.
  document.body.tabIndex = -1;
  document.body.focus();
  document.body.removeAttribute('tabindex');
  window.scrollTo(0, 0);
  return { count: window.reachable.length, has_cards: document.querySelector('.card:not([hidden])') !== null };
});

// Where the focus is now, and whether it can be seen.
const focused = (page) => page.evaluate(() => {
  const e = document.activeElement;
  const name = e.tagName.toLowerCase() + (e.id ? '#' + e.id : '') + (e.name ? '[name=' + e.name + ']' : '') + ' “' + (e.getAttribute('aria-label') || e.textContent).trim().slice(0, 30) + '”';
  if (e === document.body || e === document.documentElement) return { name, is_end: true };
  const is_again = window.reached.has(e);
  window.reached.add(e);
  const style = getComputedStyle(e);
  const outline = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2 && style.outlineColor !== 'rgba(0, 0, 0, 0)';
  const box = e.getBoundingClientRect();
  const points = [[0.5, 0.5], [0.1, 0.2], [0.9, 0.8], [0.1, 0.8], [0.9, 0.2]].map(([x, y]) => [box.left + box.width * x, box.top + box.height * y]);
  const shown = points.some(([x, y]) => {
    const top = document.elementFromPoint(x, y);
    return top && (e.contains(top) || top.contains(e));
  });
  return { name, is_again, is_frame: e.tagName === 'IFRAME', outline, shown };
});

const byKeyboard = async (page, where) => {
  const { count, has_cards } = await marked(page);
  let again = 0;
  const unseen = [];
  const hidden = [];
  for (let n = 0; n < TABS_MAX; n += 1) {
    await page.keyboard.press('Tab');
    let at = await focused(page);
    // The way into a frame takes a moment.
    for (let wait = 0; at.is_end && page.frames().length > 1 && wait < 10; wait += 1) {
      await new Promise((go) => setTimeout(go, 20));
      at = await focused(page);
    }
    if (at.is_end) break;
    // A frame keeps the focus while its own links are gone through.
    if (at.is_again && !at.is_frame && (again += 1) > 2) break;
    if (at.is_again) continue;
    if (!at.outline && !at.is_frame) unseen.push(at.name);
    if (!at.shown && !at.is_frame) hidden.push(at.name);
  }
  if (has_cards) check(await page.evaluate(() => Array.from(window.reached).some((e) => e.matches('.card'))), where + ': Tab reaches no card');
  const missed = await page.evaluate(() => window.reachable.filter((e) => !window.reached.has(e)).map((e) => e.outerHTML.slice(0, 90)));
  check(missed.length === 0, where + ': Tab does not reach ' + missed.length + ' of ' + count + ': ' + missed.slice(0, 4).join(' | '));
  check(unseen.length === 0, where + ': the focus is not seen on ' + unseen.length + ': ' + unseen.slice(0, 4).join(' | '));
  check(hidden.length === 0, where + ': the focus is covered on ' + hidden.length + ': ' + hidden.slice(0, 4).join(' | '));
};

const look_at = async (page, where, keys = WIDE) => {
  // What is folded is looked at unfolded.
  await page.evaluate(() => { for (const fold of document.querySelectorAll('#lists details,.abs,.versions details')) fold.open = true; });
  // Parts far below are painted when they are near; here all of them are looked at.
  await page.evaluate(() => { for (const card of document.querySelectorAll('.card')) card.style.contentVisibility = 'visible'; });
  for (const [colorScheme, size, which] of LOOKS) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await page.setViewportSize(size);
    const at = where + ' (' + colorScheme + ', ' + size.width + ')';
    await page.evaluate(() => window.scrollTo(0, 0));
    for (const text of await violations(page, which)) finding(at + ': ' + text);
    if (size === NARROW) {
      const wide = await page.evaluate(() => {
        const all = Array.from(document.querySelectorAll('main *, header *')).filter((e) => e.getBoundingClientRect().right > 321 && !e.closest('iframe,.inbox,.only-heard'));
        return [document.scrollingElement.scrollWidth, all.slice(-2).map((e) => e.outerHTML.slice(0, 80)).join(' | ')];
      });
      check(wide[0] <= 320, at + ': is ' + wide[0] + ' wide: ' + wide[1]);
    }
    if (which === 'all' && (keys === size || keys === 'both')) await byKeyboard(page, at);
  }
  await page.emulateMedia({ colorScheme: 'light' });
  await page.setViewportSize(WIDE);
};

await scenario(async () => {
  const context = await open({}, ['status of 404', 'status of 403', 'status of 409']);
  const page = await context.newPage();
  const seen = [];
  const visit = async (where, path, status = 200, has = 'h1', keys = WIDE) => {
    const answer = await page.goto(address(path));
    check(answer.status() === status, where + ': answered ' + answer.status() + ', not ' + status);
    check(await page.locator(has).count() > 0, where + ': has no ' + has);
    await look_at(page, where, keys);
    seen.push(where);
  };
  const begun = Date.now();
  const month = '/m/2026-10/';

  // Something of everything: an answer, a pick, each word, an own item, a date.
  await page.goto(board);
  await ready(page);
  const { lists } = await look(page);
  const item = Object.entries(lists).find(([key, ids]) => key.startsWith('in:') && ids.length)[1][0];
  for (const [n, name] of ['keep', 'maybe', 'drop'].entries()) {
    await page.locator('.card[data-id="' + lists.open[n] + '"] button[name=' + name + ']').focus();
    await page.keyboard.press('Enter');
    // Whoever goes by the keyboard or by ear must not be thrown back to the beginning of the page.
    const { card, at } = await look(page);
    check(card === lists.open[n + 1], 'after ' + name + ' the focus is on ' + at + ', not on the next paper itself');
  }
  await page.locator('.card[data-id="' + item + '"] button[name=pick]').click();
  await until('all is saved', async () => (await look(page)).said.includes('stands first'));
  await page.goto(address(month + 'letter'));
  await page.locator('[name=event-new-date]').fill('12 November 2026');
  await page.locator('[name=event-new-title]').fill('A webinar');
  await Promise.all([page.waitForNavigation(), page.locator('form.words button.main').click()]);
  check((await look(page)).said.startsWith('Saved'), 'a date is not saved: ' + (await page.locator('main').innerText()).slice(0, 300));

  await visit('board', month, 200, '.card.pick');
  await visit('board, filtered to nothing', month + '?words=zzzz', 200, 'h1', null);
  await page.goto(board);
  await ready(page);
  await page.locator('[data-keys]').click();
  await look_at(page, 'board with the keys open', null);
  await visit('paper of the issue', month + 'paper/' + item, 200, '.facts', 'both');
  await visit('paper beside it', month + 'paper/' + lists.open[2]);
  await visit('letter', month + 'letter', 200, '[name=event-0-title]');
  await visit('add', month + 'add');
  await visit('preview', month + 'preview', 200, 'iframe');
  await visit('check', month + 'check');
  await visit('render', month + 'render');
  await visit('history', month + 'history', 200, '.versions li', 'both');
  await visit('version as it is now', month + 'history/' + await page.locator('.versions .now button, .versions .now a').first().getAttribute('href').then((path) => path.split('/').pop()), 200, 'pre.text');
  await visit('earlier version', month + 'history/1', 200, '.diff ins', 'both');
  await visit('no such version', month + 'history/999', 404);
  await visit('sources', '/sources', 200, '.sources li');
  await visit('months', '/months', 200, '.plain a');
  await visit('search', '/search');
  await visit('search with results', '/search?q=depression', 200, '.hits li');
  const others = await page.evaluate(() => Array.from(document.querySelectorAll('.hits h2 a'), (a) => a.getAttribute('href')));
  await visit('search without results', '/search?q=zzzzqq', 200, '.empty');
  await visit('search that is not understood', '/search?q=' + encodeURIComponent('contry:kenya since:20x'));
  const known = Object.values(lists).flat();
  const other = others.find((path) => !known.some((id) => path.endsWith(id)));
  if (other) await visit('paper that is not in the draft', other, 200, 'form.place');
  else finding('the search shows no paper that is not in the draft');
  await visit('month without a draft', '/m/2026-12/', 200, '.empty.big');
  await visit('no such page', '/nothing', 404);
  await visit('no such paper', month + 'paper/w-nothing', 404);
  writeFileSync(home + '/drafts/2026-08.toml', 'month = "2026-08"\nsubject = "not closed\n');
  await visit('broken file', '/m/2026-08/', 200, '[role=alert]');

  // Two versions of the same words.
  const second = await context.newPage();
  await page.goto(address(month + 'paper/' + item));
  await second.goto(address(month + 'paper/' + item));
  for (const [tab, text] of [[second, 'One version.'], [page, 'Another version.']]) {
    await tab.locator('form.words [name=summary]').fill(text);
    await Promise.all([tab.waitForNavigation(), tab.locator('form.words button.main').click()]);
  }
  await second.close();
  check(await page.locator('.clash').count() === 1, 'clash: there is none');
  await look_at(page, 'clash');
  seen.push('clash');

  // Work that is done, that failed, that is under way.
  const job = async (where, path, pairs, has) => {
    await page.goto(address('/months'));
    await page.evaluate(([action, values]) => {
      const form = Object.assign(document.createElement('form'), { method: 'post', action });
      for (const [name, value] of values) form.append(Object.assign(document.createElement('input'), { type: 'hidden', name, value }));
      document.body.append(form);
      form.submit();
    }, [path, pairs]);
    await until(where + ' is shown', () => page.evaluate((s) => document.querySelector(s) !== null, has), 60000);
    await page.evaluate(() => document.readyState === 'complete');
    await look_at(page, where);
    seen.push(where);
  };
  await job('job done', month + 'render', [], 'main [role=status] p + p');
  await visit('render, made', month + 'render', 200, '[download]');
  await job('job that failed', '/m/2026-08/draft', [], 'main [role=alert]');
  // It is held where it is: the script is told that nothing is done yet.
  await context.route('**/jobs/*', (route) => (route.request().headers().accept === 'application/json'
    ? route.fulfill({ json: { done: null, progress: 'Reading' } }) : route.continue()));
  if (more[0] === 'slow') await job('job under way', '/sources', [], '[data-job]');

  // A browser without the key.
  const stranger = await open({ key: false }, ['status of 403']);
  const door = await stranger.newPage();
  check((await door.goto(address('/'))).status() === 403, 'a browser without the key is let in');
  await look_at(door, 'no key');
  seen.push('no key');
  figure('seconds for ' + seen.length + ' pages', Math.round((Date.now() - begun) / 1000));
  return { pages: seen };
});
