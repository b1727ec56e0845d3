// A softphone as anybody would write one against the W3C interfaces. It knows
// nothing of redirection.
//
// Query parameters: number (own number), dial (call it at once), answer=auto
// (take every call), processing=off (no echo cancellation, noise suppression
// and gain control), meters=off.

import { Signalling } from './signalling.js';
import { Meter } from './meter.js';

const query = new URLSearchParams(location.search);
const element = (id) => document.getElementById(id);
const processing = query.get('processing') !== 'off';

class Phone {
  /** @type {RTCPeerConnection | null} */
  pc = null;
  /** @type {MediaStream | null} */
  microphone = null;
  /** When, by performance.now(), the last call was dialled, connected and first heard. */
  timings = {};
  /** The other party's number while there is a call. */
  peer = '';
  #offer = null;
  #candidates = [];
  #meters = [];
  #ticking = 0;

  constructor() {
    this.signalling = new Signalling(query.get('number') ?? '', (message) => this.#receive(message));
    this.#drawPad();
    element('call').onclick = () => this.#offer ? this.answer() : this.dial(element('number').value);
    element('hangup').onclick = () => this.hangUp('');
    element('mute').onclick = () => this.mute(element('mute').getAttribute('aria-pressed') !== 'true');
    element('volume').oninput = () => { element('far-end').volume = Number(element('volume').value); };
    element('speaker').onchange = () => this.#chooseSpeaker();
    element('microphone').onchange = () => this.#chooseMicrophone();
    element('number').onkeydown = (event) => { if (event.key === 'Enter') element('call').click(); };
    navigator.mediaDevices.addEventListener('devicechange', () => this.#listDevices());
  }

  /** Calls a number. */
  async dial(number) {
    this.timings = { dialled: performance.now() };
    this.#state('calling', `Calling ${number}…`);
    try {
      const pc = await this.#open(number);
      await pc.setLocalDescription(await pc.createOffer());
      this.signalling.send({ type: 'offer', to: number, sdp: pc.localDescription.sdp });
    } catch (error) {
      this.#end(`${error.name}: ${error.message}`);
    }
  }

  /** Answers the call that rings. */
  async answer() {
    const { from, sdp } = this.#offer;
    this.#offer = null;
    this.timings = { dialled: performance.now() };
    this.#state('calling', `Answering ${from}…`);
    try {
      const pc = await this.#open(from);
      await pc.setRemoteDescription({ type: 'offer', sdp });
      await this.#flushCandidates();
      await pc.setLocalDescription(await pc.createAnswer());
      this.signalling.send({ type: 'answer', to: from, sdp: pc.localDescription.sdp });
    } catch (error) {
      this.#end(`${error.name}: ${error.message}`);
    }
  }

  /** Ends the call, or refuses the one that rings. */
  hangUp(reason) {
    const peer = this.#offer?.from ?? this.peer;
    if (peer) this.signalling.send({ type: 'bye', to: peer, reason });
    this.#end('Ready');
  }

  mute(on) {
    for (const track of this.microphone?.getAudioTracks() ?? []) track.enabled = !on;
    element('mute').setAttribute('aria-pressed', String(on));
    element('mute').textContent = on ? 'Unmute' : 'Mute';
  }

  /** Sends DTMF when in a call, else edits the number. */
  press(key) {
    const sender = this.pc?.getSenders().find((s) => s.dtmf?.canInsertDTMF);
    if (sender) sender.dtmf.insertDTMF(sender.dtmf.toneBuffer + key);
    else element('number').value += key;
  }

  async #open(peer) {
    this.peer = peer;
    this.microphone = await navigator.mediaDevices.getUserMedia({ audio: this.#constraints() });
    this.timings.microphone = performance.now();
    await this.#listDevices();
    const pc = new RTCPeerConnection({ iceServers: [] });
    this.pc = pc;
    for (const track of this.microphone.getTracks()) pc.addTrack(track, this.microphone);
    pc.onicecandidate = ({ candidate }) => {
      if (candidate) this.signalling.send({ type: 'candidate', to: peer, candidate: candidate.toJSON() });
    };
    pc.ontrack = ({ track, streams }) => {
      const stream = streams[0] ?? new MediaStream([track]);
      element('far-end').srcObject = stream;
      this.#meter('speaker-level', stream);
    };
    pc.onconnectionstatechange = () => {
      if (pc !== this.pc) return;
      if (pc.connectionState === 'connected') {
        this.timings.connected ??= performance.now();
        this.#state('connected', `In call with ${peer}`);
        this.#startClock();
      } else if (pc.connectionState === 'failed') {
        this.signalling.send({ type: 'bye', to: peer, reason: 'The connection failed.' });
        this.#end('The connection failed.');
      }
    };
    this.#meter('microphone-level', this.microphone);
    return pc;
  }

  #constraints() {
    const chosen = element('microphone').value;
    return {
      echoCancellation: processing, noiseSuppression: processing, autoGainControl: processing,
      ...(chosen && { deviceId: { exact: chosen } }),
    };
  }

  async #receive(message) {
    switch (message.type) {
      case 'registered':
        element('own').textContent = message.to;
        this.#state('ready', 'Ready');
        await this.#listDevices();
        if (query.get('dial')) await this.dial(query.get('dial'));
        break;
      case 'offer':
        if (this.peer || this.#offer) {
          this.signalling.send({ type: 'bye', to: message.from, reason: 'Busy' });
          break;
        }
        this.#offer = message;
        this.#candidates = [];
        this.#state('ringing', `${message.from} is calling`);
        if (query.get('answer') === 'auto') await this.answer();
        break;
      case 'answer':
        await this.pc?.setRemoteDescription({ type: 'answer', sdp: message.sdp });
        await this.#flushCandidates();
        break;
      case 'candidate':
        this.#candidates.push(message.candidate);
        if (this.pc?.remoteDescription) await this.#flushCandidates();
        break;
      case 'bye':
        if (message.from === this.peer || message.from === this.#offer?.from) this.#end(message.reason || 'The other side hung up.');
        break;
      case 'lost':
        this.#state('starting', 'No connection to the exchange. Trying again…');
        break;
    }
  }

  async #flushCandidates() {
    while (this.pc?.remoteDescription && this.#candidates.length > 0) {
      await this.pc.addIceCandidate(this.#candidates.shift());
    }
  }

  #end(status) {
    this.pc?.close();
    for (const track of this.microphone?.getTracks() ?? []) track.stop();
    for (const meter of this.#meters) meter.close();
    clearInterval(this.#ticking);
    this.#meters = [];
    this.#candidates = [];
    this.#offer = null;
    this.pc = null;
    this.microphone = null;
    this.peer = '';
    element('far-end').srcObject = null;
    element('timer').hidden = true;
    element('quality').textContent = '';
    this.mute(false);
    this.#state('ready', status);
  }

  #state(state, status) {
    document.body.dataset.state = state;
    element('status').textContent = status;
    element('call').textContent = state === 'ringing' ? 'Answer' : 'Call';
    element('call').disabled = state !== 'ready' && state !== 'ringing';
    element('hangup').disabled = state === 'ready' || state === 'starting';
    element('mute').disabled = state !== 'connected';
  }

  #meter(id, stream) {
    if (query.get('meters') !== 'off') this.#meters.push(new Meter(element(id), stream));
  }

  #startClock() {
    const started = Date.now();
    clearInterval(this.#ticking);
    element('timer').hidden = false;
    const tick = async () => {
      const seconds = Math.floor((Date.now() - started) / 1000);
      element('timer').textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
      if (this.pc) element('quality').textContent = await describeQuality(this.pc);
    };
    tick();
    this.#ticking = setInterval(tick, 1000);
  }

  async #listDevices() {
    const devices = await navigator.mediaDevices.enumerateDevices();
    for (const [kind, id] of [['audioinput', 'microphone'], ['audiooutput', 'speaker']]) {
      const select = element(id);
      const chosen = select.value;
      select.replaceChildren(...devices.filter((d) => d.kind === kind).map((d, i) =>
        new Option(d.label || `${kind === 'audioinput' ? 'Microphone' : 'Speaker'} ${i + 1}`, d.deviceId)));
      if ([...select.options].some((option) => option.value === chosen)) select.value = chosen;
    }
  }

