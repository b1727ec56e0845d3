/**
 * What the sinks of Web Audio graphs let be heard of stand-ins: the speakers of
 * a context by a player for each source, a stream by noting what it carries.
 * @module
 */
import { SafeMap, SafeSet, arrayForEach, arrayFrom, arrayMap, arrayPush, clearInterval, setInterval } from './natives.js';
import {
  Math, destinationStream, gainParam, isAudioDestination, isGain, isStreamDestination, paramValue, streamAudioTracks,
} from './media-natives.js';
import { contextSink } from './audio-context-sink.js';
import { audibleNames, setCarried } from './carried-audio.js';
import { mediaChanged } from './media-changes.js';
import { sourceOf } from './stand-in-source.js';

/** @typedef {import('./stand-in-source.js').StandInSource} StandInSource */
/** @typedef {import('./audio-graph.js').AudioGraph} AudioGraph */

/** Milliseconds between looks at gains, which change without a word while a page's automation runs. */
const LOOK = 100;

/** Tracks of destination nodes that carry stand-ins. @type {Set<any>} */
const carriers = new SafeSet();
/** @type {any} */
let timer;

/**
 * Brings players and streams in line with a graph.
 * @param {AudioGraph} graph
 * @param {StandInSource[]} sources those that are connected
 */
export function showSinks(graph, sources) {
  const reached = graph.reached(arrayMap(sources, (/** @type {StandInSource} */ { node }) => node));
  showStreams(reached);
  showSpeakers(graph, sources, reached);
}

/** @param {Map<any, any[]>} reached source nodes by sink */
function showStreams(reached) {
  const before = arrayFrom(carriers);
  carriers.clear();
  let changed = false;
  for (const [sink, nodes] of arrayFrom(reached)) {
    const track = isStreamDestination(sink) && streamAudioTracks(destinationStream(sink))[0];
    if (!track) continue;
    changed = setCarried(track, arrayMap(nodes, (/** @type {any} */ node) => sourceOf(node)?.standIn)) || changed;
    carriers.add(track);
  }
  arrayForEach(before, (/** @type {any} */ track) => {
    if (!carriers.has(track)) changed = setCarried(track, []) || changed;
  });
  if (changed) mediaChanged();
}

/**
 * @param {AudioGraph} graph
 * @param {StandInSource[]} sources
 * @param {Map<any, any[]>} reached source nodes by sink
 */
function showSpeakers(graph, sources, reached) {
  /** Speakers by source node. @type {Map<any, any>} */
  const speakers = new SafeMap();
  for (const [sink, nodes] of arrayFrom(reached)) {
    if (isAudioDestination(sink)) arrayForEach(nodes, (/** @type {any} */ node) => speakers.set(node, sink));
  }
  /** @type {StandInSource[]} */
  const playing = [];
  arrayForEach(sources, (/** @type {StandInSource} */ source) => {
    if (!speakers.has(source.node)) source.player.close();
    else if (source.running) arrayPush(playing, source);
  });
  const showAll = () => arrayForEach(sources, (/** @type {StandInSource} */ source) => {
    if (speakers.has(source.node)) show(graph, source, speakers.get(source.node));
  });
  clearInterval(timer);
  if (playing.length > 0) timer = setInterval(showAll, LOOK);
  showAll();
}

/**
 * @param {AudioGraph} graph
 * @param {StandInSource} source
 * @param {any} speakers
 */
function show(graph, source, speakers) {
  const sinkId = contextSink(source.context);
  const gain = graph.strongest(source.node, speakers, (node) => (isGain(node) ? paramValue(gainParam(node)) : 1));
  source.player.show({
    tracks: audibleNames([source.standIn]),
    playing: source.running && sinkId !== undefined,
    muted: false,
    // Two digits are finer than an ear, and keep a ramp from becoming a flood.
    volume: Math.min(1, Math.round(gain * 100) / 100),
    sinkId: sinkId ?? '',
  });
}
