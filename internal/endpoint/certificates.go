package endpoint

import (
	"nearend/internal/peer"
	"nearend/internal/protocol"
)

// generateCertificate does certificate.generate. Making a key takes long, so
// all but the reservation of the id happens beside the document's other
// requests.
func (d *document) generateCertificate(params *protocol.CertificateGenerateParams) (func() (any, *protocol.Error), *protocol.Error) {
	if failure := checkMinted("certificate", params.Certificate); failure != nil {
		return nil, failure
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if _, exists := d.certificates[params.Certificate]; exists {
		return nil, protocol.NewError(protocol.InvalidStateError, "there is a certificate of that id")
	}
	if len(d.certificates) >= protocol.MaxCertificates {
		return nil, protocol.NewError(protocol.QuotaExceededError, "too many certificates")
	}
	d.certificates[params.Certificate] = nil
	return func() (any, *protocol.Error) {
		made, failure := peer.GenerateCertificate(params)
		d.mu.Lock()
		defer d.mu.Unlock()
		if failure != nil {
			delete(d.certificates, params.Certificate)
			return nil, failure
		}
		d.certificates[params.Certificate] = made
		return protocol.CertificateGenerateResult{Fingerprint: made.Fingerprint()}, nil
	}, nil
}

// certificate finds what a configuration names; none is nil.
func (d *document) certificate(names []string) (*peer.Certificate, *protocol.Error) {
	if len(names) == 0 {
		return nil, nil
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if found := d.certificates[names[0]]; found != nil {
		return found, nil
	}
	return nil, protocol.NewError(protocol.InvalidStateError, "there is no certificate of that id")
}
