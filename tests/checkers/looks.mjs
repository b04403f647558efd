// Emails and pages in a real browser: light and dark, four widths, with and without scripts.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { chromium } from 'playwright-core';
import { allowed, done, figure, finding, folder, looked as emails, pages, text } from './lib.mjs';
import { contrast, direction, room, sizes } from './measures.mjs';

const FLAGS = [
  '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync',
];
const WIDTHS = [320, 375, 640, 1280];
const SCHEMES = ['light', 'dark'];
// All rules once a scheme; elsewhere those that hang on colours and sizes, since the rest sees no difference.
const ALL_RULES = { light: 375, dark: 1280 };
const OF_LOOKS = ['color-contrast', 'target-size', 'link-in-text-block', 'scrollable-region-focusable', 'meta-viewport', 'css-orientation-lock'];
const CONTRAST_MIN = 5;
const EMAIL_TEXT_MIN_PX = 13;
const WITHOUT_SCRIPT_MIN = 0.9;
const AT_ONCE = 2;

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const server = createServer((request, answer) => {
  const path = decodeURIComponent(new URL(request.url, 'http://127.0.0.1').pathname).slice(1);
  const known = [...emails, ...pages].includes(path);
  answer.writeHead(known ? 200 : 404, { 'Content-Type': 'text/html; charset=utf-8' });
  answer.end(known ? text(path) : '');
});
await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
const host = '127.0.0.1:' + server.address().port;
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM, args: FLAGS });

// A window in which nothing but our own server can be reached, and every complaint is a finding.
const watched = async (options, file) => {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, reducedMotion: 'reduce', ...options });
  await context.route((url) => url.host !== host && url.protocol.startsWith('http'), (route) => {
    finding('hosts', file, 'asks another host: ' + route.request().url());
    return route.abort();
  });
  context.on('request', (request) => {
    const { protocol, pathname } = new URL(request.url());
    const is_own = pathname === '/' + file;
    if (protocol !== 'data:' && !is_own) finding('hosts', file, 'asks for ' + request.url());
  });
  context.on('console', (message) => { if (message.type() === 'error') finding('console', file, message.text()); });
  context.on('weberror', (error) => finding('console', file, error.error().message));
  return context;
};

const breaches = async (page, is_email, width, scheme) => {
  const rules = { 'target-size': { enabled: true } };
  // What is allowed is allowed for emails: a page has no excuse.
  for (const { rule } of is_email ? allowed.axe : []) rules[rule] = { enabled: false };
  const only = ALL_RULES[scheme] === width ? {} : { runOnly: { type: 'rule', values: OF_LOOKS } };
  const options = { ...only, rules, resultTypes: ['violations', 'incomplete'] };
  const { violations, incomplete: unsure } = await page.evaluate((o) => window.axe.run(document, o), options);
  // axe does not tell what lies under the letters of a drawing; the measure of contrast does.
  const is_drawn = (rule, node) => rule === 'color-contrast' && /^<t(ext|span)[ >]/.test(node.html);
  const incomplete = unsure.map((v) => ({ ...v, nodes: v.nodes.filter((n) => !is_drawn(v.id, n)) })).filter((v) => v.nodes.length);
  const told = (how) => (v) => how + ' ' + v.id + ', ' + v.nodes.length + ' times: ' + v.nodes.slice(0, 3)
    .map((n) => n.target.join(' ') + ' ' + (n.any[0] || n.all[0] || n.none[0])?.message).join(' | ');
  return [...violations.map(told('breaks')), ...incomplete.map(told('may break'))];
};

const look_at = async (file) => {
  const is_email = emails.includes(file);
  const context = await watched({}, file);
  const page = await context.newPage();
  await page.goto('http://' + host + '/' + file);
  await page.evaluate(axe);
  let least = Infinity;
  for (const colorScheme of SCHEMES) {
    for (const width of WIDTHS) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await page.setViewportSize({ width, height: 900 });
      const at = ' (' + colorScheme + ', ' + width + ' px)';
      for (const what of await breaches(page, is_email, width, colorScheme)) finding('axe', file, what + at);
      const texts = await page.evaluate(contrast);
      if (texts.length < 3) finding('contrast', file, 'only ' + texts.length + ' texts are seen' + at);
      for (const t of texts.filter((t) => !(t.ratio >= CONTRAST_MIN))) finding('contrast', file, t.ratio.toFixed(2) + ' “' + t.text + '” ' + t.colours + at);
      least = Math.min(least, ...texts.map((t) => t.ratio));
      for (const what of await page.evaluate(room)) finding('room', file, what + at);
      if (!is_email) continue;
      for (const t of (await page.evaluate(sizes)).filter((t) => t.px < EMAIL_TEXT_MIN_PX)) finding('sizes', file, t.px + ' px “' + t.text + '”' + at);
    }
  }
  for (const what of await page.evaluate(direction)) finding('direction', file, what);
  figure('contrast', file, 'least ' + least.toFixed(2));
  await page.setViewportSize({ width: 1280, height: 900 });
  const whole = await page.evaluate(() => document.body.innerText);
  await context.close();
  if (!is_email) await without_script(file, whole);
};

const words = (shown) => shown.split(/\s+/).filter(Boolean);

const without_script = async (file, whole) => {
  const context = await watched({ javaScriptEnabled: false }, file);
  const page = await context.newPage();
  await page.goto('http://' + host + '/' + file);
  const plain = new Set(words(await page.innerText('body')));
  const all = words(whole);
  const share = all.filter((word) => plain.has(word)).length / all.length;
  if (!(share >= WITHOUT_SCRIPT_MIN)) finding('script', file, 'shows only ' + Math.round(share * 100) + ' % of its words without scripts');
  figure('script', file, Math.round(share * 100) + ' % of the words without scripts');
  await context.close();
};

const waiting = [...emails, ...pages];
await Promise.all(Array.from({ length: AT_ONCE }, async () => {
  for (let file = waiting.shift(); file; file = waiting.shift()) await look_at(file);
}));
for (const check of ['axe', 'contrast', 'room', 'direction', 'console', 'hosts']) done(check, [...emails, ...pages]);
done('sizes', emails);
done('script', pages);
await browser.close();
server.close();
