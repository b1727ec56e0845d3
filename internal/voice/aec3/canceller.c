// canceller.c: four calls around the translated module.
#include "runtime.h"
#include "generated.h"
#include "canceller.h"

enum { RATE = 48000, FRAME = 480 };

// samples is the address of the first channel of a buffer of the module.
static u32 samples(I s, u32 buffer) { return i32_load(s, export_s(s, buffer)); }

void *nearend_aec3_new(void) {
	I s = calloc(1, sizeof *s);
	if (!s) return NULL;
	if (JUMP_SET(s->trap)) {
		free(s);
		return NULL;
	}
	s->xg0 = 83712; // the top of the module's stack
	init_memories(s);
	export_h(s);
	s->canceller = export_i(s, RATE, 1, 1);
	s->render_in = export_x(s, s->canceller, RATE, 1, RATE, 1, RATE, 1);
	s->render_bands = export_n(s, s->canceller);
	s->capture_in = export_y(s, s->canceller, RATE, 1, RATE, 1, RATE, 1);
	s->capture_bands = export_o(s, s->canceller);
	s->capture_out = export_q(s, s->canceller);
	s->render_samples = samples(s, s->render_in);
	s->capture_samples = samples(s, s->capture_in);
	s->out_samples = samples(s, s->capture_out);
	return s;
}

int nearend_aec3_render(void *canceller, const float *frame) {
	I s = canceller;
	if (JUMP_SET(s->trap)) return -1;
	memcpy(AT(s, s->render_samples), frame, FRAME * sizeof *frame);
	export_v(s, s->render_bands, s->render_in, RATE, 1);
	export_t(s, s->render_bands);
	export_z(s, s->canceller);
	return 0;
}

int nearend_aec3_capture(void *canceller, float *frame) {
	I s = canceller;
	if (JUMP_SET(s->trap)) return -1;
	memcpy(AT(s, s->capture_samples), frame, FRAME * sizeof *frame);
	export_v(s, s->capture_bands, s->capture_in, RATE, 1);
	export_t(s, s->capture_bands);
	export_A(s, s->canceller);
	export_B(s, s->canceller, 0);
	export_u(s, s->capture_bands);
	export_w(s, s->capture_out, s->capture_bands, RATE, 1);
	memcpy(frame, AT(s, s->out_samples), FRAME * sizeof *frame);
	return 0;
}

void nearend_aec3_free(void *canceller) { free(canceller); }

void nearend_aec3_break(void *canceller) {
	I s = canceller;
	memset(AT(s, s->canceller), 0x7f, 4096);
}
