/**
 * What the sinks of Web Audio graphs let be heard of stand-ins: the speakers of
 * a context by a player for each source, a stream by noting what it carries.
 * @module
 */
import { SafeMap, SafeSet, arrayFind, arrayForEach, arrayFrom, arrayMap, clearInterval, setInterval } from './natives.js';
import {
  Math, destinationStream, gainParam, isAudioDestination, isGain, isStreamDestination, paramValue, streamAudioTracks,
} from './media-natives.js';
import { contextSink } from './audio-context-sink.js';
import { audibleNames, setCarried } from './carried-audio.js';
import { mediaChanged } from './media-changes.js';
import { Limit } from './protocol.gen.js';
import { hasMixes, updateMixes } from './sent-mix.js';
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
  if (showStreams(graph, reached)) mediaChanged();
  const speakers = speakersOf(reached);
  arrayForEach(sources, (/** @type {StandInSource} */ source) => {
    if (!speakers.has(source.node)) source.player.close();
  });
  const look = () => {
    showStreams(graph, reached);
    arrayForEach(sources, (/** @type {StandInSource} */ source) => {
      if (speakers.has(source.node)) show(graph, source, speakers.get(source.node));
    });
  };
  clearInterval(timer);
  const sounds = arrayFind(sources, (/** @type {StandInSource} */ { node, running }) =>
    running && (speakers.has(node) || hasMixes() && carriers.size > 0));
  if (sounds) timer = setInterval(look, LOOK);
  look();
}

/**
 * @param {AudioGraph} graph
 * @param {Map<any, any[]>} reached source nodes by sink
 * @returns {boolean} whether a stream carries other stand-ins than before
 */
function showStreams(graph, reached) {
  const before = arrayFrom(carriers);
  carriers.clear();
  let changed = false;
  for (const [sink, nodes] of arrayFrom(reached)) {
    const track = isStreamDestination(sink) && streamAudioTracks(destinationStream(sink))[0];
    if (!track) continue;
    changed = setCarried(track, inputs(graph, sink, nodes)) || changed;
    carriers.add(track);
  }
  arrayForEach(before, (/** @type {any} */ track) => {
    if (!carriers.has(track)) changed = setCarried(track, []) || changed;
  });
  updateMixes();
  return changed;
}

/**
 * @param {AudioGraph} graph
 * @param {any} sink
 * @param {any[]} nodes source nodes that reach it
 * @returns {import('./carried-audio.js').Input[]}
 */
function inputs(graph, sink, nodes) {
  /** @type {Map<any, number>} */
  const gains = new SafeMap();
  arrayForEach(nodes, (/** @type {any} */ node) => {
    const source = sourceOf(node);
    if (!source) return;
    const gain = source.running ? gainBetween(graph, node, sink) : 0;
    gains.set(source.standIn, (gains.get(source.standIn) ?? 0) + gain);
  });
  return arrayMap(arrayFrom(gains.entries()), (/** @type {any} */ [standIn, gain]) => ({
    standIn, gain: Math.min(Limit.MaxGain, gain),
  }));
}

/**
 * @param {Map<any, any[]>} reached source nodes by sink
 * @returns {Map<any, any>} speakers by source node
 */
function speakersOf(reached) {
  const speakers = new SafeMap();
  for (const [sink, nodes] of arrayFrom(reached)) {
    if (isAudioDestination(sink)) arrayForEach(nodes, (/** @type {any} */ node) => speakers.set(node, sink));
  }
  return speakers;
}

/**
 * @param {AudioGraph} graph
 * @param {any} from
 * @param {any} to
 * @returns {number} linear, as it is at present
 */
function gainBetween(graph, from, to) {
  const gain = graph.strongest(from, to, (node) => (isGain(node) ? Math.abs(paramValue(gainParam(node))) : 1));
  // Two digits are finer than an ear, and keep a ramp from becoming a flood.
  return Math.round(gain * 100) / 100;
}

/**
 * @param {AudioGraph} graph
 * @param {StandInSource} source
 * @param {any} speakers
 */
function show(graph, source, speakers) {
  const sinkId = contextSink(source.context);
  source.player.show({
    tracks: audibleNames([source.standIn]),
    playing: source.running && sinkId !== undefined,
    muted: false,
    volume: Math.min(1, gainBetween(graph, source.node, speakers)),
    sinkId: sinkId ?? '',
  });
}
