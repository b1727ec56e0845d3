/**
 * Keeps the content scripts registered for exactly the redirected sites, so
 * that a page is redirected, or left alone, before its first script.
 *
 * Scripts of one document run in the order of their ids: the content script
 * has to listen when the shim offers it the bridge.
 *
 * @module
 */
import { parsePattern, toBrowserPattern } from './match-pattern.js';

/** @typedef {chrome.scripting.RegisteredContentScript} Script */

const CONTENT_ID = '1-content';
const SHIM_ID = '2-shim';
/** What is compared to see whether a registration is up to date. */
const COMPARED = /** @type {(keyof Script)[]} */ (['matches', 'excludeMatches', 'js', 'world', 'runAt', 'allFrames', 'matchOriginAsFallback']);

/**
 * The registrations that a policy asks for.
 * @param {import('./policy.js').Settings} settings
 * @param {string[]} userSites
 * @returns {Script[]}
 */
export function wantedScripts({ allowlist, blocklist, allowUserSites, pageInterface }, userSites) {
  const own = allowUserSites ? userSites.map(parsePattern) : [];
  const matches = patterns([...allowlist, ...own]);
  if (matches.length === 0) return [];
  /** @type {Omit<Script, 'id'|'js'>} */
  const where = {
    matches,
    excludeMatches: patterns(blocklist),
    runAt: 'document_start',
    allFrames: true,
    matchOriginAsFallback: true,
    persistAcrossSessions: true,
  };
  return [
    { ...where, id: CONTENT_ID, world: 'ISOLATED', js: ['content.js'] },
    { ...where, id: SHIM_ID, world: 'MAIN', js: pageInterface ? ['shim.js'] : ['no-page-interface.js', 'shim.js'] },
  ];
}

/**
 * What leads from one set of registrations to another without a gap for those
 * in both.
 * @param {Script[]} present
 * @param {Script[]} wanted
 * @returns {{add: Script[], update: Script[], remove: string[]}}
 */
export function difference(present, wanted) {
  const ids = new Map(present.map(script => [script.id, script]));
  return {
    add: wanted.filter(({ id }) => !ids.has(id)),
    update: wanted.filter(script => {
      const other = ids.get(script.id);
      return other !== undefined && COMPARED.some(member => !same(script[member], other[member]));
    }),
    remove: present.filter(({ id }) => !wanted.some(script => script.id === id)).map(({ id }) => id),
  };
}

/** The registrations in the browser, one change at a time. */
export class Registration {
  #browser;
  #logs;
  /** @type {Promise<void>} */
  #last = Promise.resolve();

  /**
   * @param {import('./browser.js').Browser} browser
   * @param {import('./logs.js').Logs} logs
   */
  constructor(browser, logs) {
    this.#browser = browser;
    this.#logs = logs;
  }

  /**
   * @param {Script[]} wanted
   * @returns {Promise<void>} resolves when they are in force
   */
  apply(wanted) {
    this.#last = this.#last.then(() => this.#apply(wanted)).catch(error => {
      this.#logs.error('registration failed', { error: String(error) });
    });
    return this.#last;
  }

  /** @param {Script[]} wanted */
  async #apply(wanted) {
    const { add, update, remove } = difference(await this.#browser.registeredScripts(), wanted);
    if (remove.length) await this.#browser.unregisterScripts(remove);
    if (update.length) await this.#browser.updateScripts(update);
    if (add.length) await this.#browser.registerScripts(add);
    if (add.length || update.length || remove.length) {
      this.#logs.info('scripts registered', { sites: (wanted[0]?.matches ?? []).join(' ') });
    }
  }
}

/** @param {import('./match-pattern.js').MatchPattern[]} list */
function patterns(list) {
  return [...new Set(list.map(toBrowserPattern))].sort();
}

/**
 * The browser keeps patterns in an order of its own and leaves out empty lists.
 * @param {unknown} one
 * @param {unknown} other
 */
function same(one, other) {
  const normal = (/** @type {unknown} */ value) => JSON.stringify(Array.isArray(value) ? [...value].sort() : value ?? []);
  return normal(one) === normal(other);
}
