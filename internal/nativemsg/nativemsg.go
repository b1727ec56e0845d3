// Package nativemsg reads and writes native messaging: JSON messages on a
// process's standard input and output, each after its length in bytes as a
// 32-bit number in native byte order (Chrome: "Native messaging protocol").
// All platforms that browsers with native messaging run on are little-endian.
//
// It knows nothing of what the messages say.
package nativemsg

import "errors"

// maxBrowserMessage is the most that a browser sends towards a native
// messaging host: 64 MiB. A greater length is not native messaging at all.
const maxBrowserMessage = 64 << 20

// headerSize is the size of the length before each message.
const headerSize = 4

var (
	// ErrTooLarge means that one message was over the reader's or writer's
	// bound. The stream is intact: reading or writing can go on.
	ErrTooLarge = errors.New("native message is too large")
	// ErrTruncated means that the stream ended within a message.
	ErrTruncated = errors.New("native messaging input ended within a message")
	// ErrNotNativeMessaging means that the input cannot be native messaging.
	// Nothing after it can be understood.
	ErrNotNativeMessaging = errors.New("input is not native messaging")
)
