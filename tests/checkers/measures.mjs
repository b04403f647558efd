// Measures that run inside a page: each is handed over whole, so each brings its own helpers.

// Every visible text with the contrast of its colour to what lies behind it (1 to 21).
export const contrast = () => {
  const canvas = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true });
  const known = new Map();
  // Any way to write a colour, as red, green, blue and how much it covers (0 to 1).
  const parts = (colour) => {
    if (!known.has(colour)) {
      canvas.clearRect(0, 0, 1, 1);
      canvas.fillStyle = colour;
      canvas.fillRect(0, 0, 1, 1);
      const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data;
      known.set(colour, [r, g, b, a / 255]);
    }
    return known.get(colour);
  };
  const over = ([r, g, b, a], [R, G, B]) => [r * a + R * (1 - a), g * a + G * (1 - a), b * a + B * (1 - a), 1];
  const line = (c) => (c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4);
  const light = ([r, g, b]) => 0.2126 * line(r) + 0.7152 * line(g) + 0.0722 * line(b);
  // What a window shows where nothing is painted.
  const blank = matchMedia('(prefers-color-scheme: dark)').matches ? [18, 18, 18, 1] : [255, 255, 255, 1];
  const behind = (element) => {
    if (!element) return blank;
    const style = getComputedStyle(element);
    if (style.backgroundImage !== 'none') throw new Error('a picture lies behind a text: ' + element.outerHTML.slice(0, 80));
    const own = parts(style.backgroundColor);
    return own[3] === 1 ? own : over(own, behind(element.parentElement));
  };
  const shown = (element) => element.checkVisibility({ opacityProperty: true, visibilityProperty: true });
  const faded = (element) => (element ? parseFloat(getComputedStyle(element).opacity) * faded(element.parentElement) : 1);
  const out = [];
  const tree = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = tree.nextNode(); node; node = tree.nextNode()) {
    const element = node.parentElement;
    const text = node.data.replace(/[\s\u00a0\u200b\u2060\u2007\u034f]+/g, ' ').trim();
    if (!text || element.closest('script,style,template') || !shown(element)) continue;
    const under = behind(element);
    // The letters of a drawing take their colour from elsewhere.
    const { color, fill } = getComputedStyle(element);
    const own = parts(element instanceof SVGElement ? fill : color);
    const ink = over([own[0], own[1], own[2], own[3] * faded(element)], under);
    const [a, b] = [light(ink), light(under)].sort((x, y) => y - x);
    const colours = 'rgb(' + ink.slice(0, 3).map(Math.round) + ') on rgb(' + under.slice(0, 3).map(Math.round) + ')';
    out.push({ text: text.slice(0, 40), ratio: (a + 0.05) / (b + 0.05), colours });
  }
  return out;
};

// Every visible text with the size of its letters.
export const sizes = () => {
  const out = [];
  const tree = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = tree.nextNode(); node; node = tree.nextNode()) {
    const text = node.data.replace(/[\s\u00a0\u200b\u2060\u2007\u034f]+/g, ' ').trim();
    if (text && node.parentElement.checkVisibility()) out.push({ text: text.slice(0, 40), px: parseFloat(getComputedStyle(node.parentElement).fontSize) });
  }
  return out;
};

// What does not fit its place: a page that scrolls sideways, numbers and labels that are broken or touch each other.
export const room = () => {
  const LABEL_MAX = 30;
  const GAP_MIN_PX = 6;
  const width = document.documentElement.clientWidth;
  const out = [];
  const name = (e) => e.outerHTML.replace(/\s*style="[^"]*"/g, '').slice(0, 90);
  if (document.scrollingElement.scrollWidth > width) {
    const first = Array.from(document.body.querySelectorAll('*')).find((e) => e.getBoundingClientRect().right > width + 1);
    out.push('is ' + document.scrollingElement.scrollWidth + ' px wide' + (first ? ': ' + name(first) : ''));
  }
  const range = document.createRange();
  const boxes = (node) => {
    range.selectNodeContents(node);
    return Array.from(range.getClientRects()).filter((r) => r.width > 0.5);
  };
  const captions = [];
  const tree = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = tree.nextNode(); node; node = tree.nextNode()) {
    const element = node.parentElement;
    const text = node.data.trim();
    if (!text || !element.checkVisibility() || element.closest('select,script')) continue;
    const is_number = /^\d{1,4}$/.test(text);
    // A hyphen is a place to break.
    const is_label = text.length <= LABEL_MAX && !text.includes('-') && element.matches('.t,.f,.oa,.wn,.tags li');
    const lines = new Set(boxes(node).map((r) => Math.round(r.top))).size;
    if ((is_number || is_label) && lines > 1) out.push('“' + text + '” is broken into ' + lines + ' lines');
    if (element.matches('.nl,.nums li,td.it h3,td.it a')) captions.push(...boxes(node).map((box) => ({ box, text })));
  }
  for (const [at, { box, text }] of captions.entries()) {
    for (const other of captions.slice(at + 1)) {
      const is_beside = text !== other.text && Math.min(box.bottom, other.box.bottom) - Math.max(box.top, other.box.top) > 4;
      const gap = Math.max(other.box.left - box.right, box.left - other.box.right);
      if (is_beside && gap < GAP_MIN_PX) out.push('“' + text + '” is ' + gap.toFixed(1) + ' px from “' + other.text + '”');
    }
  }
  return out;
};

// Texts that begin with letters of a script from right to left, but are set from left to right.
export const direction = () => Array.from(document.body.querySelectorAll('h1,h2,h3,p'))
  .filter((e) => e.checkVisibility() && /^[^\p{L}]*[\p{Script=Arabic}\p{Script=Hebrew}]/u.test(e.textContent))
  .filter((e) => getComputedStyle(e).direction !== 'rtl')
  .map((e) => '“' + e.textContent.trim().slice(0, 40) + '” is set from left to right');