  async #chooseSpeaker() {
    try {
      await element('far-end').setSinkId(element('speaker').value);
    } catch (error) {
      element('status').textContent = `${error.name}: ${error.message}`;
    }
  }

  async #chooseMicrophone() {
    const sender = this.pc?.getSenders().find((s) => s.track?.kind === 'audio');
    if (!sender) return;
    const enabled = sender.track.enabled;
    const stream = await navigator.mediaDevices.getUserMedia({ audio: this.#constraints() });
    const [track] = stream.getAudioTracks();
    track.enabled = enabled;
    await sender.replaceTrack(track);
    for (const old of this.microphone.getTracks()) old.stop();
    this.microphone = stream;
    this.#meter('microphone-level', stream);
  }

  #drawPad() {
    const letters = ['', 'ABC', 'DEF', 'GHI', 'JKL', 'MNO', 'PQRS', 'TUV', 'WXYZ', '', '+', ''];
    [...'123456789*0#'].forEach((key, i) => {
      const button = document.createElement('button');
      button.dataset.key = key;
      button.append(key, Object.assign(document.createElement('small'), { textContent: letters[i] }));
      button.onclick = () => this.press(key);
      element('pad').append(button);
    });
  }
}

async function describeQuality(pc) {
  const report = await pc.getStats();
  let line = '';
  for (const s of report.values()) {
    if (s.type !== 'inbound-rtp' || s.kind !== 'audio') continue;
    const codec = report.get(s.codecId)?.mimeType?.replace('audio/', '') ?? '';
    const delay = s.jitterBufferEmittedCount ? Math.round(1000 * s.jitterBufferDelay / s.jitterBufferEmittedCount) : 0;
    line = `${codec} · ${s.packetsReceived} packets, ${s.packetsLost} lost · jitter buffer ${delay} ms`;
  }
  for (const s of report.values()) {
    if (s.type === 'candidate-pair' && s.nominated && s.currentRoundTripTime !== undefined) {
      line += ` · round trip ${Math.round(1000 * s.currentRoundTripTime)} ms`;
    }
  }
  return line;
}

globalThis.phone = new Phone();
