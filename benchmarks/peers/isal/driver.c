/* Runs ISA-L on the shapes that it is asked for; see ../README.md. Build: cargo build, or cc -O3 -pthread -o driver driver.c -lisal */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* As <isa-l.h> has them; the crate that brings ISA-L brings no headers. */
void gf_gen_cauchy1_matrix(unsigned char *matrix, int rows, int k);
int gf_invert_matrix(unsigned char *matrix, unsigned char *inverse, int n);
void ec_init_tables(int k, int rows, unsigned char *matrix, unsigned char *tables);
void ec_encode_data(int bytes, int k, int rows, unsigned char *tables, unsigned char **data, unsigned char **coding);

enum { MAX_SHARDS = 256, MAX_THREADS = 16 };

static pthread_barrier_t ready;

struct job {
    int reconstruct, k, m, lost, thread;
    long shard_bytes, millis, calls, nanos;
};

static long now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000000L + t.tv_nsec;
}

/* A thread keeps its memory: 64 MiB take longer to map than to code. */
static unsigned char *pages(int thread, long bytes) {
    static unsigned char *kept[MAX_THREADS];
    static long kept_bytes[MAX_THREADS];
    if (kept_bytes[thread] < bytes) {
        free(kept[thread]);
        kept_bytes[thread] = (bytes + 4095) / 4096 * 4096;
        kept[thread] = aligned_alloc(4096, kept_bytes[thread]);
        for (long i = 0; i < kept_bytes[thread]; i++) kept[thread][i] = (unsigned char)(i * 31 + i / 251);
    }
    return kept[thread];
}

static void *work(void *argument) {
    struct job *job = argument;
    int k = job->k, m = job->m, n = k + m;
    long stride = job->shard_bytes / 64 % 2 ? job->shard_bytes : job->shard_bytes + 64;
    unsigned char *memory = pages(job->thread, stride * n);
    unsigned char *shards[MAX_SHARDS], *read[MAX_SHARDS];
    unsigned char *matrix = malloc(n * k), *part = malloc(k * k), *inverse = malloc(k * k), *tables = malloc(32L * n * k);
    for (int i = 0; i < n; i++) shards[i] = memory + stride * i;
    for (int i = 0; i < k; i++) read[i] = shards[i + job->lost];
    gf_gen_cauchy1_matrix(matrix, n, k);
    ec_init_tables(k, m, matrix + k * k, tables);
    pthread_barrier_wait(&ready);
    long start = now(), end = start + job->millis * 1000000L;
    do {
        if (job->reconstruct) {
            for (int i = 0; i < k; i++) memcpy(part + i * k, matrix + (i + job->lost) * k, k);
            if (gf_invert_matrix(part, inverse, k) != 0) abort();
            ec_init_tables(k, job->lost, inverse, tables);
            ec_encode_data(job->shard_bytes, k, job->lost, tables, read, shards);
        } else {
            ec_encode_data(job->shard_bytes, k, m, tables, shards, shards + k);
        }
        job->calls++;
    } while (now() < end);
    job->nanos = now() - start;
    free(matrix);
    free(part);
    free(inverse);
    free(tables);
    return NULL;
}

int main(void) {
    char line[256], op[32];
    while (fgets(line, sizeof line, stdin)) {
        struct job jobs[MAX_THREADS] = {{0}};
        struct job one = {0};
        int threads;
        if (strncmp(line, "name", 4) == 0) {
            printf("ok ISA-L, best path of its dispatcher\n");
        } else if (sscanf(line, "%31s %d %d %ld %d %ld %d", op, &one.k, &one.m, &one.shard_bytes, &threads, &one.millis,
                           &one.lost) != 7
                   || threads < 1 || threads > MAX_THREADS || one.k + one.m > MAX_SHARDS) {
            printf("no bad request\n");
        } else {
            one.reconstruct = strcmp(op, "reconstruct") == 0;
            pthread_t ids[MAX_THREADS];
            pthread_barrier_init(&ready, NULL, threads);
            for (int i = 0; i < threads; i++) {
                jobs[i] = one;
                jobs[i].thread = i;
                pthread_create(&ids[i], NULL, work, &jobs[i]);
            }
            long bytes = 0, nanos = 0;
            for (int i = 0; i < threads; i++) {
                pthread_join(ids[i], NULL);
                bytes += jobs[i].calls * one.k * one.shard_bytes;
                if (jobs[i].nanos > nanos) nanos = jobs[i].nanos;
            }
            pthread_barrier_destroy(&ready);
            printf("ok %ld %ld\n", bytes, nanos);
        }
        fflush(stdout);
    }
    return 0;
}
