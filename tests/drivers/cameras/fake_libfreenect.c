/* libfreenect's functions without a Kinect: compiled against the real libfreenect.h, so that its signatures hold.
 *
 * Devices have the serial numbers of FAKE_FREENECT_SERIALS (by default two) and give 30 frames a second: depth is
 * 1000 + number, colour and infrared count up from their column. The functions fake_* script what a cable does.
 */
#include <libfreenect.h>
#include <libfreenect_registration.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>

#define MOST 4

struct _freenect_context { freenect_log_cb log; int open; };
struct _freenect_device {
	struct _freenect_context *context;
	freenect_depth_cb depth;
	freenect_video_cb video;
	freenect_frame_mode depth_mode, video_mode;
	int depth_runs, video_runs, flags;
	double next_s;
	uint32_t number;
	freenect_raw_tilt_state tilt;
	unsigned char *pixels;
	void *depth_buffer, *video_buffer;
};

static struct _freenect_device *opened;
static uint32_t first_ticks = 4294967295u - 3000000u; /* wraps after the second frame */
static int unplugged, silent, open_error, has_tilt = 1, led = -1;
static int lost, own_memory;
static void *last_depth;
static int contexts, devices;

void fake_reset(void) { unplugged = silent = open_error = lost = own_memory = 0; has_tilt = 1; led = -1; }
void fake_unplug(int yes) { unplugged = yes; }
void fake_silence(int yes) { silent = yes; }
void fake_lose(int frames) { lost = frames; }
void fake_open_error(int code) { open_error = code; }
void fake_has_tilt(int yes) { has_tilt = yes; }
void fake_own_memory(int yes) { own_memory = yes; }
void *fake_last_depth(void) { return last_depth; }
int fake_led(void) { return led; }
int fake_flags(void) { return opened ? opened->flags : -1; }
int fake_contexts(void) { return contexts; }
int fake_devices(void) { return devices; }

static double now_s(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec + t.tv_nsec * 1e-9;
}

static void sleep_s(double s)
{
	struct timespec t = { (time_t)s, (long)((s - (time_t)s) * 1e9) };
	if (s > 0) nanosleep(&t, NULL);
}

static int serials(char found[MOST][32])
{
	const char *given = getenv("FAKE_FREENECT_SERIALS");
	char words[128];
	int n = 0;
	snprintf(words, sizeof words, "%s", given ? given : "A00363911111111A,B00363922222222B");
	if (unplugged) return 0;
	for (char *word = strtok(words, ","); word && n < MOST; word = strtok(NULL, ","))
		snprintf(found[n++], 32, "%s", word);
	return n;
}

static void say(freenect_context *ctx, const char *words)
{
	if (ctx->log) ctx->log(ctx, FREENECT_LOG_ERROR, words);
}

int freenect_init(freenect_context **ctx, freenect_usb_context *usb_ctx)
{
	(void)usb_ctx;
	*ctx = calloc(1, sizeof **ctx);
	contexts++;
	return 0;
}

int freenect_shutdown(freenect_context *ctx) { contexts--; free(ctx); return 0; }
void freenect_set_log_level(freenect_context *ctx, freenect_loglevel level) { (void)ctx; (void)level; }
void freenect_set_log_callback(freenect_context *ctx, freenect_log_cb cb) { ctx->log = cb; }
void freenect_select_subdevices(freenect_context *ctx, freenect_device_flags subdevs) { (void)ctx; (void)subdevs; }

int freenect_list_device_attributes(freenect_context *ctx, struct freenect_device_attributes **list)
{
	char found[MOST][32];
	int n = serials(found);
	(void)ctx;
	*list = NULL;
	for (int i = n - 1; i >= 0; i--) {
		struct freenect_device_attributes *one = calloc(1, sizeof *one);
		one->camera_serial = strdup(found[i]);
		one->next = *list;
		*list = one;
	}
	return n;
}

void freenect_free_device_attributes(struct freenect_device_attributes *list)
{
	while (list) {
		struct freenect_device_attributes *next = list->next;
		free((void *)list->camera_serial);
		free(list);
		list = next;
	}
}

int freenect_open_device(freenect_context *ctx, freenect_device **dev, int index)
{
	char found[MOST][32];
	if (open_error) {
		char words[64];
		snprintf(words, sizeof words, "Could not open camera: %d\n", open_error);
		say(ctx, words);
		return -1;
	}
	if (index >= serials(found)) return -1;
	*dev = opened = calloc(1, sizeof **dev);
	opened->context = ctx;
	opened->next_s = now_s();
	opened->pixels = calloc(1280 * 1024, 3);
	devices++;
	return 0;
}

int freenect_open_device_by_camera_serial(freenect_context *ctx, freenect_device **dev, const char *camera_serial)
{
	char found[MOST][32];
	int n = serials(found);
	for (int i = 0; i < n; i++)
		if (!strcmp(found[i], camera_serial)) return freenect_open_device(ctx, dev, i);
	return -1;
}

int freenect_close_device(freenect_device *dev)
{
	if (dev == opened) opened = NULL;
	free(dev->pixels);
	free(dev);
	devices--;
	return 0;
}

