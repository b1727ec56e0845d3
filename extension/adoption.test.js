import assert from 'node:assert/strict';
import test from 'node:test';
import { Adoption, RECONNECT } from './adoption.js';
import { FakeBrowser, settled } from './browser.double.js';
import { Logs } from './logs.js';

test('documents of an earlier worker are asked, those of an earlier extension get the script again', async () => {
  const fake = new FakeBrowser();
  fake.storage.local.shimmed = [{ tabId: 1, documentId: 'alive' }, { tabId: 1, documentId: 'orphan' }, { tabId: 2, documentId: 'gone' }];
  /** @type {unknown[]} */
  const injected = [];
  const browser = {
    ...fake,
    sendToDocument: async (/** @type {number} */ _tab, /** @type {string} */ document, /** @type {unknown} */ message) => {
      assert.equal(message, RECONNECT);
      if (document !== 'alive') throw new Error('Could not establish connection.');
      return true;
    },
    injectInto: async (/** @type {number} */ tab, /** @type {string} */ document, /** @type {string} */ file) => {
      if (document === 'gone') throw new Error('No document with id gone.');
      injected.push([tab, document, file]);
    },
  };
  const adoption = new Adoption(/** @type {any} */ (browser), new Logs(fake.asBrowser));
  await adoption.ready;
  assert.deepEqual(injected, [[1, 'orphan', 'content.js']]);
  assert.deepEqual(fake.storage.local.shimmed, [{ tabId: 1, documentId: 'alive' }, { tabId: 1, documentId: 'orphan' }]);

  adoption.remember(/** @type {any} */ ({ identity: { tabId: 3, documentId: 'new' } }));
  adoption.remember(/** @type {any} */ ({ identity: { tabId: 3 } }));
  adoption.forget(/** @type {any} */ ({ identity: { tabId: 1, documentId: 'alive' } }));
  await settled();
  assert.deepEqual(fake.storage.local.shimmed, [{ tabId: 1, documentId: 'orphan' }, { tabId: 3, documentId: 'new' }]);
});
