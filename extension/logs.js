/**
 * The extension's own log: a bounded ring of redacted events. It outlives the
 * service worker but not the browser, and leaves the machine only in a bundle
 * that the person saves.
 *
 * @module
 */
import { redact, redactValue } from './redact.js';

/** @typedef {'debug'|'info'|'warn'|'error'} Level */

/**
 * @typedef {object} LogEvent
 * @property {string} time ISO 8601
 * @property {Level} level
 * @property {string} event
 * @property {Record<string, string|number|boolean>} [fields]
 */

const CAPACITY = 500;
const SAVE_DELAY_MS = 500;
/** @type {Level[]} */
const ORDER = ['debug', 'info', 'warn', 'error'];

/** The ring. When it is full the oldest event goes. */
export class Logs {
  /**
   * Events below it are not kept.
   * @type {Level}
   */
  level = 'info';

  /** @type {LogEvent[]} */
  #events = [];
  #browser;
  #saving = false;

  /** @param {import('./browser.js').Browser} browser */
  constructor(browser) {
    this.#browser = browser;
    /** Resolves when the events of earlier service workers are back. */
    this.ready = this.#restore();
  }

  /** Oldest first. */
  get events() {
    return [...this.#events];
  }

  /** @param {string} event @param {Record<string, unknown>} [fields] */
  debug(event, fields) { this.#add('debug', event, fields); }

  /** @param {string} event @param {Record<string, unknown>} [fields] */
  info(event, fields) { this.#add('info', event, fields); }

  /** @param {string} event @param {Record<string, unknown>} [fields] */
  warn(event, fields) { this.#add('warn', event, fields); }

  /** @param {string} event @param {Record<string, unknown>} [fields] */
  error(event, fields) { this.#add('error', event, fields); }

  /**
   * @param {Level} level
   * @param {string} event
   * @param {Record<string, unknown>} [fields]
   */
  #add(level, event, fields) {
    if (ORDER.indexOf(level) < ORDER.indexOf(this.level)) return;
    /** @type {LogEvent} */
    const entry = { time: new Date().toISOString(), level, event };
    if (fields) {
      entry.fields = Object.fromEntries(Object.entries(fields).map(([name, value]) => [name,
        typeof value === 'number' || typeof value === 'boolean' ? value : redact(String(value))]));
    }
    this.#events.push(entry);
    if (this.#events.length > CAPACITY) this.#events.shift();
    this.#saveSoon();
  }

  async #restore() {
    const earlier = await this.#browser.load('session', 'logs');
    if (Array.isArray(earlier)) this.#events = [...earlier, ...this.#events].slice(-CAPACITY);
  }

  #saveSoon() {
    if (this.#saving) return;
    this.#saving = true;
    setTimeout(async () => {
      await this.ready;
      this.#saving = false;
      await this.#browser.save('session', 'logs', this.#events);
    }, SAVE_DELAY_MS);
  }
}

/**
 * Puts together what the "Collect logs" button saves. A component that cannot
 * be asked is in it with the reason.
 * @param {object} parts
 * @param {Record<string, unknown>} parts.about versions, policy and states
 * @param {LogEvent[]} parts.extension
 * @param {() => Promise<unknown>} parts.nativehost asks for LogsResult
 * @param {() => Promise<unknown>} parts.endpoint asks for LogsResult
 */
export async function collectBundle({ about, extension, nativehost, endpoint }) {
  const [host, end] = await Promise.all([linesOf(nativehost), linesOf(endpoint)]);
  return { product: 'Nearend', collectedAt: new Date().toISOString(), ...about, logs: { extension, nativehost: host, endpoint: end } };
}

/**
 * @param {() => Promise<unknown>} ask
 * @returns {Promise<{lines: unknown[]}|{error: string}>}
 */
async function linesOf(ask) {
  try {
    const { lines } = /** @type {{lines?: unknown}} */ (await ask());
    return { lines: (Array.isArray(lines) ? lines : []).map(line => readable(String(line))) };
  } catch (error) {
    return { error: /** @type {Error} */ (error).message };
  }
}

/**
 * @param {string} line JSON, or text where a component wrote something else
 * @returns {unknown} redacted
 */
function readable(line) {
  try {
    return redactValue(JSON.parse(line));
  } catch {
    return redact(line);
  }
}
