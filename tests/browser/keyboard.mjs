// A month of sixty papers, curated to thirty without touching the mouse.
import { board, check, entrance, figure, finding, fresh, issueOf, look, open, ready, saved, scenario, until } from './lib.mjs';

const WANTED = 30;

await scenario(async () => {
  const context = await open({ key: false });
  const page = await context.newPage();
  const press = (...keys) => keys.reduce((before, key) => before.then(() => page.keyboard.press(key)), Promise.resolve());
  const did = { kept: [], dropped: [], maybe: [], words: {}, pick: '' };
  const forget = (id) => { for (const all of [did.kept, did.dropped, did.maybe]) if (all.includes(id)) all.splice(all.indexOf(id), 1); };
  const say = (id, where) => { forget(id); where.push(id); };
  const words = { k: did.kept, d: did.dropped, m: did.maybe };

  // Says a word of the paper that has the focus.
  const word = async (key) => {
    const { card } = await look(page);
    if (!check(card, key + ' was to be pressed, but no paper has the focus')) throw new Error('no paper');
    await press(key);
    if (words[key]) say(card, words[key]); else say(card, did.kept);
    return card;
  };
  // Goes to a paper by arrow keys, as a person would: across, then up or down.
  const goTo = async (id) => {
    for (let n = 0; n < 300; n += 1) {
      const { card, columns } = await look(page);
      if (card === id) return;
      const column = (one) => columns.findIndex((all) => all.includes(one));
      if (column(id) !== column(card)) await press(column(id) > column(card) ? 'ArrowRight' : 'ArrowLeft');
      else await press(columns[column(id)].indexOf(id) > columns[column(id)].indexOf(card) ? 'ArrowDown' : 'ArrowUp');
    }
    throw new Error('the arrow keys do not lead to ' + id);
  };
  // Goes by Tab to the first thing that a selector names.
  const tabTo = async (selector, key = 'Tab') => {
    for (let n = 0; n < 700; n += 1) {
      await press(key);
      if (await page.evaluate((s) => document.activeElement.matches(s), selector)) return;
    }
    throw new Error(key + ' does not lead to ' + selector);
  };
  // What the board shows is what stands in the file: nobody has to load it anew to know the order.
  let is_told = false;
  const same = async (after) => {
    const [now, anew] = [JSON.stringify((await look(page)).lists), JSON.stringify((await fresh(page)).lists)];
    if (now !== anew && !is_told) finding('after ' + after + ' the board shows another order than the file has:\n' + now + '\n' + anew);
    is_told ||= now !== anew;
  };
  const begun = Date.now();

  await page.goto(entrance);
  await ready(page);
  check(page.url() === board, 'the entrance leads to ' + page.url() + ', not to the board');
  await press('Tab');
  check((await look(page)).at.includes('Skip to the content'), 'the first Tab does not reach the skip link');
  await press('Enter', 'ArrowDown');
  check((await look(page)).card, 'after the skip link ↓ does not choose a paper');

  // Help.
  const isHelp = () => page.evaluate(() => document.querySelector('#keys').open);
  await press('?');
  check(await isHelp(), '? does not open the keys');
  await press('k');
  check((await look(page)).lists['in:ikel'].length === 3, 'a key works behind the open help');
  await press('Escape');
  check(!(await isHelp()), 'Escape does not close the keys');
  check((await look(page)).card, 'after the help the paper has lost the focus');

  // The question, which may be folded away.
  await tabTo('details.questions summary');
  if (!(await page.evaluate(() => document.activeElement.parentElement.open))) await press('Enter');
  await tabTo('button[name=answer][value^=out]');
  did.answer = await page.evaluate(() => document.activeElement.value);
  await press('Enter');
  await saved(page);
  await until('the answer stands there', () => page.evaluate(() => document.querySelector('.question .said') !== null));
  check(await page.evaluate(() => document.activeElement.closest('details.questions') !== null), 'after an answer the focus is on ' + (await look(page)).at);

  // What was answered is taken in with the news. That comes first: news changes what nobody has said a word of.
  await tabTo('.bulk form[action$="/draft"] button', 'Shift+Tab');
  await press('Enter');
  await until('the news is in', () => page.evaluate(() => document.querySelector('main a.button.main') !== null), 60000);
  await tabTo('main a.button.main');
  await press('Enter');
  await until('the board is back', async () => page.url().startsWith(board) && page.evaluate(() => document.body.dataset.ready === 'yes'));
  await tabTo('.card');
  await goTo((await look(page)).lists.open[0]);

  // Words, quickly one after the other: the focus goes on by itself.
  for (const key of 'kkkkkkmmmdddd') await word(key);
  await saved(page);
  await same('keep, maybe and drop');

  // Three ticked and kept at once.
  for (let n = 0; n < 3; n += 1) { await press('x', 'ArrowDown'); }
  const { ticked } = await look(page);
  check(ticked.length === 3, 'x ticked ' + ticked.length + ' papers, not 3');
  const { card: place, columns: [, beside] } = await look(page);
  await press('k');
  for (const id of ticked) say(id, did.kept);
  await saved(page);
  check(beside.includes(place) && (await look(page)).card === place, 'after a word for all that are ticked the focus has left its place among the candidates');
  check((await look(page)).ticked.length === 0, 'after a word for all, papers are still ticked');

  // Numbers put a candidate straight into a section.
  await goTo((await look(page)).lists.open[0]);
  const placed = [];
  for (const key of '254') placed.push([key, await word(key)]);
  await saved(page);
  const sections = Object.keys((await look(page)).lists).filter((l) => l.startsWith('in:'));
  for (const [key, id] of placed) {
    const { lists } = await look(page);
    check(lists[sections[key - 1]].includes(id), key + ' did not put a paper into section ' + key);
  }

  await same('moving by number');

  // Order within a section.
  const [first, second, third] = (await look(page)).lists[sections[0]];
  await goTo(first);
  await press('Shift+ArrowDown', 'Shift+ArrowDown', 'Shift+ArrowUp');
  check((await look(page)).lists[sections[0]].slice(0, 3).join() === [second, first, third].join(), 'Shift and arrows gave another order');
  check((await look(page)).card === first, 'a paper that was moved lost the focus');
  await saved(page);

  // The pick; one paper dropped and taken back; one dropped for good; one word taken back.
  await same('Shift and arrows');

  // Also among papers that were kept just now, and between them and those that were proposed.
  const group = issueOf(await look(page)).map(([name, ids]) => [name, ids.filter((id) => did.kept.includes(id))]).find(([, ids]) => ids.length > 2);
  await goTo(group[1].at(-1));
  await press('Shift+ArrowUp');
  await until('a kept paper is moved up', async () => /Saved|Some|before/.test((await look(page)).said) && !(await look(page)).said.includes('Saving'));
  check((await look(page)).said.startsWith('Saved'), 'a paper that was kept cannot be moved before another one: ' + (await look(page)).said);
  await same('moving a kept paper');
  await goTo(first);
  await press('p');
  did.pick = first;
  await saved(page);
  const before = (await fresh(page)).lists;
  const [undone] = before[sections[1]];
  await goTo(undone);
  await press('d');
  await saved(page);
  check((await look(page)).lists.dropped.includes(undone), 'd does not drop a paper of the issue');
  await press('u');
  await until('undo is saved', async () => (await look(page)).said.includes('took back'));
  await until('the paper is back where it stood', async () => JSON.stringify((await look(page)).lists) === JSON.stringify(before));
  await goTo(before[sections[2]][0]);
  await word('d');
  await saved(page);
  await goTo((await look(page)).lists.maybe[0]);
  const open_again = (await look(page)).card;
  await press('c');
  forget(open_again);
  await until('the word is taken back', async () => (await look(page)).lists.open.includes(open_again));
  await goTo(open_again);
  await word('m');
  await saved(page);

  // Filter by words, keep the first that is found, show all again.
  await press('/');
  check((await look(page)).at.includes('words'), '/ does not lead to the filter');
  await page.keyboard.type('Nepal adolescents');
  const [, found] = (await look(page)).columns;
  check(found.length > 0 && found.length < 10, 'the filter leaves ' + found.length + ' candidates');
  await press('ArrowDown');
  check((await look(page)).card === found[0], '↓ in the filter does not lead to the first paper that is shown');
  await word('k');
  await saved(page);
  await press('/', 'Control+a', 'Delete', 'ArrowDown');

  // Up to thirty, and the others out at once.
  const count = async () => issueOf(await look(page)).reduce((n, [, ids]) => n + ids.length, 0);
  await goTo((await look(page)).lists.open[0]);
  for (let n = await count(); n < WANTED; n += 1) await word('k');
  await saved(page);
  const rest = (await look(page)).lists.open;
  await goTo(rest[0]);
  for (const id of rest) { await goTo(id); await press('x'); }
  await press('d');
  for (const id of rest) say(id, did.dropped);
  await saved(page);
  did.shown = issueOf(await look(page));

  // The paper's page: its words by Tab and typing.
  const write = async (id, values, save) => {
    await goTo(id);
    await press('Enter');
    await until('the page of the paper is there', async () => page.url().includes('/paper/' + id) && page.evaluate(() => document.readyState === 'complete'));
    for (const [name, text] of Object.entries(values)) {
      await tabTo('[name=' + name + ']');
      await press('Control+a');
      await page.keyboard.type(text);
    }
    await save();
    await until('the words are saved', async () => page.url().includes('said=') && page.evaluate(() => document.readyState === 'complete'));
    check((await look(page)).said.startsWith('Saved'), 'after saving the page says: ' + (await look(page)).said);
    did.words[id] = values;
    await tabTo('.trail a');
    await press('Enter');
    await until('the board is back', async () => page.url().startsWith(board) && page.evaluate(() => document.body.dataset.ready === 'yes'));
    check((await look(page)).card === id, 'back on the board the paper does not have the focus');
  };
  await write(first, {
    title: 'A title with “quotes”, a \\ and an é', summary: 'Ten of 100 women felt better & said so.', why: 'It shows <what> can be done.',
  }, async () => { await tabTo('form.words button.main'); await press('Enter'); });
  await write(did.kept[0], { why: 'The first of its kind.' }, () => press('Control+s'));

  // What the page shows is what another person would see who opens it now.
  await page.reload();
  await ready(page);
  did.after = issueOf(await look(page));

  // Preview, check, the issue.
  const follow = async (name, path) => {
    await tabTo('nav a[href$="/' + path + '"]');
    await press('Enter');
    await until(name + ' is there', async () => page.url().endsWith('/' + path) && page.evaluate(() => document.readyState === 'complete'));
  };
  await follow('the preview', 'preview');
  const email = await until('the email is shown', () => page.frames().find((f) => f.url().endsWith('/preview/email')));
  check((await email.evaluate(() => document.body.textContent)).includes(did.words[first].summary), 'the preview does not show the new summary');
  await follow('the check', 'check');
  check(await page.evaluate(() => !document.querySelector('.errors')), 'the check finds mistakes: ' + (await page.evaluate(() => document.querySelector('.errors')?.textContent)));
  await follow('the page that makes the issue', 'render');
  await tabTo('main form button.main');
  await press('Enter');
  await until('the issue is made', () => page.evaluate(() => document.querySelector('main')?.textContent.includes('is made, with')), 60000);
  did.told = await page.evaluate(() => document.querySelector('main [role=status]').textContent.trim());
  await tabTo('main a.button.main');
  await press('Enter');
  did.files = await until('the files are there', () => page.evaluate(() => Array.from(document.querySelectorAll('a[download]'), (a) => a.getAttribute('href').split('/').pop())));
  figure('seconds for all of it', Math.round((Date.now() - begun) / 1000));
  return did;
});
