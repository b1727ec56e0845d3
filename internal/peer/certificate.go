package peer

import (
	"time"

	"nearend/internal/peer/transport"
	"nearend/internal/protocol"
)

// maxValidity is how long a certificate is valid at most: a year, as in
// Chromium (WebRTC 1.0, section 4.10.2, leaves it to the browser).
const maxValidity = 365 * 24 * time.Hour

// Certificate proves to the far end who speaks. It may serve several peer
// connections.
type Certificate = transport.Certificate

// GenerateCertificate makes what RTCPeerConnection.generateCertificate promises
// (WebRTC 1.0, section 4.10.2).
func GenerateCertificate(params *protocol.CertificateGenerateParams) (*Certificate, *protocol.Error) {
	if params.KeyType != transport.ECDSA && params.KeyType != transport.RSA {
		return nil, fail(protocol.NotSupportedError, "bad keyType")
	}
	now := time.Now()
	expires := time.UnixMilli(params.Expires)
	if expires.After(now.Add(maxValidity)) {
		expires = now.Add(maxValidity)
	}
	made, err := transport.GenerateCertificate(params.KeyType, expires)
	if err != nil {
		return nil, fail(protocol.OperationError, err.Error())
	}
	return made, nil
}
