/**
 * The browser as the rest of the extension sees it. No other file touches
 * chrome.*; tests put a double in the place of this module.
 *
 * @module
 */

/** @typedef {typeof import('./browser.js')} Browser */

/**
 * @typedef {object} NativeConnection
 * @property {(message: object) => void} postMessage
 * @property {() => void} disconnect
 */

// Runtime

/** @returns {string} */
export const extensionVersion = () => chrome.runtime.getManifest().version;

/** @param {string} path @returns {string} the address of a file of the extension */
export const extensionUrl = path => chrome.runtime.getURL(path);

/**
 * False in a content script that has outlived its extension (reload, update).
 * @returns {boolean}
 */
export const isAlive = () => chrome.runtime?.id !== undefined;

/** @returns {Promise<string>} for people: "linux/x86-64" */
export async function platform() {
  const { os, arch } = await chrome.runtime.getPlatformInfo();
  return `${os}/${arch}`;
}

/** @param {() => void} listener */
export function onWake(listener) {
  chrome.runtime.onStartup.addListener(listener);
  chrome.runtime.onInstalled.addListener(listener);
}

/** @param {(port: chrome.runtime.Port) => void} listener */
export const onConnect = listener => chrome.runtime.onConnect.addListener(listener);

/** @param {string} name */
export const connect = name => chrome.runtime.connect({ name });

/**
 * Takes messages of this extension only; listener returns the answer.
 * @param {(message: unknown) => unknown} listener
 */
export function onMessage(listener) {
  chrome.runtime.onMessage.addListener((message, _sender, answer) => answer(listener(message)));
}

/**
 * Starts the native messaging host of that name.
 * @param {string} name
 * @param {{onMessage: (message: unknown) => void, onDisconnect: (reason: string) => void}} handlers
 *   reason is the browser's own message, empty when it gives none
 * @returns {NativeConnection}
 */
export function connectNative(name, { onMessage, onDisconnect }) {
  const port = chrome.runtime.connectNative(name);
  port.onMessage.addListener(onMessage);
  port.onDisconnect.addListener(() => onDisconnect(chrome.runtime.lastError?.message ?? ''));
  return port;
}

// Storage

/**
 * @param {'local'|'session'} area
 * @param {string} key
 * @returns {Promise<unknown>}
 */
export const load = async (area, key) => (await chrome.storage[area].get(key))[key];

/**
 * @param {'local'|'session'} area
 * @param {string} key
 * @param {unknown} value
 */
export const save = (area, key, value) => chrome.storage[area].set({ [key]: value });

/** Keeps content scripts, and so a page that has broken out of its bounds, away from local storage. */
export const guardStorage = () => chrome.storage.local.setAccessLevel({ accessLevel: 'TRUSTED_CONTEXTS' });

/**
 * The administrator's policy. The first call of a browser session takes
 * seconds.
 * @returns {Promise<Record<string, unknown>>}
 */
export const loadManaged = () => chrome.storage.managed.get();

/** @param {() => void} listener called when the administrator's policy changes */
export function onManagedChanged(listener) {
  chrome.storage.onChanged.addListener((_changes, area) => {
    if (area === 'managed') listener();
  });
}

// Content scripts

/** @returns {Promise<chrome.scripting.RegisteredContentScript[]>} */
export const registeredScripts = () => chrome.scripting.getRegisteredContentScripts();

/** @param {chrome.scripting.RegisteredContentScript[]} scripts */
export const registerScripts = scripts => chrome.scripting.registerContentScripts(scripts);

/** @param {chrome.scripting.RegisteredContentScript[]} scripts */
export const updateScripts = scripts => chrome.scripting.updateContentScripts(scripts);

/** @param {string[]} ids */
export const unregisterScripts = ids => chrome.scripting.unregisterContentScripts({ ids });

/**
 * Runs a file in the ISOLATED world of one document.
 * @param {number} tabId
 * @param {string} documentId the browser's own id of the document
 * @param {string} file
 */
export const injectInto = (tabId, documentId, file) =>
  chrome.scripting.executeScript({ target: { tabId, documentIds: [documentId] }, files: [file] });

/**
 * @param {number} tabId
 * @param {string} documentId
 * @param {unknown} message
 * @returns {Promise<unknown>} rejects when no content script listens there
 */
export const sendToDocument = (tabId, documentId, message) => chrome.tabs.sendMessage(tabId, message, { documentId });

// Tabs and toolbar

/**
 * @param {number} tabId
 * @returns {Promise<string>} the tab's address; empty when it is gone or not ours to know
 */
export async function tabUrl(tabId) {
  try {
    return (await chrome.tabs.get(tabId)).url ?? '';
  } catch {
    return '';
  }
}

/** @returns {Promise<number>} the tab in front in this window; -1 when there is none */
export async function activeTab() {
  const [tab] = await chrome.tabs.query({ active: true, currentWindow: true });
  return tab?.id ?? -1;
}

/** @param {number} tabId */
export const reloadTab = tabId => chrome.tabs.reload(tabId);

/** Opens the options page. */
export const openOptions = () => chrome.runtime.openOptionsPage();

/**
 * Shows an icon and title for a tab until it navigates.
 * @param {number} tabId
 * @param {Record<number, string>} path
 * @param {string} title
 * @returns {Promise<void>} also when the tab is gone
 */
export async function showIcon(tabId, path, title) {
  try {
    await chrome.action.setIcon({ tabId, path });
    await chrome.action.setTitle({ tabId, title });
  } catch {
    // The tab was closed meanwhile; there is nothing left to show it on.
  }
}
