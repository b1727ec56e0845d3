/**
 * Initial documents of frames. A frame has an empty document of its parent's
 * origin before its address loads, and keeps it when that never happens; no
 * content script runs there. A page that reaches into it must find what it finds
 * in its own window. (Measured: frames and windows without an address have a
 * content script at once.) The one way that cannot be watched is an index or a
 * name on the window itself, `window[0]`, before the address has loaded.
 * @module
 */
import { apply, functionToString, getOwnPropertyDescriptor, getter } from './natives.js';
import { replaceMembers } from './idl.js';

const includes = (/** @type {string} */ text, /** @type {string} */ part) => text.indexOf(part) >= 0;

/**
 * @param {any} window
 * @param {(window: any) => void} install makes a window what this one is
 */
export function installFrames(window, install) {
  for (const name of ['HTMLIFrameElement', 'HTMLFrameElement', 'HTMLObjectElement', 'HTMLEmbedElement']) {
    const prototype = window[name]?.prototype;
    if (!prototype || !getOwnPropertyDescriptor(prototype, 'contentWindow')) continue;
    const contentWindow = getter(prototype, 'contentWindow');
    const contentDocument = getter(prototype, 'contentDocument');
    replaceMembers(prototype, {
      /** @this {any} */
      get contentWindow() {
        const inner = contentWindow(this);
        redirect(inner, install);
        return inner;
      },
      /** @this {any} */
      get contentDocument() {
        const document = contentDocument(this);
        if (document) redirect(contentWindow(this), install);
        return document;
      },
    });
  }
  for (const name of ['frames', 'length']) {
    const get = getOwnPropertyDescriptor(window, name)?.get;
    if (get) watchList(window, name, get, install);
  }
}

/**
 * A page that looks at the list of a window's frames is about to take one.
 * @param {any} window
 * @param {string} name of the attribute
 * @param {Function} get
 * @param {(window: any) => void} install
 */
function watchList(window, name, get, install) {
  const members = {
    /** @this {any} */
    get [name]() {
      const list = apply(get, this, []);
      // Both attributes are the same window's, whoever asks.
      for (let at = 0; window[at]; at++) redirect(window[at], install);
      return list;
    },
  };
  replaceMembers(window, members);
}

/**
 * Makes a window what this one is, if it is of this origin and still untouched.
 * @param {any} inner
 * @param {(window: any) => void} install
 */
function redirect(inner, install) {
  try {
    const { RTCPeerConnection } = inner;
    // The pristine toString tells native code from a shim, whatever that says of itself.
    if (typeof RTCPeerConnection === 'function' && includes(functionToString(RTCPeerConnection), '[native code]')) {
      install(inner);
    }
  } catch {
    // Of another origin: it has its own way.
  }
}
