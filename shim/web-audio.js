/**
 * Web Audio of the page: sources of stand-in tracks move meters with the
 * endpoint's levels, and what would reach the speakers is heard at the endpoint.
 * @module
 */
import { SafeSet, SafeWeakMap, apply, arrayFilter, arrayForEach, arrayFrom, arrayMap, arrayPush } from './natives.js';
import {
  AudioNode, connect, contextState, createGain, createMediaStreamDestination, createMediaStreamSource, destinationStream,
  disconnect, gainParam, isAudioDestination, isAudioNode, isStreamDestination, nodeContext, setParamValue,
  streamAudioTracks,
} from './media-natives.js';
import { AudioGraph } from './audio-graph.js';
import { onLink } from './channel.js';
import { installContextSinks, openDevice } from './audio-context-sink.js';
import { noteMixable } from './carried-audio.js';
import { replaceMembers } from './idl.js';
import { wrapConstructor } from './constructors.js';
import { showSinks } from './graph-sinks.js';
import { mediaChanged, onMediaChange } from './media-changes.js';
import { feedOf, represent, sourceOf } from './stand-in-source.js';

/** @typedef {import('./stand-in-source.js').StandInSource} StandInSource */

/** Sources whose sound goes somewhere. Held as the platform holds connected live sources. @type {Set<StandInSource>} */
const connected = new SafeSet();
/** A gain of zero before each sink, which keeps a cut graph running. @type {WeakMap<object, any>} */
const silencers = new SafeWeakMap();

const graph = new AudioGraph({
  wire: ({ from, to, output, input, cut, wired }) => {
    // Mending a graph that will never run again is pointless, and the platform warns of it.
    if (wired && contextState(nodeContext(from)) === 'closed') return;
    connect(feedOf(from), cut ? silencer(to) : to, output, input);
    if (!cut && isAudioDestination(to)) openDevice(nodeContext(to));
  },
  unwire: ({ from, to, output, input, cut }) => disconnect(feedOf(from), cut ? silencer(to) : to, output, input),
}, (node) => isAudioDestination(node) || isStreamDestination(node));

/** @param {any} window */
export function installWebAudio(window) {
  if (!AudioNode) return;
  replaceMembers(window.AudioNode.prototype, nodeMembers);
  replaceMembers(window.AudioContext.prototype, contextMembers);
  wrapConstructor(window, 'MediaStreamAudioSourceNode', represent);
  wrapConstructor(window, 'MediaStreamAudioDestinationNode', noteDestination);
  installContextSinks(window);
  if (window !== globalThis) return;
  onMediaChange(follow);
  onLink((state) => {
    if (state === 'lost') for (const { player } of arrayFrom(connected)) player.forget();
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
  /** @this {any} */
  createMediaStreamDestination() {
    const node = createMediaStreamDestination(this);
    noteDestination(node);
    return node;
  },
};

/** @param {any} node MediaStreamAudioDestinationNode */
function noteDestination(node) {
  arrayForEach(streamAudioTracks(destinationStream(node)), noteMixable);
}

/** @this {any} @param {any[]} args */
function nativeCreateSource(...args) {
  return createMediaStreamSource(this, ...args);
}

/** Web Audio API, section 1.5.5. */
const nodeMembers = {
  /** @this {any} @param {any} destination @param {any} output @param {any} input */
  connect(destination, output = 0, input = 0) {
    // An AudioParam, or an error for the platform to throw.
    if (!isAudioNode(destination) || !isAudioNode(this)) return connect(feedOf(this), ...arguments);
    // The one input that a silencer has too; any other is an error.
    if (isAudioDestination(destination) && toIndex(input) !== 0) return connect(feedOf(this), ...arguments);
    const source = sourceOf(this);
    const nodes = sourceNodes();
    if (source && !source.over) arrayPush(nodes, this);
    graph.connect(this, destination, toIndex(output), toIndex(input), nodes);
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
    if (gone.length === 0) return disconnect(feedOf(this), ...arguments);
    graph.disconnect(gone, sourceNodes());
    if (wholeOutput) disconnect(feedOf(this), ...arguments);
    mediaChanged();
  },
};

/** Conversion to unsigned long. @param {any} value */
function toIndex(value) {
  return value >>> 0;
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

function sourceNodes() {
  return arrayMap(arrayFrom(connected), (/** @type {StandInSource} */ { node }) => node);
}

/** Brings levels, streams and players in line with the graph. */
function follow() {
  let retired = false;
  for (const source of arrayFrom(connected)) {
    if (!source.over && graph.edgesFrom(source.node).length > 0) continue;
    connected.delete(source);
    source.retire();
    retired = true;
  }
  if (retired) graph.settle(sourceNodes());
  for (const source of arrayFrom(connected)) source.followLevel();
  showSinks(graph, arrayFrom(connected));
}
