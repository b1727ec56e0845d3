/**
 * Web Audio of the page: sources of stand-in tracks move meters with the
 * endpoint's levels, and what would reach the speakers is heard at the endpoint.
 *
 * A source node of a stand-in stays the platform's own, and silent. Its
 * connections really start at a GainNode that is fed with looped noise and whose
 * gain follows the level. (Measured: a meter follows within 17 to 44 ms for
 * 0.4 % of a core.)
 *
 * @module
 */
import {
  SafeMap, SafeSet, SafeWeakMap, addEventListener, apply, arrayFilter, arrayForEach, arrayFrom, arrayMap, arrayPush,
} from './natives.js';
import {
  AudioNode, connect, contextDestination, contextState,
  contextTime, createBufferSource, createGain, createMediaStreamSource, destinationStream, disconnect, gainParam,
  isAudioDestination, isAudioNode, isStreamDestination, nodeContext, setParamValue, setSourceBuffer, setSourceLoop, setTargetAtTime, sourceStream, startSource, stopSource,
  streamAudioTracks,
} from './media-natives.js';
import { AudioGraph } from './audio-graph.js';
import { audibleNames, setCarried } from './carried-audio.js';
import { onLink } from './channel.js';
import { contextSink, installContextSinks } from './audio-context-sink.js';
import { replaceMembers } from './idl.js';
import { wrapConstructor } from './constructors.js';
import { observeLevel } from './levels.js';
import { mediaChanged, onMediaChange } from './media-changes.js';
import { Player } from './player.js';
import { standInOf } from './stand-in-track.js';
import { voiceNoise } from './voice-noise.js';

/** Seconds in which a meter's gain closes two thirds of the way to a new level. */
const FOLLOW = 0.01;

/**
 * A MediaStreamAudioSourceNode of a stand-in.
 * @typedef {object} Source
 * @property {any} node
 * @property {any} context
 * @property {import('./stand-in-track.js').StandIn} standIn
 * @property {any} noise AudioBufferSourceNode, from the first connection on
 * @property {any} gain
 * @property {(() => void) | undefined} unobserve
 */

/** @type {WeakMap<object, Source>} */
const sources = new SafeWeakMap();
/** Those whose sound goes somewhere. Held as the platform holds connected live sources. @type {Set<Source>} */
const connected = new SafeSet();
/** What each context lets be heard at the endpoint. @type {Map<any, Player>} */
const players = new SafeMap();
/** Tracks of destination nodes that carry stand-ins. @type {Set<any>} */
const carriers = new SafeSet();
/** A gain of zero before each sink, which keeps a cut graph running. @type {WeakMap<object, any>} */
const silencers = new SafeWeakMap();
const watchedContexts = new SafeWeakMap();

const graph = new AudioGraph({
  wire: ({ from, to, output, input, cut, wired }) => {
    // Mending a graph that will never run again is pointless, and the platform warns of it.
    if (wired && contextState(nodeContext(from)) === 'closed') return;
    connect(feed(from), cut ? silencer(to) : to, output, input);
  },
  unwire: ({ from, to, output, input, cut }) => disconnect(feed(from), cut ? silencer(to) : to, output, input),
}, (node) => isAudioDestination(node) || isStreamDestination(node));

/** @param {any} window */
export function installWebAudio(window) {
  if (!AudioNode) return;
  replaceMembers(window.AudioNode.prototype, nodeMembers);
  replaceMembers(window.AudioContext.prototype, contextMembers);
  wrapConstructor(window, 'MediaStreamAudioSourceNode', represent);
  installContextSinks(window);
  if (window !== globalThis) return;
  onMediaChange(follow);
  onLink((state) => {
    if (state === 'lost') for (const player of arrayFrom(players.values())) player.forget();
  });
}

/** Web Audio API, section 1.2. */
const contextMembers = {
  /** @this {any} */
  createMediaStreamSource() {
    const node = apply(nativeCreateSource, this, arguments);
    represent(node);
    return node;
  },
};

/** @this {any} @param {any[]} args */
function nativeCreateSource(...args) {
  return createMediaStreamSource(this, ...args);
}

/** Web Audio API, section 1.5.5. */
const nodeMembers = {
  /** @this {any} @param {any} destination @param {any} output @param {any} input */
  connect(destination, output = 0, input = 0) {
    // An AudioParam, or an error for the platform to throw.
    if (!isAudioNode(destination) || !isAudioNode(this)) {
      return connect(feed(this), ...arguments);
    }
    // The index that a silencer has too; any other is an error.
    if (isAudioDestination(destination) && toIndex(input) !== 0) return connect(feed(this), ...arguments);
    graph.connect(this, destination, toIndex(output), toIndex(input), sourcesWith(this));
    const source = sources.get(this);
    if (source) connected.add(source);
    mediaChanged();
    return destination;
  },
  /** @this {any} @param {any} first @param {any} output @param {any} input */
  disconnect(first, output, input) {
    const edges = isAudioNode(this) ? graph.edgesFrom(this) : [];
    const wholeOutput = arguments.length === 0 || typeof first !== 'object' || first === null;
    const gone = arrayFilter(edges, (/** @type {import('./audio-graph.js').Edge} */ edge) => {
      if (arguments.length === 0) return true;
      if (wholeOutput) return edge.output === toIndex(first);
      return edge.to === first && (output === undefined || edge.output === toIndex(output))
        && (input === undefined || edge.input === toIndex(input));
    });
    // Params are connected without a note, and errors are the platform's.
    if (gone.length === 0) return disconnect(feed(this), ...arguments);
    graph.disconnect(gone, sourceNodes());
    if (wholeOutput) disconnect(feed(this), ...arguments);
    mediaChanged();
  },
};

