// What the checkers share: the files to look at, and words for what they find.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

// A folder with one folder a month, and in it email.html and index.html; the archive's page stands beside them. Some
// have the HTML for listmonk and that of the message file, too.
export const [folder] = process.argv.slice(2);

const named = (name) => readdirSync(folder, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && existsSync(join(folder, entry.name, name)))
  .map((entry) => entry.name + '/' + name).sort();
const others = [...named('email-listmonk.html'), ...named('email-message.html')];
export const emails = [...named('email.html'), ...others];
// What is looked at in a browser, which takes long: of the other emails, which differ in their foot alone, one month.
export const looked = emails.filter((name) => !others.includes(name) || name.startsWith('golden/'));
export const pages = [...named('index.html'), ...['index.html'].filter((name) => existsSync(join(folder, name)))];

export const text = (file) => readFileSync(join(folder, file), 'utf8');
export const allowed = JSON.parse(readFileSync(new URL('allowed.json', import.meta.url), 'utf8'));

const print = (values) => process.stdout.write(JSON.stringify(values) + '\n');
// Something wrong with a file, under the name of the check that found it.
export const finding = (check, file, what) => print({ check, file, finding: what });
// A measure of a file: printed by the test, not judged.
export const figure = (check, file, value) => print({ check, file, figure: value });
// A check that ran to its end: a test that misses one fails.
export const done = (check, files) => print({ check, done: files });
