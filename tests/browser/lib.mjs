// What the scenarios share: a browser that is watched, and words for what they find.
import { readFileSync } from 'node:fs';
import { chromium } from '../checkers/node_modules/playwright-core/index.mjs';

const FLAGS = [
  '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync',
];

export const [entrance, home, ...more] = process.argv.slice(2);
export const address = (path) => new URL(path, entrance).href;
export const board = address('/m/2026-10/');
export const draftFile = home + '/drafts/2026-10.toml';
export const draftText = () => readFileSync(draftFile, 'utf8');

const print = (values) => process.stdout.write(JSON.stringify(values) + '\n');
let found = 0;
export const finding = (text) => { found += 1; print({ finding: text }); };
export const check = (is, text) => { if (!is) finding(text); return is; };
export const figure = (name, value) => print({ figure: name, value });

let browser;

// A window of the browser that has shown the desk its key. Whatever goes wrong in it is a finding; `but` names
// messages that a scenario means to cause.
export const open = async (options = {}, but = []) => {
  browser ||= await chromium.launch({ executablePath: process.env.CHROMIUM, args: FLAGS });
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const meant = (text) => but.some((known) => text.includes(known));
  const host = new URL(entrance).host;
  // Nothing outside is ever asked, not even when a page is wrong: it is a finding instead.
  await context.route((url) => url.host !== host && url.protocol.startsWith('http'), (route) => {
    finding('a page asked another host: ' + route.request().url());
    return route.abort();
  });
  context.on('console', (message) => {
    if (message.type() === 'error' && !meant(message.text())) finding('console: ' + message.text() + ' at ' + message.location().url);
  });
  context.on('weberror', (error) => finding('error on a page: ' + error.error().message));
  context.on('requestfailed', (request) => {
    // A question that is under way when its page is left is given up; that is no failure.
    const why = request.failure()?.errorText;
    if (why !== 'net::ERR_ABORTED' && !meant(why)) finding('a request failed: ' + request.url() + ' ' + why);
  });
  if (options.key !== false) {
    const page = await context.newPage();
    await page.goto(entrance);
    await page.close();
  }
  return context;
};

// Runs a scenario and ends. What it returns is what it did; the test compares it with the file.
export const scenario = async (run) => {
  try {
    print({ did: (await run()) ?? null });
  } catch (error) {
    finding('the scenario broke off: ' + error.stack);
  }
  await browser?.close();
  process.exit(found ? 1 : 0);
};

// Waits until a question about the page has a true answer, and returns it. Pages forbid scripts made of texts, so
// it is asked again and again from outside.
export const until = async (what, ask, most_ms = 15000) => {
  const end = Date.now() + most_ms;
  let last;
  while (Date.now() < end) {
    try {
      last = await ask();
      if (last) return last;
    } catch (error) { last = error.message; }
    await new Promise((go) => setTimeout(go, 15));
  }
  throw new Error('waited in vain until ' + what + '; last: ' + JSON.stringify(last));
};

// How the board looks: the lists with their papers in order, where the focus is, what is said.
export const look = (page) => page.evaluate(() => {
  const at = document.activeElement;
  const ids = (list) => Array.from(list.querySelectorAll('.card'), (card) => card.dataset.id);
  const seen = (column) => Array.from(column.querySelectorAll('.card'))
    .filter((card) => !card.hidden && card.offsetParent !== null).map((card) => card.dataset.id);
  return {
    lists: Object.fromEntries(Array.from(document.querySelectorAll('[data-list]'), (list) => [list.dataset.list, ids(list)])),
    columns: Array.from(document.querySelectorAll('[data-column]'), seen),
    card: at?.classList.contains('card') ? at.dataset.id : null,
    at: at ? at.tagName + ' ' + (at.name || at.id || at.textContent.trim().slice(0, 40)) : '',
    pick: document.querySelector('.card.pick')?.dataset.id ?? '',
    said: document.querySelector('[data-saved]')?.textContent ?? '',
    ticked: Array.from(document.querySelectorAll('[name=sel]:checked'), (box) => box.value),
  };
});

// The lists as the desk gives them to a page that is loaded now.
export const fresh = (page) => page.evaluate(async () => {
  const answer = await fetch(location.pathname, { headers: { Accept: 'text/html' } });
  const made = new DOMParser().parseFromString(await answer.text(), 'text/html');
  const ids = (list) => Array.from(list.querySelectorAll('.card'), (card) => card.dataset.id);
  return { lists: Object.fromEntries(Array.from(made.querySelectorAll('[data-list]'), (list) => [list.dataset.list, ids(list)])) };
});

// The issue as the board shows it: sections with their papers in order, empty ones left out.
export const issueOf = (seen) => Object.entries(seen.lists)
  .filter(([key, ids]) => key.startsWith('in:') && ids.length)
  .map(([key, ids]) => [key.slice(3), ids]);

// Waits until the board is ready for keys.
export const ready = (page) => until('the board is ready', () => page.evaluate(() => document.body.dataset.ready === 'yes'));

// Waits until every change has been saved, and says how that was told.
export const saved = (page) => until('the change is saved', async () => {
  const [text, how] = await page.evaluate(() => {
    const says = document.querySelector('[data-saved]');
    return [says.textContent, says.className];
  });
  if (how.includes('bad')) throw new Error(text);
  return text.startsWith('Saved') && !how.includes('busy') ? text : null;
});