/** Conversion to unsigned long. @param {any} value */
function toIndex(value) {
  return value >>> 0;
}

/**
 * Makes a source node of a stand-in represent it.
 * @param {any} node MediaStreamAudioSourceNode
 */
function represent(node) {
  const standIn = standInOf(streamAudioTracks(sourceStream(node))[0]);
  if (!standIn || standIn.ended) return;
  const context = nodeContext(node);
  sources.set(node, { node, context, standIn, noise: undefined, gain: undefined, unobserve: undefined });
}

/** Where the connections of a node really start. @param {any} node */
function feed(node) {
  const source = sources.get(node);
  if (!source) return node;
  if (!source.gain) startNoise(source);
  return source.gain;
}

/** @param {Source} source */
function startNoise(source) {
  const { context } = source;
  source.gain = createGain(context);
  setParamValue(gainParam(source.gain), 0);
  source.noise = createBufferSource(context);
  setSourceBuffer(source.noise, voiceNoise(context));
  setSourceLoop(source.noise, true);
  connect(source.noise, source.gain);
  startSource(source.noise);
  watchContext(context);
}

/** @param {any} sink */
function silencer(sink) {
  let gain = silencers.get(sink);
  if (!gain) {
    silencers.set(sink, gain = createGain(nodeContext(sink)));
    setParamValue(gainParam(gain), 0);
    connect(gain, sink);
  }
  return gain;
}

/** @param {any} context */
function watchContext(context) {
  if (watchedContexts.has(context)) return;
  watchedContexts.set(context, true);
  addEventListener(context, 'statechange', mediaChanged);
}

function sourceNodes() {
  return arrayMap(arrayFrom(connected), (/** @type {Source} */ { node }) => node);
}

/** @param {any} node a source that is about to be connected, or any other node */
function sourcesWith(node) {
  const nodes = sourceNodes();
  const source = sources.get(node);
  if (source && !source.standIn.ended) arrayPush(nodes, node);
  return nodes;
}

/** Brings levels, streams and players in line with the graph. */
function follow() {
  let ended = false;
  for (const source of arrayFrom(connected)) ended = retire(source) || ended;
  if (ended) graph.settle(sourceNodes());
  for (const source of arrayFrom(connected)) followLevel(source);
  const reached = graph.reached(sourceNodes());
  showStreams(reached);
  showSpeakers(reached);
}

/**
 * Lets go of a source that nothing can be heard of any more.
 * @param {Source} source
 * @returns {boolean} whether its graph changed
 */
function retire(source) {
  const closed = contextState(source.context) === 'closed';
  const over = source.standIn.ended || closed;
  if (!over && graph.edgesFrom(source.node).length > 0) return false;
  connected.delete(source);
  source.unobserve?.();
  source.unobserve = undefined;
  if (over && !closed) stopSource(source.noise);
  return true;
}

/** @param {Source} source */
function followLevel(source) {
  const wanted = contextState(source.context) === 'running';
  if (wanted === (source.unobserve !== undefined)) return;
  if (wanted) {
    const { context, standIn } = source;
    const param = gainParam(source.gain);
    source.unobserve = observeLevel(standIn.track, (level) => {
      setTargetAtTime(param, standIn.audible ? level : 0, contextTime(context), FOLLOW);
    });
  } else {
    source.unobserve?.();
    source.unobserve = undefined;
    setParamValue(gainParam(source.gain), 0);
  }
}

/** @param {Map<any, any[]>} reached source nodes by sink */
function showStreams(reached) {
  const before = arrayFrom(carriers);
  carriers.clear();
  let changed = false;
  for (const [sink, nodes] of arrayFrom(reached)) {
    if (!isStreamDestination(sink)) continue;
    const track = streamAudioTracks(destinationStream(sink))[0];
    if (!track) continue;
    changed = setCarried(track, standInsOf(nodes)) || changed;
    carriers.add(track);
  }
  arrayForEach(before, (/** @type {any} */ track) => {
    if (!carriers.has(track)) changed = setCarried(track, []) || changed;
  });
  if (changed) mediaChanged();
}

/** @param {Map<any, any[]>} reached source nodes by sink */
function showSpeakers(reached) {
  for (const [context, player] of arrayFrom(players)) {
    if (reached.has(contextDestination(context))) continue;
    player.close();
    players.delete(context);
  }
  for (const [sink, nodes] of arrayFrom(reached)) {
    if (!isAudioDestination(sink)) continue;
    const context = nodeContext(sink);
    let player = players.get(context);
    if (!player) players.set(context, player = new Player());
    const sinkId = contextSink(context);
    player.show({
      tracks: audibleNames(standInsOf(nodes)), playing: contextState(context) === 'running' && sinkId !== undefined,
      muted: false, volume: 1, sinkId: sinkId ?? '',
    });
  }
}

/** @param {any[]} nodes */
function standInsOf(nodes) {
  return arrayMap(nodes, (/** @type {any} */ node) => /** @type {Source} */ (sources.get(node)).standIn);
}
