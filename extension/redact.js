/**
 * Takes out of a text what must not leave the session host in a log: session
 * descriptions, candidates, addresses, credentials and the paths of addresses.
 *
 * @module
 */

const MAX_TEXT = 500;

/** @type {[RegExp, string][]} */
const RULES = [
  // RFC 8866: a description starts with v=0; every line after it goes too.
  [/v=0(?:\r?\n|\\r|\\n)[\s\S]*/g, '[description]'],
  [/(?:a=)?candidate:[^"\n]*/gi, '[candidate]'],
  [/\ba=[^"\n]*/g, '[attribute]'],
  [/\b(ice-ufrag|ice-pwd|ufrag|pwd|password|credential|username|secret|token|authorization)(["']?\s*[:=]\s*)("[^"]*"|'[^']*'|\S+)/gi, '$1$2[redacted]'],
  [/\b((?:https?|wss?|stuns?|turns?):\/\/[^\s/?#"']+)[/?#](?!\*?(?:[\s"']|$))[^\s"']*/gi, '$1/[path]'],
  [/\b(turns?|stuns?):[^\s"'/][^\s"']*/gi, '$1:[server]'],
  [/(?<![\w.])(?!127\.0\.0\.1)\d{1,3}(?:\.\d{1,3}){3}(?![\w.])/g, '[address]'],
  [/(?<![\w:])(?:[0-9a-f]{1,4}:){3,7}[0-9a-f]{0,4}(?![\w:])|(?<![\w:])(?:[0-9a-f]{1,4}:)+:[0-9a-f:]*(?![\w])/gi, '[address]'],
];

/**
 * @param {string} text
 * @returns {string} at most 500 characters
 */
export function redact(text) {
  const clean = RULES.reduce((rest, [pattern, instead]) => rest.replace(pattern, instead), text);
  return clean.length > MAX_TEXT ? `${clean.slice(0, MAX_TEXT - 1)}…` : clean;
}

const SECRET = /^(?:ice-?)?(?:ufrag|pwd|password|credential|username|secret|token|authorization|sdp|candidate)$/i;

/**
 * Redacts every string of a JSON value, and whole members by their name.
 * @param {unknown} value
 * @returns {unknown}
 */
export function redactValue(value) {
  if (typeof value === 'string') return redact(value);
  if (Array.isArray(value)) return value.map(redactValue);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) =>
    [name, SECRET.test(name) ? '[redacted]' : redactValue(member)]));
}
