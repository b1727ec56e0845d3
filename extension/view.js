/**
 * What popup and options page show, in words.
 *
 * @module
 */
import { wordsOf } from './link-fault.js';
import { toBrowserPattern } from './match-pattern.js';
import { siteOf } from './policy.js';
import { WORDS, tabState } from './tab-state.js';

/** @typedef {import('./native-port.js').Link} Link */
/** @typedef {import('./policy.js').Settings} Settings */
/** @typedef {import('./policy.js').Decision} Decision */
/** @typedef {import('./document.js').Document} Document */

/**
 * @typedef {object} View
 * @property {import('./tab-state.js').TabState} state
 * @property {string} title the state
 * @property {string[]} notes what happened and what to do, in sentences
 * @property {boolean} reload the page has to be reloaded before the switch takes effect
 * @property {{name: string, on: boolean, locked: boolean}} site of the tab; without a name it cannot be redirected
 * @property {{name: string, version: string, platform: string}[]} components without version when not reached
 * @property {string} fault why the native messaging host is not reached; empty when it is
 * @property {string[]} userSites
 * @property {ManagedView|undefined} managed undefined when no administrator has set anything
 */

/**
 * @typedef {object} ManagedView
 * @property {string[]} allowlist
 * @property {string[]} blocklist
 * @property {boolean} allowUserSites
 * @property {string[]} choices the rest, in sentences
 * @property {string[]} problems what could not be used
 */

/**
 * @typedef {object} Circumstances
 * @property {string} address of the tab; empty when it has none or is not known
 * @property {Decision} decision about address
 * @property {Document[]} documents of the tab
 * @property {Document[]} redirected those of them that the policy redirects
 * @property {Link} link
 * @property {Settings} settings
 * @property {string[]} userSites
 * @property {{name: string, version: string, platform: string}} extension
 */

/**
 * @param {Circumstances} about
 * @returns {View}
 */
export function describe(about) {
  const { address, decision, documents, redirected, link, settings, userSites } = about;
  const site = siteOf(address);
  const state = tabState({
    redirected: site !== undefined && decision.redirected,
    documents: redirected.length,
    inCall: documents.some(document => document.inCall),
    link: link.state,
  });
  const shimmed = documents.some(({ identity }) => identity.origin === site);
  const waiting = settings.whenUnavailable === 'native' && link.state !== 'connected';
  const reload = site !== undefined && decision.redirected !== shimmed && !waiting;
  return {
    state,
    title: WORDS[state],
    notes: notesOf(about, { state, site, reload }),
    reload,
    site: { name: site ?? '', on: decision.redirected, locked: decision.by === 'administrator' },
    components: componentsOf(about),
    fault: link.state === 'lost' && link.fault ? wordsOf(link.fault) : '',
    userSites,
    managed: settings.managed ? managedOf(settings) : undefined,
  };
}

/**
 * @param {Circumstances} about
 * @param {{state: View['state'], site: string|undefined, reload: boolean}} result
 * @returns {string[]}
 */
function notesOf({ decision, documents, redirected, link, settings }, { state, site, reload }) {
  const notes = [];
  if (state === 'unreachable') {
    if (link.fault) notes.push(link.fault.summary, link.fault.action);
    notes.push(settings.whenUnavailable === 'native'
      ? 'Until it can be reached, pages that you open use the browser itself for calls.'
      : 'Calls on this site fail until it can be reached.');
  }
  if (state === 'ready') notes.push('Calls on this page use the microphone and the speakers of your own computer.');
  if (state === 'call') {
    notes.push(documents.some(({ status }) => status.capturing)
      ? 'The microphone of your own computer is in use.'
      : 'The microphone is not in use.');
  }
  if (site === undefined && state === 'off') notes.push('Only secure pages (https) can be redirected.');
  if (reload) notes.push(decision.redirected ? 'Reload the page to redirect its calls.' : 'Reload the page to stop redirecting its calls.');
  const frames = [...new Set(redirected.map(({ identity }) => identity.origin).filter(origin => origin !== site))];
  if (frames.length) notes.push(`Redirected inside this page: ${frames.join(', ')}.`);
  return notes.filter(Boolean);
}

/** @param {Circumstances} about */
function componentsOf({ extension, link }) {
  const reached = link.state === 'connected' ? link.components : [];
  return [extension, ...['nativehost', 'endpoint'].map(name => {
    const { version = '', platform = '' } = reached.find(component => component.name === name) ?? {};
    return { name, version, platform };
  })];
}

/**
 * @param {Settings} settings
 * @returns {ManagedView}
 */
function managedOf(settings) {
  return {
    allowlist: settings.allowlist.map(toBrowserPattern),
    blocklist: settings.blocklist.map(toBrowserPattern),
    allowUserSites: settings.allowUserSites,
    choices: [
      settings.allowUserSites ? 'You may add sites of your own.' : 'Only the administrator may add sites.',
      settings.whenUnavailable === 'native'
        ? 'When the native messaging host cannot be reached, pages use the browser itself for calls.'
        : 'When the native messaging host cannot be reached, calls fail.',
      settings.pageInterface ? 'Pages can see that calls are redirected.' : 'Pages are not told that calls are redirected.',
    ],
    problems: settings.problems,
  };
}
