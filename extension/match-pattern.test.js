import assert from 'node:assert/strict';
import test from 'node:test';
import { matches, parsePattern, toBrowserPattern } from './match-pattern.js';

/** @type {[string, string, boolean][]} */
const CASES = [
  ['https://phone.example.com', 'https://phone.example.com', true],
  ['https://phone.example.com', 'https://phone.example.com/path?query', true],
  ['https://phone.example.com', 'https://phone.example.com:443', true],
  ['https://phone.example.com', 'https://phone.example.com:8443', false],
  ['https://phone.example.com', 'http://phone.example.com', false],
  ['https://phone.example.com', 'https://evilphone.example.com', false],
  ['https://phone.example.com', 'https://phone.example.com.evil.test', false],
  ['https://phone.example.com/*', 'https://phone.example.com:8443', true],
  ['https://phone.example.com:8443', 'https://phone.example.com:8443', true],
  ['https://phone.example.com:8443', 'https://phone.example.com', false],
  ['https://phone.example.com:*', 'https://phone.example.com:9000', true],
  ['https://*.example.com', 'https://a.b.example.com', true],
  ['https://*.example.com', 'https://example.com', true],
  ['https://*.example.com', 'https://badexample.com', false],
  ['https://*.example.com', 'https://example.com.evil.test', false],
  ['https://*.example.com:8443/*', 'https://a.example.com:8443', true],
  ['https://*/*', 'https://anything.test:1234', true],
  ['HTTPS://Phone.Example.COM/', 'https://phone.example.com', true],
  ['https://bücher.example', 'https://xn--bcher-kva.example', true],
  ['http://localhost:3000', 'http://localhost:3000', true],
  ['http://localhost:3000', 'http://localhost:3001', false],
  ['http://127.0.0.1/*', 'http://127.0.0.1:5555/x', true],
  ['https://phone.example.com', 'null', false],
  ['https://phone.example.com', '', false],
  ['https://phone.example.com', 'blob:https://phone.example.com/1', false],
];

for (const [line, origin, want] of CASES) {
  test(`${line} ${want ? 'matches' : 'does not match'} ${origin || 'nothing'}`, () => {
    assert.equal(matches(parsePattern(line), origin), want);
  });
}

for (const line of [
  '', '*', '<all_urls>', 'phone.example.com', 'http://phone.example.com', 'http://*.localhost', '*://example.com',
  'https://a.*.com', 'https://*.*', 'https://exa mple.com', 'https://example.com/phone', 'https://example.com:70000',
  'https://example.com:0', 'https://user@example.com', 'ftp://example.com', 'https://[::1]', 'https://', 'javascript:alert(1)',
]) {
  test(`${JSON.stringify(line)} is refused in words`, () => {
    assert.throws(() => parsePattern(line), error => error instanceof SyntaxError && error.message.length > 10);
  });
}

test('the browser gets the same sites', () => {
  for (const [line, want] of [
    ['https://phone.example.com', 'https://phone.example.com:443/*'],
    ['https://*.example.com/*', 'https://*.example.com/*'],
    ['https://*.example.com:8443', 'https://*.example.com:8443/*'],
    ['http://localhost', 'http://localhost:80/*'],
    ['https://*', 'https://*/*'],
  ]) assert.equal(toBrowserPattern(parsePattern(line)), want);
});
