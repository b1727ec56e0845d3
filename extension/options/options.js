/**
 * The options page: the person's own sites, and what the administrator has set.
 *
 * @module
 */
import { byId, element, showVersions, watch } from '../pages.js';
import { parsePattern } from '../match-pattern.js';
import { siteOf } from '../policy.js';

const address = byId('address', HTMLInputElement);
const mistake = byId('mistake', HTMLElement);
const ask = watch(-1, { onView: show });

/** @param {import('../view.js').View} view */
function show({ userSites, managed, components, fault }) {
  byId('sites', HTMLElement).replaceChildren(...userSites.map(siteRow));
  const locked = managed !== undefined && !managed.allowUserSites;
  byId('own', HTMLElement).hidden = locked && userSites.length === 0;
  byId('none', HTMLElement).hidden = userSites.length > 0;
  byId('add', HTMLFormElement).hidden = locked;
  byId('managed', HTMLElement).hidden = managed === undefined;
  if (managed) {
    byId('choices', HTMLElement).replaceChildren(...managed.choices.map(choice => element('li', choice)));
    showList('allowlist', managed.allowlist);
    showList('blocklist', managed.blocklist);
    showList('problems', managed.problems);
  }
  showVersions(byId('versions', HTMLElement), components);
  byId('fault', HTMLElement).textContent = fault;
  byId('fault', HTMLElement).hidden = !fault;
}

/** @param {string} site */
function siteRow(site) {
  const row = element('li', site);
  const remove = element('button', 'Remove');
  remove.addEventListener('click', () => ask({ ask: 'setSite', site, on: false }));
  row.append(remove);
  return row;
}

/**
 * @param {string} id of the block around the list
 * @param {string[]} lines
 */
function showList(id, lines) {
  const block = byId(id, HTMLElement);
  block.hidden = lines.length === 0;
  block.querySelector('ul')?.replaceChildren(...lines.map(line => element('li', line)));
}

/**
 * @param {string} text as typed: an address, with or without https://
 * @returns {string} the origin
 */
function typedSite(text) {
  const full = /^[a-z]+:\/\//i.test(text) ? text : `https://${text}`;
  const site = siteOf(full);
  if (site) return site;
  parsePattern(full);
  throw new SyntaxError('write one site, like https://phone.example.com');
}

byId('add', HTMLFormElement).addEventListener('submit', event => {
  event.preventDefault();
  try {
    ask({ ask: 'setSite', site: typedSite(address.value.trim()), on: true });
    address.value = '';
    mistake.hidden = true;
  } catch (error) {
    mistake.textContent = `This site cannot be added: ${/** @type {Error} */ (error).message}.`;
    mistake.hidden = false;
  }
});
