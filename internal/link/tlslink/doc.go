// Package tlslink connects a session host to an endpoint over a network that
// nobody trusts: TLS 1.3 in which each side accepts nothing but the other's
// key, which both wrote down when they were paired. What goes over it then is
// not its business.
//
// # Identity
//
// Each machine makes an Ed25519 key for this purpose alone. Certificates are
// only its wrapping: names, dates and issuers in them mean nothing, the
// SHA-256 of the key's SubjectPublicKeyInfo is compared with the pins. A pin is
// for one direction: who may connect here, or whom this machine connects to at
// one address. It is a file that its owner alone can read, and taking it away
// revokes it: connections that rest on it end within seconds.
//
// # Pairing
//
// The desk shows a code, which the person types at the session host. That one
// connects over TLS, as yet without knowing whom it reached, and both prove
// that they know the code:
//
//	session host                                          desk
//	     ───────── TLS 1.3, protocol nearend-pair/1 ─────────▶
//	     ── name, HMAC(K, "session host" ‖ E ‖ S ‖ D ‖ name) ─▶ keeps S
//	keeps D ◀─ name, HMAC(K, "desk" ‖ E ‖ S ‖ D ‖ name) ──────
//
// K is PBKDF2 of the code, E is keying material exported from this very TLS
// connection (RFC 8446, 7.5; RFC 9266), S and D are the two keys. E does not
// cover the session host's certificate, hence S and D.
//
// What this withstands:
//   - Somebody on the way who ends TLS on both sides has two connections with
//     two values of E: what one side proves is worthless to the other.
//   - Such a one does get a proof to test guesses against, since there is no
//     password-authenticated key exchange here. The code therefore is not short
//     enough to be guessed: 60 random bits through 600,000 rounds of PBKDF2,
//     about 2^79 hashes, within the five minutes that it is valid.
//   - Guessing at the desk itself ends after five attempts, then the code is
//     withdrawn. So an attacker who reaches the desk while a code is shown can
//     prevent pairing, but not pair.
//   - A code works once. Without a code shown, the desk does not speak the
//     pairing protocol at all.
//   - Recording everything now and breaking the code later gains nothing: it
//     protects no traffic, and the pins are made by then.
//
// What it does not: whoever sees the code and is faster, and whoever can read
// the files of either user.
package tlslink
