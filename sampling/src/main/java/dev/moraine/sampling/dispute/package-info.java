/** What a dispute over bytes of a blob is decided by: the bytes with their proof, the certificate and the verdict. */
@NullMarked
package dev.moraine.sampling.dispute;

import org.jspecify.annotations.NullMarked;
