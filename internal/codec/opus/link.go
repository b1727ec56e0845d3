package opus

// #cgo noescape nearend_opus_encode
// #cgo nocallback nearend_opus_encode
// #cgo noescape nearend_opus_decode
// #cgo nocallback nearend_opus_decode
// #cgo noescape nearend_opus_duration
// #cgo nocallback nearend_opus_duration
// #include "opus.h"
import "C"

import (
	"fmt"

	// It carries libopus 1.3.1 as a static library for each platform.
	_ "github.com/pion/mediadevices/pkg/codec/opus"
)

// Version is what libopus calls itself.
func Version() string { return C.GoString(C.opus_get_version_string()) }

func failure(what string, code C.int) error {
	return fmt.Errorf("opus: %s: %s", what, C.GoString(C.opus_strerror(code)))
}
