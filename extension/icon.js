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

  /** @param {import('./browser.js').Browser} browser */
  constructor(browser) {
    this.#browser = browser;
  }

  /**
   * @param {number} tabId
   * @param {TabState} state
   */
  show(tabId, state) {
    return this.#browser.showIcon(tabId, iconPaths(state), `Nearend: ${WORDS[state]}`);
  }
}
