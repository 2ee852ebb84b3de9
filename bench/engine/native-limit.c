/*
 * The limit of the engine on this machine: the steps that a backup cannot do without, in C, on threads that share nothing but
 * the number of the next chunk. No catalogue, no manifest, no retries, no storage but a folder.
 *
 *   native-limit full DISK FOLDER   read, zero test, SHA-256, zstd level 1, AES-256-GCM, packs of 16 MiB
 *   native-limit scan DISK          read, zero test, SHA-256
 *
 * cc -O2 -o native-limit native-limit.c -lcrypto -lzstd -lpthread
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <openssl/evp.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zstd.h>

#define THREADS 2
#define CHUNK_BYTES (1 << 20)
#define PACK_BYTES (16 << 20)
#define TAG_BYTES 16
#define NONCE_BYTES 12
#define ENTRY_BYTES 44

static int disk;
static off_t disk_bytes;
static const char *folder; /* NULL: only scan */
static atomic_long next_chunk;
static atomic_long next_pack;
static const unsigned char zeros[CHUNK_BYTES];
static const unsigned char key[32] = "the time it takes is all we want";

static void die(const char *what) {
  perror(what);
  exit(1);
}

struct pack {
  unsigned char *bytes;
  unsigned char *entries;
  size_t length;
  size_t count;
};

static void put(struct pack *pack) {
  char name[4096];
  snprintf(name, sizeof name, "%s/%06ld", folder, atomic_fetch_add(&next_pack, 1));
  int file = open(name, O_WRONLY | O_CREAT | O_EXCL, 0600);
  if (file < 0) die(name);
  memcpy(pack->bytes + pack->length, pack->entries, pack->count * ENTRY_BYTES);
  size_t length = pack->length + pack->count * ENTRY_BYTES;
  for (size_t done = 0; done < length;) {
    ssize_t wrote = write(file, pack->bytes + done, length - done);
    if (wrote < 0) die(name);
    done += wrote;
  }
  if (fsync(file) || close(file)) die(name);
  pack->length = pack->count = 0;
}

static void seal(EVP_CIPHER_CTX *gcm, struct pack *pack, const unsigned char *id, const unsigned char *from, size_t length) {
  unsigned char nonce[NONCE_BYTES] = {0};
  unsigned offset = pack->length;
  int out;
  memcpy(nonce + 8, &offset, 4);
  EVP_EncryptInit_ex(gcm, NULL, NULL, key, nonce);
  EVP_EncryptUpdate(gcm, NULL, &out, id, 32);
  EVP_EncryptUpdate(gcm, pack->bytes + pack->length, &out, from, length);
  pack->length += out;
  EVP_EncryptFinal_ex(gcm, pack->bytes + pack->length, &out);
  EVP_CIPHER_CTX_ctrl(gcm, EVP_CTRL_GCM_GET_TAG, TAG_BYTES, pack->bytes + pack->length);
  pack->length += TAG_BYTES;
  memcpy(pack->entries + pack->count++ * ENTRY_BYTES, id, 32);
}

static void *work(void *unused) {
  unsigned char *chunk = malloc(CHUNK_BYTES);
  size_t bound = ZSTD_compressBound(CHUNK_BYTES);
  unsigned char *packed = malloc(bound);
  struct pack pack = {malloc(PACK_BYTES + 2 * bound), malloc(PACK_BYTES / 64), 0, 0};
  ZSTD_CCtx *zstd = ZSTD_createCCtx();
  EVP_CIPHER_CTX *gcm = EVP_CIPHER_CTX_new();
  EVP_EncryptInit_ex(gcm, EVP_aes_256_gcm(), NULL, NULL, NULL);
  EVP_MD *sha256 = EVP_MD_fetch(NULL, "SHA256", NULL);
  EVP_MD_CTX *hash = EVP_MD_CTX_new();
  for (;;) {
    off_t at = atomic_fetch_add(&next_chunk, 1) * (off_t)CHUNK_BYTES;
    if (at >= disk_bytes) break;
    size_t length = disk_bytes - at < CHUNK_BYTES ? disk_bytes - at : CHUNK_BYTES;
    for (size_t done = 0; done < length;) {
      ssize_t got = pread(disk, chunk + done, length - done, at + done);
      if (got <= 0) die("read");
      done += got;
    }
    if (memcmp(chunk, zeros, length) == 0) continue;
    unsigned char id[32];
    EVP_DigestInit_ex(hash, sha256, NULL);
    EVP_DigestUpdate(hash, chunk, length);
    EVP_DigestFinal_ex(hash, id, NULL);
    if (!folder) continue;
    size_t shrunk = ZSTD_compressCCtx(zstd, packed, bound, chunk, length, 1);
    int helps = !ZSTD_isError(shrunk) && shrunk < length;
    seal(gcm, &pack, id, helps ? packed : chunk, helps ? shrunk : length);
    if (pack.length >= PACK_BYTES) put(&pack);
  }
  if (folder && pack.count) put(&pack);
  return unused;
}

int main(int count, char **arguments) {
  int full = count == 4 && !strcmp(arguments[1], "full");
  if (!full && !(count == 3 && !strcmp(arguments[1], "scan"))) {
    fprintf(stderr, "usage: native-limit full DISK FOLDER | scan DISK\n");
    return 2;
  }
  if (full) {
    folder = arguments[3];
    if (mkdir(folder, 0700)) die(folder);
  }
  struct stat found;
  disk = open(arguments[2], O_RDONLY);
  if (disk < 0 || fstat(disk, &found)) die(arguments[2]);
  disk_bytes = found.st_size;
  pthread_t threads[THREADS];
  for (int i = 0; i < THREADS; i++)
    if (pthread_create(&threads[i], NULL, work, NULL)) die("thread");
  for (int i = 0; i < THREADS; i++) pthread_join(threads[i], NULL);
  return 0;
}
