// canceller.h: AEC3 for one channel at 48 kHz in frames of 480 samples from
// -1 to 1. A canceller serves one thread at a time.
#ifndef NEAREND_AEC3_CANCELLER_H
#define NEAREND_AEC3_CANCELLER_H

// nearend_aec3_new returns NULL when there is no memory.
void *nearend_aec3_new(void);
// render and capture return -1 when the module trapped; it is of no use then.
int nearend_aec3_render(void *canceller, const float *frame);
int nearend_aec3_capture(void *canceller, float *frame);
void nearend_aec3_free(void *canceller);
// nearend_aec3_break spoils the module's state, for the test of traps.
void nearend_aec3_break(void *canceller);

#endif
