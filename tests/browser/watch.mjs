// Templates are saved whole, broken and whole again while the preview is open in a browser.
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { address, check, figure, home, more, open, scenario, until } from './lib.mjs';

const [who] = more;
const source = (name) => readFileSync(new URL('../../templates/' + name, import.meta.url), 'utf8');
const save = (name, text) => {
  mkdirSync(home + '/templates/' + name.split('/')[0], { recursive: true });
  writeFileSync(home + '/templates/' + name, text);
};
const own = source('email/body.html');
const marked = (mark) => own.replace('<body', '<!-- ' + mark + ' --><body');

await scenario(async () => {
  const context = await open();
  const page = await context.newPage();
  await page.goto(address('/m/2026-10/preview'));
  // A frame that is shown anew while it is asked never answers: it is asked again then.
  const soon = (answer, what) => Promise.race([answer, new Promise((_, no) => setTimeout(() => no(new Error('no answer: ' + what)), 3000))]);
  const inFrame = async (id, ask, value) => soon(page.locator('#' + id + ' iframe').elementHandle()
    .then((frame) => frame.contentFrame()).then((frame) => frame.evaluate(ask, value)), id + ' ' + ask);
  const sourceOf = (id) => inFrame(id, () => document.documentElement.outerHTML);
  const depthOf = (id) => inFrame(id, () => scrollY);
  const alerts = () => page.locator('main [role=alert]').count();
  await until('the email is shown', async () => (await sourceOf('email')).includes('<table'));
  check(!(await page.locator('main').innerText()).includes('cannot'), 'the preview complains of nothing');

  // Somebody reads the foot of the email, and the page of the issue.
  const down = async (id, y) => {
    await inFrame(id, (to) => scrollTo(0, to), y);
    await until(id + ' is read further down', async () => await depthOf(id) === y);
  };
  await down('email', 900);
  await page.locator('#web').scrollIntoViewIfNeeded();
  await down('web', 700);
  await page.evaluate(() => { scrollTo(0, 300); document.querySelector('#web iframe').kept = 'yes'; });
  const entries = await page.evaluate(() => history.length);

  const begun = Date.now();
  save('email/body.html', marked('first save'));
  await until('the first save is seen', async () => (await sourceOf('email')).includes('first save'));
  figure(who + ': a save is seen after', (Date.now() - begun) + ' ms');
  for (const id of ['phone', 'dark']) await until(id + ' follows', async () => (await sourceOf(id)).includes('first save'));
  await until('the email is read where it was', async () => await depthOf('email') === 900);
  check(await depthOf('web') === 700, 'the page of the issue was shown anew without need');
  check(await page.evaluate(() => scrollY) === 300, 'the preview itself jumps');
  check(await page.evaluate(() => history.length) === entries, 'going back leads through all saves');

  save('email/body.html', marked('second save').replace('<body', '\n\n{{ titel }}<body'));
  await until('the mistake is told', async () => (await page.locator('main [role=alert]').innerText()).includes('templates/email/body.html:'));
  check(!(await page.locator('[data-look]').innerText()).includes('Shown anew'), 'a look from before is said to be what was saved');
  check((await sourceOf('email')).includes('first save'), 'the last good look is gone');
  check(await depthOf('email') === 900, 'the last good look was shown anew');

  save('email/body.html', marked('third save'));
  await until('the third save is seen', async () => (await sourceOf('email')).includes('third save'));
  check(await alerts() === 0, 'the mistake is told still');
  check((await page.locator('[data-told]').innerText()).includes('Shown anew'), 'nothing says that it was shown anew');

  save('email/body.html', marked('fourth save').replace('<body', '{{ titel }}<body'));
  await until('the mistake is told', async () => await alerts() === 1);
  const draft = home + '/drafts/2026-10.toml';
  renameSync(draft, draft + '.away');
  await until('the draft is missed', async () => (await page.locator('[data-told]').innerText()).includes('no draft'));
  check(await alerts() === 0, 'a mistake is told of a draft that is gone');
  renameSync(draft + '.away', draft);
  await until('the draft is there again', async () => await alerts() === 1);
  return null;
});
