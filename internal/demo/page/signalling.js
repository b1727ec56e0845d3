/**
 * The way to the exchange: JSON messages over a WebSocket that comes back by
 * itself. Messages are {type, from, to, sdp, candidate, reason} with type
 * registered, offer, answer, candidate or bye, and lost when it went away.
 */
export class Signalling {
  #socket;
  #number;
  #receive;
  #wait = 250;

  constructor(number, receive) {
    this.#number = number;
    this.#receive = receive;
    this.#connect();
  }

  send(message) {
    if (this.#socket.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(message));
  }

  #connect() {
    this.#socket = new WebSocket(`${location.origin.replace(/^http/, 'ws')}/signalling?number=${encodeURIComponent(this.#number)}`);
    this.#socket.onopen = () => { this.#wait = 250; };
    this.#socket.onmessage = ({ data }) => this.#receive(JSON.parse(data));
    this.#socket.onclose = () => {
      this.#receive({ type: 'lost' });
      setTimeout(() => this.#connect(), this.#wait);
      this.#wait = Math.min(2 * this.#wait, 8000);
    };
  }
}
