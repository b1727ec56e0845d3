/**
 * Which sites are redirected: the administrator's policy (managed storage),
 * and below it the sites that the person has added.
 *
 * The browser takes seconds for its first answer about the administrator's
 * policy, so the last answer is kept and used until the new one is there. In a
 * fresh profile there is none: nothing is redirected until then but what the
 * person switches on, and what the administrator forbids ends with the answer.
 *
 * @module
 */
import { matches, parsePattern } from './match-pattern.js';
import { isRecord } from './message.js';

/** @typedef {import('./match-pattern.js').MatchPattern} MatchPattern */
/** @typedef {import('./logs.js').Logs} Logs */

/**
 * The administrator's policy, checked, with defaults filled in.
 * @typedef {object} Settings
 * @property {MatchPattern[]} allowlist
 * @property {MatchPattern[]} blocklist
 * @property {boolean} allowUserSites
 * @property {'fail'|'native'} whenUnavailable
 * @property {boolean} pageInterface
 * @property {import('./logs.js').Level} logLevel
 * @property {boolean} managed whether an administrator has set anything
 * @property {string[]} problems what could not be used, and why
 */

/**
 * @typedef {object} Decision
 * @property {boolean} redirected
 * @property {'administrator'|'user'} by who decided; "user" may be changed in the popup
 */

const MAX_SITES = 1000;

/**
 * Checks a policy; what is malformed is left out and told in problems.
 * @param {unknown} managed
 * @returns {Settings}
 */
export function readSettings(managed) {
  const policy = isRecord(managed) ? managed : {};
  /** @type {string[]} */
  const problems = [];

  /** @param {string} name */
  const patterns = name => {
    const lines = policy[name] ?? [];
    if (!Array.isArray(lines)) {
      problems.push(`${name} is not a list`);
      return [];
    }
    return lines.slice(0, MAX_SITES).flatMap(line => {
      try {
        return [parsePattern(String(line))];
      } catch (error) {
        problems.push(`${name}: "${String(line).slice(0, 200)}" is left out: ${/** @type {Error} */ (error).message}`);
        return [];
      }
    });
  };

  /**
   * @template T
   * @param {string} name
   * @param {T[]} allowed the first one is the default
   * @returns {T}
   */
  const choice = (name, allowed) => {
    const value = policy[name];
    if (value === undefined) return allowed[0];
    const index = allowed.indexOf(/** @type {T} */ (value));
    if (index < 0) problems.push(`${name} is left out: it may be ${allowed.join(', ')}`);
    return allowed[Math.max(index, 0)];
  };

  return {
    allowlist: patterns('allowlist'),
    blocklist: patterns('blocklist'),
    allowUserSites: choice('allowUserSites', [true, false]),
    whenUnavailable: choice('whenUnavailable', /** @type {('fail'|'native')[]} */ (['fail', 'native'])),
    pageInterface: choice('pageInterface', [true, false]),
    logLevel: choice('logLevel', /** @type {import('./logs.js').Level[]} */ (['info', 'debug', 'warn', 'error'])),
    managed: Object.keys(policy).length > 0,
    problems,
  };
}

/**
 * @param {Settings} settings
 * @param {string[]} userSites origins that the person has added
 * @param {string} address origin or address of a page
 * @returns {Decision}
 */
export function decide(settings, userSites, address) {
  if (settings.blocklist.some(pattern => matches(pattern, address))) return { redirected: false, by: 'administrator' };
  if (settings.allowlist.some(pattern => matches(pattern, address))) return { redirected: true, by: 'administrator' };
  if (!settings.allowUserSites) return { redirected: false, by: 'administrator' };
  return { redirected: userSites.some(site => matches(parsePattern(site), address)), by: 'user' };
}

/**
 * The origin of an address if a person may list it.
 * @param {string} address
 * @returns {string|undefined} serialised origin
 */
export function siteOf(address) {
  if (!URL.canParse(address)) return undefined;
  const { origin } = new URL(address);
  try {
    parsePattern(origin);
    return origin;
  } catch {
    return undefined;
  }
}

/** The policy in force. */
export class Policy {
  /**
   * Called after every change.
   * @type {() => void}
   */
  onChange = () => {};
  settings = readSettings({});
  /** @type {string[]} */
  userSites = [];

  #browser;
  #logs;

  /**
   * @param {import('./browser.js').Browser} browser
   * @param {Logs} logs
   */
  constructor(browser, logs) {
    this.#browser = browser;
    this.#logs = logs;
    /** Resolves when the policy of the last time is in force again. */
    this.ready = this.#start();
    browser.onManagedChanged(() => void this.#refresh());
  }

  /** @param {string} address origin or address of a page */
  decide(address) {
    return decide(this.settings, this.userSites, address);
  }

  /**
   * Adds a site of the person's, or takes it away.
   * @param {string} address
   * @param {boolean} on
   */
  async setSite(address, on) {
    await this.ready;
    const site = siteOf(address);
    if (!site || (on && !this.settings.allowUserSites)) return;
    const others = this.userSites.filter(each => each !== site);
    if (on && others.length >= MAX_SITES) return;
    this.userSites = on ? [...others, site].sort() : others;
    this.#logs.info(on ? 'site added' : 'site removed', { site });
    await this.#browser.save('local', 'userSites', this.userSites);
    this.onChange();
  }

  async #start() {
    const [cached, sites] = await Promise.all([
      this.#browser.load('local', 'managed'),
      this.#browser.load('local', 'userSites'),
    ]);
    if (Array.isArray(sites)) {
      this.userSites = sites.filter(site => typeof site === 'string' && siteOf(site) === site).slice(0, MAX_SITES);
    }
    if (cached !== undefined) this.#apply(cached);
    void this.#refresh();
  }

  async #refresh() {
    let managed;
    try {
      managed = await this.#browser.loadManaged();
    } catch (error) {
      this.#logs.warn('policy unreadable', { error: String(error) });
      return;
    }
    await this.#browser.save('local', 'managed', managed);
    this.#apply(managed);
  }

  /** @param {unknown} managed */
  #apply(managed) {
    const settings = readSettings(managed);
    if (JSON.stringify(settings) === JSON.stringify(this.settings)) return;
    this.settings = settings;
    this.#logs.level = settings.logLevel;
    for (const problem of settings.problems) this.#logs.warn('policy problem', { problem });
    this.#logs.info('policy applied', { allowlist: settings.allowlist.length, blocklist: settings.blocklist.length });
    this.onChange();
  }
}
