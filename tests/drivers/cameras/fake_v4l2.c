/* A video device in C, put between a process and the kernel by LD_PRELOAD: a regular file named video0 answers the calls
 * of V4L2 as a gray camera of 64 x 48 pixels would, with the kernel's own structures. After 20 frames it is unplugged.
 * What is not meant for it goes on to the kernel. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <linux/videodev2.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

enum { WIDTH = 64, HEIGHT = 48, SIZE = WIDTH * HEIGHT, ROOM = 4096, FRAMES = 20, MOST = 8 };

static int device = -1, streaming, count, queued[MOST], waiting, gain = 5;
static unsigned sequence;

static int is_device(int fd) {
    char link[64], path[4096];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length < 6) return 0;
    path[length] = 0;
    return strcmp(path + length - 6, "video0") == 0;
}

static int fail(int error) {
    errno = error;
    return -1;
}

static int answer(int fd, unsigned long request, void *arg) {
    if (sequence >= FRAMES) return fail(ENODEV);
    switch (request) {
    case VIDIOC_QUERYCAP: {
        struct v4l2_capability *c = arg;
        memset(c, 0, sizeof *c);
        strcpy((char *)c->driver, "preloaded");
        strcpy((char *)c->card, "Camera in C");
        c->device_caps = V4L2_CAP_VIDEO_CAPTURE | V4L2_CAP_STREAMING;
        c->capabilities = c->device_caps | V4L2_CAP_DEVICE_CAPS;
        return 0;
    }
    case VIDIOC_ENUM_FMT: {
        struct v4l2_fmtdesc *f = arg;
        if (f->index) return fail(EINVAL);
        f->pixelformat = V4L2_PIX_FMT_GREY;
        return 0;
    }
    case VIDIOC_ENUM_FRAMESIZES: {
        struct v4l2_frmsizeenum *s = arg;
        if (s->index || s->pixel_format != V4L2_PIX_FMT_GREY) return fail(EINVAL);
        s->type = V4L2_FRMSIZE_TYPE_DISCRETE;
        s->discrete.width = WIDTH;
        s->discrete.height = HEIGHT;
        return 0;
    }
    case VIDIOC_ENUM_FRAMEINTERVALS: {
        struct v4l2_frmivalenum *i = arg;
        if (i->index || i->width != WIDTH || i->height != HEIGHT) return fail(EINVAL);
        i->type = V4L2_FRMIVAL_TYPE_DISCRETE;
        i->discrete.numerator = 1;
        i->discrete.denominator = 30;
        return 0;
    }
    case VIDIOC_S_FMT: {
        struct v4l2_format *f = arg;
        if (f->type != V4L2_BUF_TYPE_VIDEO_CAPTURE) return fail(EINVAL);
        f->fmt.pix.width = WIDTH;
        f->fmt.pix.height = HEIGHT;
        f->fmt.pix.pixelformat = V4L2_PIX_FMT_GREY;
        f->fmt.pix.bytesperline = WIDTH;
        f->fmt.pix.sizeimage = SIZE;
        return 0;
    }
    case VIDIOC_S_PARM:
    case VIDIOC_G_PARM: {
        struct v4l2_streamparm *p = arg;
        p->parm.capture.timeperframe.numerator = 1;
        p->parm.capture.timeperframe.denominator = 30;
        return 0;
    }
    case VIDIOC_QUERY_EXT_CTRL: {
        struct v4l2_query_ext_ctrl *q = arg;
        unsigned last = q->id & ~(V4L2_CTRL_FLAG_NEXT_CTRL | V4L2_CTRL_FLAG_NEXT_COMPOUND);
        if (last >= V4L2_CID_GAIN) return fail(EINVAL);
        memset(q, 0, sizeof *q);
        q->id = V4L2_CID_GAIN;
        q->type = V4L2_CTRL_TYPE_INTEGER;
        strcpy(q->name, "Gain");
        q->maximum = 100;
        q->step = 1;
        return 0;
    }
    case VIDIOC_G_CTRL:
        ((struct v4l2_control *)arg)->value = gain;
        return 0;
    case VIDIOC_S_CTRL:
        gain = ((struct v4l2_control *)arg)->value;
        return 0;
    case VIDIOC_REQBUFS: {
        struct v4l2_requestbuffers *r = arg;
        if (r->memory != V4L2_MEMORY_MMAP) return fail(EINVAL);
        if (r->count > MOST) r->count = MOST;
        count = r->count;
        waiting = 0;
        return ftruncate(fd, (off_t)count * ROOM);
    }
    case VIDIOC_QUERYBUF: {
        struct v4l2_buffer *b = arg;
        if ((int)b->index >= count) return fail(EINVAL);
        b->length = ROOM;
        b->m.offset = b->index * ROOM;
        return 0;
    }
    case VIDIOC_QBUF: {
        struct v4l2_buffer *b = arg;
        if ((int)b->index >= count || waiting >= MOST) return fail(EINVAL);
        queued[waiting++] = b->index;
        return 0;
    }
    case VIDIOC_STREAMON:
        streaming = *(int *)arg == V4L2_BUF_TYPE_VIDEO_CAPTURE;
        device = fd;
        return streaming ? 0 : fail(EINVAL);
    case VIDIOC_STREAMOFF:
        streaming = 0;
        return 0;
    case VIDIOC_DQBUF: {
        struct v4l2_buffer *b = arg;
        if (!streaming || b->memory != V4L2_MEMORY_MMAP) return fail(EINVAL);
        if (!waiting) return fail(EAGAIN);
        unsigned char pixels[SIZE];
        for (int i = 0; i < SIZE; i++) pixels[i] = (unsigned char)(i / WIDTH + i % WIDTH + sequence);
        struct timespec now;
        clock_gettime(CLOCK_MONOTONIC, &now);
        b->index = queued[0];
        memmove(queued, queued + 1, sizeof *queued * --waiting);
        if (pwrite(fd, pixels, SIZE, (off_t)b->index * ROOM) != SIZE) return -1;
        b->bytesused = SIZE;
        b->flags = V4L2_BUF_FLAG_TIMESTAMP_MONOTONIC;
        b->timestamp.tv_sec = now.tv_sec;
        b->timestamp.tv_usec = now.tv_nsec / 1000;
        b->sequence = sequence++;
        return 0;
    }
    }
    return fail(ENOTTY);
}

int ioctl(int fd, unsigned long request, ...) {
    va_list rest;
    va_start(rest, request);
    void *arg = va_arg(rest, void *);
    va_end(rest);
    request &= 0xffffffffUL;
    if (_IOC_TYPE(request) == 'V' && is_device(fd)) return answer(fd, request, arg);
    int (*next)(int, unsigned long, ...) = (int (*)(int, unsigned long, ...))dlsym(RTLD_NEXT, "ioctl");
    return next(fd, request, arg);
}

int poll(struct pollfd *fds, nfds_t number, int timeout) {
    int (*next)(struct pollfd *, nfds_t, int) = (int (*)(struct pollfd *, nfds_t, int))dlsym(RTLD_NEXT, "poll");
    if (number != 1 || fds[0].fd != device || !streaming) return next(fds, number, timeout);
    usleep(2000);
    fds[0].revents = sequence >= FRAMES ? POLLERR | POLLHUP : POLLIN;
    return 1;
}
