import { FakeBridge } from './doubles.js';
import { after, beforeEach, test } from 'node:test';
import assert from 'node:assert/strict';
import { open } from './channel.js';
import { Player } from './player.js';
import { Method } from './protocol.gen.js';

const bridge = new FakeBridge();
open(bridge.window);
after(() => bridge.close());
beforeEach(() => { bridge.requests.length = 0; });

const heard = { tracks: ['t'], playing: true, muted: false, volume: 1, sinkId: '' };

/** @returns {Promise<any[]>} */
async function sent() {
  await bridge.settle();
  return bridge.requests.map(({ method, params: { player: _, ...rest } }) => [method, rest]);
}

test('a player starts with its first sound', async () => {
  const player = new Player();
  player.show({ ...heard, playing: false });
  player.show({ ...heard, tracks: [] });
  assert.deepEqual(await sent(), []);
  player.show(heard);
  assert.deepEqual(await sent(), [[Method.PlayerUpdate, heard]]);
});

test('the whole state is sent when something in it changed, and only then', async () => {
  const player = new Player();
  player.show(heard);
  player.show({ ...heard });
  player.show({ ...heard, volume: 0.5 });
  player.show({ ...heard, volume: 0.5, muted: true });
  player.show({ ...heard, volume: 0.5, muted: true, sinkId: 's' });
  player.show({ ...heard, playing: false });
  player.show({ ...heard, playing: false, tracks: ['t', 'u'] });
  assert.equal((await sent()).length, 6);
  assert.equal(new Set(bridge.requests.map(({ params }) => params.player)).size, 1);
});

test('a player ends when nothing is left, and the next one is new', async () => {
  const player = new Player();
  player.show(heard);
  player.show({ ...heard, tracks: [] });
  player.close();
  player.show(heard);
  assert.deepEqual((await sent()).map(([method]) => method), [Method.PlayerUpdate, Method.PlayerClose, Method.PlayerUpdate]);
  const [first, closed, second] = bridge.requests.map(({ params }) => params.player);
  assert.equal(first, closed);
  assert.notEqual(first, second);
});

test('what the endpoint lost is not closed', async () => {
  const player = new Player();
  player.show(heard);
  player.forget();
  player.close();
  assert.equal((await sent()).length, 1);
});
