/**
 * The extension's own requests to one run of the native messaging host.
 *
 * @module
 */
import { Limit } from './protocol.gen.js';

/** @typedef {import('./message.js').Message} Message */

const MAX_WAITING = 2 * Limit.MaxDocuments;

/** Requests that wait for their replies; ids count from 1. */
export class Requests {
  /** @type {Map<number, {resolve: (result: any) => void, reject: (error: Error) => void}>} */
  #waiting = new Map();
  #lastId = 0;
  #post;

  /** @param {(message: Message) => boolean} post false when the message could not be sent */
  constructor(post) {
    this.#post = post;
  }

  /**
   * @param {string} method
   * @param {object|undefined} params
   * @param {number} timeoutMs
   * @returns {Promise<any>} the result; rejects with an Error whose message is for people and whose name the other
   *   side gave, or TimeoutError
   */
  ask(method, params, timeoutMs) {
    return new Promise((resolve, reject) => {
      if (this.#waiting.size >= MAX_WAITING) {
        reject(new Error('Too many requests wait for the native messaging host.'));
        return;
      }
      const id = ++this.#lastId;
      const timer = setTimeout(() => this.settle({
        id, error: { name: 'TimeoutError', message: `The native messaging host did not answer ${method}.` },
      }), timeoutMs);
      this.#waiting.set(id, {
        resolve: result => { clearTimeout(timer); resolve(result); },
        reject: error => { clearTimeout(timer); reject(error); },
      });
      if (!this.#post(params === undefined ? { id, method } : { id, method, params })) {
        this.settle({ id, error: { name: 'OperationError', message: 'The message could not be sent.' } });
      }
    });
  }

  /** @param {Message} reply one that nobody waits for is ignored */
  settle({ id, result, error }) {
    const waiting = this.#waiting.get(Number(id));
    this.#waiting.delete(Number(id));
    if (error) waiting?.reject(Object.assign(new Error(error.message.slice(0, Limit.MaxString)), { name: error.name }));
    else waiting?.resolve(result ?? {});
  }

  /** @param {string} reason why none of them will be answered */
  refuseAll(reason) {
    for (const { reject } of this.#waiting.values()) reject(new Error(reason));
    this.#waiting.clear();
  }
}
