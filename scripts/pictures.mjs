// Pictures of an issue: email and page, on a computer and on a phone, in the light, in the dark and on paper.
import { check, entrance, more, open, scenario } from '../tests/browser/lib.mjs';

const [folder] = more;
const at = (file) => entrance + file;
// Name, file, window, and how it is looked at.
const SHOTS = [
  ['email', 'email.html', { width: 700, height: 1250 }, { colorScheme: 'light' }],
  ['email-dark', 'email.html', { width: 700, height: 1250 }, { colorScheme: 'dark' }],
  ['email-phone', 'email.html', { width: 375, height: 1250 }, { colorScheme: 'light' }],
  ['page', 'index.html', { width: 1200, height: 1250 }, { colorScheme: 'light' }],
  ['page-dark', 'index.html', { width: 1200, height: 1250 }, { colorScheme: 'dark' }],
  ['page-phone', 'index.html', { width: 375, height: 1250 }, { colorScheme: 'light' }],
  // A sheet of A4 at 96 dots an inch, less its margins.
  ['page-print', 'index.html', { width: 718, height: 1047 }, { media: 'print', colorScheme: 'light' }],
];

await scenario(async () => {
  const context = await open({ key: false });
  const page = await context.newPage();
  for (const [name, file, size, media] of SHOTS) {
    await page.setViewportSize(size);
    await page.emulateMedia({ media: 'screen', reducedMotion: 'reduce', ...media });
    await page.goto(at(file));
    await page.screenshot({ path: folder + '/' + name + '.png', animations: 'disabled', caret: 'hide', scale: 'css' });
  }
  check(page.url().startsWith(entrance), 'the pictures end elsewhere: ' + page.url());
});