void freenect_set_depth_callback(freenect_device *dev, freenect_depth_cb cb) { dev->depth = cb; }
void freenect_set_video_callback(freenect_device *dev, freenect_video_cb cb) { dev->video = cb; }
int freenect_set_depth_mode(freenect_device *dev, freenect_frame_mode mode) { dev->depth_mode = mode; return 0; }
int freenect_set_video_mode(freenect_device *dev, freenect_frame_mode mode) { dev->video_mode = mode; return 0; }
int freenect_set_depth_buffer(freenect_device *dev, void *buf) { dev->depth_buffer = buf; return 0; }
int freenect_set_video_buffer(freenect_device *dev, void *buf) { dev->video_buffer = buf; return 0; }
int freenect_start_depth(freenect_device *dev) { dev->depth_runs = 1; return 0; }
int freenect_start_video(freenect_device *dev) { dev->video_runs = 1; return 0; }
int freenect_stop_depth(freenect_device *dev) { dev->depth_runs = 0; return 0; }
int freenect_stop_video(freenect_device *dev) { dev->video_runs = 0; return 0; }

static freenect_frame_mode mode_of(int reserved, int res, int fmt, int bytes, int w, int h, int bits, int pad, int hz)
{
	freenect_frame_mode mode = { reserved, res, { fmt }, bytes, w, h, bits, pad, hz, 1 };
	return mode;
}

freenect_frame_mode freenect_find_depth_mode(freenect_resolution res, freenect_depth_format fmt)
{
	freenect_frame_mode none = { 0 };
	if (res != FREENECT_RESOLUTION_MEDIUM) return none;
	return mode_of(256 + fmt, res, fmt, 614400, 640, 480, 16, 0, 30);
}

freenect_frame_mode freenect_find_video_mode(freenect_resolution res, freenect_video_format fmt)
{
	freenect_frame_mode none = { 0 };
	int high = res == FREENECT_RESOLUTION_HIGH;
	int w = high ? 1280 : 640, h = high ? 1024 : fmt == FREENECT_VIDEO_RGB ? 480 : 488, hz = high ? 10 : 30;
	if (fmt == FREENECT_VIDEO_RGB) return mode_of(256 * (1 + high), res, fmt, w * h * 3, w, h, 24, 0, hz);
	if (fmt == FREENECT_VIDEO_IR_8BIT) return mode_of(256 * (1 + high) + 2, res, fmt, w * h, w, h, 8, 0, hz);
	if (fmt == FREENECT_VIDEO_IR_10BIT) return mode_of(256 * (1 + high) + 3, res, fmt, w * h * 2, w, h, 10, 6, hz);
	return none;
}

static void give(freenect_device *dev)
{
	uint32_t ticks = first_ticks + 2000000u * dev->number;
	if (dev->depth_runs && dev->depth) {
		uint16_t *depth = (uint16_t *)(own_memory || !dev->depth_buffer ? dev->pixels : dev->depth_buffer);
		last_depth = depth;
		for (int i = 0; i < 640 * 480; i++) depth[i] = 1000 + dev->number;
		dev->depth(dev, depth, ticks);
	}
	if (dev->video_runs && dev->video) {
		int step = dev->video_mode.data_bits_per_pixel == 10 ? 2 : 1;
		unsigned char *video = own_memory || !dev->video_buffer ? dev->pixels : dev->video_buffer;
		memset(video, 0, dev->video_mode.bytes);
		for (int i = 0; i < dev->video_mode.bytes; i += step) video[i] = (i / step) % 251;
		dev->video(dev, video, ticks + 1000);
	}
}

int freenect_process_events_timeout(freenect_context *ctx, struct timeval *timeout)
{
	double limit = timeout->tv_sec + timeout->tv_usec * 1e-6;
	double wait = opened ? opened->next_s - now_s() : limit;
	if (unplugged) {
		say(ctx, "USB camera marked dead, stopping streams\n");
		return -1;
	}
	if (!opened || silent || wait > limit) {
		sleep_s(limit);
		return 0;
	}
	sleep_s(wait);
	while (lost > 0) { opened->number++; lost--; }
	give(opened);
	opened->number++;
	opened->next_s += 1 / 30.0;
	return 0;
}

int freenect_update_tilt_state(freenect_device *dev) { (void)dev; return has_tilt ? 0 : -1; }
freenect_raw_tilt_state *freenect_get_tilt_state(freenect_device *dev) { return &dev->tilt; }
double freenect_get_tilt_degs(freenect_raw_tilt_state *state) { return state->tilt_angle / 2.0; }

int freenect_set_tilt_degs(freenect_device *dev, double angle)
{
	dev->tilt.tilt_angle = (int8_t)(angle * 2);
	return has_tilt ? 0 : -1;
}

int freenect_set_led(freenect_device *dev, freenect_led_options option) { (void)dev; led = option; return 0; }

int freenect_set_flag(freenect_device *dev, freenect_flag flag, freenect_flag_value value)
{
	dev->flags = value == FREENECT_ON ? dev->flags | flag : dev->flags & ~flag;
	return flag == FREENECT_NEAR_MODE ? -1 : 0; /* that is for Kinect for Windows only */
}

void freenect_camera_to_world(freenect_device *dev, int cx, int cy, int wz, double *wx, double *wy)
{
	double factor = 2 * 0.1042 * wz / 120.0;
	(void)dev;
	*wx = (cx - 320) * factor;
	*wy = (cy - 240) * factor;
}
