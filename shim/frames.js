/**
 * Initial documents of frames. A frame has an empty document of its parent's
 * origin before its address loads, and keeps it when that never happens; no
 * content script runs there. A page that reaches into it must find what it finds
 * in its own window.
 * @module
 */
import { functionToString, getOwnPropertyDescriptor, getter } from './natives.js';
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
