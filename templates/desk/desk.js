// The desk's own script: it makes the pages quicker. Everything it does can be done without it.
'use strict';
(() => {
  const $ = (s, in_ = document) => in_.querySelector(s);
  const $$ = (s, in_ = document) => Array.from(in_.querySelectorAll(s));
  const body = document.body;
  const month = body.dataset.month;
  const base = '/m/' + month + '/';
  let sum = body.dataset.sum || '';

  // What is said about saving, and to screen readers.
  const says = $('[data-saved]');
  const say = (text, how) => { if (says) { says.textContent = text; says.className = 'saved ' + (how || ''); } };
  // The desk tells the time, in the house's zone: History has the same.
  const at = (values) => 'Saved' + (values.at ? ' at ' + values.at : '');

  // The line that is always in sight may be several rows high. What sticks below it, and what is scrolled to, keeps
  // clear of it.
  const stand = $('.stand');
  if (stand) {
    const both = [['--stand', stand], ['--bulk', $('.bulk')]].filter(([, part]) => part);
    const measure = () => { for (const [name, part] of both) document.documentElement.style.setProperty(name, part.getBoundingClientRect().height + 'px'); };
    const sizes = new ResizeObserver(measure);
    for (const [, part] of both) sizes.observe(part);
    measure();
  }

  const ask = async (path, form) => {
    const options = { headers: { Accept: 'application/json' } };
    if (form) Object.assign(options, { method: 'POST', body: new URLSearchParams(form) });
    const answer = await fetch(path, options);
    return { status: answer.status, values: await answer.json() };
  };

  // How the issue stands: counts, size, undo.
  const stands = (values) => {
    if (!values) return;
    for (const b of $$('[data-count]')) if (values[b.dataset.count] !== undefined) b.textContent = values[b.dataset.count];
    if (values.kilobytes === null || values.kilobytes === undefined) return;
    const size = $('[data-size]');
    size.className = 'size ' + values.size_is;
    $('.used', size).setAttribute('width', values.percent);
    $('[data-size-words]').textContent = 'email about ' + values.kilobytes + ' of 102 kB';
  };
  const undoable = (what) => {
    const form = $('[data-undo]');
    if (!form) return;
    form.hidden = !what;
    $('[data-undo-words]').textContent = what || '';
    // Where there is no room for all of it.
    $('button', form).title = what || '';
  };
  let asking = 0;
  const askState = async () => {
    if (!month || !$('[data-size]')) return null;
    const { status, values } = await ask(base + 'state');
    if (status !== 200) return null;
    undoable(values.undo);
    return values.state;
  };
  const stateSoon = () => {
    clearTimeout(asking);
    asking = setTimeout(async () => {
      try { const state = await askState(); if (state && state.sum === sum) stands(state); } catch { /* the next change asks again */ }
    }, 250);
  };

  // Changes go to the desk one after the other, each with the sum of the file that the last one left.
  const line = [];
  let busy = false;
  let isOld = false;
  const send = (path, form, failed) => { line.push({ path, form, failed }); say('Saving…', 'busy'); run(); };
  const run = async () => {
    if (busy || !line.length) return;
    busy = true;
    const { path, form, failed } = line.shift();
    form.set('seen', sum);
    try {
      const { status, values } = await ask(path, form);
      if (status === 409 && values.clash) { line.length = 0; byHand(path, form); return; }
      if (!values.ok) { line.length = 0; say(values.said + (values.help ? '. ' + values.help : ''), 'bad'); if (failed) failed(); await lists(); }
      else {
        sum = values.sum;
        for (const field of $$('input[name=seen]')) field.value = sum;
        if (!line.length) {
          say(at(values) + (values.said ? ': ' + values.said : ''));
          stands(values.state);
          undoable(path.endsWith('undo') ? '' : values.said);
          if (isOld || values.joined || !isShown(values.order) || path.endsWith('undo') || form.has('clear') || form.get('bulk') === 'clear' || form.has('answer') || form.has('answer-words') || form.has('tell')) await lists();
          stateSoon();
        }
      }
    } catch {
      line.length = 0;
      say('Not saved: the desk does not answer. Is roundup curate still running? Your last change is not in the file.', 'bad');
      if (failed) failed();
    }
    busy = false;
    run();
  };
  // Sends a form as the page does without a script: the answer is a page of its own.
  const byHand = (path, form) => {
    const element = document.createElement('form');
    element.method = 'post';
    element.action = path;
    for (const [name, value] of form) {
      const field = document.createElement('input');
      field.type = 'hidden'; field.name = name; field.value = value;
      element.append(field);
    }
    body.append(element);
    element.submit();
  };

  // Hints on length.
  for (const field of $$('[data-best]')) {
    const hint = $('[data-hint]', document.getElementById(field.getAttribute('aria-describedby')));
    const [least, most] = field.dataset.best.split('-').map(Number);
    const tell = () => {
      const n = Array.from(field.value.trim()).length;
      hint.textContent = n + (n === 1 ? ' character.' : ' characters.');
      hint.className = n > most || n < least ? 'off' : '';
    };
    field.addEventListener('input', tell);
    tell();
  }

  // Words that were saved on the way to another deed are told of behind it.
  if (says && sessionStorage.getItem('words')) {
    sessionStorage.removeItem('words');
    say((says.textContent.trim() + ' The words that you had typed are saved, too.').trim());
  }

  // What was typed and not saved is not left by mistake.
  for (const form of $$('form[data-guard]')) {
    let touched = false;
    // Asks before it leaves the page: were the desk closed or started anew meanwhile, the words stay where they were typed.
    const save = async (stays) => {
      const words = new URLSearchParams(new FormData(form));
      say('Saving…', 'busy');
      try {
        const { status, values } = await ask(location.pathname, words);
        if (status === 409 && values.clash) { touched = false; byHand(location.pathname, words); return false; }
        if (status === 403) { say('Not saved: the desk was started anew. Open its new address in another window, then save here again', 'bad'); return false; }
        if (!values.ok) { say('Not saved: ' + values.said + (values.help ? '. ' + values.help : ''), 'bad'); return false; }
        touched = false;
        sum = values.sum;
        for (const field of $$('input[name=seen]')) field.value = sum;
        stands(values.state);
        say(at(values));
        // The page anew, with what others changed meanwhile.
        if (!stays) location.href = location.pathname + '?said=' + (values.same ? 'same' : values.joined ? 'joined' : 'saved');
        return true;
      } catch {
        say('Not saved: the desk does not answer. Is roundup curate still running? Your words are still here', 'bad');
        return false;
      }
    };
    form.addEventListener('input', () => { touched = true; say('Not saved yet', 'busy'); });
    form.addEventListener('submit', (e) => { e.preventDefault(); save(false); });
    addEventListener('beforeunload', (e) => { if (touched) e.preventDefault(); });
    // A word on the paper's place, its tags and its like is sent behind the words that were typed, not instead of them.
    for (const other of $$('main form:not([data-guard])')) other.addEventListener('submit', async (e) => {
      if (!touched) return;
      e.preventDefault();
      const button = e.submitter;
      if (!(await save(true))) return;
      // The next page tells of what was pressed; that the words are safe, too, would be left to guess.
      sessionStorage.setItem('words', 'saved');
      other.requestSubmit(button);
    });
    addEventListener('keydown', (e) => { if ((e.ctrlKey || e.metaKey) && e.key === 's') { e.preventDefault(); form.requestSubmit(); } });
  }

  // The previews follow what is saved in the draft, the settings and the templates. Only what has changed is shown
  // anew, and a frame stays as far down as it was.
  const looks = $('[data-look]');
  if (looks) {
    const told = $('[data-told]');
    let usual = told.textContent;
    const frames = $$('iframe[data-sum]');
    const depth = new Map();
    addEventListener('message', (e) => {
      const frame = frames.find((f) => f.contentWindow === e.source);
      if (!frame) return;
      if (typeof e.data === 'number') depth.set(frame, e.data);
      else if (e.data === 'where' && depth.has(frame)) frame.contentWindow.postMessage(depth.get(frame), '*');
    });
    const anew = async () => {
      const answer = await fetch(location.pathname, { headers: { Accept: 'text/html' } });
      const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
      const now = $('[data-look]', page);
      if (!now) return;
      // There was nothing to look at before, or is nothing now.
      if (frames.length !== $$('iframe[data-sum]', page).length) { location.reload(); return; }
      looks.dataset.look = now.dataset.look;
      for (const part of $$('[data-part]')) {
        const other = $('[data-part="' + part.dataset.part + '"]', page);
        if (other.innerHTML !== part.innerHTML) part.innerHTML = other.innerHTML;
      }
      for (const [n, other] of $$('iframe[data-sum]', page).entries()) {
        if (frames[n].dataset.sum === other.dataset.sum) continue;
        frames[n].dataset.sum = other.dataset.sum;
        frames[n].contentWindow.location.replace(frames[n].src);
      }
      usual = $('[data-told]', page).textContent;
      told.textContent = !frames.length || $('[data-earlier]', page) ? usual : 'Shown anew, as it was saved.';
    };
    // What was wrong with a draft that is gone is wrong no more. One that is put back is another look.
    const lost = () => {
      looks.dataset.look = '';
      for (const alert of $$('.alert', looks)) alert.remove();
      told.textContent = 'There is no draft of this month any more.' + (frames.length ? ' Below is how it looked last.' : '');
    };
    const follow = async () => {
      try {
        if (!document.hidden) {
          const { status, values } = await ask(base + 'preview/state');
          if (status === 200 && !values.sum) lost();
          else if (status === 200 && values.sum !== looks.dataset.look) await anew();
          else if (status === 403) told.textContent = 'roundup was started anew. Open its new address.';
          else if (told.dataset.gone) told.textContent = usual;
          delete told.dataset.gone;
        }
      } catch {
        told.dataset.gone = 'yes';
        told.textContent = 'roundup does not answer. Is it still running?';
      }
      setTimeout(follow, 700);
    };
    setTimeout(follow, 700);
  }

  // A paper's page: the abstract is open where it stands beside the words. Of somebody else's change of this paper is
  // told, and nothing on the page is touched; a change of other papers alone makes the page's sum the new one.
  const beside = $('.beside .abs');
  if (beside) {
    const wide = matchMedia('(min-width:60rem)');
    const fold = () => { beside.open = wide.matches; };
    wide.addEventListener('change', fold);
    fold();
  }
  const news = $('.news');
  if (news) {
    const shown = (page) => {
      const fields = $$('form.words [name]:not([name=seen])', page);
      const value = (f) => (f.tagName === 'SELECT' ? ($('option[selected]', f) || {}).value : f.defaultValue);
      return JSON.stringify([$$('form.place p, form.place button', page).map((e) => e.textContent), fields.map((f) => [f.name, value(f)])]);
    };
    const mine = shown(document);
    const listen = async () => {
      try {
        const before = sum;
        const state = document.hidden ? null : await askState();
        if (state && state.sum !== sum && sum === before) {
          const answer = await fetch(location.pathname, { headers: { Accept: 'text/html' } });
          const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
          // The words were saved meanwhile: the page is loaded anew.
          if (sum !== before) return;
          if (shown(page) !== mine) {
            const told = document.createElement('p');
            const way = document.createElement('a');
            told.className = 'tell';
            way.href = location.pathname;
            way.textContent = 'Show it as it stands now';
            told.append('Somebody else has changed this paper since you opened it. ', way);
            news.replaceChildren(told);
            return;
          }
          sum = page.body.dataset.sum;
          for (const field of $$('input[name=seen]')) field.value = sum;
          stands(state);
        }
      } catch { /* it is asked again; saving tells that the desk does not answer */ }
      setTimeout(listen, 3000);
    };
    setTimeout(listen, 3000);
  }

  // A job's page looks by itself.
  const job = $('[data-job]');
  if (job) {
    const look = async () => {
      try {
        const { values } = await ask('/jobs/' + job.dataset.job);
        if (values.done) { location.reload(); return; }
        $('[data-progress]').textContent = values.progress || 'Waiting for its turn';
      } catch { /* it is asked again */ }
      setTimeout(look, 500);
    };
    setTimeout(look, 300);
  }

  const board = $('form#board');
  if (!board || !$('#lists')) return;

  // The board.
  const card = () => document.activeElement && document.activeElement.closest('.card');
  const listOf = (c) => c.closest('[data-list]');
  const seen = (c) => !c.hidden && c.offsetParent !== null;
  const cardsOf = (in_) => $$('.card', in_).filter(seen);
  const list = (key) => $('[data-list="' + CSS.escape(key) + '"]');
  const choose = (c) => {
    if (!c) return;
    for (const other of $$('.card[tabindex="0"]')) other.tabIndex = -1;
    c.tabIndex = 0;
    c.focus({ preventScroll: true });
    c.scrollIntoView({ block: 'nearest' });
  };
  const prepare = () => {
    const all = $$('.card');
    for (const c of all) c.tabIndex = -1;
    const first = all.find(seen);
    if (first) first.tabIndex = 0;
    count();
    filter();
  };
  const count = () => {
    for (const l of $$('[data-list]')) {
      const n = $$('.card', l).length;
      $('[data-n]', l).textContent = n;
      $('[data-empty]', l).hidden = n > 0;
    }
    const n = ticked().length;
    $('[data-ticked]').textContent = n;
    // They stay where Tab finds them, and say what to do first when they are pressed.
    for (const b of $$('.bulk [name=bulk], [data-bulk-to]')) b.setAttribute('aria-disabled', String(n === 0));
  };
  // Tells whether the sections hold these papers in this order.
  const isShown = (order) => !order || $$('[data-list^="in:"]').every((l) => $$('.card', l).map((c) => c.dataset.id).join() === (order[l.dataset.list.slice(3)] || []).join());
  // Puts a card into a list: in an issue's section at its end or, kept, among those that were kept as they stand in
  // the file; else where it stood in the file.
  const put = (c, key, isKept) => {
    const cards = $('[data-cards]', list(key));
    const number = Number(c.dataset.number);
    const counts = (o) => !key.startsWith('in:') || (isKept && o.dataset.said === 'keep');
    const place = $$('.card', cards).find((o) => counts(o) && Number(o.dataset.number) > number) || null;
    cards.insertBefore(c, place);
    c.classList.remove('moved');
    // Not at once: asking the page for its layout after each card of many would take longer than a person waits.
    requestAnimationFrame(() => c.classList.add('moved'));
  };
  const places = { keep: null, maybe: 'maybe', drop: 'dropped' };
  const keyOf = (c) => (list('in:' + c.dataset.to) ? 'in:' + c.dataset.to : 'in:more');
  const ticked = () => $$('[name=sel]:checked').map((box) => box.closest('.card')).filter(seen);
  const form = (pairs) => { const f = new URLSearchParams(); for (const [n, v] of pairs) f.append(n, v); return f; };
  // Where the focus goes on from a card when these leave its list: it stays, or the next that stays has it.
  const behind = (c, cards) => {
    if (!c || !cards.includes(c)) return c;
    const all = cardsOf(listOf(c));
    const at = all.indexOf(c);
    const stays = (o) => !cards.includes(o);
    return all.slice(at + 1).find(stays) || all.slice(0, at).reverse().find(stays);
  };
  const decide = (cards, what, keyed) => {
    cards = cards.filter((c) => c.dataset.said !== (what === 'clear' ? '' : what));
    if (!cards.length) return;
    // A card that moves takes the focus off the button that moved it: it goes on to the next card, not to a button of
    // it, so that one Enter too many does nothing to a paper that nobody has looked at. Its title is read out.
    const moves = what !== 'clear' && cards.includes(card()) && listOf(card()).dataset.list !== (places[what] || keyOf(card()));
    const next = keyed ? behind(card(), cards) : moves ? behind(card(), cards) || cards[0] : what === 'clear' ? null : card();
    const pairs = cards.length === 1 ? [[what, cards[0].dataset.id]] : [['bulk', what], ...cards.map((c) => ['sel', c.dataset.id])];
    for (const c of cards) {
      const key = places[what] || keyOf(c);
      if (what !== 'clear' && listOf(c).dataset.list !== key) put(c, key, what === 'keep');
      if (what !== 'clear') c.dataset.said = what;
      $('[name=sel]', c).checked = false;
    }
    count();
    if (keyed) choose(next || cards[0]);
    else if (next) next.focus({ preventScroll: true });
    send(base, form(pairs));
  };
  const move = (cards, section, keyed) => {
    if (!cards.length) return;
    const at = card();
    const next = keyed && at && !listOf(at).dataset.list.startsWith('in:') ? behind(at, cards) : cards[0];
    const pairs = cards.length === 1 ? [['move', cards[0].dataset.id], ['to', section]] : [['bulk', 'to:' + section], ...cards.map((c) => ['sel', c.dataset.id])];
    const l = list('in:' + section);
    const name = $('h2', l).firstChild.textContent.trim();
    // Papers that others stand behind are items from now on.
    for (const c of $$('.card', l)) c.dataset.said = '';
    for (const c of cards) {
      put(c, 'in:' + section);
      $('[name=sel]', c).checked = false;
      c.dataset.to = section;
      c.dataset.said = '';
      $('[data-section-name]', c).textContent = name;
    }
    count();
    if (keyed) choose(next || cards[0]);
    send(base, form(pairs));
  };
  const step = (c, up) => {
    const l = listOf(c);
    if (!l.dataset.list.startsWith('in:')) return;
    const all = $$('.card', l);
    const at = all.indexOf(c);
    const to = up ? at - 1 : at + 1;
    if (to < 0 || to >= all.length) return;
    const before = up ? all[to] : all[to + 1] || null;
    for (const o of before ? all.slice(0, all.indexOf(before) + 1) : all) o.dataset.said = '';
    c.dataset.said = '';
    $('[data-cards]', l).insertBefore(c, before);
    choose(c);
    send(base, form([['move', c.dataset.id], ['to', l.dataset.list.slice(3)], ['before', before ? before.dataset.id : '']]));
  };
  const pick = (c) => {
    if (!listOf(c).dataset.list.startsWith('in:')) { say('Keep it first: only a paper of the issue can stand first', 'bad'); return; }
    const is = c.classList.contains('pick');
    for (const other of $$('.card.pick')) {
      other.classList.remove('pick');
      $('.first', other).hidden = true;
      const button = $('[data-pick]', other);
      button.value = other.dataset.id; button.textContent = 'Show first';
    }
    if (!is) {
      c.classList.add('pick');
      $('.first', c).hidden = false;
      const button = $('[data-pick]', c);
      button.value = ''; button.textContent = 'Not first';
    }
    send(base, form([['pick', is ? '' : c.dataset.id]]));
  };
  const undo = () => { if (!$('[data-undo]').hidden) send(base + 'undo', form([])); };

  // New lists from the desk: someone else changed the file, or the order is easier asked for than guessed.
  const lists = async () => {
    const held = card() && card().dataset.id;
    const pressed = card() && document.activeElement.name;
    // A question that was answered goes to those that are: the focus stays at its place, with the next one.
    const asked = document.activeElement && document.activeElement.closest('[data-question]');
    const group = asked && asked.closest('details.questions').id;
    const place = asked && $$('#' + group + ' [data-question]').indexOf(asked);
    const answer = await fetch(base + '?part=lists', { headers: { Accept: 'text/html' } });
    if (!answer.ok) { location.reload(); return; }
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    const fresh = $('#lists', page);
    if (!fresh) { location.reload(); return; }
    // A key was pressed meanwhile: what it did must not be taken off the page. They are asked for again behind it.
    isOld = line.length > 0;
    if (isOld) return;
    const ticks = new Set($$('[name=sel]:checked').map((b) => b.value));
    const open = new Set($$('.card details[open]').map((d) => d.closest('.card').dataset.id));
    const folded = new Map($$('#lists details[id]').map((d) => [d.id, d.open]));
    $('#lists').replaceWith(document.adoptNode(fresh));
    sum = fresh.dataset.sum;
    for (const field of $$('input[name=seen]')) field.value = sum;
    for (const b of $$('[name=sel]')) b.checked = ticks.has(b.value);
    for (const c of $$('.card')) if (open.has(c.dataset.id)) { const d = $('details', c); if (d) d.open = true; }
    for (const d of $$('#lists details[id]')) if (folded.has(d.id)) d.open = folded.get(d.id);
    prepare();
    if (held) {
      const c = $('.card[data-id="' + CSS.escape(held) + '"]');
      if (c) choose(c);
      const button = c && pressed && $('.acts button[name="' + CSS.escape(pressed) + '"]', c);
      if (button && button.offsetParent) button.focus({ preventScroll: true });
    }
    if (group) {
      const all = $$('#' + group + ' [data-question]').filter((q) => !q.closest('details:not([open])'));
      const q = all[Math.min(place, all.length - 1)];
      const to = (q && $('button, input', q)) || $('#' + group + ' summary');
      if (to) to.focus({ preventScroll: true });
    }
  };

  // Filters work as one types.
  const filters = $('#filters');
  // On a phone they would fill the first screen.
  const fold_of = $('#filterfold');
  if (matchMedia('(max-width: 48rem)').matches && !Array.from(new FormData(filters).values()).some(Boolean)) fold_of.open = false;
  const fold = (t) => t.toLowerCase().normalize('NFKD').replace(/\p{M}/gu, '');
  const texts = new WeakMap();
  const textOf = (c) => { if (!texts.has(c)) texts.set(c, fold(c.textContent)); return texts.get(c); };
  const filter = () => {
    const f = new FormData(filters);
    const words = fold(f.get('words')).split(/\s+/).filter(Boolean);
    const has = (c, name, key) => !f.get(name) || (c.dataset[key] || '').split(' ').includes(f.get(name));
    const least = Number(f.get('score') || 0) / 100;
    const all = $$('.card');
    let shown = 0;
    for (const c of all) {
      const group = f.get('group');
      const ok = (!group || listOf(c).dataset.list === 'in:' + group || has(c, 'group', 'groups')) && has(c, 'country', 'countries') &&
        has(c, 'design', 'design') && has(c, 'source', 'sources') && (!least || Number(c.dataset.score) >= least) && words.every((w) => textOf(c).includes(w));
      c.hidden = !ok;
      if (ok) shown += 1;
    }
    $('[data-result]').textContent = shown === all.length ? '' : shown + ' of ' + all.length + ' papers are shown';
  };
  filters.addEventListener('input', () => { filter(); count(); });
  addEventListener('pageshow', () => { filter(); count(); });
  filters.addEventListener('submit', (e) => { e.preventDefault(); filter(); });
  $('[data-unfilter]').addEventListener('click', (e) => { e.preventDefault(); for (const field of filters.elements) field.value = ''; filter(); });

  // The second click of two is on what slid under the pointer with the first.
  document.addEventListener('click', (e) => { if (e.detail > 1 && e.target.closest('#lists button')) e.preventDefault(); }, true);

  // Buttons.
  document.addEventListener('submit', (e) => {
    const f = e.target;
    const b = e.submitter;
    if (f.matches('[data-undo]')) { e.preventDefault(); undo(); return; }
    if (f.matches('[data-quick]')) { e.preventDefault(); send(base, new URLSearchParams(new FormData(f))); return; }
    if (f !== board || !b) return;
    e.preventDefault();
    const c = b.closest('.card');
    if (b.name in places || b.name === 'clear') decide([c], b.name, false);
    else if (b.name === 'up' || b.name === 'down') { step(c, b.name === 'up'); b.focus({ preventScroll: true }); }
    else if (b.name === 'pick') pick(c);
    else if (b.name === 'bulk') { const all = ticked(); if (all.length) decide(all, b.value, false); else say('Tick some papers first', 'bad'); }
    else if (b.name === 'answer' || b.name === 'tell') send(base, form([[b.name, b.value]]));
  });
  // Without a script a paper's own page moves it.
  $('[data-bulk-to]').closest('label').hidden = false;
  $('[data-bulk-to]').addEventListener('change', (e) => {
    const all = ticked();
    if (e.target.value && all.length) move(all, e.target.value, false); else if (e.target.value) say('Tick some papers first', 'bad');
    e.target.value = '';
  });
  document.addEventListener('change', (e) => { if (e.target.name === 'sel') count(); });
  document.addEventListener('focusin', () => {
    const c = card();
    if (c && c.tabIndex !== 0) { for (const other of $$('.card[tabindex="0"]')) other.tabIndex = -1; c.tabIndex = 0; }
  });

  // Keys. Those of one letter can be turned off (WCAG 2.1.4).
  const dialog = $('#keys');
  const on = $('[data-keys-on]');
  on.checked = localStorage.getItem('keys') !== 'off';
  on.addEventListener('change', () => localStorage.setItem('keys', on.checked ? 'on' : 'off'));
  const help = $('[data-keys]');
  help.hidden = false;
  help.addEventListener('click', () => dialog.showModal());
  const columns = () => $$('[data-column]');
  const go = (c, by) => {
    const all = cardsOf(c ? c.closest('[data-column]') : columns()[1]);
    choose(all[c ? Math.min(Math.max(all.indexOf(c) + by, 0), all.length - 1) : 0] || cardsOf(document)[0]);
  };
  const across = (c, to) => {
    const other = columns()[to];
    if (c.closest('[data-column]') === other) return;
    const top = c.getBoundingClientRect().top;
    const all = cardsOf(other);
    choose(all.find((o) => o.getBoundingClientRect().bottom > top) || all[all.length - 1]);
  };
  document.addEventListener('keydown', (e) => {
    if (dialog.open || e.ctrlKey || e.metaKey || e.altKey || e.isComposing) return;
    const at = e.target;
    const types = at.matches('textarea,select,input:not([type=checkbox])');
    if (e.key === 'Escape') { if (types) at.blur(); for (const b of $$('[name=sel]:checked')) b.checked = false; count(); return; }
    if (types) { if (e.key === 'ArrowDown' && at.id === 'f-words') { e.preventDefault(); go(null, 0); } return; }
    const c = card();
    const own = c && at === c;
    if (e.key === 'ArrowDown' || e.key === 'ArrowUp') {
      if (c && e.shiftKey) { e.preventDefault(); step(c, e.key === 'ArrowUp'); return; }
      if (c || at === body || at.id === 'main' || at.matches('[data-keys]')) { e.preventDefault(); go(c, e.key === 'ArrowDown' ? 1 : -1); }
      return;
    }
    if (own && (e.key === 'ArrowLeft' || e.key === 'ArrowRight')) { e.preventDefault(); across(c, e.key === 'ArrowRight' ? 1 : 0); return; }
    if (own && e.key === 'Enter') { e.preventDefault(); location.href = $('h3 a', c).href; return; }
    if (e.shiftKey && e.key !== '?' && e.key !== '/') return;
    if (!on.checked) return;
    if (e.key === '?') { e.preventDefault(); dialog.showModal(); return; }
    if (e.key === '/') { e.preventDefault(); fold_of.open = true; $('#f-words').focus(); return; }
    if (e.key === 'u') { undo(); return; }
    if (!c) return;
    const many = ticked();
    const cards = many.length ? many : [c];
    const word = { k: 'keep', m: 'maybe', d: 'drop', c: 'clear' }[e.key];
    if (word) { e.preventDefault(); decide(cards, word, true); return; }
    if (e.key === 'x') { const b = $('[name=sel]', c); b.checked = !b.checked; count(); return; }
    if (e.key === 'w') { const d = $('details', c); if (d) d.open = !d.open; return; }
    if (e.key === 'p') { pick(c); return; }
    if (/^[1-9]$/.test(e.key)) {
      const l = $$('[data-list^="in:"]')[Number(e.key) - 1];
      if (l) move(cards, l.dataset.list.slice(3), true);
    }
  });

  // Someone else may change the file: a text editor, the other person, the machine.
  const watch = async () => {
    try {
      if (!document.hidden && !busy && !line.length) {
        const before = sum;
        const state = await askState();
        // The file is gone or cannot be read any more: the board says so.
        if (!state && sum === before && !busy && !line.length) { location.reload(); return; }
        // What was changed here while the desk answered is no change of someone else.
        if (state && state.sum !== sum && sum === before && !busy && !line.length) {
          const types = document.activeElement && document.activeElement.matches('#lists input:not([type=checkbox])');
          if (!types) { await lists(); stands(state); say('The file was changed elsewhere: this is how it stands now'); }
        }
      }
    } catch { say('The desk does not answer. Is roundup curate still running?', 'bad'); }
    setTimeout(watch, 3000);
  };
  setTimeout(watch, 3000);

  prepare();
  if (location.hash.startsWith('#p-')) choose(document.getElementById(location.hash.slice(1)));
  body.dataset.ready = 'yes';
})();
