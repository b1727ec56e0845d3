// Calls the echo test as the library's own demonstration does.
import Janus from './node_modules/janus-gateway/npm/dist/janus.es.js';

globalThis.state = {};

globalThis.echoTest = (server) => new Promise((resolve, reject) => {
  const attach = (janus) => janus.attach({
    plugin: 'janus.plugin.echotest',
    success(handle) {
      globalThis.handle = handle;
      handle.createOffer({
        tracks: [{ type: 'audio', capture: { echoCancellation: false, noiseSuppression: false, autoGainControl: false }, recv: true }],
        success(jsep) {
          handle.send({ message: { audio: true, video: false }, jsep });
          resolve();
        },
        error: reject,
      });
    },
    error: reject,
    onmessage(_message, jsep) {
      if (jsep) globalThis.handle.handleRemoteJsep({ jsep });
    },
    onremotetrack(track, _mid, on) {
      if (on) Janus.attachMediaStream(document.getElementById('out'), new MediaStream([track]));
    },
    webrtcState(on) { state.webrtc = on; },
    oncleanup() { state.cleaned = true; },
  });
  Janus.init({
    debug: ['warn', 'error'],
    dependencies: Janus.useDefaultDependencies({ adapter: globalThis.adapter }),
    callback() {
      const janus = new Janus({ server, iceServers: [], success: () => attach(janus), error: reject });
    },
  });
});
