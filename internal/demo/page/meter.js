/** Draws the level of a stream into an element, 30 times a second. */
export class Meter {
  #bar;
  #context = new AudioContext();
  #timer;

  constructor(bar, stream) {
    this.#bar = bar;
    const analyser = this.#context.createAnalyser();
    analyser.fftSize = 1024;
    this.#context.createMediaStreamSource(stream).connect(analyser);
    const samples = new Float32Array(analyser.fftSize);
    this.#timer = setInterval(() => {
      analyser.getFloatTimeDomainData(samples);
      const rms = Math.sqrt(samples.reduce((sum, s) => sum + s * s, 0) / samples.length);
      const decibels = 20 * Math.log10(Math.max(rms, 1e-4));
      bar.style.transform = `scaleX(${Math.max(0, Math.min(1, (decibels + 60) / 60)).toFixed(3)})`;
    }, 33);
    this.#context.resume();
  }

  close() {
    clearInterval(this.#timer);
    this.#bar.style.transform = 'scaleX(0)';
    this.#context.close();
  }
}
