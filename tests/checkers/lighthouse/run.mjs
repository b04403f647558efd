// Lighthouse over one page that is served on this computer: `run.mjs FOLDER PAGE`. Ends with 1 below the bars.
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { launch } from 'chrome-launcher';
import lighthouse from 'lighthouse';

const BARS = { performance: 99, accessibility: 100, 'best-practices': 100, seo: 100 };
const FLAGS = [
  '--headless=new', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
  '--disable-background-networking', '--disable-component-update', '--disable-sync',
];

const [folder, name] = process.argv.slice(2);
const server = createServer((request, answer) => {
  const path = decodeURIComponent(new URL(request.url, 'http://127.0.0.1').pathname);
  const file = join(folder, path.endsWith('/') ? path + 'index.html' : path);
  const known = file.startsWith(join(folder, '/')) && existsSync(file);
  answer.writeHead(known ? 200 : 404, { 'Content-Type': file.endsWith('.html') ? 'text/html; charset=utf-8' : 'application/octet-stream' });
  answer.end(known ? readFileSync(file) : '');
});
await new Promise((ready) => server.listen(0, '127.0.0.1', ready));

const chrome = await launch({ chromePath: process.env.CHROME_PATH, chromeFlags: FLAGS });
const address = 'http://127.0.0.1:' + server.address().port + '/' + name;
const { lhr } = await lighthouse(address, { port: chrome.port, logLevel: 'error', onlyCategories: Object.keys(BARS) });
chrome.kill();
server.close();

let is_below = false;
for (const [id, { score, auditRefs }] of Object.entries(lhr.categories)) {
  const figure = Math.round(score * 100);
  is_below ||= figure < BARS[id];
  console.log(name + ': ' + id + ' ' + figure + (figure < BARS[id] ? ', below ' + BARS[id] : ''));
  for (const { id: audit, weight } of auditRefs) {
    const { score: part, title, displayValue } = lhr.audits[audit];
    if (weight && part !== null && part < 1) console.log('  ' + part + ' ' + title + ' ' + (displayValue || ''));
  }
}
process.exit(is_below ? 1 : 0);
