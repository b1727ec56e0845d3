import './certificate-doubles.js';
import { FakeBridge } from './doubles.js';
import { after, beforeEach, test } from 'node:test';
import assert from 'node:assert/strict';
import { installCertificates } from './certificate.js';
import { open } from './channel.js';
import { allowHandOver } from './hand-over.js';
import { RTCPeerConnection } from './peer-connection.js';

const global = /** @type {any} */ (globalThis);
const bridge = new FakeBridge();
open(bridge.window);
installCertificates(global);
allowHandOver();
after(() => bridge.close());

beforeEach(async () => {
  await bridge.settle();
  bridge.requests.length = 0;
  bridge.answer = ({ method }) => (method === 'certificate.generate' ? { fingerprint: 'AB:0C' } : undefined);
});

/** What the endpoint hears of certificates in a new connection. @param {any} configuration */
const named = async (configuration) => {
  const pc = /** @type {any} */ (new RTCPeerConnection(configuration));
  await bridge.settle();
  pc.close();
  return bridge.of('pc.create').at(-1)?.params.configuration.certificates;
};

test('the certificate on the wire is the page’s', async () => {
  const certificate = await RTCPeerConnection.generateCertificate({ name: 'ECDSA', namedCurve: 'P-256' });
  assert.ok(certificate instanceof global.RTCCertificate);
  const [{ params }] = bridge.of('certificate.generate');
  assert.equal(params.keyType, 'ecdsa');
  assert.equal(params.expires, certificate.expires);
  assert.deepEqual(certificate.getFingerprints(), [{ algorithm: 'sha-256', value: 'ab:0c' }]);
  assert.deepEqual(await named({ certificates: [certificate] }), [params.certificate]);
  assert.equal(await named({}), undefined);
});

test('RSA', async () => {
  await RTCPeerConnection.generateCertificate({ name: 'RSASSA-PKCS1-v1_5', modulusLength: 2048 });
  assert.equal(bridge.of('certificate.generate')[0].params.keyType, 'rsa');
});

test('what the platform refuses, the endpoint never hears of', async () => {
  await assert.rejects(RTCPeerConnection.generateCertificate('none'), { name: 'NotSupportedError' });
  assert.deepEqual(bridge.of('certificate.generate'), []);
});

test('without the endpoint’s half a certificate is the platform’s', async () => {
  bridge.answer = () => { throw { name: 'QuotaExceededError', message: 'too many' }; };
  const certificate = await RTCPeerConnection.generateCertificate('ECDSA');
  assert.equal(certificate.getFingerprints()[0].value, 'native');
  bridge.answer = undefined;
  assert.equal(await named({ certificates: [certificate] }), undefined);
});

test('a connection that the browser takes over shows the browser’s certificate', async () => {
  const certificate = await RTCPeerConnection.generateCertificate('ECDSA');
  const pc = /** @type {any} */ (new RTCPeerConnection({ certificates: [certificate] }));
  pc.addTransceiver('video');
  assert.equal(certificate.getFingerprints()[0].value, 'native');
});

test('a lost link takes the endpoint’s half with it', async () => {
  const certificate = await RTCPeerConnection.generateCertificate('ECDSA');
  bridge.notify('link.changed', { state: 'lost' });
  await bridge.settle();
  assert.equal(await named({ certificates: [certificate] }), undefined);
});
