/**
 * Bookkeeping of a page's Web Audio connections: where stand-in audio flows,
 * and which connections must therefore not be made for real. Nothing here
 * touches the platform.
 *
 * A source of stand-in audio gives noise that moves meters. The noise must
 * never be heard or recorded, so every connection over which it would enter a
 * sink (the speakers, or a stream) is cut: it leads to a silencer instead.
 *
 * Ports of a node are not told apart: what enters by any input is taken to leave
 * by every output.
 *
 * @module
 */
import { SafeMap, SafeSet, SafeWeakMap, arrayFilter, arrayForEach, arrayFrom, arrayPush } from './natives.js';

/**
 * One connection between two nodes.
 * @typedef {object} Edge
 * @property {any} from
 * @property {any} to
 * @property {number} output
 * @property {number} input
 * @property {boolean} cut leads to the sink's silencer, not to the sink
 * @property {boolean} wired exists in the platform
 */

/** Bounds the search for the loudest way, which a loop of gain above one would never end. */
const MAX_STEPS = 1000;

/** @typedef {{wire(edge: Edge): void, unwire(edge: Edge): void}} Wiring how an edge is made and undone */

export class AudioGraph {
  /** Outgoing edges of each node, which keep alive what they lead to. @type {WeakMap<object, Edge[]>} */
  #edges = new SafeWeakMap();
  /** @type {Set<Edge>} */
  #cuts = new SafeSet();
  #wiring;
  #isSink;

  /**
   * @param {Wiring} wiring
   * @param {(node: any) => boolean} isSink whether sound leaves the graph at a node
   */
  constructor(wiring, isSink) {
    this.#wiring = wiring;
    this.#isSink = isSink;
  }

  /** @param {any} node @returns {Edge[]} */
  edgesFrom(node) {
    return this.#edges.get(node) ?? [];
  }

  /**
   * Connects two nodes. Nothing stays when the platform refuses.
   * @param {any} from
   * @param {any} to
   * @param {number} output
   * @param {number} input
   * @param {Iterable<any>} sources nodes of stand-in audio, `from` included if it is one
   */
  connect(from, to, output, input, sources) {
    const edges = this.edgesFrom(from);
    const same = (/** @type {Edge} */ edge) => edge.to === to && edge.output === output && edge.input === input;
    if (arrayFilter(edges, same).length > 0) return;
    const edge = { from, to, output, input, cut: false, wired: false };
    this.#edges.set(from, [...edges, edge]);
    this.settle(sources);
    try {
      this.#wiring.wire(edge);
      edge.wired = true;
    } catch (error) {
      this.#drop(edge);
      this.settle(sources);
      throw error;
    }
  }

  /**
   * Undoes edges that edgesFrom gave.
   * @param {Edge[]} edges
   * @param {Iterable<any>} sources
   */
  disconnect(edges, sources) {
    arrayForEach(edges, (/** @type {Edge} */ edge) => {
      this.#wiring.unwire(edge);
      this.#drop(edge);
    });
    this.settle(sources);
  }

  /**
   * Cuts what has to be cut and mends what need not be any more.
   * @param {Iterable<any>} sources
   */
  settle(sources) {
    /** @type {Set<Edge>} */
    const wanted = new SafeSet();
    const seen = new SafeSet();
    for (const source of sources) {
      this.#walk(source, seen, (edge) => { if (this.#isSink(edge.to)) wanted.add(edge); });
    }
    for (const edge of arrayFrom(wanted)) if (!edge.cut) this.#turn(edge, true);
    for (const edge of arrayFrom(this.#cuts)) if (!wanted.has(edge)) this.#turn(edge, false);
  }

  /**
   * Which sources reach which sinks.
   * @param {Iterable<any>} sources
   * @returns {Map<any, any[]>} sources by sink
   */
  reached(sources) {
    /** @type {Map<any, any[]>} */
    const result = new SafeMap();
    for (const source of sources) {
      const sinks = new SafeSet();
      this.#walk(source, new SafeSet(), ({ to }) => { if (this.#isSink(to)) sinks.add(to); });
      for (const sink of arrayFrom(sinks)) {
        const own = result.get(sink) ?? [];
        arrayPush(own, source);
        result.set(sink, own);
      }
    }
    return result;
  }

  /**
   * The gain of the loudest way between two nodes. Ways are not added up: a
   * signal that is split into channels and merged again is not louder for it.
   * @param {any} from
   * @param {any} to
   * @param {(node: any) => number} gainOf what one node does to what passes it
   * @returns {number} 0 when no way leads there
   */
  strongest(from, to, gainOf) {
    /** @type {Map<any, number>} */
    const best = new SafeMap();
    best.set(from, gainOf(from));
    const waiting = [from];
    for (let at = 0; at < waiting.length && at < MAX_STEPS; at++) {
      arrayForEach(this.edgesFrom(waiting[at]), (/** @type {Edge} */ edge) => {
        const gain = (best.get(waiting[at]) ?? 0) * gainOf(edge.to);
        if (!(gain > (best.get(edge.to) ?? 0))) return;
        best.set(edge.to, gain);
        arrayPush(waiting, edge.to);
      });
    }
    return best.get(to) ?? 0;
  }

  /**
   * Visits every edge that leads on from a node, once for each set of nodes
   * seen. Loops are allowed in Web Audio.
   * @param {any} node
   * @param {Set<any>} seen
   * @param {(edge: Edge) => void} visit
   */
  #walk(node, seen, visit) {
    const waiting = [node];
    for (let at = 0; at < waiting.length; at++) {
      if (seen.has(waiting[at])) continue;
      seen.add(waiting[at]);
      arrayForEach(this.edgesFrom(waiting[at]), (/** @type {Edge} */ edge) => {
        visit(edge);
        arrayPush(waiting, edge.to);
      });
    }
  }

  /** @param {Edge} edge @param {boolean} cut */
  #turn(edge, cut) {
    if (edge.wired) this.#wiring.unwire(edge);
    edge.cut = cut;
    if (cut) this.#cuts.add(edge);
    else this.#cuts.delete(edge);
    if (edge.wired) this.#wiring.wire(edge);
  }

  /** @param {Edge} edge */
  #drop(edge) {
    this.#cuts.delete(edge);
    this.#edges.set(edge.from, arrayFilter(this.edgesFrom(edge.from), (/** @type {Edge} */ each) => each !== edge));
  }
}
