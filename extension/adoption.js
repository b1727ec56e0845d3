/**
 * Finds documents again that have a shim but no port to this service worker:
 * the worker was stopped meanwhile, or the extension reloaded, which leaves
 * their content scripts orphaned. Only documents that had a shim before are
 * touched, by the browser's own id of the document.
 *
 * @module
 */

/** @typedef {{tabId: number, documentId: string}} Shimmed */
/** @typedef {import('./document.js').Document} Document */

/** What the service worker asks a content script that it does not know. */
export const RECONNECT = 'nearend:reconnect';

/** The list of documents with a shim, kept across reloads of the extension. */
export class Adoption {
  /** @type {Map<string, Shimmed>} */
  #shimmed = new Map();
  #browser;
  #logs;

  /**
   * @param {import('./browser.js').Browser} browser
   * @param {import('./logs.js').Logs} logs
   */
  constructor(browser, logs) {
    this.#browser = browser;
    this.#logs = logs;
    /** Resolves when the documents of earlier service workers are back. */
    this.ready = this.#adopt();
  }

  /** @param {Document} document */
  remember({ identity: { tabId, documentId } }) {
    if (!documentId) return;
    this.#shimmed.set(documentId, { tabId, documentId });
    void this.#save();
  }

  /** @param {Document} document */
  forget({ identity: { documentId } }) {
    if (documentId && this.#shimmed.delete(documentId)) void this.#save();
  }

  async #adopt() {
    const earlier = await this.#browser.load('local', 'shimmed');
    if (!Array.isArray(earlier)) return;
    await Promise.all(earlier.map(async each => {
      if (await this.#reach(each)) this.#shimmed.set(each.documentId, each);
    }));
    this.#logs.info('documents found again', { before: earlier.length, now: this.#shimmed.size });
    await this.#save();
  }

  /**
   * @param {Shimmed} shimmed
   * @returns {Promise<boolean>} false when the document is gone
   */
  async #reach({ tabId, documentId }) {
    try {
      return await this.#browser.sendToDocument(tabId, documentId, RECONNECT) === true;
    } catch {
      // Nobody listens there: the content script is an orphan, or the document is gone.
    }
    try {
      await this.#browser.injectInto(tabId, documentId, 'content.js');
      return true;
    } catch {
      return false;
    }
  }

  #save() {
    return this.#browser.save('local', 'shimmed', [...this.#shimmed.values()]);
  }
}
