// All that the board can do, in a browser that runs no script.
import { address, board, check, entrance, finding, issueOf, look, open, scenario } from './lib.mjs';

await scenario(async () => {
  const context = await open({ javaScriptEnabled: false });
  const page = await context.newPage();
  const did = { kept: [], dropped: [], maybe: [], words: {} };
  await page.goto(board);
  const said = async () => (await page.locator('[data-saved]').innerText()).trim();
  const lists = async () => (await look(page)).lists;
  // Presses a button and waits for the page that follows.
  const click = async (button) => {
    await Promise.all([page.waitForNavigation(), button.click()]);
    check((await said()).startsWith('Saved') || (await said()).startsWith('Taken back. It was: '), 'after a button the page says: ' + (await said()));
  };
  const on = (id, name) => page.locator('.card[data-id="' + id + '"] button[name=' + name + ']');

  const open_ = (await lists()).open;
  await click(on(open_[0], 'keep')); did.kept.push(open_[0]);
  await click(on(open_[1], 'maybe')); did.maybe.push(open_[1]);
  await click(on(open_[2], 'drop')); did.dropped.push(open_[2]);
  check((await lists()).maybe.join() === open_[1] && (await lists()).dropped.join() === open_[2], 'maybe and drop');

  // A word, then undo; a word, then taken back by its own button.
  const before = JSON.stringify(await lists());
  await click(on(open_[3], 'keep'));
  await click(page.locator('form[data-undo] button'));
  check(JSON.stringify(await lists()) === before, 'undo does not give the board that was there');
  await click(on(open_[4], 'maybe'));
  await click(on(open_[4], 'clear'));
  check(JSON.stringify(await lists()) === before, 'taking a word back does not give the board that was there');

  // All that are ticked.
  for (const id of open_.slice(5, 9)) await page.locator('.card[data-id="' + id + '"] input[name=sel]').check();
  await click(page.locator('button[name=bulk][value=drop]')); did.dropped.push(...open_.slice(5, 9));
  for (const id of open_.slice(9, 11)) await page.locator('.card[data-id="' + id + '"] input[name=sel]').check();
  await click(page.locator('button[name=bulk][value=keep]')); did.kept.push(...open_.slice(9, 11));

  // Order and pick.
  const [section, ids] = issueOf(await look(page))[0];
  await click(on(ids[0], 'down'));
  check((await lists())['in:' + section].slice(0, 2).join() === [ids[1], ids[0]].join(), 'down');
  await click(on(ids[2], 'up'));
  check((await lists())['in:' + section].slice(0, 3).join() === [ids[1], ids[2], ids[0]].join(), 'up');
  await click(on(ids[2], 'pick')); did.pick = ids[2];

  // Filter by the server.
  await page.locator('#f-words').fill('Kenya');
  await Promise.all([page.waitForNavigation(), page.locator('#filters button').click()]);
  const seen = (await look(page)).columns.flat().length;
  check(seen > 0 && seen < 40, 'the filter shows ' + seen + ' papers');
  await page.goto(board);

  // Moving a ticked paper needs a button here: a list that only the script hears of does nothing.
  if (!(await page.locator('.bulk button[name=bulk][value^="to:"], .bulk button[name=to], .bulk [data-bulk-to] ~ button').count())
    && await page.locator('[data-bulk-to]').isVisible()) finding('without a script “Move to” is shown and does nothing');

  // A question.
  const answer = page.locator('button[name=answer]').first();
  if (!(await answer.isVisible())) await page.locator('details.questions summary').first().click();
  did.answer = await answer.getAttribute('value');
  await click(answer);

  // Words of a paper, and another section.
  await Promise.all([page.waitForNavigation(), page.locator('.card[data-id="' + ids[1] + '"] h3 a').click()]);
  check(await page.locator('.beside .abs .text').isVisible(), 'the abstract is not shown beside the words');
  await page.setViewportSize({ width: 375, height: 700 });
  check(!(await page.locator('.abs .text').isVisible()), 'on a phone the abstract stands in the way of the words');
  await page.locator('.abs summary').click();
  check(await page.locator('.abs .text').isVisible(), 'on a phone the abstract cannot be opened');
  await page.setViewportSize({ width: 1280, height: 900 });
  const words = { title: 'A title by hand', summary: 'A summary by hand.', why: 'Why by hand.', link: 'https://example.org/by-hand', reason: 'for us' };
  for (const [name, text] of Object.entries(words)) await page.locator('form.words [name=' + name + ']').fill(text);
  await click(page.locator('form.words button.main'));
  did.words[ids[1]] = words;
  await page.locator('form.words [name=section]').selectOption('more');
  await click(page.locator('form.words button.main'));
  did.moved = ids[1];

  // A tag leads back to the paper, at the tags.
  await page.locator('#addtag').selectOption({ label: 'Peru' });
  await Promise.all([page.waitForNavigation(), page.locator('#addtag ~ button').click()]);
  for (let n = 0; n < 300 && await page.locator('[data-job]').count(); n += 1) {
    await new Promise((go) => setTimeout(go, 100));
    await Promise.all([page.waitForNavigation(), page.locator('noscript a').click()]);
  }
  check(new URL(page.url()).pathname.endsWith('/paper/' + ids[1]) && page.url().endsWith('#tags-h'), 'after a tag one is at ' + page.url());
  check((await said()).startsWith('The tag is there now, and stays.'), 'after a tag the page says: ' + (await said()));
  await Promise.all([page.waitForNavigation(), page.locator('button[name=undo][value="country:PER"]').click()]);

  // The letter and a date.
  await page.goto(address('/m/2026-10/letter'));
  did.letter = { subject: 'A subject by hand', preheader: 'A preheader by hand that is long enough.', note: 'Dear all,\n\nthis is a note.', request: 'Tell us.' };
  for (const [name, text] of Object.entries(did.letter)) await page.locator('[name=' + name + ']').fill(text);
  did.event = { date: '12 November 2026', title: 'A webinar', link: 'https://example.org/webinar' };
  for (const [name, text] of Object.entries(did.event)) await page.locator('[name=event-new-' + name + ']').fill(text);
  await click(page.locator('form.words button.main'));
  check((await page.locator('[name=event-0-title]').inputValue()) === did.event.title, 'the date is not in the form after saving');

  // Work that takes long has a page that is looked at again by its link.
  const work = async (path, button) => {
    await page.goto(address(path));
    await Promise.all([page.waitForNavigation(), page.locator(button).click()]);
    for (let n = 0; n < 300 && await page.locator('[data-job]').count(); n += 1) {
      await new Promise((go) => setTimeout(go, 100));
      await Promise.all([page.waitForNavigation(), page.locator('noscript a').click()]);
    }
    return (await page.locator('main').innerText()).trim();
  };
  // What was answered is taken in with the news.
  await work('/m/2026-10/', '.bulk form[action$="/draft"] button');
  await page.goto(board);
  did.after = issueOf(await look(page));
  did.told = await work('/m/2026-10/render', 'main form button.main');
  return did;
});
