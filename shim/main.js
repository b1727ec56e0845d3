/**
 * The page's side of Nearend, which runs before the page's first script in the
 * page's own world. The modules of shim/ are bundled into one closure.
 * @module
 */
import { open } from './channel.js';
import { install } from './install.js';
import { followLevels } from './levels.js';
import { followConnections } from './notifications.js';

followConnections();
followLevels();
open(globalThis);
install(globalThis);
