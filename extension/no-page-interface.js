// Registered in front of the shim where the administrator's policy switches the
// page interface off. The shim takes the mark away before the page's first
// script.
Object.defineProperty(globalThis, Symbol.for('nearend.noPageInterface'), { value: true, configurable: true });
