/** SHA-256 over arrays and memory segments, the digest as a value, and the tags that keep hashed objects apart. */
@NullMarked
package dev.moraine.proofs.hash;

import org.jspecify.annotations.NullMarked;
