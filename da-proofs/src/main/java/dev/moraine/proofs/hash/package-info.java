/** SHA-256 over arrays and memory segments, the 32-byte digest as a value, and the tags that separate what is hashed and signed. */
@NullMarked
package dev.moraine.proofs.hash;

import org.jspecify.annotations.NullMarked;
