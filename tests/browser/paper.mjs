// A paper's page: the abstract beside the words, ways back to it, what somebody else changes meanwhile; and the history.
import { address, board, check, draftText, figure, look, open, ready, scenario, until } from './lib.mjs';

await scenario(async () => {
  const context = await open({}, ['status of 409']);
  const [one, two, three] = [await context.newPage(), await context.newPage(), await context.newPage()];
  await one.goto(board);
  await ready(one);
  const [a, b, c] = Object.entries((await look(one)).lists).filter(([key]) => key.startsWith('in:')).flatMap(([, ids]) => ids);
  const paper = (id) => address('/m/2026-10/paper/' + id);
  const did = { a, b, c };
  const said = async (page) => (await page.locator('[data-saved]').innerText()).trim();
  const box = (page, css) => page.locator(css).first().boundingBox();
  // Presses a button whose work leads back to a page, however long it takes.
  const press = async (page, button, back) => {
    await button.click();
    await until('one is back at ' + back, () => page.url().endsWith(back), 60000);
  };

  // Beside each other where there is room: what is written is seen together with what it is about.
  await one.goto(paper(a));
  const [abstract, words] = [await box(one, '.abs .text'), await box(one, 'form.words')];
  check(abstract && abstract.x + abstract.width <= words.x, 'the abstract does not stand beside the words');
  check(abstract && Math.abs(abstract.y - words.y) < 80, 'abstract and words do not begin on one height');
  await one.setViewportSize({ width: 1280, height: 500 });
  await one.locator('#reason').scrollIntoViewIfNeeded();
  const there = await box(one, '.abs');
  check(there.y >= 0 && there.y < 500, 'the abstract does not stay in sight beside the last field, but is at ' + there.y);
  // On a phone one line leads to it.
  await one.setViewportSize({ width: 375, height: 700 });
  await until('the abstract is folded on a phone', async () => !(await one.locator('.abs .text').isVisible()));
  await one.locator('.abs summary').focus();
  await one.keyboard.press('Enter');
  check(await one.locator('.abs .text').isVisible(), 'the abstract cannot be opened by keyboard');
  await one.setViewportSize({ width: 1280, height: 900 });

  // Words that were typed are saved before a tag is changed; one is back at the tags.
  await one.locator('[name=why]').fill('Typed before the tag.');
  await one.locator('#addtag').selectOption({ label: 'Peru' });
  await press(one, one.locator('#addtag ~ button'), '#tags-h');
  check((await said(one)).startsWith('The tag is there now'), 'after a tag the page says: ' + (await said(one)));
  check(await one.locator('[name=why]').inputValue() === 'Typed before the tag.', 'words that were typed are gone after a tag');
  const top = (await box(one, '#tags-h')).y;
  check(top >= 0 && top < 900, 'the tags are not in sight, but at ' + top);
  await press(one, one.locator('button[name=undo][value="country:PER"]'), 'said=tag-back#tags-h');

  // A word on its place goes behind the words that were typed, and both are told.
  await one.locator('[name=why]').fill('Typed before the word.');
  await press(one, one.locator('form.place button[name=keep]'), '?said=saved');
  await until('the page is ready', async () => (await said(one)).includes('words'));
  check(/^Saved\. Kept “.*The words that you had typed are saved, too\.$/.test(await said(one)), 'after words and a word on its place the page says: ' + (await said(one)));
  check(await one.locator('[name=why]').inputValue() === 'Typed before the word.', 'words that were typed are gone after Keep');
  await one.reload();
  check(!(await said(one)).includes('words that you had typed'), 'what was told once is told again');

  // Two papers: said, and taken back.
  await one.locator('#other').fill(b);
  await press(one, one.locator('#other ~ button[value=different]'), 'said=not-same#same-h');
  await press(one, one.locator('button[name=back]'), 'said=answer-back#same-h');
  check(await one.locator('button[name=back]').count() === 0, 'what was taken back can be taken back again');

  // Somebody else changes this paper: it is told, and nothing that was typed is touched.
  await two.goto(paper(a));
  await three.goto(paper(c));
  await two.locator('[name=why]').fill('Typed by the second.');
  const old = await two.locator('form.words [name=seen]').inputValue();
  await one.goto(paper(a));
  await one.locator('[name=summary]').fill('Written by the first.');
  await Promise.all([one.waitForNavigation(), one.locator('form.words button.main').click()]);
  const begun = Date.now();
  await two.bringToFront();
  await until('the page tells that the paper was changed', async () => (await two.locator('.news').innerText()).includes('Somebody else has changed this paper'));
  figure('seconds until a page tells of a change', (Date.now() - begun) / 1000);
  check(await two.locator('[name=why]').inputValue() === 'Typed by the second.', 'words that were typed are gone');
  check(await two.locator('form.words [name=seen]').inputValue() === old, 'a page that shows older words says that it saw the new ones');
  // Another paper is none of its business: it goes on with the file as it is.
  await three.bringToFront();
  const now = await one.locator('form.words [name=seen]').inputValue();
  await until('a page of another paper knows the file', async () => (await three.locator('form.words [name=seen]').inputValue()) === now);
  check((await three.locator('.news').innerText()) === '', 'a page tells of a change that is not of its paper');
  await three.locator('[name=why]').fill('Typed by the third.');
  await Promise.all([three.waitForNavigation(), three.locator('form.words button.main').click()]);
  check((await said(three)) === 'Saved.', 'the page of another paper says: ' + (await said(three)));
  // What was typed is saved beside what the first one wrote.
  await Promise.all([two.waitForNavigation(), two.locator('form.words button.main').click()]);
  check(await two.locator('[name=summary]').inputValue() === 'Written by the first.', 'the first one’s words are not shown');
  check((await two.locator('.news').innerText()) === '', 'a page anew tells of old changes');

  // Put a version back, and see which one stood there.
  await one.goto(address('/m/2026-10/history'));
  const names = await one.locator('.versions h3').allInnerTexts();
  check(new Set(names).size === names.length, 'two versions have one name: ' + names.join());
  await one.locator('.versions > li').nth(1).locator('a').first().click();
  await until('the version is shown', () => one.locator('.diff').count());
  check((await one.locator('h1').innerText()) === names[1] + ' of October 2026', 'the page of a version is called ' + (await one.locator('h1').innerText()));
  const whole = draftText();
  await one.locator('main form button.main').click();
  await until('it is back', async () => (await said(one)).startsWith('Put back.'), 60000);
  check((await said(one)) === 'Put back. What stood there before is version ' + names[0].split(' ')[1] + '.', 'after putting back the page says: ' + (await said(one)));
  check(draftText() !== whole, 'nothing was put back');
  const again = one.locator('.versions > li', { hasText: names[0] }).locator('button');
  await again.first().click();
  await until('the newest is back', () => draftText() === whole, 60000);
  return did;
});
