import './doubles.js';
import { beforeEach, test } from 'node:test';
import assert from 'node:assert/strict';
import { AudioGraph } from './audio-graph.js';

/** @typedef {import('./audio-graph.js').Edge} Edge */

/** What the platform would have: "from>to", with "|" where a cut leads to the silencer. @type {Set<string>} */
const wired = new Set();
/** @param {Edge} edge */
const name = ({ from, to, output, input, cut }) => `${from.name}${output}>${cut ? '|' : ''}${to.name}${input}`;
/** @type {AudioGraph} */
let graph;

/** @param {string} text */
const node = (text) => ({ name: text });
const [mic, far, gain, mixer, osc, speakers, stream, bad] = ['mic', 'far', 'gain', 'mixer', 'osc', 'SPK', 'STREAM', 'bad'].map(node);

beforeEach(() => {
  wired.clear();
  graph = new AudioGraph({
    wire: (edge) => {
      if (edge.to === bad) throw new RangeError('refused');
      wired.add(name(edge));
    },
    unwire: (edge) => { assert.ok(wired.delete(name(edge)), `${name(edge)} was not wired`); },
  }, (each) => each === speakers || each === stream);
});

/** @param {any} from @param {any} to @param {any[]} sources */
const connect = (from, to, sources) => graph.connect(from, to, 0, 0, sources);

test('a graph without stand-ins is wired as it is', () => {
  connect(osc, gain, []);
  connect(gain, speakers, []);
  assert.deepEqual([...wired], ['osc0>gain0', 'gain0>SPK0']);
});

test('a stand-in never enters a sink', () => {
  connect(mic, speakers, [mic]);
  connect(mic, stream, [mic]);
  assert.deepEqual([...wired], ['mic0>|SPK0', 'mic0>|STREAM0']);
});

test('an edge into a sink is cut before noise can reach it', () => {
  connect(gain, mixer, []);
  connect(mixer, speakers, []);
  /** @type {string[]} */
  const order = [];
  const add = wired.add.bind(wired);
  wired.add = (edge) => { order.push(edge); return add(edge); };
  connect(mic, gain, [mic]);
  wired.add = add;
  assert.deepEqual(order, ['mixer0>|SPK0', 'mic0>gain0']);
  assert.ok(!wired.has('mixer0>SPK0'));
});

test('a cut is mended when no stand-in passes any more', () => {
  connect(gain, speakers, []);
  connect(mic, gain, [mic]);
  connect(far, gain, [mic, far]);
  graph.disconnect(graph.edgesFrom(mic), [mic, far]);
  assert.ok(wired.has('gain0>|SPK0'));
  graph.settle([mic]);
  assert.ok(wired.has('gain0>SPK0'));
  assert.ok(!wired.has('gain0>|SPK0'));
});

test('loops end', () => {
  connect(gain, mixer, []);
  connect(mixer, gain, []);
  connect(mixer, speakers, []);
  connect(mic, gain, [mic]);
  assert.ok(wired.has('mixer0>|SPK0'));
  assert.deepEqual([...graph.reached([mic])], [[speakers, [mic]]]);
});

test('who reaches what', () => {
  connect(mic, gain, [mic, far]);
  connect(far, gain, [mic, far]);
  connect(far, stream, [mic, far]);
  connect(gain, speakers, [mic, far]);
  const reached = graph.reached([mic, far]);
  assert.deepEqual(reached.get(speakers), [mic, far]);
  assert.deepEqual(reached.get(stream), [far]);
  assert.equal(reached.has(mixer), false);
});

test('what the platform refuses leaves nothing', () => {
  connect(gain, speakers, []);
  assert.throws(() => connect(mic, bad, [mic]), RangeError);
  assert.deepEqual(graph.edgesFrom(mic), []);
  assert.deepEqual([...wired], ['gain0>SPK0']);
});

test('the same connection twice is one', () => {
  connect(mic, gain, [mic]);
  connect(mic, gain, [mic]);
  graph.connect(mic, gain, 0, 1, [mic]);
  assert.equal(graph.edgesFrom(mic).length, 2);
});

test('the loudest way counts', () => {
  /** @type {Map<any, number>} */
  const gains = new Map([[gain, 0.5], [mixer, 0.8]]);
  const gainOf = (/** @type {any} */ each) => gains.get(each) ?? 1;
  connect(mic, gain, [mic]);
  connect(gain, speakers, [mic]);
  assert.equal(graph.strongest(mic, speakers, gainOf), 0.5);
  connect(mic, mixer, [mic]);
  connect(mixer, speakers, [mic]);
  assert.equal(graph.strongest(mic, speakers, gainOf), 0.8);
  assert.equal(graph.strongest(far, speakers, gainOf), 0);
  gains.set(gain, 2);
  connect(gain, mixer, [mic]);
  connect(mixer, gain, [mic]);
  assert.ok(graph.strongest(mic, speakers, gainOf) >= 2, 'a loop that grows ends');
});
