/**
 * Playback of an element that the platform refuses to start.
 *
 * Autoplay: a page that captures the microphone natively may play sound without
 * a gesture; one that holds only stand-ins may not, as the platform sees a
 * silent stream and no capture. The element then stays paused underneath, and
 * what the page sees of playing (HTML, section 4.8.11.8) is made here. There is
 * nothing to render: the sound is the endpoint's.
 *
 * @module
 */
import {
  Promise, arrayForEach, arrayPush, clearInterval, now, resolvedPromise, setInterval, setTimeout,
} from './natives.js';
import {
  MutationObserver, elementCurrentTime, elementReadyState, isConnected, observe, ownerDocument, rootNode, stopObserving,
} from './media-natives.js';
import { domException } from './errors.js';
import { fire } from './event-target.js';
import { mediaChanged } from './media-changes.js';

/** HTML: readyState from which an element plays. */
const HAVE_FUTURE_DATA = 3;
/** Milliseconds between timeupdate events, as Chromium has them. */
const TIME_UPDATE = 250;

/**
 * @typedef {{resolve: (value: undefined) => void, reject: (reason: any) => void}} Pending
 */

/**
 * The made-up playing of one element. Refers to the element weakly while idle,
 * strongly while playing, as the platform keeps playing elements alive.
 */
export class SilentPlayback {
  /** @type {any} set while playing */
  #element;
  /** @type {Pending[]} promises of play() that wait for data */
  #pending = [];
  /** Seconds played before the present stretch. */
  #elapsed = 0;
  /** performance.now() at the start of the present stretch; NaN while it waits for data. */
  #since = NaN;
  /** @type {any} */
  #timer;
  /** @type {any} */
  #removal;

  /** True while the page must see the element playing. */
  get playing() {
    return this.#element !== undefined;
  }

  /** Seconds played. @param {any} element */
  currentTime(element) {
    if (this.#elapsed === 0 && !this.playing) return elementCurrentTime(element);
    return this.#elapsed + (this.#since >= 0 ? (now() - this.#since) / 1000 : 0);
  }

  /**
   * HTML, "internal play steps".
   * @param {any} element
   * @returns {Promise<undefined>}
   */
  play(element) {
    const ready = elementReadyState(element) >= HAVE_FUTURE_DATA;
    if (!this.playing) {
      this.#element = element;
      this.#watchRemoval();
      later(() => {
        fire(element, 'play');
        if (!ready) fire(element, 'waiting');
      });
      if (ready) this.#start();
      mediaChanged();
    } else if (ready) {
      return resolvedPromise(undefined);
    }
    return new Promise((/** @type {any} */ resolve, /** @type {any} */ reject) => {
      arrayPush(this.#pending, { resolve, reject });
    });
  }

  /** The element has data to play. */
  dataArrived() {
    if (this.playing && !(this.#since >= 0)) this.#start();
  }

  /** HTML, "internal pause steps". */
  pause() {
    const element = this.#element;
    if (!element) return;
    this.#stop();
    const refused = this.#take();
    later(() => {
      fire(element, 'timeupdate');
      fire(element, 'pause');
      rejectAll(refused, 'The play() request was interrupted by a call to pause().');
    });
  }

  /** HTML, "media element load algorithm": another source takes the place of this one. */
  reset() {
    const refused = this.#take();
    this.#stop();
    this.#elapsed = 0;
    rejectAll(refused, 'The play() request was interrupted by a new load request.');
  }

  #start() {
    const element = this.#element;
    this.#since = now();
    this.#timer = setInterval(() => fire(element, 'timeupdate'), TIME_UPDATE);
    later(() => {
      if (this.#element !== element) return;
      fire(element, 'playing');
      arrayForEach(this.#take(), (/** @type {Pending} */ { resolve }) => resolve(undefined));
    });
  }

  #stop() {
    if (this.#since >= 0) this.#elapsed += (now() - this.#since) / 1000;
    this.#since = NaN;
    clearInterval(this.#timer);
    if (this.#removal) stopObserving(this.#removal);
    this.#removal = undefined;
    this.#element = undefined;
    mediaChanged();
  }

  #take() {
    const pending = this.#pending;
    this.#pending = [];
    return pending;
  }

  /** HTML: an element that is removed from its document pauses. */
  #watchRemoval() {
    const element = this.#element;
    if (!isConnected(element)) return;
    this.#removal = new MutationObserver(() => { if (!isConnected(element)) this.pause(); });
    const scope = { childList: true, subtree: true };
    const document = ownerDocument(element);
    observe(this.#removal, document, scope);
    const root = rootNode(element);
    if (root !== document) observe(this.#removal, root, scope);
  }
}

/** Queues a media element task. @param {() => void} task */
function later(task) {
  setTimeout(task, 0);
}

/** @param {Pending[]} pending @param {string} message */
function rejectAll(pending, message) {
  arrayForEach(pending, (/** @type {Pending} */ { reject }) => reject(domException('AbortError', message)));
}
