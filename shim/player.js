/**
 * One player at the endpoint: what a media element, or a Web Audio graph, lets
 * be heard of redirected audio.
 * @module
 */
import { arrayJoin } from './natives.js';
import { requestWith } from './channel.js';
import { Method } from './protocol.gen.js';

/**
 * @typedef {object} PlayerState
 * @property {string[]} tracks the endpoint's names of what to mix
 * @property {boolean} playing
 * @property {boolean} muted
 * @property {number} volume linear, 0 to 1
 * @property {string} sinkId an endpoint output device, "" for the default
 */

let lastPlayer = 0;

/** Exists at the endpoint from the first sound until nothing redirected is left. */
export class Player {
  /** @type {string | undefined} */
  #id;
  #sent = '';

  /**
   * Brings the endpoint to a state; sends nothing when it is there already.
   * @param {PlayerState} state
   */
  show(state) {
    if (state.tracks.length === 0) {
      this.close();
      return;
    }
    if (!this.#id) {
      if (!state.playing) return;
      this.#id = `e${++lastPlayer}`;
    }
    const { tracks, playing, muted, volume, sinkId } = state;
    const text = arrayJoin([playing, muted, volume, sinkId, ...tracks], ' ');
    if (text === this.#sent) return;
    this.#sent = text;
    requestWith(Method.PlayerUpdate, { player: this.#id, tracks, playing, muted, volume, sinkId });
  }

  /** Ends the player at the endpoint; a later show makes a new one. */
  close() {
    if (this.#id) requestWith(Method.PlayerClose, { player: this.#id });
    this.forget();
  }

  /** The endpoint has lost the player by itself. */
  forget() {
    this.#id = undefined;
    this.#sent = '';
  }
}
