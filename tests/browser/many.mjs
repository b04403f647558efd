// Five hundred papers on the board: how long until they are seen, and how long a key takes.
import { board, figure, look, open, ready, saved, scenario } from './lib.mjs';

const LOADS = 5;

const middle = (all) => all.toSorted((a, b) => a - b)[Math.floor(all.length / 2)];

await scenario(async () => {
  const context = await open();
  const page = await context.newPage();
  const paints = [];
  for (let n = 0; n < LOADS; n += 1) {
    await page.goto(board);
    await ready(page);
    // On a busy machine the paint is told a moment after the page is ready.
    const paint = await page.waitForFunction(() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime);
    paints.push(await paint.jsonValue());
  }
  const times = await page.evaluate(() => {
    const [n] = performance.getEntriesByType('navigation');
    return { answered: n.responseStart, whole: n.responseEnd, read: n.domContentLoadedEventEnd, bytes: n.encodedBodySize };
  });
  const cards = await page.locator('.card').count();

  // From the key's own time to the frame behind the change, measured in the page.
  await page.evaluate(() => {
    window.measured = [];
    window.addEventListener('keydown', (event) => {
      if (event.key === 'Shift') return;
      const begun = event.timeStamp;
      const before = window.marks();
      // The first call comes before the frame is painted, the message behind it after.
      requestAnimationFrame(() => {
        const after = window.marks();
        const told = new MessageChannel();
        told.port1.onmessage = () => window.measured.push({ key: event.key, ms: performance.now() - begun, is_changed: after !== before });
        told.port2.postMessage('painted');
      });
    }, true);
    window.marks = () => {
      const at = document.activeElement;
      const card = at.closest('.card');
      return [at.id, at.value ?? '', card?.closest('[data-list]').dataset.list ?? '', card?.previousElementSibling?.id ?? '',
        document.querySelectorAll('[name=sel]:checked').length, document.querySelector('.card.pick')?.id ?? '',
        document.querySelector('[data-list=open] [data-n]').textContent, document.querySelector('[data-result]').textContent].join('|');
    };
  });
  const keys = {};
  // Presses a key and waits for its frame: what is measured is a key, not a queue of them.
  const press = async (name, key) => {
    const told = await page.evaluate(() => window.measured.length);
    await page.keyboard.press(key);
    let all;
    do { all = await page.evaluate(() => window.measured); } while (all.length === told);
    const last = all.at(-1);
    if (last.is_changed) (keys[name] ||= []).push(last.ms);
  };
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  for (let n = 0; n < 6; n += 1) await press('next', 'ArrowDown');
  for (let round = 0; round < 3; round += 1) {
    for (let n = 0; n < 6; n += 1) { await press('tick', 'x'); await press('next', 'ArrowDown'); }
    await press('keep six', 'k');
    await saved(page);
  }
  for (let n = 0; n < 6; n += 1) { await press('keep', 'k'); await press('drop', 'd'); await press('maybe', 'm'); await press('section', '3'); }
  await saved(page);
  await press('across', 'ArrowLeft');
  for (let n = 0; n < 6; n += 1) { await press('move', 'Shift+ArrowDown'); await press('pick', 'p'); }
  await saved(page);
  await page.keyboard.press('/');
  for (const key of 'district 17') await press('filter', key);
  for (let n = 0; n < 11; n += 1) await press('filter', 'Backspace');
  await saved(page);

  const all = Object.values(keys).flat();
  const rounded = (n) => Math.round(n * 10) / 10;
  figure('cards', cards);
  figure('first paint in ms, five loads', paints.map(rounded));
  figure('the answer in ms', Object.fromEntries(Object.entries(times).map(([k, v]) => [k, Math.round(v)])));
  for (const [name, ms] of Object.entries(keys)) figure('from key to frame in ms: ' + name + ' (middle, most)', [middle(ms), Math.max(...ms)].map(rounded));
  return { cards, paint: middle(paints), key: middle(all), slowest: Math.max(...Object.values(keys).map(middle)), measured: all.length, open: (await look(page)).lists.open.length };
});
