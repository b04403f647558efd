// What is in sight on the board: the line of counts, the row for all that are ticked, the head on a phone.
import { address, board, check, figure, look, open, ready, saved, scenario, until } from './lib.mjs';

// Most pixels that the head of a page may take on a phone.
const HEAD_MAX = 180;

await scenario(async () => {
  const context = await open();
  const page = await context.newPage();
  const did = {};
  const box = (css) => page.locator(css).first().boundingBox();
  const on = (id, name) => page.locator('.card[data-id="' + id + '"] button[name=' + name + ']');
  await page.goto(board);
  await ready(page);

  // Nothing is ticked: the buttons say so, to eyes, ears and whoever presses them.
  const off = () => page.locator('.bulk [aria-disabled=true]').count();
  const buttons = await page.locator('.bulk [name=bulk], .bulk [data-bulk-to]').count();
  check(buttons === 5 && await off() === buttons, 'with nothing ticked ' + await off() + ' of ' + buttons + ' are off');
  await page.locator('.bulk [value=drop]').click({ force: true });
  check((await look(page)).said === 'Tick some papers first', 'a word for none says: ' + (await look(page)).said);
  await page.locator('[name=sel]').first().check();
  check(await off() === 0, 'with one ticked some buttons are off');
  await page.locator('[name=sel]').first().uncheck();
  check(await off() === buttons, 'with none ticked any more some buttons are on');

  // One Enter too many does nothing to the next paper: the focus is on the paper, which is read out.
  const { lists: { open: candidates } } = await look(page);
  [did.dropped, did.next] = candidates;
  await on(did.dropped, 'drop').click();
  const at = await page.evaluate(() => { const e = document.activeElement; return [e.tagName, e.dataset.id, document.getElementById(e.getAttribute('aria-labelledby'))?.textContent.trim().length > 10]; });
  check(at.join() === 'ARTICLE,' + did.next + ',true', 'after a click the focus is on ' + at);
  await page.keyboard.press('Space');
  check((await saved(page)).includes('dropped “'), 'it is not told what was done');
  await page.keyboard.press('Enter');
  await until('the paper is opened', () => page.url().includes('/paper/' + did.next));
  await page.goto(board);
  await ready(page);

  // Where there is room, what undo would take back is read whole.
  await page.setViewportSize({ width: 1920, height: 900 });
  const room = await page.evaluate(() => {
    const [button, bar] = [document.querySelector('[data-undo] button'), document.querySelector('.stand .bar')];
    const end = bar.getBoundingClientRect().right - parseFloat(getComputedStyle(bar).paddingRight);
    return { cut: button.scrollWidth - button.clientWidth, left: Math.round(end - button.getBoundingClientRect().right), title: button.title };
  });
  check(room.cut <= 0 || room.left <= 1, 'undo is cut by ' + room.cut + ' px though there are ' + room.left + ' px left');
  check(room.title.startsWith('put off “') || room.title.startsWith('dropped “'), 'the pointer is not told what undo would take back: ' + room.title);

  // However many rows the line of counts has, the row below it and what is led to keep clear of it.
  for (const width of [1024, 1100, 1280]) {
    await page.setViewportSize({ width, height: 600 });
    const rows = [];
    for (const words of ['', 'Saved at 14:02: put off “' + 'a long title that goes on and on '.repeat(6) + '”']) {
      await page.evaluate((text) => { document.querySelector('[data-saved]').textContent = text; }, words);
      await page.evaluate(() => window.scrollTo(0, 1500));
      await until('the sizes are known', () => page.evaluate(() => parseFloat(getComputedStyle(document.documentElement).getPropertyValue('--stand')) === document.querySelector('.stand').getBoundingClientRect().height));
      const [stand, bulk] = [await box('.stand'), await box('.bulk')];
      rows.push(Math.round(stand.height));
      check(stand.y === 0 && Math.abs(bulk.y - stand.height) < 1, width + ': the row for all stands at ' + bulk.y + ', the line of counts ends at ' + stand.height);
      // Up by keys, so that papers come in below the rows.
      const [, beside] = (await look(page)).columns;
      await page.locator('.card[data-id="' + beside[9] + '"]').focus();
      for (let n = 0; n < 6; n += 1) {
        await page.keyboard.press('ArrowUp');
        const [card, above] = [await page.evaluate(() => document.activeElement.getBoundingClientRect().top), await box('.bulk')];
        check(card >= above.y + above.height - 1, width + ': a paper that was gone to begins at ' + card + ', under what ends at ' + (above.y + above.height));
      }
    }
    check(rows[1] > rows[0], width + ': a long sentence was to need another row: ' + rows);
    figure('height of the line of counts at ' + width, rows);
  }

  // On a phone the head leaves room for the page.
  await page.setViewportSize({ width: 360, height: 740 });
  for (const path of ['', 'letter', 'history', 'paper/' + did.next]) {
    await page.goto(address('/m/2026-10/' + path));
    const [head, stand] = [await box('header.top'), await box('.stand')];
    figure('heights of head and line of counts on a phone, /' + path, [head.height, stand.height]);
    check(head.height <= HEAD_MAX, '/' + path + ': the head takes ' + head.height + ' px of a phone');
    const hidden = await page.evaluate(() => Array.from(document.querySelectorAll('header.top nav a'), (a) => a.getBoundingClientRect()).filter((b) => b.width < 24 || b.height < 24 || b.left < 0 || b.right > 360).length);
    check(hidden === 0, '/' + path + ': ' + hidden + ' links of the head are out of reach');
  }
  return did;
});
