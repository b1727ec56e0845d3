/**
 * The toolbar icon of each tab.
 *
 * @module
 */
import { WORDS } from './tab-state.js';

/** @typedef {import('./tab-state.js').TabState} TabState */

const SIZES = [16, 32, 48, 128];

/**
 * @param {TabState} state
 * @returns {Record<number, string>} path by size
 */
export function iconPaths(state) {
  return Object.fromEntries(SIZES.map(size => [size, `/icons/${state}-${size}.png`]));
}

/** Shows states; the browser itself goes back to "off" when a tab navigates. */
export class Icon {
  #browser;
  /**
   * The last wish for each tab that is being shown something: the browser
   * loads images meanwhile and would let wishes overtake each other.
   * @type {Map<number, {state: TabState}>}
   */
  #wishes = new Map();

  /** @param {import('./browser.js').Browser} browser */
  constructor(browser) {
    this.#browser = browser;
  }

  /**
   * @param {number} tabId
   * @param {TabState} state
   * @returns {Promise<void>} resolves at once when an earlier call will show it
   */
  async show(tabId, state) {
    const busy = this.#wishes.has(tabId);
    this.#wishes.set(tabId, { state });
    if (busy) return;
    for (let shown; shown !== this.#wishes.get(tabId);) {
      shown = this.#wishes.get(tabId);
      if (shown) await this.#browser.showIcon(tabId, iconPaths(shown.state), `Nearend: ${WORDS[shown.state]}`);
    }
    this.#wishes.delete(tabId);
  }
}
