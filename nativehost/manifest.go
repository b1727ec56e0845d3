package main

import "nearend/manifests"

// allowedOrigins are the extensions that may start this native messaging
// host, as browsers pass them as an argument.
func allowedOrigins() []string {
	return []string{manifests.ExtensionOrigin}
}
