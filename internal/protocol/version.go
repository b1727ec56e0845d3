package protocol

// Version is the number of the protocol. It changes only when a message that
// an older peer understands changes its meaning; additions do not change it.
const Version = 1

// Product is the version of Nearend: the one place from which the binary, the
// extension and the shim take theirs.
const Product = "0.1.0"

// NativeHostName is the name under which browsers know the native messaging
// host (Chrome: native messaging manifest, "name").
const NativeHostName = "com.nearend.nativehost"
