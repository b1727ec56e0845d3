/**
 * Which sites a line of the administrator's or the person's list means.
 *
 * A line is an origin, "https://phone.example.com" or with ":8443", or a match
 * pattern of the browser. "*." before the host takes the host itself and all
 * below it. Without a port a line means the scheme's default port; ":*" and,
 * as in match patterns, a final "/*" mean every port.
 *
 * Only https, and http on localhost and 127.0.0.1, can be redirected: those
 * are the extension's host permissions.
 *
 * @module
 */

/**
 * @typedef {object} MatchPattern
 * @property {'https'|'http'} scheme
 * @property {string} host lower case, punycode; "*" for any
 * @property {boolean} subdomains
 * @property {string} port decimal, or "*" for any
 */

const LINE = /^(https?):\/\/(\*\.)?(\*|[^/:*@\s]+)(?::(\d{1,5}|\*))?(\/\*?)?$/i;
const HOST = /^[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_])?$/;
const LOCAL = ['localhost', '127.0.0.1'];
const DEFAULT_PORT = { https: '443', http: '80' };

/**
 * @param {string} line
 * @returns {MatchPattern}
 * @throws {SyntaxError} whose message says for people what is wrong
 */
export function parsePattern(line) {
  const parts = LINE.exec(line.trim());
  if (!parts) throw new SyntaxError('write it like https://phone.example.com or https://*.example.com');
  const scheme = /** @type {'https'|'http'} */ (parts[1].toLowerCase());
  const host = parts[3] === '*' ? '*' : canonicalHost(parts[3]);
  if (host === '*' && parts[2]) throw new SyntaxError('write it like https://*.example.com');
  if (scheme === 'http' && (parts[2] || !LOCAL.includes(host))) {
    throw new SyntaxError('only https can be redirected, and http on localhost and 127.0.0.1');
  }
  const anyPort = host === '*' || parts[5] === '/*' ? '*' : DEFAULT_PORT[scheme];
  const port = parts[4] ?? anyPort;
  if (port !== '*' && (Number(port) < 1 || Number(port) > 65535)) throw new SyntaxError('the port is not a port');
  return { scheme, host, subdomains: Boolean(parts[2]), port: port === '*' ? port : String(Number(port)) };
}

/** @param {string} host */
function canonicalHost(host) {
  const canonical = URL.canParse(`https://${host}`) ? new URL(`https://${host}`).hostname : '';
  if (!HOST.test(canonical)) throw new SyntaxError('the host name is not a host name');
  return canonical;
}

/**
 * @param {MatchPattern} pattern
 * @param {string} origin serialised origin or address
 * @returns {boolean}
 */
export function matches(pattern, origin) {
  if (!URL.canParse(origin)) return false;
  const url = new URL(origin);
  if (url.protocol !== `${pattern.scheme}:`) return false;
  if (pattern.port !== '*' && pattern.port !== (url.port || DEFAULT_PORT[pattern.scheme])) return false;
  return pattern.host === '*' || url.hostname === pattern.host
    || (pattern.subdomains && url.hostname.endsWith(`.${pattern.host}`));
}

/**
 * The same sites in the browser's words (Chrome: match patterns).
 * @param {MatchPattern} pattern
 */
export function toBrowserPattern({ scheme, host, subdomains, port }) {
  return `${scheme}://${subdomains ? '*.' : ''}${host}${port === '*' ? '' : `:${port}`}/*`;
}
