package e2e_test

import (
	"testing"
	"time"

	"nearend/internal/demo"
)

// TestVideoStaysWithTheBrowser: a peer connection that gets video is the
// browser's own behind the objects that the page holds, one with sound alone
// stays redirected.
func TestVideoStaysWithTheBrowser(t *testing.T) {
	scene := redirected(t, demo.FarEndOptions{EchoDelay: -1})
	connections := internals(t, scene.Browser)
	page := open(t, scene.Browser, scene.Site.URL())
	run(t, page, `(async () => {
		const [near, far] = [new RTCPeerConnection(), new RTCPeerConnection()];
		Object.assign(globalThis, { near, far });
		near.onicecandidate = ({ candidate }) => far.addIceCandidate(candidate);
		far.onicecandidate = ({ candidate }) => near.addIceCandidate(candidate);
		globalThis.voice = near.addTransceiver('audio');
		globalThis.channel = near.createDataChannel('text');
		far.ondatachannel = ({ channel }) => { channel.onmessage = ({ data }) => { globalThis.said = data; }; };
		globalThis.kinds = [];
		far.ontrack = ({ track }) => { kinds.push(track.kind); };
		const canvas = document.createElement('canvas');
		const paint = canvas.getContext('2d');
		setInterval(() => { paint.fillStyle = '#' + Math.random().toString(16).slice(2, 8); paint.fillRect(0, 0, 300, 150); }, 50);
		globalThis.picture = near.addTrack(canvas.captureStream(20).getVideoTracks()[0]);
		await near.setLocalDescription();
		await far.setRemoteDescription(near.localDescription);
		await far.setLocalDescription();
		await near.setRemoteDescription(far.localDescription);
		channel.onopen = () => channel.send('hello');
	})()`)
	wait(t, page, `globalThis.said === 'hello'`)
	poll(t, 15*time.Second, func() error {
		return more(func() (int, error) {
			return eval[int](t, page, `(async () => [...(await far.getStats()).values()].find(({ type, kind }) =>
				type === 'inbound-rtp' && kind === 'video')?.framesDecoded ?? 0)()`), nil
		}, "video frames")
	})
	if kinds := eval[string](t, page, `kinds.join()`); kinds != "audio,video" {
		t.Errorf("the far end got %s", kinds)
	}
	if !eval[bool](t, page, `near.getTransceivers()[0] === voice && near.getSenders()[1] === picture
		&& picture instanceof RTCRtpSender && voice.mid === '0' && near.connectionState === 'connected'`) {
		t.Error("the page's objects are not those of the connection")
	}
	poll(t, 5*time.Second, func() error { return more(connections.PeerConnections, "native peer connections") })

	before, err := connections.PeerConnections()
	if err != nil {
		t.Fatal(err)
	}
	offer := eval[string](t, page, `(async () => {
		globalThis.call = new RTCPeerConnection();
		call.addTransceiver('audio');
		return (await call.createOffer()).sdp;
	})()`)
	if after, err := connections.PeerConnections(); err != nil || after != before || offer == "" {
		t.Errorf("%d native peer connections, %d before a call with sound alone, %v", after, before, err)
	}
}
