// SHA-256 of OpenSSL, message after message. Reads "hash messageBytes millis" a line and answers "ok bytes nanos" in
// time of the processor, see ../README.md.
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { MEMORY = 256 * 1024 };

static long long now(void) {
    struct timespec time;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return time.tv_sec * 1000000000LL + time.tv_nsec;
}

int main(void) {
    static unsigned char memory[MEMORY];
    unsigned char digest[EVP_MAX_MD_SIZE];
    for (size_t i = 0; i < MEMORY; i++) {
        memory[i] = (unsigned char) (i * 31 + i / 251);
    }
    // Fetched once: looking the algorithm up in every call would cost as much as a short message.
    EVP_MD *sha256 = EVP_MD_fetch(NULL, "SHA256", NULL);
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    char line[256];
    while (sha256 != NULL && context != NULL && fgets(line, sizeof line, stdin) != NULL) {
        size_t bytes;
        long long millis;
        if (strcmp(line, "name\n") == 0) {
            printf("ok %s\n", OpenSSL_version(OPENSSL_VERSION));
        } else if (sscanf(line, "hash %zu %lld", &bytes, &millis) == 2 && bytes > 0 && bytes <= MEMORY) {
            long long start = now();
            long long end = start;
            long long hashed = 0;
            while (end - start < millis * 1000000) {
                for (size_t at = 0; at + bytes <= MEMORY; at += bytes) {
                    EVP_DigestInit_ex(context, sha256, NULL);
                    EVP_DigestUpdate(context, memory + at, bytes);
                    EVP_DigestFinal_ex(context, digest, NULL);
                    hashed += (long long) bytes;
                }
                end = now();
            }
            printf("ok %lld %lld\n", hashed, end - start);
        } else {
            printf("no such request\n");
        }
        fflush(stdout);
    }
    return 0;
}
