/**
 * The popup. Opened as a page, "popup.html?tab=…" is about that tab instead of
 * the one in front.
 *
 * @module
 */
import * as browser from '../browser.js';
import { byId, element, showVersions, watch } from '../pages.js';

const popup = byId('popup', HTMLElement);
const icon = byId('icon', HTMLImageElement);
const reload = byId('reload', HTMLButtonElement);
const toggle = byId('toggle', HTMLInputElement);
const collect = byId('collect', HTMLButtonElement);
const collected = byId('collected', HTMLElement);

const asked = Number(new URLSearchParams(location.search).get('tab') ?? NaN);
const tab = Number.isSafeInteger(asked) ? asked : await browser.activeTab();
const ask = watch(tab, { onView: show, onBundle: save });
let site = '';

/** @param {import('../view.js').View} view */
function show(view) {
  popup.dataset.state = view.state;
  popup.ariaBusy = 'false';
  icon.src = `../icons/${view.state}-128.png`;
  byId('state', HTMLElement).textContent = view.title;
  site = view.site.name;
  byId('site', HTMLElement).textContent = site ? new URL(site).host : 'This page has no calls to redirect';
  byId('notes', HTMLElement).replaceChildren(...view.notes.map(note => element('p', note)));
  byId('switch', HTMLElement).hidden = !site;
  byId('locked', HTMLElement).hidden = !view.site.locked;
  toggle.checked = view.site.on;
  toggle.disabled = view.site.locked;
  reload.hidden = !view.reload;
  byId('retry', HTMLButtonElement).hidden = view.state !== 'unreachable';
  showVersions(byId('versions', HTMLElement), view.components);
}

/**
 * Saves the bundle as a file; the person decides where it goes from there.
 * @param {unknown} bundle
 */
function save(bundle) {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([JSON.stringify(bundle, null, 2)], { type: 'application/json' }));
  link.download = `nearend-logs-${new Date().toISOString().slice(0, 19).replace(/[:T]/g, '-')}.json`;
  link.click();
  collect.disabled = false;
  collected.textContent = `Saved as ${link.download}. Call contents, addresses and passwords are left out.`;
  collected.hidden = false;
}

toggle.addEventListener('change', () => ask({ ask: 'setSite', site, on: toggle.checked }));
reload.addEventListener('click', () => void browser.reloadTab(tab));
byId('retry', HTMLButtonElement).addEventListener('click', () => ask({ ask: 'retry' }));
byId('options', HTMLButtonElement).addEventListener('click', () => void browser.openOptions());
collect.addEventListener('click', () => {
  collect.disabled = true;
  ask({ ask: 'collect' });
});
