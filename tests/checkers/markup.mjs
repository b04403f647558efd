// Whether emails and pages are valid HTML, by the checker of the W3C's validator. Needs Java.
import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { allowed, done, emails, figure, finding, folder, pages } from './lib.mjs';

const jar = join(createRequire(import.meta.url).resolve('vnu-jar/package.json'), '../build/dist/vnu.jar');
const files = [...emails, ...pages];
const options = ['-Xss2m', '-jar', jar, '--format', 'json', '--exit-zero-always', '--stdout', '--errors-only'];
const out = execFileSync(process.env.JAVA || 'java', [...options, ...files], { cwd: folder, maxBuffer: 1 << 28 });

const rules = allowed.markup.map((rule) => ({ ...rule, pattern: new RegExp(rule.message) }));
const met = new Set();
const wrong = Object.fromEntries(files.map((file) => [file, { allowed: 0, errors: 0 }]));
for (const message of JSON.parse(out).messages) {
  const file = files.find((name) => message.url?.endsWith('/' + name));
  if (!file) { finding('markup', '', 'the checker says: ' + message.message); continue; }
  // What is allowed is allowed for emails: a page has no excuse.
  const rule = emails.includes(file) && rules.find((r) => r.pattern.test(message.message));
  if (rule) { met.add(rule); wrong[file].allowed += 1; continue; }
  wrong[file].errors += 1;
  finding('markup', file, 'line ' + message.lastLine + ': ' + message.message + ' near ' + (message.extract || '').replace(/\s+/g, ' ').slice(0, 120));
}
for (const [file, n] of Object.entries(wrong)) figure('markup', file, n.errors + ' errors, ' + n.allowed + ' allowed');
for (const rule of rules) if (!met.has(rule)) finding('markup', 'allowed.json', '"' + rule.message + '" is met no more');
done('markup', files);
