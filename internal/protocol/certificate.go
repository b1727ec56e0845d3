package protocol

// CertificateGenerateParams makes a key and a certificate for DTLS (WebRTC 1.0,
// RTCPeerConnection.generateCertificate). It lives as long as its document.
type CertificateGenerateParams struct {
	// Certificate is minted by the page.
	Certificate string `json:"certificate"`
	// KeyType is "ecdsa", on P-256, or "rsa", of 2048 bits.
	KeyType string `json:"keyType"`
	// Expires is in milliseconds since 1970.
	Expires int64 `json:"expires"`
}

// CertificateGenerateResult is what the page may know of it.
type CertificateGenerateResult struct {
	// Fingerprint is that of SHA-256, in capitals with colons between octets.
	Fingerprint string `json:"fingerprint"`
}
