package miniaudio

/*
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

// miniaudio is compiled into malgo; only what is used is declared. Of
// ma_device_info the head is used: id, name, isDefault.
extern int ma_context_enumerate_devices(void *context, uint32_t (*callback)(void *, int, const void *, void *), void *user);

enum { NAME = 256, MOST = 256 };

typedef struct {
	int32_t kind;
	uint32_t is_default;
	char name[NAME];
	uint8_t id[];
} nearend_info;

typedef struct {
	size_t id_size, stride;
	uint32_t count;
	uint8_t *infos;
} nearend_list;

static uint32_t nearend_take(void *context, int kind, const void *info, void *user) {
	nearend_list *list = user;
	if (list->count == MOST) return 0;
	nearend_info *to = (nearend_info *)(list->infos + list->count++ * list->stride);
	to->kind = kind;
	memcpy(to->id, info, list->id_size);
	memcpy(to->name, (const uint8_t *)info + list->id_size, NAME);
	to->name[NAME - 1] = 0;
	memcpy(&to->is_default, (const uint8_t *)info + list->id_size + NAME, sizeof to->is_default);
	return 1;
}

// nearend_enumerate fills list, whose infos the caller frees.
static int nearend_enumerate(void *context, size_t id_size, nearend_list *list) {
	list->id_size = id_size;
	list->stride = (sizeof(nearend_info) + id_size + 7) / 8 * 8;
	list->count = 0;
	list->infos = calloc(MOST, list->stride);
	if (!list->infos) return -4;
	return ma_context_enumerate_devices(context, nearend_take, list);
}
*/
import "C"

import (
	"fmt"
	"unsafe"

	"github.com/gen2brain/malgo"

	"nearend/internal/audio"
)

// enumerate lists all devices of a context. malgo's own way to do it holds a
// lock that its logging callback takes too, so that a device that vanishes
// while being listed would block the process for good.
func enumerate(context malgo.Context, b *backend) ([]entry, error) {
	// malgo keeps the address of miniaudio's context in its only field.
	pointer := **(**unsafe.Pointer)(unsafe.Pointer(&context))
	var list C.nearend_list
	result := C.nearend_enumerate(pointer, C.size_t(len(malgo.DeviceID{})), &list)
	defer C.free(unsafe.Pointer(list.infos))
	if result != 0 {
		return nil, fmt.Errorf("miniaudio: list devices: %w", malgo.Result(result))
	}
	entries := make([]entry, 0, int(list.count))
	for i := range uintptr(list.count) {
		at := unsafe.Add(unsafe.Pointer(list.infos), i*uintptr(list.stride))
		info := (*C.nearend_info)(at)
		e := entry{isDefault: info.is_default != 0}
		copy(e.raw[:], unsafe.Slice((*byte)(unsafe.Add(at, unsafe.Sizeof(*info))), len(e.raw)))
		e.ID = b.id(e.raw[:])
		e.Name = C.GoString(&info.name[0])
		e.Kind = audio.Output
		if malgo.DeviceType(info.kind) == malgo.Capture {
			e.Kind = audio.Input
		}
		entries = append(entries, e)
	}
	return entries, nil
}
