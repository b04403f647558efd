// What Gmail, Outlook and Apple Mail know of the HTML and CSS of the emails.
import { caniemail } from 'caniemail';
import { allowed, done, emails, figure, finding, text } from './lib.mjs';

const CLIENTS = ['gmail.*', 'outlook.*', 'apple-mail.*'];
const fits = (pattern, client) => pattern === client || (pattern.endsWith('.*') && client.startsWith(pattern.slice(0, -1)));

const met = new Set();
for (const file of emails) {
  const { issues } = caniemail({ clients: CLIENTS, html: text(file) });
  const unknown = new Map();
  let let_pass = 0;
  for (const [client, list] of issues.errors) {
    for (const { title } of list) {
      const rule = allowed.clients.find((r) => r.feature === title && r.clients.some((p) => fits(p, client)));
      if (rule) { met.add(rule); let_pass += 1; } else unknown.set(title, [...(unknown.get(title) || []), client]);
    }
  }
  for (const [title, clients] of unknown) finding('clients', file, title + ' is not known to ' + clients.join(', '));
  figure('clients', file, let_pass + ' allowed, ' + unknown.size + ' not');
}
for (const rule of allowed.clients) {
  if (!met.has(rule)) finding('clients', 'allowed.json', '"' + rule.feature + '" is used by no email any more');
}
done('clients', emails);
