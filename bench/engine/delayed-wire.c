/*
 * A wire of some length between two processes: what goes in comes out later, in both directions. In C and a process of its own: a wire
 * takes no part of the CPU of what it joins, and this one, beside both ends on one machine, should take as little as it can.
 *
 *   delayed-wire TO_PORT ONE_WAY_MS
 *
 * Prints the port that it listens on, and ends with its standard input.
 *
 * cc -O2 -o delayed-wire delayed-wire.c -lpthread
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

/* What a wire holds at 10 Gbit/s and 25 ms one way. */
#define RING_BYTES (32 << 20)
#define MAX_PIECE_BYTES (1 << 20)
#define MAX_PIECES 4096

struct piece {
  size_t end; /* of all that went in */
  struct timespec due;
};

struct direction {
  int from, to;
  char *ring;
  size_t in, out;
  struct piece pieces[MAX_PIECES];
  size_t first, last; /* of all pieces */
  int ended;
  pthread_mutex_t lock;
  pthread_cond_t changed;
};

static long one_way_ms;
static int to_port;

static void die(const char *what) {
  perror(what);
  exit(1);
}

static void *take(void *argument) {
  struct direction *wire = argument;
  for (;;) {
    pthread_mutex_lock(&wire->lock);
    while (wire->in - wire->out == RING_BYTES || wire->last - wire->first == MAX_PIECES)
      pthread_cond_wait(&wire->changed, &wire->lock);
    size_t at = wire->in % RING_BYTES, room = RING_BYTES - (wire->in - wire->out);
    pthread_mutex_unlock(&wire->lock);
    if (room > RING_BYTES - at) room = RING_BYTES - at;
    ssize_t got = read(wire->from, wire->ring + at, room < MAX_PIECE_BYTES ? room : MAX_PIECE_BYTES);
    struct timespec due;
    clock_gettime(CLOCK_MONOTONIC, &due);
    due.tv_nsec += one_way_ms * 1000000;
    due.tv_sec += due.tv_nsec / 1000000000;
    due.tv_nsec %= 1000000000;
    pthread_mutex_lock(&wire->lock);
    if (got > 0) {
      wire->in += got;
      wire->pieces[wire->last++ % MAX_PIECES] = (struct piece){wire->in, due};
    } else
      wire->ended = 1;
    pthread_cond_broadcast(&wire->changed);
    pthread_mutex_unlock(&wire->lock);
    if (got <= 0) return NULL;
  }
}

static int is_due(const struct timespec *due) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec > due->tv_sec || (now.tv_sec == due->tv_sec && now.tv_nsec >= due->tv_nsec);
}

static void *give(void *argument) {
  struct direction *wire = argument;
  for (;;) {
    pthread_mutex_lock(&wire->lock);
    while (wire->first == wire->last && !wire->ended) pthread_cond_wait(&wire->changed, &wire->lock);
    int over = wire->first == wire->last;
    struct timespec due = wire->pieces[wire->first % MAX_PIECES].due;
    pthread_mutex_unlock(&wire->lock);
    if (over) {
      shutdown(wire->to, SHUT_WR);
      return NULL;
    }
    clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &due, NULL);
    pthread_mutex_lock(&wire->lock);
    size_t from = wire->out, end = from;
    for (; wire->first < wire->last && is_due(&wire->pieces[wire->first % MAX_PIECES].due); wire->first++)
      end = wire->pieces[wire->first % MAX_PIECES].end;
    pthread_mutex_unlock(&wire->lock);
    while (from < end) {
      size_t at = from % RING_BYTES;
      ssize_t wrote = send(wire->to, wire->ring + at, end - from < RING_BYTES - at ? end - from : RING_BYTES - at, MSG_NOSIGNAL);
      if (wrote < 0) {
        shutdown(wire->from, SHUT_RDWR);
        return NULL;
      }
      from += wrote;
    }
    pthread_mutex_lock(&wire->lock);
    wire->out = end;
    pthread_cond_broadcast(&wire->changed);
    pthread_mutex_unlock(&wire->lock);
  }
}

static void join_sockets(int from, int to) {
  struct direction *wire = calloc(1, sizeof *wire);
  if (!wire || !(wire->ring = malloc(RING_BYTES))) die("memory");
  wire->from = from;
  wire->to = to;
  pthread_mutex_init(&wire->lock, NULL);
  pthread_cond_init(&wire->changed, NULL);
  pthread_t thread;
  if (pthread_create(&thread, NULL, take, wire) || pthread_create(&thread, NULL, give, wire)) die("thread");
}

static void *end_with_input(void *unused) {
  char bytes[64];
  while (read(0, bytes, sizeof bytes) > 0)
    ;
  exit(0);
  return unused;
}

int main(int count, char **arguments) {
  if (count != 3) {
    fprintf(stderr, "usage: delayed-wire TO_PORT ONE_WAY_MS\n");
    return 2;
  }
  to_port = atoi(arguments[1]);
  one_way_ms = atol(arguments[2]);
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t length = sizeof address;
  int listener = socket(AF_INET, SOCK_STREAM, 0), yes = 1;
  if (bind(listener, (struct sockaddr *)&address, length) || listen(listener, 8)) die("listen");
  getsockname(listener, (struct sockaddr *)&address, &length);
  printf("%d\n", ntohs(address.sin_port));
  fflush(stdout);
  pthread_t thread;
  if (pthread_create(&thread, NULL, end_with_input, NULL)) die("thread");
  for (;;) {
    int near = accept(listener, NULL, NULL), far = socket(AF_INET, SOCK_STREAM, 0);
    address.sin_port = htons(to_port);
    if (near < 0 || connect(far, (struct sockaddr *)&address, sizeof address)) die("connect");
    setsockopt(near, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    setsockopt(far, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    join_sockets(near, far);
    join_sockets(far, near);
  }
}
