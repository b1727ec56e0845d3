/**
 * What popup and options page share: the connection to the service worker,
 * and the list of versions.
 *
 * @module
 */
import * as browser from './browser.js';

/** @typedef {import('./view.js').View} View */

const NAMES = new Map([['extension', 'Extension'], ['nativehost', 'Native messaging host'], ['endpoint', 'Endpoint']]);

/**
 * Keeps asking the service worker about a tab; it may be stopped meanwhile.
 * @param {number} tab -1 for none
 * @param {{onView: (view: View) => void, onBundle?: (bundle: unknown) => void}} handlers
 * @returns {(question: object) => void} asks something else
 */
export function watch(tab, { onView, onBundle = () => {} }) {
  /** @type {chrome.runtime.Port} */
  let port;
  const open = () => {
    port = browser.connect('panel');
    port.onMessage.addListener(({ view, bundle }) => {
      if (view) onView(view);
      if (bundle) onBundle(bundle);
    });
    port.onDisconnect.addListener(open);
    port.postMessage({ ask: 'watch', tab });
  };
  open();
  return question => port.postMessage(question);
}

/**
 * @template {HTMLElement} T
 * @param {string} id
 * @param {{new (): T}} type
 * @returns {T}
 */
export function byId(id, type) {
  const found = document.getElementById(id);
  if (!(found instanceof type)) throw new TypeError(`The page has no ${type.name} ${id}.`);
  return found;
}

/**
 * @param {string} name of an element
 * @param {string} text
 */
export function element(name, text) {
  return Object.assign(document.createElement(name), { textContent: text });
}

/**
 * @param {HTMLElement} list
 * @param {View['components']} components
 */
export function showVersions(list, components) {
  list.replaceChildren(...components.flatMap(({ name, version, platform }) => {
    const value = element('dd', version || 'not reached');
    value.classList.toggle('missing', !version);
    value.title = platform;
    return [element('dt', NAMES.get(name) ?? name), value];
  }));
}
