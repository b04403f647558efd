// Two people, two tabs, one text editor: nothing that anybody wrote is lost.
import { renameSync, writeFileSync } from 'node:fs';
import { address, board, check, draftFile, draftText, figure, look, open, ready, saved, scenario, until } from './lib.mjs';

// Writes the file as a text editor does: a new one in the place of the old.
const type = (change) => {
  const text = draftText();
  const now = change(text);
  if (now === text) throw new Error('the edit changes nothing');
  writeFileSync(draftFile + '~', now);
  renameSync(draftFile + '~', draftFile);
};
// Puts other words into a field of a paper's block.
const inBlock = (text, id, name, words) => {
  const at = text.indexOf('id = "' + id + '"');
  const line = new RegExp('^' + name + ' = .*$', 'm');
  return text.slice(0, at) + text.slice(at).replace(line, name + ' = ' + JSON.stringify(words));
};

await scenario(async () => {
  const context = await open({}, ['status of 409']);
  const [one, two] = [await context.newPage(), await context.newPage()];
  await one.goto(board);
  await ready(one);
  const { lists } = await look(one);
  const [a, b, c] = Object.entries(lists).filter(([key]) => key.startsWith('in:')).flatMap(([, ids]) => ids);
  const [d, e, f] = lists.open;
  const paper = (id) => address('/m/2026-10/paper/' + id);
  const did = { a, b, c, d, e, f };
  const write = (page, name, text) => page.locator('form.words [name=' + name + ']').fill(text);
  const save = (page) => Promise.all([page.waitForNavigation(), page.locator('form.words button.main').click()]);
  const main = (page) => page.locator('main').innerText();
  const told = (page) => page.locator('[data-saved]').innerText();
  // A page that looked at the file in between knows of the change already; one that did not is told of it.
  const isSaved = async (page) => ['Saved.', 'Saved. Someone else had changed the file meanwhile: their changes are here too.'].includes((await told(page)).trim());

  // The same words of the same paper: the second one chooses, first for what is wanted, then for what stands there.
  for (const [id, choose] of [[a, 'main form button.main'], [b, 'main a.button']]) {
    await one.goto(paper(id));
    await two.goto(paper(id));
    await write(one, 'summary', 'Written by the first of ' + id + '.');
    await save(one);
    await write(two, 'summary', 'Written by the second of ' + id + '.');
    await write(two, 'why', 'Also by the second.');
    await save(two);
    const page = await main(two);
    check(page.includes('Written by the first of ' + id), 'the page of the conflict does not show the first version');
    check(page.includes('Written by the second of ' + id), 'the page of the conflict does not show the second version');
    check(draftText().includes('Written by the first of ' + id), 'the first version is not in the file');
    check(!draftText().includes('Written by the second of ' + id), 'the second version is in the file before anybody chose');
    await Promise.all([two.waitForNavigation(), two.locator(choose).first().click()]);
    check(two.url().startsWith(paper(id)), 'after choosing one is at ' + two.url());
  }

  // Different papers: both are saved.
  await one.goto(paper(b));
  await two.goto(paper(c));
  await write(one, 'reason', 'by the first');
  await save(one);
  await write(two, 'reason', 'by the second');
  await save(two);
  check(await isSaved(two), 'the second is not told that its words are saved: ' + (await told(two)));

  // Two boards: different papers join, the same paper is asked about.
  for (const page of [one, two]) { await page.goto(board); await ready(page); }
  const press = (page, id, name) => page.locator('.card[data-id="' + id + '"] button[name=' + name + ']').click();
  await press(one, d, 'keep');
  await saved(one);
  await press(two, e, 'maybe');
  await saved(two);
  await until('the second board shows what the first one kept', async () => !(await look(two)).lists.open.includes(d));
  await until('the first board shows what the second one put off', async () => (await look(one)).lists.maybe.includes(e), 5000);
  await press(one, f, 'keep');
  await saved(one);
  await press(two, f, 'drop');
  await until('the conflict is shown', async () => (await two.locator('.clash').count()) === 1);
  check((await main(two)).includes('What you want'), 'the conflict of two boards does not say what is wanted');
  await Promise.all([two.waitForNavigation(), two.locator('main form button.main').click()]);
  await ready(two);
  check((await look(two)).lists.dropped.includes(f), 'what was chosen is not done');

  // A text editor, while a board and a page are open.
  await two.goto(paper(a));
  await ready(one);
  const begun = Date.now();
  type((text) => inBlock(text, c, 'summary', 'Typed in a text editor.'));
  await until('the board shows what was typed in an editor', () => one.evaluate((id) => document.getElementById('p-' + id).textContent.includes('Typed in a text editor.'), c), 5000);
  figure('seconds until the board shows what an editor saved', (Date.now() - begun) / 1000);
  await write(two, 'title', 'A title from a page that is old');
  await save(two);
  check(await isSaved(two), 'a page that is old does not join what an editor wrote: ' + (await told(two)));

  // What someone is writing on the board's own page is not taken away: a filter stays.
  await one.locator('#f-words').fill('district');
  await one.locator('.card[data-id="' + c + '"] input[name=sel]').check();
  type((text) => inBlock(text, c, 'why', 'Also typed there.'));
  await until('the board shows it again', () => one.evaluate((id) => document.getElementById('p-' + id).textContent.includes('Also typed there.'), c), 5000);
  check((await look(one)).ticked.join() === c, 'a tick is lost when the file changes');
  check((await one.locator('#f-words').inputValue()) === 'district', 'a filter is lost when the file changes');

  // An editor leaves the file half written: the board says so and nothing is lost; mended, all is as before.
  const whole = draftText();
  await two.goto(board);
  writeFileSync(draftFile, whole.slice(0, whole.length / 2) + '\nnote = "not closed\n');
  await two.reload();
  check((await main(two)).includes('cannot be read'), 'a broken file is not told of: ' + (await main(two)).slice(0, 200));
  writeFileSync(draftFile, whole);
  await two.reload();
  await ready(two);
  return did;
});
