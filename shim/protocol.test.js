/**
 * Reads the golden messages that the Go side also reads, holds them to the
 * shapes in protocol.gen.js, and writes them again.
 *
 * @module
 */
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { test } from 'node:test';
import * as protocol from './protocol.gen.js';

const folder = new URL('../testdata/protocol/', import.meta.url);
const source = readFileSync(new URL('protocol.gen.js', import.meta.url), 'utf8');

/**
 * The members of each typedef.
 * @type {Map<string, Map<string, {type: string, optional: boolean}>>}
 */
const shapes = new Map();
for (const [, comment = ''] of source.matchAll(/\/\*\*(.*?)\*\//gs)) {
  const name = /@typedef \{object\} (\w+)/.exec(comment)?.[1];
  if (!name) continue;
  /** @type {Map<string, {type: string, optional: boolean}>} */
  const members = new Map();
  for (const [, type = '', open, member = ''] of comment.matchAll(/@property \{([^}]+)\} (\[?)(\w+)\]?/g)) {
    members.set(member, { type, optional: open === '[' });
  }
  shapes.set(name, members);
}

/** @type {Record<string, readonly string[]>} */
const enums = {
  ErrorName: Object.values(protocol.ErrorName),
  LinkState: Object.values(protocol.LinkState),
  Method: Object.values(protocol.Method),
};

/**
 * @param {unknown} value
 * @param {string} type as in a typedef
 * @param {string} path
 */
function check(value, type, path) {
  if (type.endsWith('[]')) {
    assert.ok(Array.isArray(value), `${path} is a list`);
    value.forEach((item, index) => check(item, type.slice(0, -2), `${path}[${index}]`));
  } else if (type === 'unknown') {
    return;
  } else if (['string', 'number', 'boolean'].includes(type)) {
    assert.equal(typeof value, type, path);
  } else if (enums[type]) {
    assert.ok(enums[type].includes(/** @type {string} */ (value)), `${path} is a ${type}: ${value}`);
  } else {
    checkMembers(value, type, path);
  }
}

/**
 * @param {unknown} value
 * @param {string} type
 * @param {string} path
 */
function checkMembers(value, type, path) {
  assert.ok(typeof value === 'object' && value !== null && !Array.isArray(value), `${path} is an object`);
  const members = type === 'none' ? new Map() : shapes.get(type);
  assert.ok(members, `there is a typedef ${type}`);
  for (const name of Object.keys(value)) assert.ok(members.has(name), `${type} has a member ${name}, which ${path} shows`);
  for (const [name, member] of members) {
    const inner = /** @type {Record<string, unknown>} */ (value)[name];
    if (inner === undefined) assert.ok(member.optional, `${path}.${name} is there`);
    else check(inner, member.type, `${path}.${name}`);
  }
}

const files = readdirSync(folder).filter(name => name.endsWith('.json'));

test('every method has golden messages', () => {
  assert.deepEqual(files.map(name => name.slice(0, -'.json'.length)).sort(), Object.values(protocol.Method).sort());
});

for (const name of files) {
  test(`golden messages of ${name}`, () => {
    const text = readFileSync(new URL(name, folder), 'utf8');
    const { params, result, messages } = JSON.parse(text);
    const lines = text.split('\n').filter(line => line.startsWith('    {')).map(line => line.trim().replace(/,$/, ''));
    assert.equal(lines.length, messages.length);
    for (const [index, message] of messages.entries()) {
      assert.equal(JSON.stringify(message), lines[index], 'written again it is the same');
      checkMembers(message, 'Message', 'message');
      if (message.method) check(message.params ?? {}, params, 'params');
      else if (!message.error) check(message.result, result, 'result');
      assert.ok(JSON.stringify(message).length < protocol.Limit.MaxMessage);
    }
  });
}

test('pages may send requests only', () => {
  for (const method of protocol.pageRequests) {
    const { result } = JSON.parse(readFileSync(new URL(`${method}.json`, folder), 'utf8'));
    assert.notEqual(result, '', `${method} has a reply`);
  }
  assert.ok(!protocol.pageRequests.has(protocol.Method.DocumentOpen));
});

test('the id of a receiver\'s track', () => {
  assert.equal(protocol.receiverTrackId('p1', 't2'), 'rx:p1:t2');
});
